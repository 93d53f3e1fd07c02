//! What the tree holds, and when it counts as changed.

use camino::Utf8Path;
use std::fmt::Write as _;

use crate::test_suite::{ROOT, TestSuite, shown};

fn tree(text: &str) -> String {
    let suite = TestSuite::new(text);
    let analysis = suite.analysis();
    let mut tree = String::new();
    for suite in analysis.tests(None).expect("nothing writes") {
        let _ = writeln!(tree, "{} {}", suite.name, suite.root);
        for file in suite.files {
            let path = file.file.strip_prefix(ROOT).unwrap_or(&file.file);
            let _ = writeln!(tree, "  {path}");
            for test in file.tests {
                let at = shown(&analysis, &file.file, test.at);
                let _ = writeln!(
                    tree,
                    "    {} | {at} | {} | {}",
                    test.id,
                    test.markers.join("; "),
                    test.doc
                );
            }
        }
    }
    tree
}

#[test]
fn the_tree_has_suite_file_and_test() {
    let text = "\
//- Relux.toml
name = \"shop\"
//- relux/lib/a.relux
fn f() {
}
//- relux/tests/b/two.relux
test \"x\" {
}
test \"x\" {
}
//- relux/tests/one.relux
# skip if CI
# flaky
test \"says hello\" ~5s {
    \"\"\"
    Greets.
    \"\"\"
}
";
    assert_eq!(
        tree(text),
        "\
shop /suite
  relux/tests/b/two.relux
    b/two/x | relux/tests/b/two.relux:1: test [\"x\"] { |  | 
    b/two/x-2 | relux/tests/b/two.relux:3: test [\"x\"] { |  | 
  relux/tests/one.relux
    one/says-hello | relux/tests/one.relux:3: test [\"says hello\"] ~5s { | # skip if CI; # flaky | Greets.
"
    );
}

#[test]
fn a_part_of_the_tree_can_be_had() {
    let suite = TestSuite::new(
        "//- relux/tests/a.relux\ntest \"a\" {\n}\n//- relux/tests/b.relux\ntest \"b\" {\n}\n",
    );
    let part = [
        Utf8Path::new("/suite/relux/tests/b.relux").to_owned(),
        "/suite/nowhere".into(),
    ];
    let found = suite.analysis().tests(Some(&part)).expect("nothing writes");
    let files: Vec<_> = found
        .iter()
        .flat_map(|it| &it.files)
        .map(|it| it.file.as_str())
        .collect();
    assert_eq!(files, ["/suite/relux/tests/b.relux"]);
}

/// Whether an edit from one text of a file to the other changes the mark of the file.
fn changes(before: &str, after: &str) -> bool {
    let mut suite = TestSuite::new(before);
    let mark = |suite: &TestSuite| suite.analysis().test_marks().expect("nothing writes");
    let was = mark(&suite);
    let file = suite.file.clone();
    suite.host.change(&file, &after.into());
    was != mark(&suite)
}

#[test]
fn the_mark_follows_what_is_shown() {
    let text = "test \"a\" {\n    shell s {\n        > x\n    }\n}\n";
    for (after, changed) in [
        (text.replace("> x", "> xyz"), false),
        (format!("// c\n{text}"), true),
        (text.replace("> x", "> x\n        > y"), true),
        (text.replace("\"a\"", "\"b\""), true),
        (format!("# flaky\n{text}"), true),
        (String::new(), true),
    ] {
        assert_eq!(changes(text, &after), changed, "{after}");
    }
    assert!(
        !changes("fn f() {\n}\n", "fn g() {\n}\n"),
        "a file without tests has none to show"
    );
}
