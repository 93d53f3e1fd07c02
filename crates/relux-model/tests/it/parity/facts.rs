//! Facts about what suites mean, one small suite each.
//!
//! A block begins with `=== ` and the fact. Then lines that say what is expected: `ok` (no errors) or `no` and the codes of
//! all errors; `also` and codes of other findings that must be there; `env NAME=value` for the environment; `"` and a
//! sentence by which we decide otherwise than the published tools. The rest is the suite.

use std::fmt::Write as _;

use relux_syntax::Severity;

use super::found;

const FILES: [(&str, &str); 6] = [
    ("modules", include_str!("data/modules.txt")),
    ("functions", include_str!("data/functions.txt")),
    ("variables", include_str!("data/variables.txt")),
    ("effects", include_str!("data/effects.txt")),
    ("markers and tests", include_str!("data/tests.txt")),
    ("environment", include_str!("data/environment.txt")),
];

#[derive(Default)]
struct Fact<'a> {
    title: &'a str,
    errors: Vec<&'a str>,
    also: Vec<&'a str>,
    env: Vec<(&'a str, &'a str)>,
    suite: &'a str,
}

fn facts(text: &str) -> Vec<Fact<'_>> {
    text.split("=== ").skip(1).map(fact).collect()
}

fn fact(block: &str) -> Fact<'_> {
    let (title, mut rest) = block.split_once('\n').expect("a title");
    let mut fact = Fact {
        title,
        ..Fact::default()
    };
    let mut judged = false;
    while let Some((line, after)) = rest.split_once('\n') {
        let (word, codes) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "ok" => {}
            "no" => fact.errors = codes.split(' ').collect(),
            "also" => fact.also = codes.split(' ').collect(),
            "env" => fact.env.extend(codes.split_once('=')),
            _ if line.starts_with('"') => {}
            _ => break,
        }
        judged |= matches!(word, "ok" | "no");
        rest = after;
    }
    assert!(judged, "`{title}` has no verdict");
    fact.errors.sort_unstable();
    fact.suite = rest;
    fact
}

#[test]
fn every_fact_holds() {
    let mut wrong = String::new();
    let mut count = 0;
    for (file, text) in FILES {
        for fact in facts(text) {
            count += 1;
            let found = found(fact.suite, &fact.env);
            let errors = found.iter().filter(|it| it.0 == Severity::Error);
            let mut codes: Vec<&str> = errors.map(|it| it.1.as_str()).collect();
            codes.sort_unstable();
            let lacking = fact
                .also
                .iter()
                .find(|code| !found.iter().any(|it| it.1 == **code));
            if codes != fact.errors || lacking.is_some() {
                let _ = writeln!(
                    wrong,
                    "{file}: {}\n  expected {:?} and {:?}\n  found {found:#?}",
                    fact.title, fact.errors, fact.also
                );
            }
        }
    }
    assert!(count > 100, "the facts were read");
    assert!(wrong.is_empty(), "\n{wrong}");
}
