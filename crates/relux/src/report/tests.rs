//! Every format drawn from the same two findings, so that a change in one is seen beside the others.

use std::sync::Arc;

use relux_syntax::{Code, Diagnostic, Fix, Related, Severity, TextRange};

use super::{Findings, github, human, json, sarif};

const TEST: &str = "import service/db { Db }\n\ntest \"größe\" {\n    start Db\n    shell client {\n        > true\n    }\n}\n";
const LIBRARY: &str = "effect Db {\n    expect DB_PORT\n}\n";

fn range_of(text: &str, needle: &str) -> TextRange {
    let start = text.find(needle).expect("the needle is in the text");
    TextRange::from(start..start + needle.len())
}

fn findings() -> Findings {
    let test: Arc<str> = "relux/tests/a.relux".into();
    let library: Arc<str> = "relux/lib/service/db.relux".into();
    let start = range_of(TEST, "start Db");
    let missing = Diagnostic::error(
        Code::new("missing-expect"),
        start,
        "`Db` needs `DB_PORT`, which nothing provides",
    )
    .with_label("`DB_PORT` is missing here")
    .with_related(Related {
        file: Some(Arc::clone(&library)),
        range: range_of(LIBRARY, "DB_PORT"),
        message: "required here".to_owned(),
    })
    .with_help("pass it: `start Db { DB_PORT = db_port }`")
    .with_fix(Fix::safe(
        "Add `DB_PORT`",
        TextRange::empty(start.end),
        " { DB_PORT = db_port }",
    ));
    let unused = Diagnostic::new(
        Code::new("unused-shell"),
        Severity::Warning,
        range_of(TEST, "client"),
        "50% unused",
    );
    let hint = Diagnostic::new(
        Code::new("faint"),
        Severity::Hint,
        range_of(TEST, "true"),
        "only editors show this",
    );
    Findings {
        sources: [(Arc::clone(&test), TEST.into()), (library, LIBRARY.into())].into(),
        list: vec![
            (Arc::clone(&test), missing),
            (Arc::clone(&test), unused),
            (test, hint),
        ],
        prefix: "../".to_owned(),
        checked: 2,
    }
}

fn drawn(write: impl Fn(&mut Vec<u8>, &Findings)) -> String {
    let mut out = Vec::new();
    write(&mut out, &findings());
    String::from_utf8(out).expect("renderers write UTF-8")
}

#[test]
fn human_format() {
    insta::assert_snapshot!(drawn(
        |out, findings| human::write(out, findings, false).expect("writing to memory")
    ));
}

#[test]
fn json_format() {
    let text = drawn(|out, findings| json::write(out, findings).expect("writing to memory"));
    let value: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("a value prints"));
}

#[test]
fn github_format() {
    insta::assert_snapshot!(drawn(
        |out, findings| github::write(out, findings).expect("writing to memory")
    ));
}

#[test]
fn sarif_format() {
    let text = drawn(|out, findings| sarif::write(out, findings).expect("writing to memory"));
    let value: serde_json::Value = serde_json::from_str(&text).expect("valid JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("a value prints"));
}

#[test]
fn a_clean_suite_says_so() {
    let mut out = Vec::new();
    human::write(
        &mut out,
        &Findings {
            checked: 1,
            ..Findings::default()
        },
        false,
    )
    .expect("writing to memory");
    assert_eq!(
        String::from_utf8(out).as_deref(),
        Ok("checked 1 file: no problems\n")
    );
}

/// Takes many minutes if lines are counted again for every place.
#[test]
fn many_findings_in_a_long_file_are_drawn() {
    let path: Arc<str> = "relux/tests/a.relux".into();
    let text = "x\n".repeat(1_000_000);
    let finding = |number: u32| {
        let range = TextRange::new(2_000_000 - number * 2, 2_000_001 - number * 2);
        Diagnostic::error(Code::new("empty-test"), range, "x")
    };
    let findings = Findings {
        list: (1..=5_000)
            .map(|number| (Arc::clone(&path), finding(number)))
            .collect(),
        sources: [(path, text.into())].into(),
        prefix: String::new(),
        checked: 1,
    };
    for write in [json::write, github::write, sarif::write] {
        let mut out = Vec::new();
        write(&mut out, &findings).expect("memory takes everything");
        assert!(out.len() > 100_000);
    }
    let mut out = Vec::new();
    human::write(&mut out, &findings, false).expect("memory takes everything");
    assert!(out.len() > 100_000);
}
