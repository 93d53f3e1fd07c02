//! Migrating suites between editions: what each construct becomes, in both directions, and what is refused.

use std::collections::BTreeMap;
use std::fmt::Write;

use relux_model::edition::Edition;
use relux_model::migrate::{NotMigrated, migrate, migrate_file, migrate_statement};
use relux_model::{RootDb, SourceFile, Suite, all_files};
use relux_syntax::LineIndex;

use crate::check::load;

mod constructs;
mod refusals;
mod round_trips;

/// Texts of all files but an untold manifest.
fn texts(db: &RootDb, suite: Suite) -> BTreeMap<String, String> {
    let text = |file: SourceFile| (file.path(db).to_string(), file.text(db).to_string());
    all_files(db, suite).into_iter().map(text).collect()
}

/// Migrates the files of these paths, or all.
fn run(db: &mut RootDb, suite: Suite, to: Edition, paths: &[&str]) -> Result<Vec<String>, NotMigrated> {
    let files: Vec<SourceFile> = suite
        .files(db)
        .iter()
        .copied()
        .filter(|file| paths.is_empty() || paths.contains(&&**file.path(db)))
        .collect();
    assert!(paths.is_empty() || files.len() == paths.len(), "{paths:?}");
    let done = migrate(db, suite, &files, to, 1)?;
    let changed = done.changed.iter().map(|(file, _)| file.path(db).to_string());
    Ok(changed.collect())
}

/// The suite becomes this, and then stays so. Files that `after` leaves out must not change; a manifest that it leaves
/// out may.
#[track_caller]
fn becomes(to: Edition, before: &str, after: &str) {
    partly(to, &[], before, after);
}

/// The same for some files.
#[track_caller]
fn partly(to: Edition, paths: &[&str], before: &str, after: &str) {
    let (mut db, suite, _) = load(before, &[]);
    let old = texts(&db, suite);
    if let Err(error) = run(&mut db, suite, to, paths) {
        panic!("it is not migrated: {error:?}");
    }
    let new = texts(&db, suite);
    let told = relux_model::fixture::Fixture::parse(after);
    for (path, text) in &new {
        let expected = match told.file(path) {
            Some(file) => &file.text,
            None if path == "Relux.toml" => continue,
            None => &old[path],
        };
        assert_eq!(text, expected, "{path}: found is left, expected is right");
    }
    let again = run(&mut db, suite, to, paths).expect("what was migrated can be migrated");
    assert_eq!(again, Vec::<String>::new(), "a second time changes something");
}

/// What is refused, as `path:line:column: message (help)`; the texts stay.
fn refused(to: Edition, paths: &[&str], before: &str) -> String {
    let (mut db, suite, _) = load(before, &[]);
    let old = texts(&db, suite);
    let result = run(&mut db, suite, to, paths);
    assert_eq!(texts(&db, suite), old, "something was changed");
    match result {
        Ok(changed) => panic!("it was migrated: {changed:?}"),
        Err(NotMigrated::Errors(count)) => format!("{count} errors"),
        Err(NotMigrated::Wrong(difference)) => format!("wrong: {difference}"),
        Err(NotMigrated::Misread(files)) => {
            let line = |(file, edition): &(SourceFile, Edition)| {
                format!("{} is read as {edition}\n", file.path(&db))
            };
            files.iter().map(line).collect()
        }
        Err(NotMigrated::Unsayable(refusals)) => {
            let mut out = String::new();
            for it in refusals {
                let text = it.file.text(&db);
                let lines = LineIndex::new(text);
                let line = lines.line(it.range.start);
                let column = it.range.start - lines.line_start(line) + 1;
                let path = it.file.path(&db);
                let words = it.range.slice(text).lines().next().unwrap_or_default();
                let _ = write!(out, "{path}:{}:{column}: `{words}` {}", line + 1, it.message);
                let _ = writeln!(out, " ({})", it.help.unwrap_or("no help"));
            }
            out
        }
    }
}
