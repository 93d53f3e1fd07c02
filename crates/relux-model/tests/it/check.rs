//! The one helper for diagnostics: a fixture with annotations in, agreement out.

use std::collections::BTreeSet;
use std::fmt::Write;

use relux_model::codes::{Kind, rule};
use relux_model::fixture::Fixture;
use relux_model::{HostEnv, RootDb, Suite, all_files, diagnostics};
use relux_syntax::{Diagnostic, LineIndex, Severity, TextRange};

/// Loads a fixture with variables of the environment.
pub(crate) fn load(fixture: &str, env: &[(&str, &str)]) -> (RootDb, Suite, Fixture) {
    let db = RootDb::default();
    let fixture = Fixture::parse(fixture);
    let env = env
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let suite = fixture.load_with_env(&db, HostEnv::new(env));
    (db, suite, fixture)
}

/// Every diagnostic that is neither a hint nor a lint stands where an annotation says so, and no other.
#[track_caller]
pub(crate) fn check(fixture: &str) {
    check_with_env(fixture, &[]);
}

#[track_caller]
pub(crate) fn check_with_env(fixture: &str, env: &[(&str, &str)]) {
    check_if(fixture, env, |it| it.severity > Severity::Hint && !is_lint(it));
}

/// The same for lints, hints among them, and for nothing else.
#[track_caller]
pub(crate) fn check_lints(fixture: &str, env: &[(&str, &str)]) {
    check_if(fixture, env, is_wanted_lint);
}

/// The same for the lints of these codes, where a fixture shows many others too.
#[track_caller]
pub(crate) fn check_codes(fixture: &str, codes: &[&str]) {
    check_if(fixture, &[], |it| codes.contains(&it.code.as_str()));
}

/// Fixtures are too small for everything in them to be used, so lints have tests of their own.
fn is_lint(it: &Diagnostic) -> bool {
    rule(it.code.as_str()).is_some_and(|rule| rule.kind == Kind::Lint)
}

/// The lints that fixtures are read for: nearly all of them end with a send that nobody waits for.
fn is_wanted_lint(it: &Diagnostic) -> bool {
    is_lint(it) && it.code.as_str() != "unchecked-last-send"
}

#[track_caller]
fn check_if(fixture: &str, env: &[(&str, &str)], counts: impl Fn(&Diagnostic) -> bool) {
    let (db, suite, fixture) = load(fixture, env);
    for file in all_files(&db, suite) {
        let path: &str = file.path(&db);
        let found: BTreeSet<String> = diagnostics(&db, suite, file)
            .into_iter()
            .filter(&counts)
            .map(|it| place(file.text(&db), it.range, it.code.as_str()))
            .collect();
        let annotations = fixture.file(path).map_or(&[][..], |file| &file.annotations);
        let expected: BTreeSet<String> = annotations
            .iter()
            .map(|it| place(file.text(&db), TextRange::new(it.start, it.end), &it.text))
            .collect();
        assert_eq!(found, expected, "in {path}: found is left, expected is right");
    }
}

fn place(text: &str, range: TextRange, code: &str) -> String {
    let lines = LineIndex::new(text);
    let (from, to) = (lines.line(range.start), lines.line(range.end));
    let column = |offset, line| offset - lines.line_start(line);
    format!(
        "{}:{}..{}:{} {code} at `{}`",
        from + 1,
        column(range.start, from),
        to + 1,
        column(range.end, to),
        range.slice(text)
    )
}

/// All diagnostics with everything they say, for snapshots.
pub(crate) fn report(fixture: &str) -> String {
    report_with_env(fixture, &[])
}

pub(crate) fn report_with_env(fixture: &str, env: &[(&str, &str)]) -> String {
    let (db, suite, _) = load(fixture, env);
    let mut out = String::new();
    for file in all_files(&db, suite) {
        for diagnostic in diagnostics(&db, suite, file) {
            if !is_lint(&diagnostic) {
                render(&mut out, &db, suite, file.path(&db), &diagnostic);
            }
        }
    }
    out
}

/// The same for lints alone.
pub(crate) fn report_lints(fixture: &str) -> String {
    let (db, suite, _) = load(fixture, &[]);
    let mut out = String::new();
    for file in all_files(&db, suite) {
        for diagnostic in diagnostics(&db, suite, file)
            .iter()
            .filter(|it| is_wanted_lint(it))
        {
            render(&mut out, &db, suite, file.path(&db), diagnostic);
        }
    }
    out
}

/// The same for these codes.
pub(crate) fn report_codes(fixture: &str, codes: &[&str]) -> String {
    let (db, suite, _) = load(fixture, &[]);
    let mut out = String::new();
    for file in all_files(&db, suite) {
        let found = diagnostics(&db, suite, file);
        for diagnostic in found.iter().filter(|it| codes.contains(&it.code.as_str())) {
            render(&mut out, &db, suite, file.path(&db), diagnostic);
        }
    }
    out
}

fn text_of<'a>(db: &'a RootDb, suite: Suite, path: &str) -> &'a str {
    let file = all_files(db, suite)
        .into_iter()
        .find(|file| &**file.path(db) == path);
    file.map_or("", |file| file.text(db))
}

fn render(out: &mut String, db: &RootDb, suite: Suite, path: &str, it: &Diagnostic) {
    let at = |file: &Option<_>, range: TextRange| {
        let path = file.as_deref().unwrap_or(path);
        let text = text_of(db, suite, path);
        let line = LineIndex::new(text).line(range.start) + 1;
        format!("{path}:{line} `{}`", range.slice(text).escape_debug())
    };
    let severity = format!("{:?}", it.severity).to_lowercase();
    writeln!(out, "{severity}[{}]: {}", it.code, it.message).expect("a string grows");
    let label = it
        .label
        .as_ref()
        .map_or(String::new(), |label| format!("  <- {label}"));
    writeln!(out, "  at {}{label}", at(&None, it.range)).expect("a string grows");
    for related in &it.related {
        writeln!(
            out,
            "  see {}: {}",
            at(&related.file, related.range),
            related.message
        )
        .expect("a string grows");
    }
    if let Some(help) = &it.help {
        writeln!(out, "  help: {help}").expect("a string grows");
    }
    for fix in &it.fixes {
        writeln!(out, "  fix ({:?}): {}", fix.applicability, fix.title).expect("a string grows");
        for edit in &fix.edits {
            let place = at(&edit.file, edit.range);
            writeln!(out, "    {place} -> {:?}", edit.new_text).expect("a string grows");
        }
    }
}

/// The text of the first file after the first fix of the first diagnostic with this code.
pub(crate) fn fixed(fixture: &str, code: &str) -> String {
    let (db, suite, _) = load(fixture, &[]);
    for file in all_files(&db, suite) {
        let Some(it) = diagnostics(&db, suite, file)
            .into_iter()
            .find(|it| it.code.as_str() == code)
        else {
            continue;
        };
        let fix = it.fixes.first().expect("the diagnostic has a fix");
        let mut edits: Vec<_> = fix.edits.iter().filter(|edit| edit.file.is_none()).collect();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.range.start));
        let mut text = file.text(&db).to_string();
        for edit in edits {
            text.replace_range(edit.range.start as usize..edit.range.end as usize, &edit.new_text);
        }
        return text;
    }
    panic!("no diagnostic `{code}`");
}
