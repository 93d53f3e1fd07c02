//! What runs is the same before and after formatting, however the text looked.

use std::path::Path;

use crate::suites::{Texts, from_disk, from_fixture, plans};

/// A text without its indentation and most blanks, and with blanks where they are mistakes. Payloads and what stands in
/// quotes stay what they are.
fn messy(text: &str) -> String {
    if text.contains("relux: fmt off") {
        return text.to_owned();
    }
    let mut in_quotes = false;
    let mut out = String::new();
    for line in text.lines() {
        let code = line.trim_start();
        let is_payload = code.starts_with(['>', '<', '!', '=', '?', '/', '#']);
        let was_in_quotes = in_quotes;
        in_quotes ^= !is_payload && line.matches('"').count() % 2 == 1;
        if was_in_quotes {
            out += line;
        } else if is_payload || code.contains(['"', '?', '=']) {
            out += "\t ";
            out += code;
        } else {
            out += "\t ";
            out += &code.replace(" {", "{").replace('(', " ( ").replace(", ", " ,");
        }
        out += if code == "}" && !was_in_quotes {
            "\n\n\n"
        } else {
            "\n"
        };
    }
    out
}

fn in_style(text: &str) -> String {
    let tree = relux_syntax::parse(text);
    relux_fmt::format(&tree).expect("nothing is lost").into_text()
}

fn with_modules(texts: &Texts, change: impl Fn(&str) -> String) -> Texts {
    let changed = texts.iter().map(|(path, text)| {
        let is_module = Path::new(path).extension().is_some_and(|it| it == "relux");
        let text = if is_module { change(text) } else { text.clone() };
        (path.clone(), text)
    });
    changed.collect()
}

/// The first line that two texts do not share.
fn difference(one: &str, other: &str) -> Option<String> {
    let mut lines = one.lines().zip(other.lines()).enumerate();
    let found = lines.find(|(_, (one, other))| one != other);
    found
        .map(|(at, (one, other))| format!("line {}: {one:?}, {other:?}", at + 1))
        .or_else(|| (one.len() != other.len()).then(|| "one is longer".to_owned()))
}

fn is_kept(name: &str, written: &Texts) {
    let before = plans(written);
    assert!(before.lines().count() > 20, "{name} has plans");
    let messed = with_modules(written, messy);
    assert_ne!(&messed, written, "{name}");
    for texts in [written, &messed] {
        let formatted = with_modules(texts, in_style);
        assert_eq!(difference(&plans(&formatted), &before), None, "{name}");
        assert_eq!(with_modules(&formatted, in_style), formatted, "{name} in style");
    }
}

#[test]
fn suites_of_the_repository_run_as_before() {
    for directory in [
        "examples/tasks",
        "tests/fixtures/tasks-2026-08",
        "tests/fixtures/statements/2026-04",
        "tests/fixtures/statements/2026-08",
        "tests/suites/language/2026-04",
        "tests/suites/language/2026-08",
    ] {
        let mut texts = from_disk(directory);
        // Suites of their own, some of them with mistakes.
        texts.retain(|path, _| !path.starts_with("nested/"));
        is_kept(directory, &texts);
    }
}

#[test]
fn suites_of_other_tests_run_as_before() {
    for (name, text) in [
        (
            "names",
            include_str!("../../../relux-model/tests/it/suites/names.txt"),
        ),
        (
            "board",
            include_str!("../../../relux-model/tests/it/suites/board.txt"),
        ),
        (
            "queue",
            include_str!("../../../relux-model/tests/it/suites/queue.txt"),
        ),
        (
            "statements",
            include_str!("../../../relux-model/tests/it/suites/statements.txt"),
        ),
    ] {
        is_kept(name, &from_fixture(text));
    }
}
