//! The user's settings: asked for, told and given at the start, each of them while the server runs.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const TEST: &str = "relux/tests/a.relux";

const SUITE: &str = "\
//- Relux.toml
//- relux/tests/a.relux
fn ask(question, answer) {
    > ${question}
    <? ${answer}
}
test \"a\" {
    shell s {
        ask(\"1\", \"2\")
    }
}
";

/// What the book and the extension for VS Code say of settings.
const BOOK: &str = include_str!("../../../../book/src/editors/settings.md");
const EXTENSION: &str = include_str!("../../../../editors/vscode/package.json");

/// A client that knows how to be told and asked.
fn started(capabilities: &Value, configuration: Value) -> Session {
    started_with(capabilities, configuration, &Value::Null)
}

fn started_with(capabilities: &Value, configuration: Value, options: &Value) -> Session {
    let files = Files::new(SUITE);
    let mut session = Session::new(&files);
    session.client.configuration = configuration;
    let params = json!({
        "processId": null,
        "rootUri": null,
        "capabilities": capabilities,
        "initializationOptions": options,
    });
    session.client.ask("initialize", params);
    session.client.notify("initialized", json!({}));
    let (_, text) = SUITE.split_once("a.relux\n").expect("the test");
    session.client.open(&uri(TEST), text);
    session
}

impl Session {
    fn hints(&mut self) -> usize {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        let params = json!({"textDocument": {"uri": uri(TEST)}, "range": range});
        let hints = self.client.ask("textDocument/inlayHint", params);
        hints.as_array().expect("a list").len()
    }

    fn lenses(&mut self) -> usize {
        let lenses = self.client.ask_about("textDocument/codeLens", &uri(TEST));
        lenses.as_array().expect("a list").len()
    }

    fn tell(&mut self, settings: &Value) {
        let params = json!({ "settings": settings });
        self.client.notify("workspace/didChangeConfiguration", params);
    }

