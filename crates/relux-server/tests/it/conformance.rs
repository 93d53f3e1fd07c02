//! What is advertised answers, everything else of the protocol is not found, and real clients get through a session.
//!
//! The capabilities of the clients are what they really send: Neovim 0.11 and the language client of VS Code.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};
use crate::lsp_client::LspClient;

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
// A database.
effect Db {
    expect DB_PORT
    expose service
    shell service {
        > db
        match_ok()
    }
}
fn ask(question, answer) {
    > ${question}
    <= ${answer}
}
//- relux/tests/a.relux
import db { Db, ask }

test \"a\" {
    start Db {
        DB_PORT = \"1\"
    }
    shell client {
        ask(\"what\", \"that\")
        > true
        match_ok()
    }
}
";

const TEST: &str = "relux/tests/a.relux";

/// All requests that a client can make by the specification, 3.18.
const REQUESTS: &[&str] = &[
    "callHierarchy/incomingCalls",
    "callHierarchy/outgoingCalls",
    "codeAction/resolve",
    "codeLens/resolve",
    "completionItem/resolve",
    "documentLink/resolve",
    "inlayHint/resolve",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/colorPresentation",
    "textDocument/completion",
    "textDocument/declaration",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentColor",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/formatting",
    "textDocument/hover",
    "textDocument/implementation",
    "textDocument/inlayHint",
    "textDocument/inlineCompletion",
    "textDocument/inlineValue",
    "textDocument/linkedEditingRange",
    "textDocument/moniker",
    "textDocument/onTypeFormatting",
    "textDocument/prepareCallHierarchy",
    "textDocument/prepareRename",
    "textDocument/prepareTypeHierarchy",
    "textDocument/rangeFormatting",
    "textDocument/rangesFormatting",
    "textDocument/references",
    "textDocument/rename",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/semanticTokens/range",
    "textDocument/signatureHelp",
    "textDocument/typeDefinition",
    "textDocument/willSaveWaitUntil",
    "typeHierarchy/subtypes",
    "typeHierarchy/supertypes",
    "workspace/diagnostic",
    "workspace/executeCommand",
    "workspace/symbol",
    "workspace/textDocumentContent",
    "workspace/willCreateFiles",
    "workspace/willDeleteFiles",
    "workspace/willRenameFiles",
    "workspaceSymbol/resolve",
];

