//! `relux fmt` from outside: which files, what is written and what is not, what is printed, exit codes.

mod disk;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use relux_e2e::{Outcome, Scratch, relux_bin};
use serde_json::Value;

const GOOD: &str = "test \"works\" {\n    shell client {\n        > true\n        match_ok()\n    }\n}\n";
const MESSY: &str =
    "test \"works\"\n{\n  shell client { // c\n> true  \n     match_ok( ) // it worked\n  }\n}\n\n\n";
const MENDED: &str = "test \"works\" {\n    shell client { // c\n        > true  \n        // it worked\n        match_ok()\n    }\n}\n";
const BROKEN: &str = "fn  a( ) {\n  let x =\n}\nfn  b( ) {\n}\n";

fn text(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).expect("the file is there")
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("JSON: {}", outcome.shown()))
}

fn piped(scratch: &Scratch, arguments: &[&str], input: &str) -> Outcome {
    use std::io::Write;
    let mut child = Command::new(relux_bin())
        .args(arguments)
        .current_dir(scratch.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("relux starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input.as_bytes()).expect("relux reads");
    drop(stdin);
    let output = child.wait_with_output().expect("relux ends");
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn files_are_written_in_style() {
    let scratch = Scratch::new(&format!(
        "//- relux/tests/a.relux\n{MESSY}//- relux/tests/b.relux\n{GOOD}"
    ));
    let outcome = scratch.relux(&["fmt"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert_eq!(outcome.stdout, "relux/tests/a.relux\n");
    assert_eq!(outcome.stderr, "formatted 1 of 2 files\n");
    assert_eq!(text(&scratch, "relux/tests/a.relux"), MENDED);
    let again = scratch.relux(&["fmt"]);
    assert_eq!((again.code, &*again.stdout), (Some(0), ""));
    assert_eq!(again.stderr, "2 files in style\n");
}

#[test]
fn looking_writes_nothing() {
    let scratch = Scratch::new(MESSY);
    for (arguments, code) in [
        (&["fmt", "--check"][..], 1),
        (&["fmt", "--diff"], 0),
        (&["fmt", "--check", "--diff"], 1),
        (&["fmt", "--check", "--message-format", "json"], 1),
    ] {
        let outcome = scratch.relux(arguments);
        assert_eq!(outcome.code, Some(code), "{arguments:?} {}", outcome.shown());
        assert_eq!(text(&scratch, "relux/tests/t.relux"), MESSY);
    }
    insta::assert_snapshot!(scratch.relux(&["fmt", "--diff"]).stdout);
}

#[test]
fn items_with_errors_stay_and_are_told_about() {
    let scratch = Scratch::new(&format!("//- relux/lib/a.relux\n{BROKEN}"));
    let outcome = scratch.relux(&["fmt"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
    assert_eq!(
        text(&scratch, "relux/lib/a.relux"),
        "fn  a( ) {\n  let x =\n}\nfn b() {}\n"
    );
    let document = json(&scratch.relux(&["fmt", "--message-format", "json"]));
    assert_eq!(document["files"][0]["status"], "unchanged");
    assert_eq!(document["files"][0]["kept"][0]["line"], 2);
    assert_eq!(document["summary"]["kept_items"], 1);
}

#[test]
fn standard_input_becomes_standard_output() {
    let scratch = Scratch::new("//- Relux.toml\n[fmt]\nexclude = [\"relux/lib/made/\"]\n");
    let outcome = piped(
        &scratch,
        &["fmt", "--stdin-filepath", "relux/lib/new.relux"],
        MESSY,
    );
    assert_eq!((outcome.code, &*outcome.stdout), (Some(0), MENDED));
    assert_eq!(outcome.stderr, "");
    let broken = piped(
        &scratch,
        &["fmt", "--stdin-filepath", "relux/lib/new.relux"],
        BROKEN,
    );
    assert_eq!(broken.code, Some(0), "{}", broken.shown());
    assert!(broken.stdout.ends_with("fn b() {}\n"), "{}", broken.shown());
    assert!(broken.stderr.contains("new.relux:2:"), "{}", broken.shown());
    let excluded = piped(
        &scratch,
        &["fmt", "--stdin-filepath", "relux/lib/made/x.relux"],
        MESSY,
    );
    assert_eq!((excluded.code, &*excluded.stdout), (Some(0), MESSY));
    let check = piped(
        &scratch,
        &["fmt", "--check", "--stdin-filepath", "x.relux"],
        MESSY,
    );
    assert_eq!(
        (check.code, &*check.stdout),
        (Some(1), "x.relux\n"),
        "{}",
        check.shown()
    );
    let whole = piped(
        &scratch,
        &["fmt", "--stdin-filepath", "x.relux", "--message-format", "json"],
        MESSY,
    );
    assert_eq!(json(&whole)["files"][0]["text"], MENDED);
}

#[test]
fn what_is_ignored_or_excluded_is_left_alone() {
    let files = [
        "relux/tests/a.relux",
        "relux/tests/ignored.relux",
        "relux/tests/made/b.relux",
        "relux/tests/.hidden.relux",
        "relux/out/run/log.relux",
        "inner/relux/tests/c.relux",
    ];
    let mut fixture = String::from(
        "//- Relux.toml\n[fmt]\nexclude = [\"relux/tests/made/\"]\n//- .gitignore\nignored.relux\n//- inner/Relux.toml\nname = \"inner\"\n",
    );
    for file in files {
        fixture.extend(["//- ", file, "\n", MESSY]);
    }
    let scratch = Scratch::new(&fixture);
    assert_eq!(scratch.relux(&["fmt"]).stdout, "relux/tests/a.relux\n");
    // Who names a file means it, unless the manifest says that it is nobody's.
    let named = scratch.relux(&["fmt", "relux/tests/ignored.relux", "relux/tests/made/b.relux"]);
    assert_eq!(named.stdout, "relux/tests/ignored.relux\n", "{}", named.shown());
    let inner = scratch.relux(&["fmt", "inner"]);
    assert_eq!(inner.stdout, "inner/relux/tests/c.relux\n", "{}", inner.shown());
}

#[test]
fn every_suite_below_a_directory_outside_of_suites_is_formatted() {
    let scratch = Scratch::new(&format!(
        "//- one/Relux.toml\n[fmt]\nexclude = [\"relux/lib/x.relux\"]\n//- one/relux/lib/x.relux\n{MESSY}\
         //- two/Relux.toml\nname = \"two\"\n//- two/relux/lib/x.relux\n{MESSY}//- loose.relux\n{MESSY}"
    ));
    fs::remove_file(scratch.path().join("Relux.toml")).expect("the fixture's own manifest");
    let outcome = scratch.relux(&["fmt", "."]);
    assert_eq!(
        outcome.stdout,
        "loose.relux\ntwo/relux/lib/x.relux\n",
        "{}",
        outcome.shown()
    );
}

#[test]
fn links_stay_links_and_permissions_stay() {
    let scratch = Scratch::new(&format!("//- relux/lib/real.relux\n{MESSY}"));
    let real = scratch.path().join("relux/lib/real.relux");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("own file");
    let link = scratch.path().join("relux/lib/link.relux");
    symlink("real.relux", &link).expect("a link");
    let outcome = scratch.relux(&["fmt", "relux/lib/link.relux"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    assert_eq!(fs::read_to_string(&real).expect("the file"), MENDED);
    let mode = fs::metadata(&real).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let left = fs::read_dir(scratch.path().join("relux/lib"))
        .expect("the directory")
        .count();
    assert_eq!(left, 2, "something was left behind");
}

#[test]
fn what_cannot_be_done_is_told_and_the_rest_is_done() {
    let scratch = Scratch::new(&format!(
        "//- relux/lib/a.relux\n{MESSY}//- relux/lib/b.relux\n{MESSY}//- relux/lib/c.relux\n"
    ));
    let locked = scratch.path().join("relux/lib/a.relux");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).expect("own file");
    fs::write(scratch.path().join("relux/lib/c.relux"), b"\xff\xfe").expect("own file");
    let outcome = scratch.relux(&["fmt"]);
    assert_eq!(outcome.code, Some(1));
    insta::assert_snapshot!(outcome.shown());
    assert_eq!(text(&scratch, "relux/lib/a.relux"), MESSY);
    assert_eq!(text(&scratch, "relux/lib/b.relux"), MENDED);
}

#[test]
fn wrong_uses_are_refused() {
    let scratch = Scratch::new(&format!(
        "//- relux/lib/a.relux\n{MESSY}//- notes.txt\nx\n//- empty/x\nx\n"
    ));
    for (arguments, code) in [
        (&["fmt", "nowhere"][..], 2),
        (&["fmt", "notes.txt"], 2),
        (&["fmt", "empty"], 4),
        (&["fmt", "--stdin-filepath", "x.relux", "relux"], 2),
    ] {
        let outcome = scratch.relux(arguments);
        assert_eq!(outcome.code, Some(code), "{arguments:?} {}", outcome.shown());
        assert!(!outcome.stderr.is_empty());
    }
    scratch.write("Relux.toml", "[fmt]\nexclude = \"relux\"\n");
    let outcome = scratch.relux(&["fmt"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
    assert!(outcome.stderr.contains("Relux.toml:2"), "{}", outcome.shown());
    assert_eq!(text(&scratch, "relux/lib/a.relux"), MESSY);
}

/// All modules of a suite with their texts.
fn modules(scratch: &Scratch) -> Vec<(PathBuf, String)> {
    fn below(directory: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                below(&path, into);
            } else if path.extension().is_some_and(|it| it == "relux") {
                let text = fs::read_to_string(&path).expect("a module");
                into.push((path, text));
            }
        }
    }
    let mut all = Vec::new();
    below(&scratch.path().join("relux"), &mut all);
    all
}

/// Formatting is about looks only: findings and results are those from before. The examples are in style, and without
/// indentation and most blanks they become what they were.
#[test]
fn formatting_changes_neither_findings_nor_results() {
    for directory in ["examples/tasks", "tests/fixtures/tasks-2026-08"] {
        let scratch = Scratch::copy_of(directory);
        let in_style = scratch.relux(&["fmt", "--check"]);
        assert_eq!(in_style.code, Some(0), "{}", in_style.shown());
        let modules = modules(&scratch);
        for (path, text) in &modules {
            let line = |line: &str| line.trim_start().replace(" {", "{") + "\n";
            let messy: String = text.lines().map(line).collect();
            fs::write(path, messy).expect("own file");
        }
        let codes = |outcome: &Outcome| -> Vec<String> {
            let document = json(outcome);
            let list = document["diagnostics"].as_array().expect("a list");
            list.iter().map(|it| it["code"].to_string()).collect()
        };
        let before = scratch.relux(&["check", "--message-format", "json"]);
        let formatted = scratch.relux(&["fmt"]);
        assert_eq!(formatted.code, Some(0), "{}", formatted.shown());
        let after = scratch.relux(&["check", "--message-format", "json"]);
        assert_eq!(codes(&before), codes(&after), "{directory}");
        for (path, text) in &modules {
            assert_eq!(
                &fs::read_to_string(path).expect("a module"),
                text,
                "{}",
                path.display()
            );
        }
        if directory.starts_with("examples") {
            let outcome = scratch.relux(&["run", "-t", "a value is stored, read and removed"]);
            assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
        }
    }
}
