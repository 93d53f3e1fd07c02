//! The pages of the diagnostics keep what they say: each example that is called wrong is reported where its carets are,
//! what is called right is clean, and what is called fixed is what `relux check --fix` makes of the wrong.
//!
//! A block is a suite as in the other fixtures. The words behind its fence say what it is:
//! `relux,wrong`, `relux,right`, `relux,fixed` (by safe fixes), `relux,fixed-unsafe`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use relux_model::apply_fixes::fix_all;
use relux_model::codes::{RULES, Rule};
use relux_model::fixture::Fixture;
use relux_model::{RootDb, Suite, all_files, diagnostics};
use relux_syntax::{Applicability, Diagnostic, LineIndex, Severity, TextRange};

use crate::check::load;

/// What no text in a page can show, or none that anybody wants to read.
const WITHOUT_EXAMPLE: &[&str] = &["invalid-utf8", "nesting-too-deep", "unreadable-file"];

/// The environment in which the examples are checked.
const HOST: &[(&str, &str)] = &[("HOME", "/home/ada")];

#[test]
fn every_page_keeps_what_it_says() {
    let mut faults = String::new();
    for rule in RULES {
        for fault in faults_of(rule) {
            let _ = writeln!(faults, "{}.md: {fault}", rule.code);
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn codes_are_unique_and_every_syntax_error_has_a_page() {
    let codes: BTreeSet<&str> = RULES.iter().map(|rule| rule.code.as_str()).collect();
    assert_eq!(codes.len(), RULES.len());
    for (code, _) in relux_syntax::validation::codes::ALL {
        assert!(codes.contains(code.as_str()), "{code} is not in the registry");
    }
}

fn faults_of(rule: &Rule) -> Vec<String> {
    let blocks = blocks(rule.page);
    let mut faults = Vec::new();
    let header = format!(
        "# {}\n\n{}\n\n{}\n",
        rule.code,
        rule.summary(),
        mended(rule, &blocks)
    );
    if !rule.page.starts_with(&header) {
        faults.push(format!("does not begin with\n{header}"));
    }
    let without = WITHOUT_EXAMPLE.contains(&rule.code.as_str());
    if !without && !blocks.iter().any(|(kind, _)| *kind == "wrong") {
        faults.push("has no wrong example".to_owned());
    }
    if !without
        && !blocks
            .iter()
            .any(|(kind, _)| *kind == "right" || kind.starts_with("fixed"))
    {
        faults.push("has no right example".to_owned());
    }
    let mut wrong = "";
    let mut offered = None;
    for (kind, text) in &blocks {
        let fault = match *kind {
            "wrong" => {
                wrong = text;
                offered = better(offered, offers(rule, text));
                is_reported(rule, text)
            }
            "right" => is_clean(rule, text),
            "fixed" => becomes(rule, wrong, text, Applicability::Safe),
            "fixed-unsafe" => becomes(rule, wrong, text, Applicability::Unsafe),
            _ => Some(format!("`{kind}` means nothing behind `relux`")),
        };
        faults.extend(fault);
    }
    let shown = rule.fix();
    if offered != shown {
        faults.push(format!(
            "what is wrong offers the fix {offered:?}, shown is {shown:?}: such a fix has a `fixed` block"
        ));
    }
    faults
}

/// The surest fix that the findings of a wrong example offer.
fn offers(rule: &Rule, wrong: &str) -> Option<Applicability> {
    let (db, suite, _) = load(wrong, HOST);
    let found = counted(&db, suite, rule);
    let own = found.iter().filter(|it| it.2.code == rule.code);
    own.flat_map(|it| &it.2.fixes)
        .fold(None, |best, fix| better(best, Some(fix.applicability)))
}

fn better(a: Option<Applicability>, b: Option<Applicability>) -> Option<Applicability> {
    if a == Some(Applicability::Safe) {
        a
    } else {
        b.or(a)
    }
}

/// The line below the summary.
fn mended(rule: &Rule, blocks: &[(&str, &str)]) -> String {
    let has = |wanted: &str| blocks.iter().any(|(kind, _)| *kind == wanted);
    let by = if has("fixed") {
        " · mended by `relux check --fix`"
    } else if has("fixed-unsafe") {
        " · mended by `relux check --fix --unsafe`"
    } else {
        ""
    };
    format!("**{:?}**{by}", rule.severity)
}

/// The kinds and texts of the `relux` blocks of a page.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for part in page.split("\n```relux,").skip(1) {
        let (kind, rest) = part.split_once('\n').expect("a fence ends its line");
        let (text, _) = rest.split_once("\n```\n").expect("a block is closed");
        found.push((kind, &rest[..=text.len()]));
    }
    found
}

/// What counts in an example: hints and notes of other rules do not, for examples are small.
fn counted(db: &RootDb, suite: Suite, rule: &Rule) -> Vec<(String, String, Diagnostic)> {
    let mut all = Vec::new();
    for file in all_files(db, suite) {
        let (path, text) = (file.path(db).to_string(), file.text(db));
        let found = diagnostics(db, suite, file).into_iter();
        let counts = |it: &Diagnostic| it.code == rule.code || it.severity > Severity::Info;
        all.extend(found.filter(counts).map(|it| {
            let place = place(&path, text, visible(text, it.range), it.code.as_str());
            (path.clone(), place, it)
        }));
    }
    all
}

fn place(path: &str, text: &str, range: TextRange, code: &str) -> String {
    let lines = LineIndex::new(text);
    let line = lines.line(range.start);
    let column = range.start - lines.line_start(line) + 1;
    format!("{path}:{}:{column} {code} at `{}`", line + 1, range.slice(text))
}

/// An empty range is marked by a caret below what stands behind it.
fn visible(text: &str, range: TextRange) -> TextRange {
    let behind = text.get(range.start as usize..).and_then(|it| it.chars().next());
    let width = behind.map_or(0, |it| it.len_utf8() as u32);
    TextRange::new(range.start, range.end.max(range.start + width))
}

fn is_reported(rule: &Rule, text: &str) -> Option<String> {
    let (db, suite, fixture) = load(text, HOST);
    let found: BTreeSet<String> = counted(&db, suite, rule).into_iter().map(|it| it.1).collect();
    let expected: BTreeSet<String> = fixture.files.iter().flat_map(expected).collect();
    if found != expected {
        return Some(format!(
            "the wrong example is annotated\n{expected:#?}\nfound is\n{found:#?}"
        ));
    }
    let own = format!(" {} at ", rule.code);
    (!found.iter().any(|it| it.contains(&own))).then(|| "the wrong example shows something else".to_owned())
}

fn expected(file: &relux_model::fixture::FixtureFile) -> Vec<String> {
    let annotations = file.annotations.iter();
    annotations
        .map(|it| place(&file.path, &file.text, TextRange::new(it.start, it.end), &it.text))
        .collect()
}

fn is_clean(rule: &Rule, text: &str) -> Option<String> {
    let (db, suite, _) = load(text, HOST);
    let found: Vec<String> = counted(&db, suite, rule).into_iter().map(|it| it.1).collect();
    (!found.is_empty()).then(|| format!("the right example is not clean: {found:#?}"))
}

fn becomes(rule: &Rule, wrong: &str, fixed: &str, most: Applicability) -> Option<String> {
    let (mut db, suite, _) = load(wrong, HOST);
    let files = all_files(&db, suite);
    if fix_all(&mut db, suite, &files, most, 1).applied == 0 {
        return Some("nothing mends the wrong example".to_owned());
    }
    let wanted = Fixture::parse(fixed);
    for file in all_files(&db, suite) {
        let (path, text): (&str, &str) = (file.path(&db), file.text(&db));
        // A page leaves out the files that stay as they are.
        let Some(wanted) = wanted.file(path) else {
            continue;
        };
        if wanted.text != text {
            return Some(format!("{path} is fixed to\n{text}"));
        }
    }
    let left: Vec<String> = counted(&db, suite, rule).into_iter().map(|it| it.1).collect();
    (!left.is_empty()).then(|| format!("after fixing there is left: {left:#?}"))
}
