//! A question that nobody wants answered any more is not only answered: its computation stops.
//!
//! The server itself counts what it computes, see `relux/status`. That a stopped computation does nothing more is shown
//! in relux-ide, look by look.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

/// Small enough that nothing is prepared in advance.
const FILES: usize = 250;
const STATEMENTS: usize = 120;
/// What has not happened by then will not happen.
const HANGS: Duration = Duration::from_secs(60);
const OPEN: &str = "relux/tests/t0.relux";
const LIB: &str = "relux/lib/db.relux";

fn text(number: usize) -> String {
    let mut text = format!("import db\ntest \"{number}\" {{\n    start Db\n    shell s {{\n");
    for statement in 0..STATEMENTS {
        let _ = writeln!(text, "        > echo ${{unknown{statement}}}\n        match_ok()");
    }
    text + "    }\n}\n"
}

/// A suite over which every question takes a good while, and a client that asks for diagnostics.
fn session() -> Session {
    let files = Files::new("//- Relux.toml\n//- relux/lib/db.relux\neffect Db {\n}\n");
    for number in 0..FILES {
        files.write(&format!("relux/tests/t{number}.relux"), &text(number));
    }
    let mut session = Session::new(&files);
    session.client.initialize(&json!({
        "workspace": {"diagnostics": {"refreshSupport": true}},
        "textDocument": {"diagnostic": {}},
    }));
    session.client.open(&uri(LIB), "effect Db {\n}\n");
    // The first look at the suite takes a while, the next ones do not.
    session.computations("");
    session
}

impl Session {
    /// What the server says about its computations for a method.
    fn computations(&mut self, method: &str) -> (u64, u64) {
        let status = self.client.ask("relux/status", Value::Null);
        let timing = &status["methods"][method];
        let number = |name: &str| timing[name].as_u64().unwrap_or(0);
        (number("running"), number("stopped"))
    }

    /// Waits until so many computations for a method run and were stopped.
    fn wait_for_computations(&mut self, method: &str, wanted: (u64, u64)) {
        let begin = Instant::now();
        loop {
            let found = self.computations(method);
            if found == wanted {
                return;
            }
            let hangs = begin.elapsed() > HANGS;
            assert!(
                !hangs,
                "{method}: {found:?} are running and stopped, not {wanted:?}"
            );
        }
    }
}

#[test]
fn a_cancelled_question_stops_in_the_middle() {
    let mut session = session();
    let method = "workspace/diagnostic";
    let params = json!({"previousResultIds": [], "partialResultToken": "parts"});
    let id = session.client.request(method, params);
    // The first part of the answer is there and most of it is not.
    let is_part = |it: &Value| it["token"] == "parts";
    session.client.notification("$/progress", is_part);
    session.client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(session.client.answer(id)["error"]["code"], -32800);
    session.wait_for_computations(method, (0, 1));
    let parts = session
        .client
        .notifications
        .iter()
        .filter(|it| is_part(&it["params"]))
        .map(|it| it["params"]["value"]["items"].as_array().expect("a list").len());
    assert!(parts.sum::<usize>() < FILES - 64, "the rest was computed as well");
    session.finish();
}

#[test]
fn a_cancelled_search_stops_and_so_does_one_that_an_edit_makes_worthless() {
    let mut session = session();
    let method = "textDocument/references";
    let params = json!({
        "textDocument": {"uri": uri(LIB)},
        "position": {"line": 0, "character": 8},
        "context": {"includeDeclaration": true},
    });
    let id = session.client.request(method, params.clone());
    session.wait_for_computations(method, (1, 0));
    session.client.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(session.client.answer(id)["error"]["code"], -32800);
    session.wait_for_computations(method, (0, 1));

    let id = session.client.request(method, params.clone());
    session.wait_for_computations(method, (1, 1));
    session.client.insert(&uri(LIB), 2, (0, 0), "\n");
    assert_eq!(session.client.answer(id)["error"]["code"], -32801);
    session.wait_for_computations(method, (0, 2));

    // An edit elsewhere stops it too, and then it is asked again.
    session.client.open(&uri(OPEN), &text(0));
    let id = session.client.request(
        method,
        json!({
            "textDocument": {"uri": uri(LIB)},
            "position": {"line": 1, "character": 8},
            "context": {"includeDeclaration": true},
        }),
    );
    session.client.insert(&uri(OPEN), 2, (0, 0), "// x\n");
    let answer = session.client.answer(id);
    assert_eq!(
        answer["result"].as_array().map(Vec::len),
        Some(FILES + 1),
        "{answer}"
    );
    session.finish();
}
