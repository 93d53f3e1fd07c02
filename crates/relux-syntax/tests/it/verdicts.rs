//! Accept or reject: the table of small inputs against the validation pass.

use std::fmt::Write as _;

use relux_syntax::{parse, validate};

const TABLE: &str = include_str!("../data/verdicts.txt");
const GOOD_TEST: &str = "test \"good\" {\n  shell s {\n    > x\n  }\n}\n";

/// A line of the table.
pub(crate) struct Row {
    line: usize,
    /// Whether an edition accepts it.
    pub(crate) accepted: bool,
    /// The code as the table has it.
    pub(crate) code: &'static str,
    /// A whole file with the code in its place.
    pub(crate) text: String,
}

/// The lines of the table.
pub(crate) fn rows() -> impl Iterator<Item = Row> {
    let lines = TABLE.lines().enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| {
            let mut parts = line.splitn(3, ' ');
            let place = parts.next().expect("a place");
            let accepted = match parts.next() {
                Some("ok") => true,
                Some("no") => false,
                other => panic!("line {}: no verdict but {other:?}", index + 1),
            };
            let code = parts.next().unwrap_or_default();
            Row {
                line: index + 1,
                accepted,
                code,
                text: in_place(place, &decoded(code)),
            }
        })
}

fn decoded(code: &str) -> String {
    code.replace('⏎', "\n")
        .replace('·', " ")
        .replace('␍', "\r")
        .replace("⟨T⟩", GOOD_TEST)
}

fn in_place(place: &str, code: &str) -> String {
    match place {
        "X" => code.to_owned(),
        "F" => format!("{code}{GOOD_TEST}"),
        "S" => format!("test \"t\" {{\n shell s {{\n {code}\n }}\n}}\n"),
        "T" => format!("test \"t\" {{\n {code}\n shell s {{\n > x\n }}\n}}\n"),
        "E" => format!("effect E {{\n {code}\n shell q {{\n > x\n }}\n}}\n"),
        "P" => format!("pure fn f(a, b) {{\n {code}\n}}\n"),
        "V" => format!("test \"t\" {{\n start Prov as Pv\n shell s {{\n {code}\n }}\n}}\n"),
        other => panic!("no place {other}"),
    }
}

#[test]
fn what_an_edition_accepts_is_accepted_and_nothing_else() {
    let mut wrong = String::new();
    let mut count = 0;
    for row in rows() {
        count += 1;
        let found = validate(&parse(row.text.as_str()));
        if found.is_empty() != row.accepted {
            let messages: Vec<String> = found
                .iter()
                .map(|it| format!("{} {:?}", it.message, it.range))
                .collect();
            let _ = writeln!(wrong, "line {}: {messages:?}\n{}", row.line, row.text);
        }
    }
    assert!(count > 200, "the table was read");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn one_mistake_is_one_error() {
    let mut wrong = String::new();
    for row in rows().filter(|it| !it.accepted) {
        let found = validate(&parse(row.text.as_str()));
        let two_statements = row.text.contains("\\q") && row.text.contains("\\w");
        if found.len() > 1 && !two_statements {
            let messages: Vec<String> = found
                .iter()
                .map(|it| format!("{} {:?}", it.message, it.range))
                .collect();
            let _ = writeln!(wrong, "line {}: {messages:#?}\n{}", row.line, row.text);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
