//! Test runs, with a script that stands for the runner: what the client is told, and what it can stop.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Files, Session};

const TEST: &str = "relux/tests/t.relux";
const TEXT: &str = "test \"a\" {\n    shell s {\n        > x\n        <? y\n    }\n}\n";

/// A suite in a directory that exists, and a runner that prints what a test says.
struct Bench {
    directory: TempDir,
    files: Files,
    session: Session,
}

impl Bench {
    /// The client takes news of tests besides what else it can do.
    fn new(script: &str, capabilities: &Value) -> Self {
        let mut capabilities = capabilities.clone();
        capabilities["experimental"] = json!({"reluxTests": true});
        Self::of_client(script, &capabilities)
    }

    fn of_client(script: &str, capabilities: &Value) -> Self {
        let directory = TempDir::new().expect("a temporary directory");
        let root = directory.path().to_str().expect("a path in UTF-8").to_owned();
        let runner = directory.path().join("runner");
        fs::write(&runner, format!("#!/bin/sh\necho \"$@\" > args\n{script}\n")).expect("writing");
        fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).expect("making it a program");
        let files = Files::below(&root, &format!("//- Relux.toml\n//- {TEST}\n{TEXT}"));
        let mut session = Session::with_runner(&files, runner);
        session.client.initialize(capabilities);
        session.client.open(&files.uri(TEST), TEXT);
        session.client.diagnostics(&files.uri(TEST), 1);
        Self {
            directory,
            files,
            session,
        }
    }

    fn run(&mut self, argument: &Value) -> Value {
        let params = json!({"command": "relux.runTests", "arguments": [argument]});
        self.session.client.ask("workspace/executeCommand", params)
    }

    fn run_all(&mut self) -> Value {
        let argument = json!({"uri": self.files.uri(TEST)});
        self.run(&argument)
    }

    /// The next event of this kind.
    fn event(&mut self, kind: &str) -> Value {
        self.session
            .client
            .notification("relux/testEvent", |it| it["kind"] == kind)
    }

    fn message(&mut self) -> (i64, String) {
        let shown = self.session.client.notification("window/showMessage", |_| true);
        let text = shown["message"].as_str().expect("a text").to_owned();
        (shown["type"].as_i64().expect("a type"), text)
    }

    fn failures(&mut self) -> Vec<Value> {
        let uri = self.files.uri(TEST);
        let found = self
            .session
            .client
            .notification("textDocument/publishDiagnostics", |it| it["uri"] == uri.as_str());
        found["diagnostics"].as_array().expect("a list").clone()
    }
}

fn echo(event: &Value) -> String {
    format!("cat <<'END'\n{event}\nEND\n")
}

fn place(start: usize, end: usize, line: usize) -> Value {
    json!({"file": TEST, "start_byte": start, "end_byte": end, "line": line, "column": 9})
}

fn started() -> String {
    echo(&json!({"type": "run-started", "version": 1, "tests": 1}))
        + &echo(
            &json!({"type": "test-started", "id": "t/a", "name": "a", "place": place(5, 8, 1), "attempt": 1}),
        )
}

fn finished(outcome: &str) -> String {
    echo(
        &json!({"type": "test-finished", "id": "t/a", "name": "a", "file": TEST, "outcome": outcome, "attempts": 1, "duration_ms": 7}),
    )
}

/// A runner that fails at `<? y`.
fn failing() -> String {
    let failure = json!({
        "kind": "match-timeout", "message": "`y` was not printed within 5s", "shell": "s",
        "place": place(45, 49, 4), "tail": {"read": "$ x\n", "unread": "x: not found\n"},
    });
    started()
        + &echo(&json!({"type": "something-new", "with": ["fields"]}))
        + "echo no event at all\n"
        + &echo(
            &json!({"type": "test-finished", "id": "t/a", "name": "a", "file": TEST, "outcome": "failed", "attempts": 1, "duration_ms": 5000, "failure": failure}),
        )
        + "exit 1"
}

