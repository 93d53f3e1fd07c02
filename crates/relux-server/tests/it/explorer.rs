//! What a test explorer gets: the tree, news of changes, runs by id with their output, and nothing unless it asks.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- shop/Relux.toml
name = \"shop\"
//- shop/relux/tests/a.relux
# skip if CI
test \"one\" {
    \"\"\"
    Buys a thing.
    \"\"\"
    shell s {
        > true
    }
}
//- shop/relux/tests/b.relux
test \"two\" {
}
//- shop/relux/lib/l.relux
fn f() {
}
//- node_modules/x/Relux.toml
//- node_modules/x/relux/tests/t.relux
test \"not ours\" {
}
//- bank/Relux.toml
//- bank/relux/tests/c.relux
test \"three\" {
}
";

/// A session of a client with a test explorer, on a workspace with two suites.
fn started(files: &Files) -> (Session, Value) {
    let mut session = Session::new(files);
    let params = json!({
        "processId": null,
        "workspaceFolders": [{"uri": "file:///suite", "name": "suite"}],
        "capabilities": {},
        "initializationOptions": {"reluxTests": true},
    });
    let result = session.client.ask("initialize", params);
    session.client.notify("initialized", json!({}));
    (session, result)
}

fn names(tree: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let mut names = Vec::new();
    for suite in list(&tree["suites"]) {
        for file in list(&suite["files"]) {
            let tests = list(&file["tests"]);
            let ids = tests
                .iter()
                .map(|it| it["id"].as_str().expect("an id").to_owned());
            names.extend(ids.map(|id| format!("{} {} {id}", suite["name"], file["path"]).replace('"', "")));
        }
    }
    names
}

#[test]
fn suites_are_found_before_a_file_is_open() {
    let (mut session, result) = started(&Files::new(SUITE));
    assert_eq!(
        result["capabilities"]["experimental"],
        json!({"reluxTests": {"version": 1}})
    );
    let all = session.client.notification("relux/testsChanged", |_| true);
    assert_eq!(all, json!({}));
    let tree = session.client.ask("relux/tests", json!({}));
    assert_eq!(
        names(&tree),
        [
            "bank relux/tests/c.relux c/three",
            "shop relux/tests/a.relux a/one",
            "shop relux/tests/b.relux b/two",
        ]
    );
    let part = session
        .client
        .ask("relux/tests", json!({"files": [uri("shop/relux/tests/a.relux")]}));
    let line = |line: u32, from: u32, to: u32| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
    assert_eq!(
        part,
        json!({"suites": [{
            "uri": uri("shop"),
            "name": "shop",
            "files": [{
                "uri": uri("shop/relux/tests/a.relux"),
                "path": "relux/tests/a.relux",
                "tests": [{
                    "id": "a/one",
                    "name": "one",
                    "range": {"start": {"line": 1, "character": 0}, "end": {"line": 8, "character": 1}},
                    "selectionRange": line(1, 5, 10),
                    "markers": ["# skip if CI"],
                    "doc": "Buys a thing.",
                }],
            }],
        }]})
    );
    session.finish();
}

#[test]
fn what_changes_in_the_tree_is_told_by_file() {
    let files = Files::new(SUITE);
    let (mut session, _) = started(&files);
    let client = &mut session.client;
    client.notification("relux/testsChanged", |it| it == &json!({}));
    let a = uri("shop/relux/tests/a.relux");
    let b = uri("shop/relux/tests/b.relux");
    client.open(&b, "test \"two\" {\n}\n");
    client.diagnostics(&b, 1);
    client.insert(&b, 2, (0, 6), "twenty-");
    assert_eq!(
        client.notification("relux/testsChanged", |_| true),
        json!({"files": [b]})
    );
    let tree = client.ask("relux/tests", json!({"files": [b]}));
    assert_eq!(names(&tree), ["shop relux/tests/b.relux b/twenty-two"]);
    files.remove("shop/relux/tests/a.relux");
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [{"uri": a, "type": 3}]}),
    );
    assert_eq!(
        client.notification("relux/testsChanged", |_| true),
        json!({"files": [a]})
    );
    assert_eq!(
        client.ask("relux/tests", json!({"files": [a]})),
        json!({"suites": []})
    );
    session.finish();
}

#[test]
fn a_client_that_does_not_ask_hears_nothing() {
    let files = Files::new(SUITE);
    let mut session = Session::started(&files);
    let b = uri("shop/relux/tests/b.relux");
    session.client.open(&b, "test \"two\" {\n}\n");
    session.client.diagnostics(&b, 1);
    // The suite is known by its open file, and the tree can be had.
    let tree = session.client.ask("relux/tests", json!({}));
    assert_eq!(names(&tree).len(), 2);
    session.client.insert(&b, 2, (0, 6), "x");
    session.client.diagnostics(&b, 2);
    session.client.shut_down();
    assert!(session.client.server_has_gone());
    let told: Vec<&Value> = session.client.notifications.iter().collect();
    assert!(
        !told.iter().any(|it| it["method"] == "relux/testsChanged"),
        "{told:?}"
    );
}

