//! Completion as clients of different abilities see it.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
// Keeps everything.
effect Db {
    expect DB_PORT
}
fn ask(what, how) {
    > ask ${what} ${how}
}
//- relux/tests/a.relux
";

const TEXT: &str =
    "test \"a\" {\n    let 𝄞 = \"𝄞\"\n    start Db\n    shell s {\n        log(\"𝄞\", as)\n    }\n}\n";

/// The item of a label at a position, from a client with some abilities.
fn item(abilities: &Value, position: (u32, u32), label: &str) -> (Session, Value) {
    let mut session = Session::new(&Files::new(SUITE));
    session
        .client
        .initialize(&json!({"textDocument": {"completion": {"completionItem": abilities}}}));
    let uri = uri("relux/tests/a.relux");
    session.client.open(&uri, TEXT);
    let params = json!({
        "textDocument": {"uri": uri},
        "position": {"line": position.0, "character": position.1},
        "context": {"triggerKind": 1},
    });
    let mut found = session.client.ask("textDocument/completion", params);
    let items = found["items"].as_array_mut().expect("a list");
    let item = items.iter_mut().find(|it| it["label"] == label);
    let item = item.unwrap_or_else(|| panic!("no {label}")).take();
    (session, item)
}

fn span(line: u32, start: u32, end: u32) -> Value {
    json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}})
}

#[test]
fn a_client_that_takes_text_only_gets_text() {
    let (session, item) = item(&json!({}), (4, 20), "ask(what, how)");
    assert_eq!(item["filterText"], "ask");
    assert_eq!(
        item["textEdit"],
        json!({"range": span(4, 18, 20), "newText": "ask"})
    );
    assert_eq!(item["insertTextFormat"], Value::Null);
    assert_eq!(
        item["additionalTextEdits"],
        json!([{"range": span(0, 0, 0), "newText": "import db { ask }\n\n"}])
    );
    session.finish();
}

#[test]
fn a_client_that_takes_all_gets_all() {
    let abilities = json!({
        "snippetSupport": true, "insertReplaceSupport": true, "labelDetailsSupport": true,
        "documentationFormat": ["markdown"],
    });
    let (mut session, item) = item(&abilities, (2, 11), "Db");
    assert_eq!(
        item["textEdit"],
        json!({"insert": span(2, 10, 11), "replace": span(2, 10, 12), "newText": "Db { DB_PORT = ${1:available_port()} \\}"})
    );
    assert_eq!(item["insertTextFormat"], 2);
    assert_eq!(item["labelDetails"], json!({"description": "import db"}));
    let resolved = session.client.ask("completionItem/resolve", item.clone());
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    let page = resolved["documentation"]["value"].as_str().expect("a page");
    assert!(page.contains("Keeps everything."), "{page}");
    assert_eq!(resolved["textEdit"], item["textEdit"]);
    session.finish();
}

#[test]
fn whatever_comes_back_to_be_resolved_is_answered() {
    let mut session = Session::started(&Files::new(SUITE));
    for data in [
        json!(null),
        json!(1),
        json!({"file": "/nowhere", "name": "x", "ordinal": -1, "effect": true}),
        json!({"file": "/nowhere", "name": "x", "ordinal": 0, "effect": false}),
        json!({"module": "nowhere"}),
    ] {
        let item = json!({"label": "x", "data": data});
        let answer = session.client.ask("completionItem/resolve", item);
        assert_eq!(
            (&answer["label"], &answer["documentation"]),
            (&json!("x"), &Value::Null)
        );
    }
    session.finish();
}