#[test]
fn a_green_run_is_told() {
    let mut bench = Bench::new(&(started() + &finished("passed")), &json!({}));
    let argument = json!({"uri": bench.files.uri(TEST), "test": "a"});
    let answer = bench.run(&argument);
    assert_eq!(answer, json!({"run": "1"}));
    assert_eq!(bench.event("started"), json!({"run": "1", "kind": "started"}));
    let uri = bench.files.uri(TEST);
    assert_eq!(
        bench.event("testStarted"),
        json!({"run": "1", "kind": "testStarted", "uri": uri, "id": "t/a", "test": "a"})
    );
    assert_eq!(
        bench.event("testFinished"),
        json!({"run": "1", "kind": "testFinished", "uri": uri, "id": "t/a", "test": "a", "outcome": "passed", "durationMs": 7})
    );
    assert_eq!(bench.event("finished")["outcome"], "passed");
    assert_eq!(bench.message(), (3, "1 passed".to_owned()));
    let arguments =
        fs::read_to_string(bench.directory.path().join("args")).expect("it ran in the suite's root");
    let file = bench.directory.path().join(TEST);
    let expected = format!("run --message-format json-lines -f {} --test=a\n", file.display());
    assert_eq!(arguments, expected);
    bench.session.finish();
}

#[test]
fn the_last_result_is_a_lens() {
    let refreshed = json!({"workspace": {"codeLens": {"refreshSupport": true}}});
    let mut bench = Bench::new(&(started() + &finished("passed")), &refreshed);
    let uri = bench.files.uri(TEST);
    let titles = |bench: &mut Bench| -> Vec<String> {
        let lenses = bench.session.client.ask_about("textDocument/codeLens", &uri);
        let lenses = lenses.as_array().expect("a list");
        let title = |it: &Value| it["command"]["title"].as_str().map(str::to_owned);
        lenses.iter().filter_map(title).collect()
    };
    assert_eq!(titles(&mut bench), ["▶ Run file", "▶ Run test"]);
    bench.run_all();
    bench.event("finished");
    bench.session.client.server_request("workspace/codeLens/refresh");
    assert_eq!(
        titles(&mut bench),
        ["▶ Run file", "▶ Run test", "✔ passed in 7 ms"]
    );
    bench.session.finish();
}

#[test]
fn a_failure_shows_at_its_line_until_it_is_edited_or_run_again() {
    let mut bench = Bench::new(&failing(), &json!({}));
    bench.run_all();
    let client = &mut bench.session.client;
    let unread = |it: &Value| {
        it["message"]
            .as_str()
            .is_some_and(|it| it.contains("no event at all"))
    };
    client.notification("window/logMessage", unread);
    let found = bench.failures();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["source"], &found[0]["severity"]),
        (&json!("relux run"), &json!(1))
    );
    assert_eq!(
        found[0]["range"],
        json!({"start": {"line": 3, "character": 8}, "end": {"line": 3, "character": 12}})
    );
    let text = found[0]["message"].as_str().expect("a text");
    assert_eq!(
        text,
        "`y` was not printed within 5s\n\nlast output of shell s:\n  $ x\n  x: not found"
    );
    let event = bench.event("testFinished");
    assert_eq!(
        event["location"],
        json!({"uri": bench.files.uri(TEST), "range": found[0]["range"]})
    );
    assert_eq!(event["message"], text);
    assert_eq!(bench.message(), (1, "0 passed, failed: a".to_owned()));

    // An edit above moves it.
    let uri = bench.files.uri(TEST);
    bench.session.client.insert(&uri, 2, (0, 0), "\n");
    assert_eq!(
        bench.failures()[0]["range"]["start"],
        json!({"line": 4, "character": 8})
    );
    // Running again takes it away, and brings it back where the disk's text has it.
    bench.run_all();
    assert!(bench.failures().is_empty());
    let again = bench.failures();
    assert_eq!(again.len(), 1);
    // An edit of what failed takes it away.
    let line = again[0]["range"]["start"]["line"].as_u64().expect("a line");
    let column = again[0]["range"]["end"]["character"].as_u64().expect("a column");
    bench
        .session
        .client
        .insert(&uri, 3, (line as u32, column as u32), "?");
    assert!(bench.failures().iter().all(|it| it["source"] != "relux run"));
    bench.session.finish();
}