/// Where the capabilities announce a method.
fn announced_at(method: &str) -> &'static str {
    match method {
        "callHierarchy/incomingCalls"
        | "callHierarchy/outgoingCalls"
        | "textDocument/prepareCallHierarchy" => "/callHierarchyProvider",
        "typeHierarchy/subtypes" | "typeHierarchy/supertypes" | "textDocument/prepareTypeHierarchy" => {
            "/typeHierarchyProvider"
        }
        "codeAction/resolve" => "/codeActionProvider/resolveProvider",
        "codeLens/resolve" => "/codeLensProvider/resolveProvider",
        "completionItem/resolve" => "/completionProvider/resolveProvider",
        "documentLink/resolve" => "/documentLinkProvider/resolveProvider",
        "inlayHint/resolve" => "/inlayHintProvider/resolveProvider",
        "workspaceSymbol/resolve" => "/workspaceSymbolProvider/resolveProvider",
        "textDocument/codeAction" => "/codeActionProvider",
        "textDocument/codeLens" => "/codeLensProvider",
        "textDocument/colorPresentation" | "textDocument/documentColor" => "/colorProvider",
        "textDocument/completion" => "/completionProvider",
        "textDocument/declaration" => "/declarationProvider",
        "textDocument/definition" => "/definitionProvider",
        "textDocument/diagnostic" => "/diagnosticProvider",
        "textDocument/documentHighlight" => "/documentHighlightProvider",
        "textDocument/documentLink" => "/documentLinkProvider",
        "textDocument/documentSymbol" => "/documentSymbolProvider",
        "textDocument/foldingRange" => "/foldingRangeProvider",
        "textDocument/formatting" => "/documentFormattingProvider",
        "textDocument/hover" => "/hoverProvider",
        "textDocument/implementation" => "/implementationProvider",
        "textDocument/inlayHint" => "/inlayHintProvider",
        "textDocument/inlineCompletion" => "/inlineCompletionProvider",
        "textDocument/inlineValue" => "/inlineValueProvider",
        "textDocument/linkedEditingRange" => "/linkedEditingRangeProvider",
        "textDocument/moniker" => "/monikerProvider",
        "textDocument/onTypeFormatting" => "/documentOnTypeFormattingProvider",
        "textDocument/prepareRename" => "/renameProvider/prepareProvider",
        "textDocument/rangeFormatting" => "/documentRangeFormattingProvider",
        "textDocument/rangesFormatting" => "/documentRangeFormattingProvider/rangesSupport",
        "textDocument/references" => "/referencesProvider",
        "textDocument/rename" => "/renameProvider",
        "textDocument/selectionRange" => "/selectionRangeProvider",
        "textDocument/semanticTokens/full" => "/semanticTokensProvider/full",
        "textDocument/semanticTokens/full/delta" => "/semanticTokensProvider/full/delta",
        "textDocument/semanticTokens/range" => "/semanticTokensProvider/range",
        "textDocument/signatureHelp" => "/signatureHelpProvider",
        "textDocument/typeDefinition" => "/typeDefinitionProvider",
        "textDocument/willSaveWaitUntil" => "/textDocumentSync/willSaveWaitUntil",
        "workspace/diagnostic" => "/diagnosticProvider/workspaceDiagnostics",
        "workspace/executeCommand" => "/executeCommandProvider",
        "workspace/symbol" => "/workspaceSymbolProvider",
        "workspace/textDocumentContent" => "/workspace/textDocumentContent",
        "workspace/willCreateFiles" => "/workspace/fileOperations/willCreate",
        "workspace/willDeleteFiles" => "/workspace/fileOperations/willDelete",
        "workspace/willRenameFiles" => "/workspace/fileOperations/willRename",
        other => panic!("{other} has no place"),
    }
}

fn is_announced(capabilities: &Value, method: &str) -> bool {
    let found = capabilities.pointer(announced_at(method));
    found.is_some_and(|it| !matches!(it, Value::Null | Value::Bool(false)))
}

/// What to resolve: the first that the server itself has made, or one that it has not.
fn resolvable(client: &mut LspClient, method: &str) -> Value {
    let (source, foreign) = match method {
        "codeLens/resolve" => ("textDocument/codeLens", json!({"range": range((2, 5), (2, 8))})),
        "completionItem/resolve" => ("textDocument/completion", json!({"label": "x"})),
        "documentLink/resolve" => (
            "textDocument/documentLink",
            json!({"range": range((0, 7), (0, 9))}),
        ),
        "inlayHint/resolve" => (
            "textDocument/inlayHint",
            json!({"position": {"line": 0, "character": 0}, "label": "x"}),
        ),
        "codeAction/resolve" => ("textDocument/codeAction", json!({"title": "x"})),
        _ => (
            "workspace/symbol",
            json!({"name": "x", "kind": 6, "location": {"uri": uri(TEST)}}),
        ),
    };
    let params = parameters(client, source);
    let found = client.ask(source, params);
    let items = found.get("items").unwrap_or(&found).as_array();
    items.and_then(|items| items.first().cloned()).unwrap_or(foreign)
}

fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "start": {"line": start.0, "character": start.1},
        "end": {"line": end.0, "character": end.1},
    })
}

