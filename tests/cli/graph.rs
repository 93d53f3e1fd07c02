//! `relux graph` from outside: its forms, its names, and that what it predicts is what a run does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};

use relux_e2e::Scratch;
use serde_json::Value;

/// Starts with the same and with other values; each set-up leaves a line in a file.
const SUITE: &str = r#"//- .env
LOG=set-ups
//- relux/lib/service.relux
effect Store {
    expect STORE_PORT
    let url = "http://localhost:${STORE_PORT}"
    expose shell store
    expose var url

    shell store {
        > echo Store >> "${__RELUX_SUITE_ROOT}/${LOG}"
        match_ok()
    }
}
//- relux/lib/api.relux
import service { Store }

effect Api {
    expect STORE_PORT, LOG
    start Store as store
    start Store as Cache { STORE_PORT := "1" }
    expose shell store.store as store
    expose var Cache.url as url

    shell api {
        > echo Api >> "${__RELUX_SUITE_ROOT}/${LOG}"
        match_ok()
    }
}
//- relux/tests/t.relux
import api { Api }
import service { Store }

test "a \"quoted\" <name> & more" {
    let port := "2"
    start Store { STORE_PORT := port }
    start Api as First { STORE_PORT := port }
    start Api as second { STORE_PORT := First.url }

    shell s {
        > true
        match_ok()
    }
}

test "alone" {
    shell s {
        > true
    }
}
"#;

fn suite() -> Scratch {
    Scratch::new(SUITE)
}

fn document(scratch: &Scratch, args: &[&str]) -> Value {
    let outcome = scratch.relux(&[&["graph", "--format", "json"], args].concat());
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(document["version"], 1);
    document
}

#[test]
fn every_form_of_a_suite_and_of_one_test() {
    let suite = suite();
    let mut told = String::new();
    for format in ["text", "mermaid", "dot"] {
        for name in [&[][..], &["t/a---quoted----name----more"], &["Api"], &["t/alone"]] {
            let args = [&["graph", "--format", format], name].concat();
            let outcome = suite.relux(&args);
            assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
            writeln!(told, "$ relux {}\n{}", args.join(" "), outcome.stdout).expect("a string");
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_document_says_everything() {
    let document = document(&suite(), &["Api"]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).expect("JSON"));
}

#[test]
fn broken_suites_have_a_graph_too() {
    let circle = "effect A {\n    start B\n    start Ghost\n}\n\neffect B {\n    expect X\n    start A\n}\n";
    let outcome = Scratch::new(&format!("//- relux/lib/a.relux\n{circle}")).relux(&["graph", "A"]);
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn what_is_predicted_is_what_a_run_does() {
    let suite = suite();
    let run = suite.relux(&["run"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let mut real: BTreeMap<String, usize> = BTreeMap::new();
    let log = std::fs::read_to_string(suite.path().join("set-ups")).expect("the set-ups");
    for line in log.lines() {
        *real.entry(line.to_owned()).or_default() += 1;
    }
    let document = document(&suite, &[]);
    let mut predicted: BTreeMap<String, usize> = BTreeMap::new();
    for test in document["tests"].as_array().expect("tests") {
        for instance in test["tree"]["instances"].as_array().expect("instances") {
            let at = usize::try_from(instance["effect"].as_u64().expect("a position")).expect("it is small");
            let name = document["effects"][at]["name"].as_str().expect("a name");
            *predicted.entry(name.to_owned()).or_default() += 1;
        }
    }
    assert_eq!(predicted, real);
    assert_eq!(real["Api"], 2);
}

#[test]
fn names_that_nothing_has_are_told() {
    let suite = suite();
    for (name, advice) in [("Stroe", "; did you mean \"Store\"?"), ("x/y/z", "")] {
        let outcome = suite.relux(&["graph", name]);
        assert_eq!(outcome.code, Some(4), "{}", outcome.shown());
        let expected = format!("error: no test and no effect is called \"{name}\"{advice}\n");
        assert_eq!(outcome.stderr, expected);
    }
    let empty = Scratch::new("").relux(&["graph"]);
    assert_eq!(
        (empty.code, &*empty.stdout),
        (Some(0), "the suite has neither tests nor effects\n")
    );
}

#[test]
fn terminals_without_unicode_get_ascii() {
    let suite = suite();
    for (locale, unicode) in [("C", false), ("C.UTF-8", true)] {
        let mut command = suite.command_of("script");
        command
            .arg("-qec")
            .arg(format!("{} graph Api", relux_e2e::relux_bin().display()));
        command
            .arg("/dev/null")
            .env("LC_ALL", locale)
            .env("TERM", "xterm");
        let output = command.output().expect("script starts");
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(told.contains('└'), unicode, "{told}");
        assert_eq!(told.contains("`- "), !unicode, "{told}");
    }
}

/// With Graphviz at hand it is the judge; where it is not, every line must be of one of the known forms.
#[test]
fn graphviz_reads_what_is_written_for_it() {
    let suite = suite();
    let line = regex::Regex::new(
        r#"^(digraph relux \{|\}|  rankdir=LR;|  (node|edge) \[.*\];|  n\d+( -> n\d+)?( \[label="([^"\\]|\\.)*"(, [a-z]+=[a-z]+)?\])?;)$"#,
    )
    .expect("the pattern is valid");
    for name in [None, Some("Api"), Some("t/a---quoted----name----more")] {
        let args: Vec<&str> = ["graph", "--format", "dot"].into_iter().chain(name).collect();
        let text = suite.relux(&args).stdout;
        for written in text.lines() {
            assert!(line.is_match(written), "{written}");
        }
        let dot = Command::new("dot")
            .arg("-Tplain")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut dot) = dot else { continue };
        dot.stdin
            .take()
            .expect("piped")
            .write_all(text.as_bytes())
            .expect("dot reads");
        let output = dot.wait_with_output().expect("dot ends");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.stdout.starts_with(b"graph "));
    }
}

/// A line of a flowchart is a node or an edge; labels hold nothing that means something there.
#[test]
fn flowcharts_have_only_lines_that_mermaid_knows() {
    let suite = suite();
    let label = r#""([^"<>&`\\;|*#]|#\d+;|<br/>)*""#;
    let line = regex::Regex::new(&format!(
        r"^(flowchart LR|  n\d+(\(\[{label}\]\)|\[{label}\](:::wrong)?)|  n\d+ -->(\|{label}\|)? n\d+|  classDef wrong stroke:red)$"
    ))
    .expect("the pattern is valid");
    for name in [None, Some("Api"), Some("t/a---quoted----name----more")] {
        let args: Vec<&str> = ["graph", "--format", "mermaid"].into_iter().chain(name).collect();
        for written in suite.relux(&args).stdout.lines() {
            assert!(line.is_match(written), "{written}");
        }
    }
}