#[test]
fn unsaved_documents_are_mentioned() {
    let mut bench = Bench::new(&(started() + &finished("passed")), &json!({}));
    let uri = bench.files.uri(TEST);
    bench.session.client.insert(&uri, 2, (0, 0), "\n");
    bench.run_all();
    let warning = "The run uses the files on the disk; not saved yet: relux/tests/t.relux".to_owned();
    assert_eq!(bench.message(), (2, warning));
    assert_eq!(bench.message(), (3, "1 passed".to_owned()));
    bench
        .session
        .client
        .notify("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    bench.run_all();
    assert_eq!(bench.message(), (3, "1 passed".to_owned()));
    bench.session.finish();
}

#[test]
fn progress_is_shown_and_its_button_cancels() {
    let script = "trap 'kill $!; cat <<END\n".to_owned()
        + &json!({"type": "test-finished", "id": "t/a", "name": "a", "file": TEST, "outcome": "cancelled", "attempts": 1}).to_string()
        + "\nEND\nexit 130' INT\nsleep 1000 &\n"
        + &started()
        + "wait\nwait";
    let mut bench = Bench::new(&script, &json!({"window": {"workDoneProgress": true}}));
    bench.run_all();
    let client = &mut bench.session.client;
    let created = client.server_request("window/workDoneProgress/create");
    let token = created["params"]["token"].clone();
    let begin = client.notification("$/progress", |it| it["token"] == token);
    assert_eq!(
        (&begin["value"]["kind"], &begin["value"]["cancellable"]),
        (&json!("begin"), &json!(true))
    );
    client.notification("$/progress", |it| it["value"]["message"] == "0/1 a");
    client.notify("window/workDoneProgress/cancel", json!({ "token": token }));
    client.notification("$/progress", |it| it["value"]["kind"] == "end");
    assert_eq!(bench.event("testFinished")["outcome"], "cancelled");
    assert_eq!(bench.event("finished")["outcome"], "cancelled");
    assert_eq!(
        bench.message(),
        (3, "Test run cancelled: 0 passed, 1 cancelled".to_owned())
    );
    bench.session.finish();
}

#[test]
fn a_run_is_cancelled_by_command_and_by_the_end_of_the_session() {
    let trap = "trap 'kill $!; touch asked; exit 130' INT\nsleep 1000 &\n";
    let script = trap.to_owned() + &started() + "wait\nwait";
    let mut bench = Bench::new(&script, &json!({}));
    bench.run_all();
    bench.event("testStarted");
    for (argument, cancelled) in [(json!([{"run": "9"}]), 0), (json!([{"run": "1"}]), 1)] {
        let params = json!({"command": "relux.cancelRun", "arguments": argument});
        let answer = bench.session.client.ask("workspace/executeCommand", params);
        assert_eq!(answer, json!({ "cancelled": cancelled }));
    }
    assert_eq!(bench.event("finished")["outcome"], "cancelled");
    let asked = bench.directory.path().join("asked");
    fs::remove_file(&asked).expect("the runner was asked");

    bench.run_all();
    bench.event("testStarted");
    bench.session.finish();
    assert!(asked.exists(), "the runner was asked before the server ended");
}

#[test]
fn whatever_the_runner_does_the_client_hears_of_an_end() {
    for (script, message) in [
        ("echo oops >&2; exit 2", "Test run failed (exit status: 2): oops"),
        ("exit 4", "There is no such test in the saved file"),
        ("kill -9 $$", "Test run failed (signal: 9 (SIGKILL)): "),
        ("exit 0", "0 passed"),
    ] {
        let mut bench = Bench::new(script, &json!({}));
        bench.run_all();
        assert_eq!(bench.message().1, message);
        bench.event("finished");
        bench.session.finish();
    }
    let mut bench = Bench::new("", &json!({}));
    fs::remove_file(bench.directory.path().join("runner")).expect("removing the runner");
    bench.run_all();
    assert!(bench.message().1.starts_with("Test run impossible: "));
    bench.session.finish();
}

/// Longer than a session used to wait: a runner that takes down services needs its time.
#[test]
fn the_session_ends_when_the_runner_has_cleaned_up() {
    let script = "trap 'kill $!; sleep 7; touch cleaned; exit 130' INT\nsleep 1000 &\n".to_owned()
        + &started()
        + "wait\nwait";
    let mut bench = Bench::new(&script, &json!({}));
    bench.run_all();
    bench.event("testStarted");
    bench.session.finish();
    assert!(bench.directory.path().join("cleaned").exists());
}
