//! A request sees exactly the edits before it, whatever else is going on.

use serde_json::{Value, json};

use crate::harness::{Files, Session, names, symbols, uri};

/// The error of a request whose document has changed before it could be answered.
const CONTENT_MODIFIED: i64 = -32801;

fn suite() -> Files {
    Files::new("//- Relux.toml\n//- relux/tests/a.relux\n")
}

#[test]
fn a_request_never_sees_another_version_than_its_own() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "fn f0() {\n}\n");
    let mut asked = Vec::new();
    for version in 1..=1000 {
        client.replace(&uri, version, &format!("fn f{version}() {{\n}}\n"));
        let about = json!({"textDocument": {"uri": uri}});
        asked.push((version, client.request("textDocument/documentSymbol", about)));
    }
    let mut exact = 0;
    for (version, id) in asked {
        let answer = client.answer(id);
        if answer["error"]["code"] == CONTENT_MODIFIED {
            continue;
        }
        assert_eq!(names(&answer["result"]), [format!("f{version}")]);
        exact += 1;
    }
    assert!(exact > 0, "the last one at least has nothing behind it");
    assert_eq!(symbols(client, &uri), ["f1000"]);
    session.finish();
}

#[test]
fn a_flood_of_edits_ends_in_the_right_text() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "");
    for version in 2..=501 {
        client.insert(&uri, version, (0, 0), &format!("fn f{version}() {{\n}}\n"));
    }
    let found = symbols(client, &uri);
    assert_eq!(found.len(), 500);
    assert_eq!((found[0].as_str(), found[499].as_str()), ("f501", "f2"));
    session.finish();
}

#[test]
fn a_cancelled_request_is_answered_at_once_and_once() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    let functions: Vec<String> = (0..20_000).map(|it| format!("fn f{it}() {{\n}}\n")).collect();
    client.open(&uri, &functions.concat());
    let about = json!({"textDocument": {"uri": uri}});
    let ids: Vec<i64> = (0..20)
        .map(|_| client.request("textDocument/documentSymbol", about.clone()))
        .collect();
    for id in &ids {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    for id in ids {
        let answer = client.answer(id);
        let cancelled = answer["error"]["code"] == -32800;
        assert!(cancelled || answer["result"].is_array(), "{answer:.100}");
    }
    for id in [json!(null), json!("x"), json!(77), json!({})] {
        client.notify("$/cancelRequest", json!({ "id": id }));
    }
    client.notify("$/cancelRequest", Value::Null);
    session.finish();
}

#[test]
fn an_id_that_is_in_use_is_refused() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let request = json!({
        "jsonrpc": "2.0", "id": "same", "method": "textDocument/documentSymbol",
        "params": {"textDocument": {"uri": uri("relux/tests/a.relux")}},
    });
    for _ in 0..50 {
        client.send(&request);
    }
    for _ in 0..50 {
        let answer = client.answer("same");
        assert!(
            answer["error"]["code"] == -32600 || answer.get("result").is_some(),
            "{answer}"
        );
    }
    session.finish();
}

#[test]
fn ten_megabytes_are_taken_and_edited() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    let line = "    > echo some text that a person might type into a shell\n";
    let body = line.repeat(10_000_000 / line.len());
    client.open(&uri, &format!("fn first() {{\n{body}}}\n"));
    assert_eq!(symbols(client, &uri), ["first"]);
    client.insert(&uri, 2, (0, 0), "fn zero() {\n}\n");
    assert_eq!(symbols(client, &uri), ["zero", "first"]);
    session.finish();
}
