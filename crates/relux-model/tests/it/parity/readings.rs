//! How pieces of code are read: what a plan holds for them.

use std::fmt::Write as _;

use relux_model::assemble::{Selection, assemble};

use crate::check::load;
use crate::plan_text::render;

const READINGS: &str = include_str!("data/readings.txt");

/// The statements of a function that holds the code, as a plan tells them.
fn read(edition: &str, code: &str) -> String {
    let code = code.replace('⏎', "\n").replace('·', " ").replace('␍', "\r");
    let text = format!(
        "//- Relux.toml\nedition = \"{edition}\"\n//- relux/tests/t.relux\nfn f(x, n) {{\n{code}\n}}\n\
         test \"t\" {{\n shell s {{\n f(1, 2)\n }}\n}}\n"
    );
    let (db, suite, _) = load(&text, &[]);
    let assembly = assemble(&db, suite, &Selection::default());
    let plan = render(&assembly.program, &assembly.tests);
    let Some((_, body)) = plan.split_once("\nfn tests/t::f(x, n)\n") else {
        return plan;
    };
    let lines: Vec<&str> = body
        .lines()
        .take_while(|it| it.starts_with(' '))
        .map(str::trim)
        .collect();
    lines.join(" ; ")
}

#[test]
fn pieces_of_code_are_read_as_the_tools_read_them() {
    let mut wrong = String::new();
    let mut count = 0;
    for line in READINGS
        .lines()
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
    {
        count += 1;
        let (editions, rest) = line.split_once(' ').expect("an edition");
        let (code, expected) = rest.split_once("  ⟹  ").expect("a reading");
        let editions: &[&str] = match editions {
            "04" => &["2026-04"],
            "08" => &["2026-08"],
            _ => &["2026-04", "2026-08"],
        };
        for edition in editions {
            let found = read(edition, code);
            if found != expected {
                let _ = writeln!(wrong, "{edition} {code}\n  is read {found}\n  not     {expected}");
            }
        }
    }
    assert!(count > 50, "the readings were read");
    assert!(wrong.is_empty(), "\n{wrong}");
}