/// Parameters that fit the method and the suite.
fn parameters(client: &mut LspClient, method: &str) -> Value {
    let document = json!({"uri": uri(TEST)});
    let at = |line: u32, character: u32| json!({"textDocument": document, "position": {"line": line, "character": character}});
    let with = |mut params: Value, more: Value| {
        for (key, value) in more.as_object().expect("an object") {
            params[key] = value.clone();
        }
        params
    };
    let about = json!({ "textDocument": document });
    let options = json!({"options": {"tabSize": 4, "insertSpaces": true}});
    let item = json!({"item": {
        "name": "a", "kind": 6, "uri": document["uri"],
        "range": range((2, 5), (2, 8)), "selectionRange": range((2, 5), (2, 8)),
    }});
    match method {
        "callHierarchy/incomingCalls"
        | "callHierarchy/outgoingCalls"
        | "typeHierarchy/subtypes"
        | "typeHierarchy/supertypes" => item,
        "textDocument/codeAction" => with(
            about,
            json!({"range": range((0, 0), (0, 0)), "context": {"diagnostics": []}}),
        ),
        "textDocument/formatting" => with(about, options),
        "textDocument/rangeFormatting" => with(with(about, options), json!({"range": range((0, 0), (5, 0))})),
        "textDocument/onTypeFormatting" => with(with(at(3, 0), options), json!({"ch": "\n"})),
        "textDocument/references" => with(at(7, 9), json!({"context": {"includeDeclaration": true}})),
        "textDocument/rename" => with(at(7, 9), json!({"newName": "query"})),
        "textDocument/selectionRange" => with(about, json!({"positions": [{"line": 7, "character": 9}]})),
        "textDocument/inlayHint" | "textDocument/semanticTokens/range" => {
            with(about, json!({"range": range((0, 0), (9, 0))}))
        }
        "textDocument/semanticTokens/full/delta" => with(about, json!({"previousResultId": "x"})),
        "workspace/diagnostic" => json!({"previousResultIds": []}),
        "workspace/executeCommand" => json!({"command": "relux.cancelRun"}),
        "workspace/symbol" => json!({"query": "a"}),
        "workspace/willRenameFiles" => {
            json!({"files": [{"oldUri": uri("relux/lib/db.relux"), "newUri": uri("relux/lib/store.relux")}]})
        }
        "codeLens/resolve"
        | "completionItem/resolve"
        | "documentLink/resolve"
        | "inlayHint/resolve"
        | "codeAction/resolve"
        | "workspaceSymbol/resolve" => resolvable(client, method),
        "textDocument/codeLens"
        | "textDocument/diagnostic"
        | "textDocument/documentLink"
        | "textDocument/documentSymbol"
        | "textDocument/foldingRange"
        | "textDocument/semanticTokens/full" => about,
        _ => at(7, 9),
    }
}

fn clients() -> Vec<(&'static str, Value)> {
    let parsed = |text: &str| serde_json::from_str(text).expect("capabilities in JSON");
    vec![
        ("minimal", json!({})),
        ("Neovim", parsed(include_str!("clients/neovim.json"))),
        ("VS Code", parsed(include_str!("clients/vscode.json"))),
    ]
}

fn text() -> &'static str {
    SUITE.split_once("a.relux\n").expect("the test").1
}

#[test]
fn what_is_advertised_answers_and_nothing_else_is_found() {
    for (name, can) in clients() {
        let mut session = Session::new(&Files::new(SUITE));
        let capabilities = session.client.initialize(&can);
        session.client.open(&uri(TEST), text());
        let mut answered = 0;
        for &method in REQUESTS {
            if is_announced(&capabilities, method) {
                let params = parameters(&mut session.client, method);
                session.client.ask(method, params);
                answered += 1;
            } else {
                // Also with parameters that would not fit if the method existed.
                let code = session.client.ask_error(method, json!([1]));
                assert_eq!(code, -32601, "{name}: {method}");
            }
        }
        assert!(answered > 20, "{name}: {answered}");
        for unknown in ["relux/unknown", "$/unknown", "textDocument/unknown"] {
            assert_eq!(session.client.ask_error(unknown, json!([1])), -32601, "{unknown}");
        }
        session.finish();
    }
}

