//! Calls while they are typed.

use crate::test_suite::TestSuite;

const LIB: &str = "\
//- relux/lib/l.relux
// Waits.
fn wait(what) {
}
fn wait(what, limit) {
}
fn rand(length) {
}
";

/// The signatures with the active argument in brackets; the active signature begins with `>`.
#[track_caller]
fn check(line: &str, expected: &[&str]) {
    let suite = TestSuite::new(&format!(
        "{LIB}//- relux/tests/t.relux\nimport l\nfn f() {{\n    {line}\n}}\n"
    ));
    let found = suite
        .analysis()
        .signature_help(&suite.file, suite.offset)
        .expect("nothing writes");
    let shown: Vec<String> = found.map_or_else(Vec::new, |help| {
        let line = |(at, it): (usize, &super::Signature)| {
            let mut label = it.label.clone();
            if let Some(range) = help.parameter(it).map(|at| it.params[at]) {
                label.insert(range.end as usize, ']');
                label.insert(range.start as usize, '[');
            }
            let mark = if at == help.active { "> " } else { "" };
            format!("{mark}{label}: {}", it.doc)
        };
        help.signatures.iter().enumerate().map(line).collect()
    });
    assert_eq!(shown, expected, "{line}");
}

#[test]
fn every_number_of_arguments_is_shown() {
    check("wait(<|>", &["> wait([what]): Waits.", "wait([what], limit): "]);
    check(
        "wait(\"a, b(\", <|>)",
        &["wait(what): Waits.", "> wait(what, [limit]): "],
    );
    check(
        "wait(1, 2, <|>)",
        &["wait(what): Waits.", "> wait(what, limit): "],
    );
}

#[test]
fn own_functions_stand_beside_builtins_of_other_arities() {
    check(
        "let x = rand(8, <|>",
        &[
            "rand(length): ",
            "> rand(length, [mode]): So many random characters; the mode is `alpha`, `num`, `alphanum`, `hex`, `oct` or `bin`.",
        ],
    );
}

#[test]
fn the_innermost_call_counts() {
    check(
        "wait(trim(<|>",
        &["> trim([text]): The text without white space at both ends."],
    );
    check(
        "wait(trim(\"a\"), <|>",
        &["wait(what): Waits.", "> wait(what, [limit]): "],
    );
}

#[test]
fn outside_of_calls_there_is_nothing() {
    for line in [
        "wait(\"a\")<|>",
        "<|>wait(\"a\")",
        "> wait(<|>",
        "<? wait(<|>",
        "// wait(<|>",
        "unknown(<|>",
        "(<|>",
    ] {
        check(line, &[]);
    }
}
