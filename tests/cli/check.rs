//! `relux check` from outside: what it reports, in which order, and what bad input does to it.

use std::fmt::Write;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use relux_e2e::{Outcome, Scratch};
use serde_json::Value;

const GOOD: &str = "test \"works\" {\n    shell client {\n        > true\n        match_ok()\n    }\n}\n";

/// The findings of `--message-format json` as `file:line:column code`, without hints.
fn found(outcome: &Outcome) -> Vec<String> {
    let document: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("JSON: {}", outcome.shown()));
    let list = document["diagnostics"].as_array().expect("a list of diagnostics");
    list.iter()
        .filter(|item| item["severity"] != "hint")
        .map(|item| {
            let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            let start = &item["start"];
            format!(
                "{}:{}:{} {}",
                text("file"),
                start["line"],
                start["column"],
                text("code")
            )
        })
        .collect()
}

#[test]
fn a_clean_suite_passes() {
    let outcome = Scratch::new(GOOD).relux(&["check"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn every_error_of_every_module_is_reported_in_path_order() {
    let scratch = Scratch::new(&format!(
        "//- relux/tests/z.relux\nimport nowhere\n\n{GOOD}\n\
         //- relux/tests/a.relux\ntest \"t\" {{\n    start Ghost\n    shell s {{\n        frob(\"x\")\n        frob(\"y\")\n    }}\n}}\n\
         //- relux/lib/unused.relux\nfn never_called() {{\n    > x \\q\n    gone()\n}}\n"
    ));
    let outcome = scratch.relux(&["check", "--message-format", "json"]);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(
        found(&outcome),
        [
            "relux/lib/unused.relux:2:9 unknown-escape",
            "relux/lib/unused.relux:3:5 unresolved-function",
            "relux/tests/a.relux:2:11 unresolved-effect",
            "relux/tests/a.relux:4:9 unresolved-function",
            "relux/tests/a.relux:5:9 unresolved-function",
            "relux/tests/z.relux:1:8 unresolved-import",
        ]
    );
}

#[test]
fn paths_select_what_is_reported() {
    let bad = "test \"t\" {\n    start Ghost\n    shell s {\n        > x\n    }\n}\n";
    let scratch = Scratch::new(&format!(
        "//- relux/tests/a/x.relux\n{bad}//- relux/tests/b/y.relux\n{bad}//- relux/lib/l.relux\n"
    ));
    let found_with =
        |args: &[&str]| found(&scratch.relux(&[&["check", "--message-format", "json"], args].concat()));
    assert_eq!(
        found_with(&["relux/tests/a"]),
        ["relux/tests/a/x.relux:2:11 unresolved-effect"]
    );
    assert_eq!(
        found_with(&["relux/tests/b/y.relux"]),
        ["relux/tests/b/y.relux:2:11 unresolved-effect"]
    );
    assert_eq!(found_with(&["."]).len(), 2);
}

#[test]
fn wrong_paths_exit_with_2() {
    let scratch = Scratch::new(GOOD);
    scratch.write("notes.txt", "x");
    for path in ["relux/tests/nope.relux", "/", "notes.txt"] {
        let outcome = scratch.relux(&["check", path]);
        assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
    }
    insta::assert_snapshot!(scratch.relux(&["check", "relux/tests/nope.relux"]).shown());
}

#[test]
fn no_suite_is_said_with_help() {
    let scratch = Scratch::new(GOOD);
    std::fs::remove_file(scratch.path().join("Relux.toml")).expect("removing the manifest");
    let outcome = scratch.relux(&["check"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn the_suite_is_found_upwards_and_paths_lead_there() {
    let scratch = Scratch::new("//- relux/tests/a.relux\nfrobnicate\n");
    let output = scratch
        .command(&["check"])
        .current_dir(scratch.path().join("relux/tests"))
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("../../relux/tests/a.relux:1:1"), "{text}");
}

#[test]
fn files_that_are_no_text_are_findings() {
    let scratch = Scratch::new(&format!("//- relux/tests/good.relux\n{GOOD}"));
    scratch.write("relux/tests/bytes.relux", b"test \"t\" {\n\xff\xfe\n}\n");
    scratch.write("relux/tests/empty.relux", b"");
    scratch.write("relux/tests/directory.relux/keep.txt", b"");
    symlink(
        "/proc/self/mem",
        scratch.path().join("relux/tests/unreadable.relux"),
    )
    .expect("linking");
    let outcome = scratch.relux(&["check"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn a_broken_manifest_is_a_finding_at_its_place() {
    let scratch = Scratch::new(&format!(
        "//- Relux.toml\n[timeout]\nmatch = \"5 parsecs\"\n[run]\njbos = 4\n//- relux/tests/a.relux\n{GOOD}"
    ));
    let outcome = scratch.relux(&["check"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn a_large_file_is_checked() {
    let mut text = String::new();
    while text.len() < 10 << 20 {
        let name = text.len();
        write!(
            text,
            "fn f{name}() {{\n    > echo some words to be checked one after the other\n    match_ok()\n}}\n\n"
        )
        .expect("writing to memory");
    }
    text.push_str("fn last() {\n    gone()\n}\n");
    let scratch = Scratch::new("");
    scratch.write("relux/lib/large.relux", &text);
    let outcome = scratch.relux(&["check", "--message-format", "json"]);
    assert_eq!(outcome.code, Some(1));
    let line = text.lines().count() - 1;
    assert_eq!(
        found(&outcome),
        [format!("relux/lib/large.relux:{line}:5 unresolved-function")]
    );
}

#[test]
fn colours_obey_flag_and_environment() {
    let scratch = Scratch::new("frobnicate\n");
    let colored = |args: &[&str], no_color: bool| {
        let mut command = scratch.command(&[&["check"], args].concat());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.output().expect("it starts");
        output.stdout.contains(&0x1b)
    };
    assert!(!colored(&[], false), "not a terminal");
    assert!(colored(&["--color", "always"], false));
    assert!(colored(&["--color", "always"], true), "the flag wins");
    assert!(!colored(&["--color", "never"], false));
}

#[test]
fn machine_formats_are_complete() {
    let scratch = Scratch::new("//- relux/tests/a.relux\nimport nowhere\n");
    let github = scratch.relux(&["check", "--message-format", "github"]);
    assert!(
        github
            .stdout
            .starts_with("::error title=relux (unresolved-import),file=relux/tests/a.relux,line=1,"),
        "{}",
        github.stdout
    );
    let sarif: Value =
        serde_json::from_str(&scratch.relux(&["check", "--message-format", "sarif"]).stdout).expect("JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "unresolved-import");
}

#[test]
fn a_path_that_leads_out_of_the_suite_is_not_mapped_into_it() {
    let scratch = Scratch::new(&format!(
        "//- Relux.toml\nname = \"outer\"\n//- relux/tests/a.relux\n{GOOD}\
         //- inner/Relux.toml\nname = \"inner\"\n//- inner/relux/tests/a.relux\n{GOOD}"
    ));
    symlink("relux/tests", scratch.path().join("inner/link")).expect("a link");
    let check = |path: &str| {
        let mut command = scratch.command(&["check", path]);
        let output = command.current_dir(scratch.path().join("inner")).output();
        let output = output.expect("the program starts");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told)
    };
    let (code, told) = check("../relux/tests/a.relux");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("lies outside of the suite"), "{told}");
    for inside in [
        "../inner/relux/tests/a.relux",
        "relux/./tests/../tests/a.relux",
        "link/../tests/a.relux",
    ] {
        let (code, told) = check(inside);
        assert_eq!(code, Some(0), "{inside}: {told}");
    }
}

#[test]
fn a_directory_without_modules_is_told() {
    let scratch = Scratch::new(&format!(
        "//- docs/readme.md\nnothing\n//- relux/tests/t.relux\n{GOOD}"
    ));
    let outcome = scratch.relux(&["check", "docs"]);
    assert_eq!(outcome.code, Some(4), "{}", outcome.shown());
    assert_eq!(outcome.stderr, "error: no module at or below docs\n");
    assert_eq!(outcome.stdout, "");
    let outcome = scratch.relux(&["check", "docs", "relux/tests"]);
    assert_eq!(outcome.code, Some(4), "{}", outcome.shown());
}

#[test]
fn a_reader_that_stops_reading_does_not_change_the_verdict() {
    let mut bad = String::new();
    for number in 0..500 {
        write!(bad, "test \"t{number}\" {{\n    start Ghost{number}\n}}\n").expect("a string");
    }
    let scratch = Scratch::new(&bad);
    for format in ["human", "json", "github", "sarif"] {
        let mut child = scratch
            .command(&["check", "--message-format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // The pipe holds less than the report, so the program meets its end.
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*told), (Some(1), ""), "{format}");
    }
}

#[test]
fn entries_that_cannot_be_read_are_not_lost() {
    let scratch = Scratch::new(GOOD);
    let tests = scratch.path().join("relux/tests");
    symlink("gone.relux", tests.join("dangling.relux")).expect("a link");
    symlink("../../relux/tests", tests.join("linked")).expect("a link");
    let fifo = Command::new("mkfifo").arg(tests.join("fifo.relux")).status();
    assert!(fifo.expect("mkfifo starts").success());
    let outcome = scratch.relux(&["check", "--message-format", "json"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    assert_eq!(
        found(&outcome),
        [
            "relux/tests/dangling.relux:1:1 unreadable-file",
            "relux/tests/fifo.relux:1:1 unreadable-file",
            "relux/tests/linked:1:1 unreadable-file",
        ]
    );
}
