//! The table of tricky inputs.

use std::fmt::Write as _;

use super::errors;

const TABLE: &str = include_str!("data/table.txt");
const GOOD_TEST: &str = "test \"good\" {\n shell s {\n > x\n }\n}\n";
const MODULES: &str = "//- relux/lib/l.relux
fn g() {
}
fn h() {
}
effect Ef {
}
";

struct Row {
    number: u32,
    place: &'static str,
    accepted: bool,
    code: String,
    /// The sentence by which the verdict differs from that of the tools.
    decision: Option<&'static str>,
}

fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in TABLE.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
        if let Some(decision) = line.strip_prefix('"') {
            rows.last_mut().expect("a row").decision = Some(decision.trim_end_matches('"'));
            continue;
        }
        let mut parts = line.splitn(5, ' ');
        let number = parts.next().and_then(|it| it.parse().ok()).expect("a number");
        let place = parts.next().expect("a place");
        let verdicts = [parts.next(), parts.next()].map(|it| it.expect("a verdict"));
        let code = parts.next().unwrap_or_default();
        rows.push(Row {
            number,
            place,
            accepted: verdicts.contains(&"ok"),
            code: code
                .replace('⏎', "\n")
                .replace('·', " ")
                .replace('␍', "\r")
                .replace("<T>", GOOD_TEST),
            decision: None,
        });
    }
    rows
}

fn fixture(place: &str, code: &str) -> String {
    let dep = "effect Dep {\n expect A, B\n shell s {\n > x\n }\n}\n";
    let prov = "effect Prov {\n let port := \"1\"\n expose var port\n}\n";
    let text = match place {
        "Fx" => code.to_owned(),
        "F" => format!("{code}{GOOD_TEST}"),
        "S" => format!("test \"t\" {{\n shell s {{\n {code}\n }}\n}}\n"),
        "T" => format!("{dep}test \"t\" {{\n {code}\n shell s {{\n > x\n }}\n}}\n"),
        "E" => format!("effect D {{\n}}\neffect E {{\n {code}\n shell q {{\n > x\n }}\n}}\n"),
        "P" => format!("pure fn f(a, b) {{\n {code}\n}}\ntest \"t\" {{\n shell s {{\n f(1, 2)\n }}\n}}\n"),
        "V" => format!("{prov}test \"t\" {{\n start Prov as Pv\n shell s {{\n {code}\n }}\n}}\n"),
        other => panic!("no place {other}"),
    };
    format!("{MODULES}//- relux/lib/sub/test.relux\n//- relux/tests/t.relux\n{text}")
}

#[test]
fn what_one_tool_accepts_is_accepted_and_what_both_reject_is_rejected() {
    let mut wrong = String::new();
    let rows = rows();
    for row in &rows {
        let found = errors(&fixture(row.place, &row.code), &[]);
        let as_decided = row.accepted != row.decision.is_some();
        if found.is_empty() != as_decided {
            let _ = writeln!(wrong, "{} {}\n{}\n{found:#?}\n", row.number, row.place, row.code);
        }
    }
    assert!(rows.len() >= 90, "the table was read");
    assert!(wrong.is_empty(), "\n{wrong}");
}