#[test]
fn every_capability_has_a_method() {
    let mut session = Session::new(&Files::new(SUITE));
    let can = serde_json::from_str(include_str!("clients/vscode.json")).expect("JSON");
    let capabilities = session.client.initialize(&can);
    let known: Vec<&str> = REQUESTS.iter().map(|method| announced_at(method)).collect();
    for key in capabilities.as_object().expect("an object").keys() {
        let place = format!("/{key}");
        let is_known = known
            .iter()
            .any(|it| *it == place || it.starts_with(&format!("{place}/")));
        assert!(
            is_known || key == "positionEncoding" || key == "experimental",
            "{key}"
        );
    }
    let commands = capabilities["executeCommandProvider"]["commands"]
        .as_array()
        .expect("a list");
    for command in commands {
        let params = json!({ "command": command });
        let id = session.client.request("workspace/executeCommand", params);
        let answer = session.client.answer(id);
        // Some want arguments, but none is unknown.
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert!(!message.contains("there is no command"), "{command}: {message}");
    }
    session.finish();
}

/// What the client shows as wrong with a document, by whichever way it learns of it.
fn shown(session: &mut Session, pulls: bool, path: &str, version: i64) -> Vec<String> {
    let codes = |found: &[Value]| {
        found
            .iter()
            .map(|it| it["code"].as_str().expect("a code").to_owned())
            .collect::<Vec<_>>()
    };
    if pulls {
        let report = session.client.ask_about("textDocument/diagnostic", &uri(path));
        codes(report["items"].as_array().expect("a full report"))
    } else {
        codes(&session.client.diagnostics(&uri(path), version))
    }
}

#[test]
fn whole_sessions_of_real_clients() {
    for (name, can) in clients() {
        let files = Files::new(SUITE);
        let mut session = Session::new(&files);
        let capabilities = session.client.initialize(&can);
        let pulls = is_announced(&capabilities, "textDocument/diagnostic");
        assert_eq!(pulls, name == "VS Code", "{name}");

        session.client.open(&uri(TEST), text());
        assert_eq!(
            shown(&mut session, pulls, TEST, 1),
            Vec::<String>::new(),
            "{name}"
        );
        let hover = session.client.ask_at("textDocument/hover", &uri(TEST), (7, 9));
        assert!(
            hover["contents"]["value"]
                .as_str()
                .expect("a page")
                .contains("question"),
            "{name}"
        );
        let found = session
            .client
            .ask_at("textDocument/definition", &uri(TEST), (3, 11));
        let place = &found[0];
        let target = place.get("targetUri").unwrap_or(&place["uri"]);
        assert_eq!(target, &json!(uri("relux/lib/db.relux")), "{name}");

        // A line that is wrong, mended, saved; another file that changes behind the editor's back.
        session.client.insert(&uri(TEST), 2, (0, 9), "x");
        session.client.insert(&uri(TEST), 3, (11, 0), "\n");
        assert!(
            shown(&mut session, pulls, TEST, 3).contains(&"unresolved-import".to_owned()),
            "{name}"
        );
        session.client.change(
            &uri(TEST),
            4,
            &json!([{"range": range((0, 9), (0, 10)), "text": ""}]),
        );
        assert_eq!(
            shown(&mut session, pulls, TEST, 4),
            Vec::<String>::new(),
            "{name}"
        );
        session.client.notify(
            "textDocument/didSave",
            json!({"textDocument": {"uri": uri(TEST)}}),
        );
        files.write("relux/lib/db.relux", "fn ask(question, answer) {\n}\n");
        let changes = json!({"changes": [{"uri": uri("relux/lib/db.relux"), "type": 2}]});
        session.client.notify("workspace/didChangeWatchedFiles", changes);
        // It waits a moment, because its line was typed in just now.
        while !shown(&mut session, pulls, TEST, 4).contains(&"unresolved-name-in-import".to_owned()) {
            if pulls {
                session.client.server_request("workspace/diagnostic/refresh");
            }
        }
        session.client.close(&uri(TEST));
        let pushed = session
            .client
            .notifications
            .iter()
            .filter(|it| it["method"] == "textDocument/publishDiagnostics");
        assert!(!pulls || pushed.count() == 0, "{name} is told what it asks for");
        session.finish();
    }
}