/// A suite on the disk and a runner that says what it is told to.
fn with_runner(script: &str) -> (TempDir, Files, Session) {
    let directory = TempDir::new().expect("a temporary directory");
    let runner = directory.path().join("runner");
    fs::write(&runner, format!("#!/bin/sh\necho \"$@\" > args\n{script}\n")).expect("writing");
    fs::set_permissions(&runner, fs::Permissions::from_mode(0o755)).expect("making it a program");
    let root = directory.path().to_str().expect("a path in UTF-8");
    let files = Files::below(
        root,
        "//- Relux.toml\n//- relux/tests/t.relux\ntest \"ü\" {\n    f()\n}\n",
    );
    let mut session = Session::with_runner(&files, runner);
    let root = files.uri("");
    session.client.ask(
        "initialize",
        json!({"rootUri": root.trim_end_matches('/'), "capabilities": {"experimental": {"reluxTests": true}}}),
    );
    session.client.notify("initialized", json!({}));
    session.client.notification("relux/testsChanged", |_| true);
    (directory, files, session)
}

fn echo(events: &[Value]) -> String {
    events.iter().fold(String::new(), |script, event| {
        script + &format!("cat <<'END'\n{event}\nEND\n")
    })
}

#[test]
fn a_suite_is_run_by_ids_with_jobs_and_without_messages() {
    let (directory, files, mut session) = with_runner("");
    for (argument, expected) in [
        (
            json!({"ids": ["t/a", "t/b"], "jobs": 4, "quiet": true}),
            " -j 4 --test=t/a --test=t/b",
        ),
        (json!({"jobs": "num-cpus", "quiet": true}), " -j num-cpus"),
        (json!({"quiet": true}), ""),
    ] {
        let mut argument = argument;
        argument["uri"] = files.uri("").trim_end_matches('/').into();
        let params = json!({"command": "relux.runTests", "arguments": [argument]});
        let run = session.client.ask("workspace/executeCommand", params)["run"].clone();
        let end = session.client.notification("relux/testEvent", |it| {
            it["kind"] == "finished" && it["run"] == run
        });
        assert_eq!(end["outcome"], "passed");
        let arguments =
            fs::read_to_string(directory.path().join("args")).expect("it ran in the suite's root");
        assert_eq!(arguments, format!("run --message-format json-lines{expected}\n"));
    }
    let quiet = session
        .client
        .notifications
        .iter()
        .all(|it| it["method"] != "window/showMessage");
    assert!(quiet, "the client shows the result by itself");
    for jobs in [json!(0), json!("many"), json!(-1)] {
        let argument = json!({"uri": files.uri("relux/tests/t.relux"), "jobs": jobs});
        let params = json!({"command": "relux.runTests", "arguments": [argument]});
        assert_eq!(
            session.client.ask_error("workspace/executeCommand", params),
            -32602,
            "{jobs}"
        );
    }
    session.finish();
}

#[test]
fn a_run_tells_output_failure_and_places() {
    let file = "relux/tests/t.relux";
    // `ü` has two bytes and one UTF-16 unit.
    let place = json!({"file": file, "start_byte": 16, "end_byte": 19, "line": 2});
    let caller = json!({"file": file, "start_byte": 5, "end_byte": 9, "line": 1});
    let failure = json!({
        "message": "`x` was not printed", "place": place, "shell": "s",
        "tail": {"read": "", "unread": "out\n"},
        "stack": [{"what": "test \"ü\"", "place": caller}],
    });
    let first = json!({"message": "first"});
    let script = echo(&[
        json!({"type": "run-started", "tests": 1, "run_dir": "/tmp/run"}),
        json!({"type": "test-started", "id": "t/unnamed", "name": "ü", "place": caller, "attempt": 1}),
        json!({"type": "progress", "id": "t/unnamed", "step": "shell", "text": "shell s"}),
        json!({"type": "attempt-failed", "id": "t/unnamed", "attempt": 1, "failure": first}),
        json!({"type": "test-finished", "id": "t/unnamed", "name": "ü", "file": file, "outcome": "failed",
            "duration_ms": 3, "failure": failure, "warnings": [{"message": "cleanup failed"}], "page": "t/index.html"}),
    ]) + "exit 1";
    let (_directory, files, mut session) = with_runner(&script);
    let uri = files.uri(file);
    let params = json!({"command": "relux.runTests", "arguments": [{"uri": uri, "ids": ["t/unnamed"]}]});
    session.client.ask("workspace/executeCommand", params);
    let event = |session: &mut Session| session.client.notification("relux/testEvent", |_| true);
    let about = |kind: &str| json!({"run": "1", "kind": kind, "uri": uri, "id": "t/unnamed", "test": "ü"});
    assert_eq!(event(&mut session), json!({"run": "1", "kind": "started"}));
    assert_eq!(event(&mut session), about("testStarted"));
    for text in [
        "shell s\n",
        "attempt 1 failed: first\n",
        "warning: cleanup failed\n",
    ] {
        let mut expected = about("output");
        expected["text"] = text.into();
        assert_eq!(event(&mut session), expected);
    }
    let range = |line: u32, from: u32, to: u32| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
    let mut expected = about("testFinished");
    for (key, value) in [
        ("outcome", json!("failed")),
        ("durationMs", json!(3)),
        (
            "message",
            json!("`x` was not printed\n\nlast output of shell s:\n  out"),
        ),
        ("location", json!({"uri": uri, "range": range(1, 4, 7)})),
        (
            "related",
            json!([{"location": {"uri": uri, "range": range(0, 5, 8)}, "message": "test \"ü\""}]),
        ),
        ("log", json!("file:///tmp/run/t/index.html")),
    ] {
        expected[key] = value;
    }
    assert_eq!(event(&mut session), expected);
    assert_eq!(event(&mut session)["outcome"], "failed");
    session.finish();
}
