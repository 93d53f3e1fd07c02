//! The corpus of broken files under `tests/fixtures/errors`: what people read about each, and what the fixes make of it.
//!
//! A file is a module, or several with `//- path` before each; `common.txt` holds modules that all of them may use. The
//! expectation lies beside it. One that is missing or differs is written by `INSTA_UPDATE=always`; read it as the person who
//! wrote the broken file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use relux_model::apply_fixes::edited;
use relux_model::fixture::Fixture;
use relux_model::{RootDb, SourceFile, Suite, all_files, diagnostics};
use relux_syntax::{Applicability, Diagnostic, Fix, Severity};

use super::{Findings, human};

/// A broken suite in a database of its own.
struct Case {
    name: String,
    path: PathBuf,
    fixture: Fixture,
    db: RootDb,
    suite: Suite,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/errors")
}

fn cases() -> Vec<Case> {
    let read = |path: &Path| fs::read_to_string(path).expect("a fixture is text");
    let common = Fixture::parse(&read(&folder().join("common.txt")));
    let entries = fs::read_dir(folder()).expect("the corpus");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "relux"));
    paths.sort();
    let case = |path: PathBuf| {
        let mut fixture = Fixture::parse(&read(&path));
        for file in &common.files {
            if fixture.file(&file.path).is_none() {
                fixture.files.push(file.clone());
            }
        }
        let db = RootDb::default();
        let suite = fixture.load(&db);
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Case {
            name,
            path,
            fixture,
            db,
            suite,
        }
    };
    paths.into_iter().map(case).collect()
}

impl Case {
    /// Every finding that people see, with its file.
    fn findings(&self) -> Vec<(SourceFile, Diagnostic)> {
        let of = |file| {
            let found = diagnostics(&self.db, self.suite, file);
            found.into_iter().map(move |it| (file, it))
        };
        let all = all_files(&self.db, self.suite).into_iter().flat_map(of);
        all.filter(|(_, it)| it.severity > Severity::Hint).collect()
    }

    fn rendered(&self) -> String {
        let mut findings = Findings::default();
        for file in all_files(&self.db, self.suite) {
            findings
                .sources
                .insert(file.path(&self.db).clone(), file.text(&self.db).clone());
        }
        findings.checked = findings.sources.len();
        let list = self.findings().into_iter();
        findings.list = list.map(|(file, it)| (file.path(&self.db).clone(), it)).collect();
        let mut out = Vec::new();
        human::write(&mut out, &findings, false).expect("memory takes it");
        let text = String::from_utf8(out).expect("findings are text");
        // What is said about the run as a whole is the same everywhere.
        let summary = text.rfind("checked ").expect("a summary ends it");
        text[..summary].trim_end().to_owned() + "\n"
    }

    /// A fixture with the edits of a fix in it.
    fn mended(&self, file: SourceFile, fix: &Fix) -> Fixture {
        let mut fixture = self.fixture.clone();
        for target in &mut fixture.files {
            let edits = fix.edits.iter().filter(|edit| {
                let path = edit.file.as_deref().unwrap_or(file.path(&self.db));
                path == target.path
            });
            let edits = edits.map(|edit| (edit.range, edit.new_text.as_str())).collect();
            target.text = edited(&target.text, edits);
        }
        fixture
    }
}

/// Lines that differ, as `-` before and `+` after.
fn difference(before: &Fixture, after: &Fixture) -> String {
    let mut out = String::new();
    for (before, after) in before.files.iter().zip(&after.files) {
        let old: Vec<&str> = before.text.lines().collect();
        let new: Vec<&str> = after.text.lines().collect();
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let most = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(most);
        let tail = tail.take_while(|(a, b)| a == b).count();
        for (sign, lines) in [
            ('-', &old[head..old.len() - tail]),
            ('+', &new[head..new.len() - tail]),
        ] {
            for line in lines {
                let _ = writeln!(
                    out,
                    "{sign} {}",
                    line.escape_debug()
                        .to_string()
                        .replace("\\\"", "\"")
                        .replace("\\'", "'")
                        .replace("\\\\", "\\")
                );
            }
        }
    }
    out
}

fn shown(case: &Case) -> String {
    let mut out = case.rendered();
    for (file, found) in case.findings() {
        for fix in &found.fixes {
            let sure = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "fix to look at",
            };
            let _ = write!(
                out,
                "\n{sure}: {}\n{}",
                fix.title,
                difference(&case.fixture, &case.mended(file, fix))
            );
        }
    }
    out
}

#[test]
fn what_people_read_about_their_mistakes() {
    let cases = cases();
    assert!(cases.len() >= 150, "only {} broken files", cases.len());
    let known: BTreeSet<PathBuf> = cases
        .iter()
        .map(|case| case.path.with_extension("snap"))
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in &cases {
            insta::assert_snapshot!(case.name.as_str(), shown(case));
        }
    });
    let entries = fs::read_dir(folder()).expect("the corpus");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let left: Vec<PathBuf> = paths
        .filter(|it| it.extension().is_some_and(|it| it == "snap") && !known.contains(it))
        .collect();
    assert!(left.is_empty(), "expectations without a broken file: {left:?}");
}

#[test]
fn every_broken_file_is_told_about_and_told_what_to_write() {
    let mut wrong = String::new();
    for case in cases() {
        let found = case.findings();
        if found.is_empty() {
            let _ = writeln!(wrong, "{}: nothing is said", case.name);
        }
        for (_, it) in found {
            let helps = it.help.is_some() || !it.fixes.is_empty() || !it.related.is_empty();
            if !helps {
                let _ = writeln!(wrong, "{}: only `{}` is said", case.name, it.message);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_fix_does_not_make_it_worse() {
    let errors = |db: &RootDb, suite: Suite| {
        let found = all_files(db, suite)
            .into_iter()
            .flat_map(|file| diagnostics(db, suite, file));
        let found: Vec<Diagnostic> = found.filter(|it| it.severity == Severity::Error).collect();
        found
    };
    let mut wrong = String::new();
    for case in cases() {
        let before = errors(&case.db, case.suite);
        for (file, found) in case.findings() {
            for fix in &found.fixes {
                let db = RootDb::default();
                let after = case.mended(file, fix);
                let suite = after.load(&db);
                let left = errors(&db, suite);
                let same = left.iter().filter(|it| it.message == found.message).count();
                let was = before.iter().filter(|it| it.message == found.message).count();
                let better = left.len() < before.len() || found.severity < Severity::Error;
                if left.len() > before.len() || (same >= was && !better) {
                    let _ = writeln!(
                        wrong,
                        "{}: {} ({})\n{}{:#?}",
                        case.name,
                        fix.title,
                        found.message,
                        difference(&case.fixture, &after),
                        left.iter().map(|it| &it.message).collect::<Vec<_>>()
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_fix_ends_lines_as_the_file_does() {
    let mut wrong = String::new();
    for mut case in cases() {
        for file in &mut case.fixture.files {
            file.text = file.text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        case.suite = case.fixture.load(&case.db);
        for (_, found) in case.findings() {
            let edits = found.fixes.iter().flat_map(|fix| &fix.edits);
            for edit in edits.filter(|it| it.new_text.replace("\r\n", "").contains('\n')) {
                let _ = writeln!(
                    wrong,
                    "{}: {} writes {:?}",
                    case.name, found.message, edit.new_text
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
