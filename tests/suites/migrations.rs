//! Suites of the repository in the other edition: they check clean, run to the same outcomes, and come back as they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use relux_e2e::Scratch;

/// All files of a suite that a migration may write.
fn texts(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("listing a directory");
            let entries = entries.map(|entry| entry.expect("listing a directory").path());
            open.extend(entries.filter(|path| path.file_name().is_some_and(|name| name != "out")));
        } else if path.extension().is_some_and(|it| it == "relux" || it == "toml") {
            let text = fs::read_to_string(&path).expect("reading a file");
            found.insert(path.to_string_lossy().into_owned(), text);
        }
    }
    found
}

/// Runs the suite; every test with its outcome.
fn outcomes(suite: &Scratch) -> Vec<String> {
    let run = suite.relux(&["run", "-j", "4"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    outcomes_in(suite.path())
}

/// Every test of the last run of a suite with its outcome.
pub(crate) fn outcomes_in(root: &Path) -> Vec<String> {
    let summary = fs::read(root.join("relux/out/latest/run_summary.json")).expect("a summary");
    let summary: serde_json::Value = serde_json::from_slice(&summary).expect("JSON");
    let tests = summary["tests"].as_array().expect("a list of tests");
    let mut found: Vec<String> = tests
        .iter()
        .map(|test| format!("{} {}", test["id"], test["outcome"]))
        .collect();
    found.sort();
    assert!(
        !found.is_empty() && !found.iter().any(|it| it.contains("null")),
        "{found:?}"
    );
    found
}

fn migrate(suite: &Scratch, to: &str) {
    let outcome = suite.relux(&["migrate", "--to", to]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let checked = suite.relux(&["check"]);
    assert_eq!(checked.code, Some(0), "{}", checked.shown());
}

/// There and back: the other edition runs to the same outcomes, and the way back leads to the same bytes.
fn goes_there_and_back(suite: &Scratch, from: &str, to: &str) {
    let before = outcomes(suite);
    let texts_before = texts(suite.path());
    migrate(suite, to);
    assert_ne!(texts(suite.path()), texts_before);
    assert_eq!(outcomes(suite), before);
    migrate(suite, from);
    assert_eq!(texts(suite.path()), texts_before);
}

#[test]
fn the_example() {
    goes_there_and_back(&Scratch::copy_of("examples/tasks"), "2026-04", "2026-08");
}

#[test]
fn every_statement_of_2026_04() {
    let suite = Scratch::copy_of("tests/fixtures/statements/2026-04");
    goes_there_and_back(&suite, "2026-04", "2026-08");
}

#[test]
fn every_statement_of_2026_08_that_2026_04_has() {
    let suite = Scratch::copy_of("tests/fixtures/statements/2026-08");
    let refused = suite.relux(&["migrate", "--to", "2026-04"]);
    assert_eq!(refused.code, Some(1), "{}", refused.shown());
    for file in [
        "tests/pure_matches",
        "tests/multimatches",
        "tests/builtins",
        "tests/exposed_variables",
        "lib/chain",
    ] {
        fs::remove_file(suite.path().join(format!("relux/{file}.relux"))).expect("the file is there");
    }
    goes_there_and_back(&suite, "2026-08", "2026-04");
}

#[test]
fn what_the_example_of_2026_08_shows_off_is_refused() {
    let suite = Scratch::copy_of("tests/fixtures/tasks-2026-08");
    let before = texts(suite.path());
    let refused = suite.relux(&["migrate", "--to", "2026-04"]);
    assert_eq!(refused.code, Some(1), "{}", refused.shown());
    assert_eq!(texts(suite.path()), before);
}
