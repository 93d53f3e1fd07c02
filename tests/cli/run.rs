//! `relux run` and its streams: who reads what, what happens when nobody does, and that all verdicts agree.

use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use relux_e2e::{Scratch, relux_bin};
use serde_json::Value;

const FAILING: &str = "test \"never\" {\n    shell s {\n        > false\n        match_ok()\n    }\n}\n";
const GOOD: &str = "test \"works\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n";

#[test]
fn failures_are_told_on_a_terminal_that_cannot_redraw() {
    let scratch = Scratch::new(FAILING);
    for term in [Some("dumb"), None] {
        let mut command = scratch.command_of("script");
        command.arg("-qec").arg(format!("{} run", relux_bin().display()));
        command.arg("/dev/null").env_remove("TERM");
        if let Some(term) = term {
            command.env("TERM", term);
        }
        let output = command.output().expect("script starts");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.contains("relux/tests/t.relux:4:9"), "TERM={term:?}: {told}");
        assert!(told.contains("test result: "), "TERM={term:?}: {told}");
    }
}

#[test]
fn a_reader_that_does_not_read_holds_nothing_up() {
    // Skipped tests are told at once and fill the pipe; the last one tells through a fifo that it runs all the same.
    let mut source = String::new();
    for number in 0..1000 {
        let skipped = "{\n    shell s {\n        > true\n    }\n}\n\n";
        write!(source, "# skip\ntest \"skipped {number}\" {skipped}").expect("a string");
    }
    source.push_str("test \"runs\" {\n    shell s {\n        > echo x > running; sleep 1000\n        <~1000s? ^never$\n    }\n}\n");
    let scratch = Scratch::new(&source);
    let fifo = scratch.path().join("running");
    let made = Command::new("mkfifo").arg(&fifo).status().expect("mkfifo starts");
    assert!(made.success());
    let mut child = scratch
        .command_of("timeout")
        .args(["-s", "KILL", "120"])
        .arg(relux_bin())
        .args(["run", "--message-format", "json-lines"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("timeout starts");
    let mut text = String::new();
    File::open(fifo)
        .expect("the fifo")
        .read_to_string(&mut text)
        .expect("a writer");
    // `timeout` passes it on.
    let told = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .expect("kill starts");
    assert!(told.success());
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(143));
    let summary = std::fs::read(scratch.path().join("relux/out/latest/run_summary.json")).expect("a summary");
    let summary: Value = serde_json::from_slice(&summary).expect("JSON");
    assert_eq!(summary["tests"][1000]["outcome"], "cancelled");
    assert_eq!(summary["summary"]["skipped"], 1000);
    drop(child.stdout.take());
}

/// Who asked for the run is gone, and nobody else can end it.
#[test]
fn a_program_that_no_longer_reads_ends_the_run_after_clean_up() {
    let scratch = Scratch::new(
        "test \"waits\" {\n    shell s {\n        > sleep 1000\n        <~1000s? ^never$\n    }\n    \
         cleanup {\n        > touch cleaned\n    }\n}\n",
    );
    let mut child = scratch
        .command_of("timeout")
        .args(["-s", "KILL", "120"])
        .arg(relux_bin())
        .args(["run", "--message-format", "json-lines"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("timeout starts");
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let started = lines
        .map_while(Result::ok)
        .find(|line| line.contains("\"test-started\""));
    // The pipe is closed now.
    assert!(started.is_some());
    assert_eq!(child.wait().expect("it ends").code(), Some(128 + 13));
    assert!(scratch.path().join("cleaned").exists());
}

#[test]
fn files_with_errors_show_in_every_verdict() {
    let scratch = Scratch::new(&format!(
        "//- relux/tests/a.relux\n{GOOD}//- relux/tests/b.relux\ntest \"half\n//- relux/tests/c.relux\nimport nowhere\n"
    ));
    let outcome = scratch.relux(&["run"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    assert!(
        outcome
            .stderr
            .contains("test result: FAILED. 1 passed; 0 failed; 1 invalid; 2 files with errors"),
        "{}",
        outcome.shown()
    );
    let summary = std::fs::read(scratch.path().join("relux/out/latest/run_summary.json")).expect("a summary");
    let summary: Value = serde_json::from_slice(&summary).expect("JSON");
    assert_eq!(summary["summary"]["exit_code"], 1);
    assert_eq!(summary["summary"]["broken_files"], 2);
}

#[test]
fn a_standard_error_that_cannot_be_written_is_no_panic() {
    let scratch = Scratch::new(GOOD);
    for args in [&["run", "-t", "no such test"][..], &["check", "nowhere"]] {
        let full = File::options().write(true).open("/dev/full").expect("/dev/full");
        let status = scratch.command(args).stderr(full).status().expect("it starts");
        let expected = if args[0] == "run" { 4 } else { 2 };
        assert_eq!(status.code(), Some(expected), "{args:?}");
    }
}