    fn messages(&mut self, count: usize) -> String {
        let next = |_| {
            let shown = self.client.notification("window/showMessage", |_| true);
            shown["message"].as_str().expect("a text").to_owned()
        };
        (0..count).map(next).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn a_client_that_can_be_asked_is_asked_at_the_start_and_after_every_change() {
    let capabilities = json!({"workspace": {
        "configuration": true,
        "didChangeConfiguration": {"dynamicRegistration": true},
        "inlayHint": {"refreshSupport": true},
        "codeLens": {"refreshSupport": true},
    }});
    let mut session = started(
        &capabilities,
        json!({"path": "x", "inlayHints": {"parameters": false}}),
    );
    let asked = session.client.server_request("workspace/configuration");
    assert_eq!(asked["params"], json!({"items": [{"section": "relux"}]}));
    let registered = session.client.server_request("client/registerCapability");
    let registration = &registered["params"]["registrations"][0];
    assert_eq!(
        (&registration["method"], &registration["registerOptions"]),
        (
            &json!("workspace/didChangeConfiguration"),
            &json!({"section": "relux"})
        )
    );
    session.client.server_request("workspace/inlayHint/refresh");
    assert_eq!((session.hints(), session.lenses()), (0, 2));

    session.client.configuration = json!({"lenses": {"run": false}});
    session.tell(&Value::Null);
    session.client.server_request("workspace/configuration");
    session.client.server_request("workspace/inlayHint/refresh");
    session.client.server_request("workspace/codeLens/refresh");
    assert_eq!((session.hints(), session.lenses()), (2, 0));
    session.finish();
}

#[test]
fn a_client_that_cannot_be_asked_tells() {
    let mut session = started(&json!({}), Value::Null);
    assert_eq!((session.hints(), session.lenses()), (2, 2));
    session.tell(&json!({"relux": {"inlayHints": {"parameters": false}}}));
    assert_eq!((session.hints(), session.lenses()), (0, 2));
    // Nothing about Relux, nothing changes.
    session.tell(&json!({"other": {}}));
    session.tell(&Value::Null);
    assert_eq!((session.hints(), session.lenses()), (0, 2));
    session.tell(&json!({"relux": {}}));
    assert_eq!((session.hints(), session.lenses()), (2, 2));
    assert_eq!(session.client.server_requests, Vec::<Value>::new());
    session.finish();
}

#[test]
fn settings_may_come_with_the_introduction() {
    let options = json!({"relux": {"lenses": {"run": false}}});
    let mut session = started_with(&json!({}), Value::Null, &options);
    assert_eq!((session.hints(), session.lenses()), (2, 0));
    session.finish();
}

#[test]
fn a_wrong_value_is_told_once_and_the_default_holds() {
    let mut session = started(&json!({}), Value::Null);
    session.tell(
        &json!({"relux": {"inlayHints": {"parameters": "no"}, "lenses": [], "completion": {"snippets": 1}}}),
    );
    insta::assert_snapshot!(session.messages(3), @r#"
    Relux: `relux.inlayHints.parameters` is "no", but only `true` and `false` are allowed; it stays `true`
    Relux: `relux.lenses` is [], but it holds settings like `run`
    Relux: `relux.completion.snippets` is 1, but only `true` and `false` are allowed; it stays `true`
    "#);
    assert_eq!((session.hints(), session.lenses()), (2, 2));
    // What has been told is not told again.
    session.tell(&json!({"relux": {"inlayHints": {"parameters": "no"}, "lenses": {"run": 0}}}));
    insta::assert_snapshot!(session.messages(1), @"Relux: `relux.lenses.run` is 0, but only `true` and `false` are allowed; it stays `true`");
    session.finish();
}

#[test]
fn completions_have_no_places_to_fill_in_where_the_user_wants_none() {
    let capabilities = json!({"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}});
    let mut session = started(&capabilities, Value::Null);
    session.client.insert(&uri(TEST), 2, (7, 0), "        as\n");
    let inserted = |session: &mut Session| {
        let list = session
            .client
            .ask_at("textDocument/completion", &uri(TEST), (7, 10));
        let items = list["items"].as_array().expect("a list").clone();
        let ask = items
            .iter()
            .find(|it| it["label"].as_str().is_some_and(|it| it.starts_with("ask")));
        ask.unwrap_or_else(|| panic!("{items:?}"))["textEdit"]["newText"].clone()
    };
    assert_eq!(inserted(&mut session), "ask(${1:question}, ${2:answer})");
    session.tell(&json!({"relux": {"completion": {"snippets": false}}}));
    assert_eq!(inserted(&mut session), "ask");
    session.finish();
}

#[test]
fn the_book_and_the_extension_know_every_setting() {
    let extension: Value = serde_json::from_str(EXTENSION).expect("JSON");
    let declared = &extension["contributes"]["configuration"]["properties"];
    let names = [
        "inlayHints.parameters",
        "inlayHints.inherited",
        "inlayHints.shared",
        "inlayHints.timeouts",
        "lenses.run",
        "lenses.starts",
        "completion.snippets",
    ];
    let mut all = json!({});
    for name in names {
        let (group, name) = name.split_once('.').expect("a group");
        all[group][name] = json!(0);
        let full = format!("relux.{group}.{name}");
        assert!(
            BOOK.contains(&format!("| `{full}` | `true` |")),
            "{full} in the book"
        );
        assert_eq!(
            (&declared[&full]["type"], &declared[&full]["default"]),
            (&json!("boolean"), &json!(true)),
            "{full} in the extension"
        );
    }
    // There are no others: each of these is one that the server complains about.
    let mut session = started(&json!({}), Value::Null);
    session.tell(&json!({ "relux": all }));
    for name in names {
        let told = session.messages(1);
        assert!(told.contains(&format!("`relux.{name}`")), "{told}");
    }
    session.finish();
}
