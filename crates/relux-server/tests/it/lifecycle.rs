//! Beginning and end of a session, and what is answered to whom.

use relux_server::Ending;
use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/tests/a.relux
test \"a\" {
    shell sh {
        > true
    }
}
";

#[test]
fn a_session_begins_and_ends() {
    Session::started(&Files::default()).finish();
}

#[test]
fn the_position_encoding_is_negotiated() {
    for (offered, chosen) in [
        (json!(null), "utf-16"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-32"]), "utf-32"),
    ] {
        let mut session = Session::new(&Files::default());
        let capabilities = session
            .client
            .initialize(&json!({"general": {"positionEncodings": offered}}));
        assert_eq!(capabilities["positionEncoding"], chosen);
        session.finish();
    }
}

#[test]
fn exit_without_shutdown_and_hanging_up_are_abrupt() {
    let mut session = Session::started(&Files::default());
    session.client.notify("exit", Value::Null);
    assert_eq!(session.ending(), Ending::Abrupt);

    let mut session = Session::started(&Files::default());
    session.client.hang_up();
    assert_eq!(session.ending(), Ending::Abrupt);
}

#[test]
fn nothing_works_before_initialize() {
    let mut session = Session::new(&Files::new(SUITE));
    let about = json!({"textDocument": {"uri": uri("relux/tests/a.relux")}});
    assert_eq!(
        session
            .client
            .ask_error("textDocument/documentSymbol", about.clone()),
        -32002
    );
    assert_eq!(session.client.ask_error("shutdown", Value::Null), -32002);
    // Notifications are dropped, so this document is not open later on.
    session
        .client
        .open(&uri("relux/tests/new.relux"), "fn f() {\n}\n");
    session.client.initialize(&json!({}));
    let about_new = json!({"textDocument": {"uri": uri("relux/tests/new.relux")}});
    assert_eq!(
        session.client.ask("textDocument/documentSymbol", about_new),
        Value::Null
    );
    session.finish();
}

#[test]
fn nothing_works_twice_or_after_shutdown() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    assert_eq!(
        client.ask_error("initialize", json!({"capabilities": {}})),
        -32600
    );
    assert_eq!(client.ask("shutdown", Value::Null), Value::Null);
    let about = json!({"textDocument": {"uri": uri("relux/tests/a.relux")}});
    assert_eq!(client.ask_error("textDocument/documentSymbol", about), -32600);
    assert_eq!(client.ask_error("shutdown", Value::Null), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(session.ending(), Ending::Clean);
}

/// The capability that announces each method, with parameters that have an answer.
fn advertised() -> Vec<(&'static str, &'static str, Value)> {
    let document = json!({"uri": uri("relux/tests/a.relux")});
    let about = json!({ "textDocument": document });
    let at = json!({"textDocument": document, "position": {"line": 0, "character": 0}});
    let command = json!({"command": "relux.cancelRun"});
    let options = json!({"tabSize": 8, "insertSpaces": false});
    let formatted = json!({ "textDocument": document, "options": options });
    let start = json!({"line": 0, "character": 5});
    let name = json!({"start": start, "end": {"line": 0, "character": 8}});
    let item = json!({"item": {
        "name": "a", "kind": 6, "uri": document["uri"], "range": name, "selectionRange": name
    }});
    let references = json!({
        "textDocument": document, "position": start, "context": {"includeDeclaration": true}
    });
    vec![
        ("hoverProvider", "textDocument/hover", at.clone()),
        ("signatureHelpProvider", "textDocument/signatureHelp", at.clone()),
        ("completionProvider", "textDocument/completion", at.clone()),
        (
            "completionProvider",
            "completionItem/resolve",
            json!({"label": "a"}),
        ),
        ("declarationProvider", "textDocument/declaration", at.clone()),
        ("definitionProvider", "textDocument/definition", at.clone()),
        (
            "implementationProvider",
            "textDocument/implementation",
            at.clone(),
        ),
        ("referencesProvider", "textDocument/references", references),
        (
            "documentHighlightProvider",
            "textDocument/documentHighlight",
            at.clone(),
        ),
        (
            "workspaceSymbolProvider",
            "workspace/symbol",
            json!({"query": "a"}),
        ),
        (
            "callHierarchyProvider",
            "textDocument/prepareCallHierarchy",
            at.clone(),
        ),
        (
            "callHierarchyProvider",
            "callHierarchy/incomingCalls",
            item.clone(),
        ),
        (
            "callHierarchyProvider",
            "callHierarchy/outgoingCalls",
            item.clone(),
        ),
        ("typeHierarchyProvider", "textDocument/prepareTypeHierarchy", at),
        ("typeHierarchyProvider", "typeHierarchy/supertypes", item.clone()),
        ("typeHierarchyProvider", "typeHierarchy/subtypes", item),
        (
            "renameProvider",
            "textDocument/prepareRename",
            json!({"textDocument": document, "position": {"line": 1, "character": 11}}),
        ),
        (
            "renameProvider",
            "textDocument/rename",
            json!({"textDocument": document, "newName": "other", "position": {"line": 1, "character": 11}}),
        ),
        (
            "workspace",
            "workspace/willRenameFiles",
            json!({"files": [{"oldUri": document["uri"], "newUri": uri("relux/tests/b.relux")}]}),
        ),
        ("foldingRangeProvider", "textDocument/foldingRange", about.clone()),
        (
            "selectionRangeProvider",
            "textDocument/selectionRange",
            json!({"textDocument": document, "positions": [start]}),
        ),
        (
            "semanticTokensProvider",
            "textDocument/semanticTokens/full",
            about.clone(),
        ),
        (
            "semanticTokensProvider",
            "textDocument/semanticTokens/full/delta",
            json!({"textDocument": document, "previousResultId": "x"}),
        ),
        (
            "semanticTokensProvider",
            "textDocument/semanticTokens/range",
            json!({"textDocument": document, "range": name}),
        ),
        ("documentLinkProvider", "textDocument/documentLink", about.clone()),
        (
            "documentSymbolProvider",
            "textDocument/documentSymbol",
            about.clone(),
        ),
        (
            "codeActionProvider",
            "textDocument/codeAction",
            json!({"textDocument": document, "range": name, "context": {"diagnostics": []}}),
        ),
        (
            "codeActionProvider",
            "codeAction/resolve",
            json!({"title": "nothing"}),
        ),
        ("codeLensProvider", "textDocument/codeLens", about),
        ("codeLensProvider", "codeLens/resolve", json!({ "range": name })),
        ("documentFormattingProvider", "textDocument/formatting", formatted),
        (
            "documentRangeFormattingProvider",
            "textDocument/rangeFormatting",
            json!({"textDocument": document, "options": options, "range": {
                "start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}
            }}),
        ),
        (
            "documentOnTypeFormattingProvider",
            "textDocument/onTypeFormatting",
            json!({"textDocument": document, "options": options, "ch": "\n", "position": {"line": 1, "character": 0}}),
        ),
        ("executeCommandProvider", "workspace/executeCommand", command),
    ]
}

#[test]
fn what_is_advertised_answers() {
    let mut session = Session::new(&Files::new(SUITE));
    let capabilities = session.client.initialize(&json!({}));
    let mut announced: Vec<String> = capabilities
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    announced.retain(|key| key != "positionEncoding" && key != "textDocumentSync");
    let mut known: Vec<&str> = advertised().iter().map(|(capability, ..)| *capability).collect();
    known.sort_unstable();
    known.dedup();
    announced.sort_unstable();
    assert_eq!(announced, known, "every capability has its line in this test");
    for (_, method, params) in advertised() {
        session.client.ask(method, params);
    }
    session.finish();
}

#[test]
fn the_list_of_capabilities_is_known() {
    let mut session = Session::new(&Files::default());
    let capabilities = session.client.initialize(&json!({}));
    let text = serde_json::to_string_pretty(&capabilities).expect("JSON");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(text) });
    session.finish();
}

