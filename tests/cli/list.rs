//! `relux list`: what it says about each test, and that its ids and exit codes are those of a run.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use relux_e2e::{Outcome, Scratch};
use serde_json::Value;

const VERDICTS: &str = r#"//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    start Disk
    expose db
    shell db {
        > true
    }
}

# skip unless NO_SUCH_NAME
effect Disk {
    shell disk {
        > true
    }
}
//- relux/tests/a.relux
import db { Db, Disk }

test "plain" {
    """
    Says something.

    And more.
    """
    shell s {
        > true
    }
}

# flaky
test "shaky" {
    shell s {
        > true
    }
}

# skip if HOME
test "not here" {
    shell s {
        > true
    }
}

test "with a database" {
    start Db { DB_PORT = "5432" }
    shell s {
        > true
    }
}

test "broken" {
    start Ghost
    start Db { DB_PORT = "5432" }
    shell s {
        > true
    }
}

# skip if "x" ? ${PATTERN}
test "a marker that is no regex" {
    shell s {
        > true
    }
}

# skip if "x" ? (
test "a marker with an error" {
    shell s {
        > true
    }
}
//- .env
PATTERN=(
"#;

const GOOD: &str = "test \"one\" {\n    shell s {\n        > true\n    }\n}\n";

fn tests(outcome: &Outcome) -> Vec<Value> {
    let document: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("JSON: {}", outcome.shown()));
    assert_eq!(document["version"], 1);
    document["tests"].as_array().expect("a list of tests").clone()
}

fn list(scratch: &Scratch, args: &[&str]) -> Outcome {
    let args = [&["list"], args].concat();
    let output = scratch
        .command(&args)
        .env("HOME", "/home/ada")
        .output()
        .expect("it starts");
    let text = |bytes: &[u8]| {
        let root = scratch.path().to_string_lossy().into_owned();
        String::from_utf8_lossy(bytes).replace(&root, "[ROOT]")
    };
    Outcome {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

#[test]
fn every_test_has_its_verdict() {
    let scratch = Scratch::new(VERDICTS);
    let outcome = list(&scratch, &[]);
    assert_eq!(outcome.code, Some(1), "one is invalid: {}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
    assert!(!scratch.path().join("relux/out").exists(), "nothing is written");
}

#[test]
fn the_document_says_everything() {
    let scratch = Scratch::new(VERDICTS);
    let outcome = list(
        &scratch,
        &[
            "--message-format",
            "json",
            "-t",
            "with a database",
            "-t",
            "broken",
        ],
    );
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let name = document["suite"]
        .as_str()
        .expect("the suite has a name")
        .to_owned();
    let pretty = serde_json::to_string_pretty(&document).expect("JSON");
    insta::assert_snapshot!(pretty.replace(&name, "[SUITE]"));
}

#[test]
fn verdicts_agree_with_a_run() {
    let scratch = Scratch::copy_of("tests/fixtures/statements/2026-08");
    let listed = tests(&list(
        &scratch,
        &["--message-format", "json", "-f", "relux/tests/markers.relux"],
    ));
    let run = scratch.relux(&[
        "run",
        "--message-format",
        "json-lines",
        "-f",
        "relux/tests/markers.relux",
    ]);
    let events = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let results: Vec<Value> = events.filter(|event| event["type"] == "test-finished").collect();
    assert_eq!(listed.len(), results.len());
    for test in &listed {
        let result = results
            .iter()
            .find(|result| result["id"] == test["id"])
            .expect("it was run");
        let skipped = result["outcome"] == "skipped";
        assert_eq!(skipped, test["verdict"] == "skip", "{test}\n{result}");
        if skipped {
            assert_eq!(result["reason"], test["reason"]);
        }
    }
}

#[test]
fn ids_are_unique_and_select_what_they_name() {
    let mut source = String::new();
    for name in ["A b", "a-b", "a b", "ü", "!", "a-b-2"] {
        source.push_str(&GOOD.replace("one", name));
        source.push('\n');
    }
    let scratch = Scratch::new(&format!(
        "//- relux/tests/x/y.relux\n{source}//- relux/tests/x-y.relux\n{source}"
    ));
    let all = tests(&scratch.relux(&["list", "--message-format", "json"]));
    let ids: BTreeSet<&str> = all.iter().filter_map(|test| test["id"].as_str()).collect();
    assert_eq!(ids.len(), 12, "{ids:?}");
    for id in ids {
        let one = tests(&scratch.relux(&["list", "--message-format", "json", "-t", id]));
        let found: Vec<&str> = one.iter().filter_map(|test| test["id"].as_str()).collect();
        assert_eq!(found, [id]);
    }
    let good = Scratch::new(GOOD);
    let listed = tests(&good.relux(&["list", "--message-format", "json"]));
    let run = good.relux(&["run", "-t", listed[0]["id"].as_str().expect("an id")]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn a_marker_that_computes_too_long_is_given_up() {
    let mut source = "pure fn f0() {\n    \"x\"\n}\n".to_owned();
    for number in 1..60 {
        let before = number - 1;
        write!(
            source,
            "\npure fn f{number}() {{\n    f{before}()\n    f{before}()\n}}\n"
        )
        .expect("a string");
    }
    write!(source, "\n# skip if f59()\n{GOOD}").expect("a string");
    let outcome = Scratch::new(&source).relux(&["list"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    assert!(
        outcome
            .stdout
            .contains("fail (it takes too long to evaluate the markers)"),
        "{}",
        outcome.shown()
    );
}

/// Everything that can be wrong with a selection, and what `list` and `run` say about it.
#[test]
fn a_list_selects_as_a_run_does() {
    let suite = Scratch::new(&format!(
        "//- relux/tests/a.relux\n{GOOD}//- relux/tests/b.relux\n{}//- relux/lib/l.relux\npure fn f() {{\n    \"\"\n}}\n",
        GOOD.replace("one", "two")
    ));
    let empty = Scratch::new("//- relux/lib/l.relux\npure fn f() {\n    \"\"\n}\n");
    let half = Scratch::new("test \"half\n");
    let bad = Scratch::new("//- Relux.toml\nname = 3\n//- relux/tests/a.relux\ntest \"x\" {\n}\n");
    let mut told = String::new();
    for (suite, args) in [
        (&suite, &["-t", "nope"][..]),
        (&suite, &["-t", "tow"]),
        (&suite, &["-f", "relux/tests/a.relux", "-t", "two"]),
        (&suite, &["-f", "relux/lib"]),
        (&suite, &["-f", "nowhere"]),
        (&suite, &["relux/tests/a.relux"]),
        (&suite, &["two words"]),
        (&suite, &["-f"]),
        (&empty, &[]),
        (&half, &[]),
        (&bad, &[]),
    ] {
        let listed = suite.relux(&[&["list"], args].concat());
        let run = suite.relux(&[&["run"], args].concat());
        assert_eq!(
            listed.code,
            run.code,
            "{args:?}: {}{}",
            listed.shown(),
            run.shown()
        );
        let said = run.stderr.replace("relux run", "relux list");
        if !said.contains("results: ") {
            assert_eq!(listed.stderr, said, "{args:?}");
        }
        writeln!(told, "$ relux list {}\n{}", args.join(" "), listed.shown()).expect("a string");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn numbers_below_zero_are_no_options() {
    let scratch = Scratch::new(GOOD);
    for args in [["-j", "-1"], ["-m", "-2"]] {
        let outcome = scratch.relux(&[&["run"], &args[..]].concat());
        assert_eq!(outcome.code, Some(2));
        assert!(
            outcome.stderr.contains("expected a number"),
            "{}",
            outcome.shown()
        );
    }
}
