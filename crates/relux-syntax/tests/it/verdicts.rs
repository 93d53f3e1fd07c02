//! Accept or reject: the table of small inputs against the validation pass.

use std::fmt::Write as _;

use relux_syntax::{parse, validate};

const VERDICTS: (&str, &str) = ("verdicts.txt", include_str!("../data/verdicts.txt"));
const SECTIONS: (&str, &str) = ("sections.txt", include_str!("../data/sections.txt"));
const GOOD_TEST: &str = "test \"good\" {\n  shell s {\n    > x\n  }\n}\n";

/// A line of a table.
pub(crate) struct Row {
    /// The table and the line in it.
    place: (&'static str, usize),
    /// Whether an edition accepts it.
    pub(crate) accepted: bool,
    /// Whether it is two broken pieces, of which each may be reported.
    torn: bool,
    /// The code as the table has it.
    pub(crate) code: &'static str,
    /// A whole file with the code in its place.
    pub(crate) text: String,
}

/// The lines of all tables.
fn rows() -> impl Iterator<Item = Row> {
    verdict_rows().chain(rows_of(SECTIONS))
}

/// The lines of the table whose messages and fixes are tested too.
pub(crate) fn verdict_rows() -> impl Iterator<Item = Row> {
    rows_of(VERDICTS)
}

fn rows_of((name, table): (&'static str, &'static str)) -> impl Iterator<Item = Row> {
    let lines = table.lines().enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(move |(index, line)| {
            let mut parts = line.splitn(3, ' ');
            let place = parts.next().expect("a place");
            let verdict = parts.next();
            let accepted = match verdict {
                Some("ok") => true,
                Some("no" | "torn") => false,
                other => panic!("{name}:{}: no verdict but {other:?}", index + 1),
            };
            let code = parts.next().unwrap_or_default();
            Row {
                place: (name, index + 1),
                accepted,
                torn: verdict == Some("torn"),
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
        .split("⟨U+")
        .enumerate()
        .map(|(index, piece)| {
            if index == 0 {
                piece.to_owned()
            } else {
                with_character(piece)
            }
        })
        .collect()
}

/// A piece of code that begins with the number of a character, as in `0009⟩rest`.
fn with_character(piece: &str) -> String {
    let (number, rest) = piece.split_once('⟩').expect("the end of a number");
    let number = u32::from_str_radix(number, 16).expect("a number");
    format!("{}{rest}", char::from_u32(number).expect("a character"))
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
            let _ = writeln!(wrong, "{:?}: {messages:?}\n{}", row.place, row.text);
        }
    }
    assert!(count > 1000, "the tables were read");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn one_mistake_is_one_error() {
    let mut wrong = String::new();
    for row in rows().filter(|it| !it.accepted && !it.torn) {
        let found = validate(&parse(row.text.as_str()));
        let two_statements = row.text.contains("\\q") && row.text.contains("\\w");
        if found.len() > 1 && !two_statements {
            let messages: Vec<String> = found
                .iter()
                .map(|it| format!("{} {:?}", it.message, it.range))
                .collect();
            let _ = writeln!(wrong, "{:?}: {messages:#?}\n{}", row.place, row.text);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
