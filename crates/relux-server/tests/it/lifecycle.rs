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

#[test]
fn the_list_of_capabilities_is_known() {
    let mut session = Session::new(&Files::default());
    let capabilities = session.client.initialize(&json!({}));
    let text = serde_json::to_string_pretty(&capabilities).expect("JSON");
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(text) });
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

/// What is known does not depend on what is open.
#[test]
fn a_suite_is_known_before_a_file_of_it_is_open() {
    let files = Files::new("//- Relux.toml\n//- relux/lib/db.relux\n// Keeps things.\neffect Db {\n}\n");
    let mut session = Session::new(&files);
    let client = &mut session.client;
    client.ask(
        "initialize",
        json!({"rootUri": uri("").trim_end_matches('/'), "capabilities": {}}),
    );
    client.notify("initialized", json!({}));
    // The folders are looked through meanwhile.
    let symbols = (0..10_000)
        .map(|_| client.ask("workspace/symbol", json!({"query": "Db"})))
        .find(|found| *found != json!([]))
        .expect("the suite is found");
    assert_eq!(symbols[0]["name"], "Db");
    let hover = client.ask_at("textDocument/hover", &uri("relux/lib/db.relux"), (1, 7));
    assert!(hover.to_string().contains("Keeps things."), "{hover}");
    session.finish();
}

/// Otherwise whoever opens the first file waits for all of it.
#[test]
fn a_large_suite_is_read_before_a_file_of_it_is_open() {
    let files = Files::new("//- Relux.toml\n");
    for number in 0..300 {
        files.write(&format!("relux/lib/many/m{number}.relux"), "fn f() {\n}\n");
    }
    let mut session = Session::new(&files);
    let client = &mut session.client;
    let capabilities = json!({"window": {"workDoneProgress": true}});
    client.ask(
        "initialize",
        json!({"rootUri": uri("").trim_end_matches('/'), "capabilities": capabilities}),
    );
    client.notify("initialized", json!({}));
    let asked = client.server_request("window/workDoneProgress/create");
    assert_eq!(asked["params"]["token"], "relux/indexing");
    session.finish();
}

#[test]
fn the_status_tells_what_is_known_and_how_long_it_took() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    client.open(&uri("relux/tests/a.relux"), "");
    client.ask_about("textDocument/documentSymbol", &uri("relux/tests/a.relux"));
    let status = client.ask("relux/status", Value::Null);
    assert_eq!(status["version"], "0.0.0-test");
    assert_eq!(status["diagnostics"], "pushed");
    assert_eq!(
        status["suites"],
        json!([{
            "root": "/suite", "manifest": true, "modules": 1,
            "editions": [{"edition": "2026-04", "because": "nothing says anything", "modules": 1}],
        }])
    );
    assert_eq!(status["methods"]["textDocument/documentSymbol"]["answers"], 1);
    let command = json!({"command": "relux.status"});
    let again = client.ask("workspace/executeCommand", command);
    assert_eq!(again["methods"]["relux/status"]["answers"], 1);
    session.finish();
}

#[test]
fn a_diagnostic_is_explained_as_the_command_line_explains_it() {
    let mut session = Session::started(&Files::new(SUITE));
    let explained = session
        .client
        .ask("relux/explain", json!({"code": "missing-expect"}));
    let page = include_str!("../../../relux-model/src/rules/missing-expect.md");
    assert_eq!(explained, json!({"code": "missing-expect", "markdown": page}));
    let nothing = session
        .client
        .ask("relux/explain", json!({"code": "no-such-code"}));
    assert_eq!(nothing, Value::Null);
    assert_eq!(session.client.ask_error("relux/explain", json!({})), -32602);
    session.finish();
}
