//! The lens runs real tests in real shells, and failures show at their line.

use relux_e2e::Scratch;
use serde_json::{Value, json};

use crate::session::Session;

const SUITE: &str = "\
//- Relux.toml
[timeout]
match = \"200ms\"
//- relux/tests/t.relux
test \"passes\" {
    shell s {
        > echo one
        <? ^one$
    }
}

test \"fails\" {
    shell s {
        > echo two
        <? ^three$
    }
}
";

/// Presses a lens: the file's, or that of a test.
fn press(session: &mut Session, uri: &str, test: Option<&str>) {
    let lenses = session.client.ask_about("textDocument/codeLens", uri);
    let lens = lenses
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["command"]["arguments"][0].get("test").and_then(Value::as_str) == test);
    let command = &lens.expect("there is a lens")["command"];
    let params = json!({"command": command["command"], "arguments": command["arguments"]});
    session.client.ask("workspace/executeCommand", params);
}

fn message(session: &mut Session) -> String {
    let shown = session.client.notification("window/showMessage", |_| true);
    shown["message"].as_str().expect("a text").to_owned()
}

#[test]
fn a_lens_runs_its_test_and_the_failure_shows_at_its_line() {
    let scratch = Scratch::new(SUITE);
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open("relux/tests/t.relux");

    press(&mut session, &uri, Some("passes"));
    assert_eq!(message(&mut session), "1 passed");

    press(&mut session, &uri, None);
    let found = session
        .client
        .notification("textDocument/publishDiagnostics", |it| {
            it["diagnostics"]
                .as_array()
                .is_some_and(|all| all.iter().any(|it| it["source"] == "relux run"))
        });
    let all = found["diagnostics"].as_array().expect("a list");
    let failure = all
        .iter()
        .find(|it| it["source"] == "relux run")
        .expect("just seen");
    assert_eq!(failure["range"]["start"], json!({"line": 10, "character": 8}));
    let text = failure["message"].as_str().expect("a text");
    assert!(text.contains("two"), "the shell's output is in it: {text}");
    assert_eq!(message(&mut session), "1 passed, failed: fails");
    session.finish();
}

#[test]
fn a_run_ends_with_the_session() {
    let scratch = Scratch::new(
        "test \"waits\" {\n    shell s {\n        > echo $$$$ > pid\n        <~60s? ^never$\n    }\n}\n",
    );
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open("relux/tests/t.relux");
    press(&mut session, &uri, None);
    session
        .client
        .notification("relux/testEvent", |it| it["kind"] == "testStarted");
    session.finish();
    // The runner waits for its shells, and the server for its runner.
    let shell = std::fs::read_to_string(scratch.path().join("pid")).unwrap_or_default();
    if let Ok(shell) = shell.trim().parse::<u32>() {
        assert!(
            !std::path::Path::new(&format!("/proc/{shell}")).exists(),
            "shell {shell} lives on"
        );
    }
}
