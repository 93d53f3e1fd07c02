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

/// The clean-up takes longer than most servers give their children.
#[test]
fn a_run_ends_with_the_session_and_leaves_nothing_behind() {
    let scratch = Scratch::new(
        "test \"waits\" {\n    shell s {\n        > sleep 1000 & echo $$$$ $$! > ready\n        <~60s? ^never$\n    }\n    \
         cleanup {\n        > sleep 6; touch cleaned; echo done\n        <~20s? ^done$\n    }\n}\n",
    );
    let ready = scratch.path().join("ready");
    let made = std::process::Command::new("mkfifo").arg(&ready).status();
    assert!(made.expect("mkfifo is there").success());
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open("relux/tests/t.relux");
    press(&mut session, &uri, None);
    // Waits for the shell to write.
    let processes = std::fs::read_to_string(&ready).expect("a shell writes");
    session.finish();
    assert!(
        scratch.path().join("cleaned").exists(),
        "the clean-up was cut short"
    );
    let processes: Vec<&str> = processes.split_whitespace().collect();
    assert_eq!(processes.len(), 2, "{processes:?}");
    for process in processes {
        let lives = std::path::Path::new("/proc").join(process).exists();
        assert!(!lives, "process {process} lives on");
    }
}
