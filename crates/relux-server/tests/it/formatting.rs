//! Formatting through the protocol: small edits, in the units of the client.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "//- Relux.toml\n//- relux/tests/a.relux\n";

fn options() -> Value {
    json!({"tabSize": 2, "insertSpaces": true})
}

#[test]
fn edits_are_small_and_count_in_the_units_of_the_client() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "fn f() {\n    log(\"𝄞\" ,\"x\")\n  > y  \n}\n");
    let edits = client.ask(
        "textDocument/formatting",
        json!({"textDocument": {"uri": uri}, "options": options()}),
    );
    let edit = |line: u32, from: u32, to: u32, text: &str| {
        json!({"newText": text, "range": {
            "start": {"line": line, "character": from}, "end": {"line": line, "character": to}
        }})
    };
    // The clef takes two units of UTF-16.
    assert_eq!(
        edits,
        json!([edit(1, 12, 13, ""), edit(1, 14, 14, " "), edit(2, 2, 2, "  ")])
    );
    session.finish();
}

#[test]
fn line_ends_are_left_to_the_editor() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "fn f() {\r\n    log(\"x\")\r\n  > y  \r\n}\r\n");
    let edits = client.ask(
        "textDocument/formatting",
        json!({"textDocument": {"uri": uri}, "options": options()}),
    );
    assert_eq!(
        edits,
        json!([{"newText": "  ", "range": {
            "start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}
        }}])
    );
    session.finish();
}

#[test]
fn a_selection_and_a_newline_touch_their_lines_only() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "fn f() {\n  > a\n  > b\n}\n\nfn g() {\n");
    let place = |line: u32| json!({"line": line, "character": 0});
    let edits = client.ask(
        "textDocument/rangeFormatting",
        json!({"textDocument": {"uri": uri}, "options": options(), "range": {"start": place(2), "end": place(3)}}),
    );
    let lines: Vec<&Value> = edits
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| &it["range"]["start"]["line"])
        .collect();
    assert_eq!(lines, [2]);
    let typed = client.ask(
        "textDocument/onTypeFormatting",
        json!({"textDocument": {"uri": uri}, "options": options(), "ch": "\n", "position": place(6)}),
    );
    assert_eq!(typed[0]["newText"], "    ", "{typed}");
    session.finish();
}
