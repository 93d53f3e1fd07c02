//! Lines that fold, shown as first and last line.

use crate::test_suite::TestSuite;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let suite = TestSuite::new(text);
    let folds = suite
        .analysis()
        .folding_ranges(&suite.file)
        .expect("nothing writes");
    let line = |offset: u32| text[..offset as usize].matches('\n').count() + 1;
    let shown: Vec<String> = folds
        .iter()
        .map(|it| format!("{}-{} {:?}", line(it.range.start), line(it.range.end), it.kind))
        .collect();
    assert_eq!(shown, expected, "in\n{text}");
}

#[test]
fn blocks_lists_and_docstrings() {
    check(
        "import db {\n    a\n    b\n}\n\ntest \"t\" {\n    \"\"\"\n    doc\n    \"\"\"\n    start D {\n        A = \"1\"\n    }\n    shell s {\n        <{\n            = a\n        }\n    }\n}\n",
        &[
            "1-4 Imports",
            "1-3 Block",
            "6-17 Block",
            "7-9 Comment",
            "10-11 Block",
            "13-16 Block",
            "14-15 Block",
        ],
    );
}

#[test]
fn imports_and_comments_in_a_row() {
    check(
        "// one\n// two\n\n// three\nimport a\n\nimport b\nimport c { d }\nfn f() {\n}\nimport e\n",
        &["1-2 Comment", "5-8 Imports"],
    );
}

#[test]
fn regions_nest() {
    check(
        "// region outer\nfn f() {\n    > x\n}\n// #region inner\nfn g() {\n}\n// #endregion\n// endregion\n// endregion\n",
        &["1-9 Region", "2-3 Block", "5-8 Region"],
    );
}

#[test]
fn what_is_not_closed_folds_to_its_end() {
    check(
        "test \"t\" {\n    shell s {\n        > x\n\n\n",
        &["1-3 Block", "2-3 Block"],
    );
    check("fn f() { }\n", &[]);
}
