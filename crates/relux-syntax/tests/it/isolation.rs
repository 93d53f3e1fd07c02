//! An error inside of one item leaves every other item as it is.

use std::fmt::Write as _;

use relux_syntax::ast::{Definition, Item};
use relux_syntax::{AstNode, TextRange, parse, validate};

use crate::support::shape;

const BEFORE: &str = "import a { b, C }\n\n// about before\n# skip if CI\neffect Before {\n    expect A\n    start C as c { A }\n    \
                      shell s {\n        > x ${A}\n        <~5s? ^y$\n    }\n}\n\n";
const AFTER: &str = "\n// about after\n# run if CI\ntest \"after\" ~5s {\n    \"\"\"\n    doc\n    \"\"\"\n    let x = b(1)\n    \
                     start Before\n    shell s {\n        let y = \"z\"\n        > y\n    }\n    cleanup {\n        > z\n    }\n}\n\npure fn \
                     last(a) {\n    \"${a}\"\n}\n";

/// Lines that somebody may be typing, or has got wrong.
const LINES: &[&str] = &[
    "let x =",
    "let x = \"abc",
    "let",
    "foo(a, \"b",
    "foo(",
    "foo(a,",
    "<~10",
    "<~",
    "<",
    "!",
    "=",
    "> ${",
    "> \"",
    "<{",
    "<~5s{",
    "start Db {",
    "start Db { A =",
    "start",
    "expect A,",
    "expose",
    "shell",
    "shell s",
    "shell s {",
    "cleanup",
    "cleanup {",
    "{",
    "}",
    "}}",
    "\"",
    "\"\"\"",
    "# skip",
    "# comment",
    "#",
    "// comment",
    "%$&",
    "ls -la",
    "x ==",
    "x : =",
    "\\",
    "test",
    "test \"",
    "test \"inner\" {",
    "effect",
    "effect Inner {",
    "fn",
    "fn inner(",
    "pure",
    "import",
    "import x {",
    "var",
    "as",
    "~",
    "@5",
    "Al.",
    "x ? (",
    "x =",
    ")",
    "\u{a0}",
    "é",
];

const PLACES: &[(&str, &str)] = &[
    (
        "test \"middle\" {\n    shell s {\n        > a\n        ",
        "\n        > b\n    }\n}\n",
    ),
    (
        "test \"middle\" {\n    ",
        "\n    shell s {\n        > b\n    }\n}\n",
    ),
    (
        "effect Middle {\n    ",
        "\n    shell s {\n        > b\n    }\n}\n",
    ),
    ("fn middle(a) {\n    ", "\n    > b\n}\n"),
    ("", "\n"),
    ("test \"middle\" ", " {\n    shell s {\n        > b\n    }\n}\n"),
    (
        "test \"middle\" {\n    start Before { ",
        " }\n    shell s {\n        > b\n    }\n}\n",
    ),
    (
        "test \"middle\" {\n    shell s {\n        <{\n        ",
        "\n            ? a\n        }\n    }\n}\n",
    ),
];

fn definition<'t>(items: &[Item<'t>], name: &str) -> Option<Item<'t>> {
    let named = |item: &Item<'t>| match Definition::cast(item.syntax())? {
        Definition::Effect(it) => it.name().map(|it| it.text()),
        Definition::Function(it) => it.name().map(|it| it.text()),
        Definition::Test(it) => it.name().map(|it| it.name_text()),
    };
    items.iter().copied().find(|it| named(it) == Some(name))
}

#[test]
fn other_items_keep_their_nodes_markers_and_comments() {
    let alone = parse(format!("{BEFORE}{AFTER}"));
    let entries: Vec<_> = alone.module().entries().collect();
    let mut failures = String::new();
    for (head, tail) in PLACES {
        for line in LINES {
            let text = format!("{BEFORE}{head}{line}{tail}{AFTER}");
            let parse = parse(text.as_str());
            let items: Vec<Item<'_>> = parse.module().items().collect();
            for (entry, name) in entries.iter().zip(["", "Before", "after", "last"]) {
                let found = match name {
                    "" => items.first().copied(),
                    name => definition(&items, name),
                };
                let same = found.is_some_and(|it| shape(it.syntax()) == shape(entry.item.syntax()));
                if !same {
                    let _ = writeln!(failures, "{name:?} is lost or changed by {line:?} in\n{text}\n");
                }
            }
            let after = parse
                .module()
                .entries()
                .find(|it| it.item.text().starts_with("test \"after\""));
            let markers = after.map_or(0, |it| it.markers.len());
            if markers != 1 && !line.starts_with('#') {
                let _ = writeln!(failures, "{markers} markers after {line:?} in\n{text}\n");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn other_items_have_no_diagnostics() {
    let mut failures = String::new();
    for (head, tail) in PLACES {
        for line in LINES {
            let text = format!("{BEFORE}{head}{line}{tail}{AFTER}");
            let middle = TextRange::from(BEFORE.len()..text.len() - AFTER.len());
            for found in validate(&parse(text.as_str())) {
                if !middle.touches(found.range.start) {
                    let _ = writeln!(
                        failures,
                        "{} at {:?} for {line:?} in\n{text}\n",
                        found.message, found.range
                    );
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn one_broken_line_gives_few_errors() {
    let mut histogram = [0_usize; 4];
    let mut failures = String::new();
    for (head, tail) in PLACES {
        for line in LINES {
            let text = format!("{BEFORE}{head}{line}{tail}{AFTER}");
            let found = validate(&parse(text.as_str()));
            histogram[found.len().min(3)] += 1;
            if found.len() > 2 {
                let messages: Vec<_> = found.iter().map(|it| &it.message).collect();
                let _ = writeln!(failures, "{messages:?}\n{head}{line}{tail}");
            }
        }
    }
    assert!(failures.is_empty(), "{histogram:?}\n{failures}");
    assert!(
        histogram[2] * 8 < histogram[1],
        "one mistake is one error, nearly always: {histogram:?}"
    );
}
