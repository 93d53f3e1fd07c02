//! A suite of arbitrary bytes: nothing panics, every place lies in its file, what an edited database says a new one says
//! too, and fixing ends without making anything worse.
//!
//! The bytes are a fixture as in the tests of the model (`//- relux/lib/db.relux` begins a file). It is loaded as a whole,
//! then once more by edits: first without the second half of every file, then with it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use relux_model::apply_fixes::fix_all;
use relux_model::assemble::{Selection, assemble};
use relux_model::codes::is_syntax;
use relux_model::fixture::Fixture;
use relux_model::names::occurrences;
use relux_model::{RootDb, SourceFile, Suite, all_files, diagnostics};
use relux_syntax::{Applicability, Diagnostic, Severity, TextRange};

/// Panics if something does not hold.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut fixture = Fixture::parse(text);
    let mut paths = BTreeSet::new();
    fixture
        .files
        .retain(|file| !file.path.is_empty() && paths.insert(file.path.clone()));

    let mut db = RootDb::default();
    let suite = fixture.load(&db);
    let said = everything(&db, suite);

    assert_eq!(by_edits(&fixture), said, "an edited database says something else");
    fixing_ends(&mut db, suite);
}

/// What is said about the suite after its texts came by edits.
fn by_edits(fixture: &Fixture) -> String {
    let mut half = fixture.clone();
    for file in &mut half.files {
        let mut end = file.text.len() / 2;
        while !file.text.is_char_boundary(end) {
            end -= 1;
        }
        file.text.truncate(end);
    }
    let mut db = RootDb::default();
    let suite = half.load(&db);
    everything(&db, suite);
    for file in all_files(&db, suite) {
        let path = file.path(&db).to_string();
        if let Some(whole) = fixture.file(&path) {
            file.update(&mut db, whole.text.as_str());
        }
    }
    everything(&db, suite)
}

/// All that is said about a suite; checks places on the way.
fn everything(db: &RootDb, suite: Suite) -> String {
    let mut out = String::new();
    for file in all_files(db, suite) {
        for diagnostic in diagnostics(db, suite, file) {
            assert_places(db, suite, file, &diagnostic);
            let _ = writeln!(out, "{} {diagnostic:?}", file.path(db));
        }
    }
    for &file in suite.files(db).iter() {
        for occurrence in occurrences(db, suite, file) {
            assert_place(db, file, occurrence.range);
        }
    }
    let assembly = assemble(db, suite, &Selection::default());
    let _ = write!(out, "{} tests", assembly.tests.len());
    out
}

fn assert_places(db: &RootDb, suite: Suite, file: SourceFile, diagnostic: &Diagnostic) {
    let files = all_files(db, suite);
    let named = |path: Option<&str>| match path {
        None => file,
        Some(path) => *files
            .iter()
            .find(|it| &**it.path(db) == path)
            .expect("a diagnostic names a file of the suite"),
    };
    assert_place(db, file, diagnostic.range);
    for related in &diagnostic.related {
        assert_place(db, named(related.file.as_deref()), related.range);
    }
    for edit in diagnostic.fixes.iter().flat_map(|fix| &fix.edits) {
        assert_place(db, named(edit.file.as_deref()), edit.range);
    }
}

fn assert_place(db: &RootDb, file: SourceFile, range: TextRange) {
    assert!(
        file.text(db)
            .get(range.start as usize..range.end as usize)
            .is_some(),
        "{range:?} cuts a character or leaves {}",
        file.path(db)
    );
}

/// Errors of form and other errors.
fn errors(db: &RootDb, suite: Suite) -> (usize, usize) {
    let (mut form, mut other) = (0, 0);
    for file in all_files(db, suite) {
        for it in diagnostics(db, suite, file) {
            if is_syntax(it.code.as_str()) {
                form += 1;
            } else if it.severity == Severity::Error {
                other += 1;
            }
        }
    }
    (form, other)
}

fn fixing_ends(db: &mut RootDb, suite: Suite) {
    for most in [Applicability::Safe, Applicability::Unsafe] {
        let files = all_files(db, suite);
        let before = errors(db, suite);
        fix_all(db, suite, &files, most, 1);
        assert!(errors(db, suite) <= before, "fixing made it worse");
        let again = fix_all(db, suite, &files, most, 1);
        assert_eq!(again.applied, 0, "fixing twice changes something");
    }
}
