//! What "expand selection" selects, from small to large.

use crate::test_suite::TestSuite;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let suite = TestSuite::new(text);
    let text = text.replace("<|>", "");
    let ranges = suite
        .analysis()
        .selection_ranges(&suite.file, suite.offset)
        .expect("nothing writes");
    let shown: Vec<&str> = ranges.iter().map(|it| it.slice(&text)).collect();
    assert_eq!(shown, expected, "in\n{text}");
    assert!(ranges.windows(2).all(|it| it[1].covers(it[0]) && it[0] != it[1]));
}

#[test]
fn from_a_word_in_a_payload_to_the_file() {
    let statement = "> echo one two";
    let shell = "shell s {\n        > echo one two\n        match_ok()\n    }";
    let test = format!("test \"t\" {{\n    {shell}\n}}");
    let file = format!("// Why.\n# skip\n{test}\n\nfn g() {{\n}}\n");
    check(
        &file.replacen("one", "o<|>ne", 1),
        &[
            "one",
            "echo one two",
            statement,
            "> echo one two\n        match_ok()",
            "\n        > echo one two\n        match_ok()\n    ",
            "{\n        > echo one two\n        match_ok()\n    }",
            shell,
            &format!("\n    {shell}\n"),
            &format!("{{\n    {shell}\n}}"),
            &test,
            &format!("// Why.\n# skip\n{test}"),
            &file,
        ],
    );
}

#[test]
fn strings_without_their_quotes_first() {
    check(
        "fn f() {\n    log(\"a ${b<|>} c\", 1)\n}\n",
        &[
            "b",
            "${b}",
            "a ${b} c",
            "\"a ${b} c\"",
            "(\"a ${b} c\", 1)",
            "log(\"a ${b} c\", 1)",
            "\n    log(\"a ${b} c\", 1)\n",
            "{\n    log(\"a ${b} c\", 1)\n}",
            "fn f() {\n    log(\"a ${b} c\", 1)\n}",
            "fn f() {\n    log(\"a ${b} c\", 1)\n}\n",
        ],
    );
}

#[test]
fn nothing_is_selected_of_nothing_and_no_offset_panics() {
    check("<|>", &[]);
    let text = "test \"é\" {\n    shell s {\n        > 𝄞 ${x\n";
    let suite = TestSuite::new(text);
    for offset in 0..text.len() as u32 + 2 {
        assert!(suite.analysis().selection_ranges(&suite.file, offset).is_ok());
    }
}