#[test]
fn what_is_not_advertised_is_not_found() {
    let mut session = Session::started(&Files::new(SUITE));
    for method in [
        "textDocument/linkedEditingRange",
        "textDocument/typeDefinition",
        "textDocument/diagnostic",
        "workspaceSymbol/resolve",
        "documentLink/resolve",
        "workspace/diagnostic",
        "relux/unknown",
        "$/unknown",
    ] {
        // Also with parameters that would not fit if the method existed.
        assert_eq!(session.client.ask_error(method, json!([1])), -32601, "{method}");
    }
    session.finish();
}

#[test]
fn wrong_parameters_are_an_error_of_that_request_only() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let codes = [
        Value::Null,
        json!({}),
        json!({"textDocument": {"uri": "no uri"}}),
        json!([]),
    ]
    .map(|params| client.ask_error("textDocument/documentSymbol", params));
    assert_eq!(codes, [-32602; 4]);
    for (command, arguments) in [
        ("relux.unknown", json!([])),
        ("relux.runTests", json!([])),
        ("relux.runTests", json!([{"uri": 1}])),
        ("relux.runTests", json!([{"uri": "untitled:a"}])),
    ] {
        let params = json!({"command": command, "arguments": arguments});
        assert_eq!(client.ask_error("workspace/executeCommand", params), -32602);
    }
    // Bad notifications are told in the log.
    client.notify("textDocument/didOpen", json!({"textDocument": 1}));
    client.notification("window/logMessage", |it| {
        it["message"]
            .as_str()
            .is_some_and(|text| text.starts_with("textDocument/didOpen:"))
    });
    session.finish();
}
