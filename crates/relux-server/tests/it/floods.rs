//! More than anybody can take, from either side: nothing hangs, and everybody gets an answer once.
//!
//! What is counted are answers; a server that hangs never gives the last of them.

use serde_json::json;

use crate::harness::{Files, Session, symbols, uri};

const TEST: &str = "relux/tests/a.relux";

fn suite() -> Files {
    Files::new("//- Relux.toml\n//- relux/tests/a.relux\n")
}

#[test]
fn a_client_that_reads_nothing_for_a_while_misses_nothing() {
    let mut session = Session::started(&suite());
    let client = &mut session.client;
    let uri = uri(TEST);
    client.open(&uri, "");
    client.stop_reading();
    let mut asked = Vec::new();
    for version in 2..=1_001 {
        client.insert(&uri, version, (0, 0), &format!("fn f{version}() {{\n}}\n"));
        for method in ["textDocument/documentSymbol", "textDocument/foldingRange"] {
            asked.push(client.request(method, json!({"textDocument": {"uri": uri}})));
        }
    }
    client.read_again();
    for id in asked {
        let answer = client.answer(id);
        let code = answer["error"]["code"].as_i64();
        assert!(matches!(code, None | Some(-32801)), "{answer}");
    }
    assert_eq!(symbols(client, &uri).len(), 1_000);
    session.finish();
}

#[test]
fn questions_that_the_client_never_answers_stop_nothing() {
    let mut session = Session::new(&suite());
    session.client.silent = true;
    session
        .client
        .initialize(&json!({"window": {"workDoneProgress": true}}));
    let client = &mut session.client;
    let uri = uri(TEST);
    client.open(&uri, "fn f() {\n}\n");
    // Each run asks for a progress display first.
    for _ in 0..200 {
        let params = json!({"command": "relux.runTests", "arguments": [{"uri": uri}]});
        client.ask("workspace/executeCommand", params);
    }
    for version in 2..=401 {
        client.replace(&uri, version, &format!("fn f{version}() {{\n}}\n"));
        assert_eq!(symbols(client, &uri), [format!("f{version}")]);
    }
    let mut waiting = 0;
    while waiting < 200 {
        client.server_request("window/workDoneProgress/create");
        waiting += 1;
    }
    // The progress of a run is asked for no longer than a moment after its end, so the session ends without answers.
    session.client.hang_up();
    assert_eq!(session.ending(), relux_server::Ending::Abrupt);
}

#[test]
fn a_flood_of_everything_leaves_the_same_as_one_thing_after_the_other() {
    let files = suite();
    let mut session = Session::started(&files);
    let client = &mut session.client;
    let uri = uri(TEST);
    client.open(&uri, "fn f() {\n}\n");
    let mut asked = Vec::new();
    for version in 2..=501 {
        client.insert(&uri, version, (0, 0), &format!("fn f{version}() {{\n}}\n"));
        let id = client.request(
            "textDocument/documentSymbol",
            json!({"textDocument": {"uri": uri}}),
        );
        if version % 3 == 0 {
            client.notify("$/cancelRequest", json!({ "id": id }));
        }
        if version % 7 == 0 {
            files.write(&format!("relux/tests/n{version}.relux"), "import nothing\n");
            let changes = json!({"changes": [
                {"uri": files.uri(&format!("relux/tests/n{version}.relux")), "type": 1}
            ]});
            client.notify("workspace/didChangeWatchedFiles", changes);
        }
        asked.push(id);
    }
    let mut answers = 0;
    for id in asked {
        let answer = client.answer(id);
        let code = answer["error"]["code"].as_i64();
        assert!(matches!(code, None | Some(-32800 | -32801)), "{answer}");
        answers += 1;
    }
    assert_eq!((answers, symbols(client, &uri).len()), (500, 501));
    session.finish();
}
