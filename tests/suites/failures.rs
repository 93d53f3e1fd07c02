//! The suite in which no test may pass: each ends as failed, at the line that its file announces with `// here`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use relux_e2e::Scratch;

#[test]
fn no_test_passes_and_each_ends_where_it_should() {
    let suite = Scratch::copy_of("tests/fixtures/failures");
    let outcome = suite.relux(&["run"]);
    let told = outcome.shown();
    assert_eq!(outcome.code, Some(1), "{told}");
    let (tests, announced) = announced(&suite.path().join("relux/tests"));
    assert!(
        told.contains(&format!("0 passed; {tests} failed")),
        "{tests} tests were to fail: {told}"
    );
    let place = Regex::new(r"(?m)^ +--> (relux/tests/\S+:\d+):\d+$").expect("a regex");
    let seen: BTreeSet<String> = place
        .captures_iter(&told)
        .map(|found| found[1].to_owned())
        .collect();
    let missed: Vec<_> = announced.difference(&seen).collect();
    assert!(missed.is_empty(), "nothing ended at {missed:?}: {told}");
}

/// How many tests there are, and the places below the comments `// here`, as `file:line`.
fn announced(directory: &Path) -> (usize, BTreeSet<String>) {
    let (mut tests, mut places) = (0, BTreeSet::new());
    for entry in fs::read_dir(directory).expect("listing the tests") {
        let path = entry.expect("listing the tests").path();
        let text = fs::read_to_string(&path).expect("reading a test");
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        tests += text.lines().filter(|line| line.starts_with("test ")).count();
        let below = text.lines().zip(2..).filter(|(line, _)| line.trim() == "// here");
        places.extend(below.map(|(_, number)| format!("relux/tests/{name}:{number}")));
    }
    (tests, places)
}
