//! Candidates for tests and effects: ids, names where a shell can hold them, effects.

use std::ffi::OsStr;

use clap_complete::engine::CompletionCandidate;
use relux_model::assemble::test_ids;
use relux_model::item_index;

use super::{shell_quotes, suite, values};
use crate::suite::{Loaded, Selected};

/// Ids and names of tests, in the files of `-f` if there are any.
pub(crate) fn tests(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(loaded) = suite() else {
        return Vec::new();
    };
    let files = values(&["-f", "--file"]);
    let selected: Vec<Selected> = files
        .iter()
        .filter_map(|path| loaded.resolve(path).ok())
        .collect();
    beginning_with(current, tests_of(&loaded, &selected))
}

/// What a graph can be about.
pub(crate) fn tests_and_effects(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(loaded) = suite() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for file in loaded.suite.files(&loaded.db).iter() {
        let path: &str = file.path(&loaded.db);
        for effect in &item_index(&loaded.db, *file).effects {
            found.push((effect.name().to_string(), format!("effect in {path}")));
        }
    }
    found.extend(tests_of(&loaded, &[]));
    beginning_with(current, found)
}

fn tests_of(loaded: &Loaded, selected: &[Selected]) -> Vec<(String, String)> {
    let db = &loaded.db;
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    for file in loaded.suite.files(db).iter() {
        let path: &str = file.path(db);
        if !selected.is_empty() && !selected.iter().any(|one| one.holds(path)) {
            continue;
        }
        for (test, id) in item_index(db, *file).tests.iter().zip(test_ids(db, *file)) {
            ids.push((id.clone(), test.name().to_string()));
            names.push((test.name().to_string(), format!("test in {path}")));
        }
    }
    let quotes = shell_quotes();
    let whole = |name: &str| {
        name.chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
    };
    ids.extend(names.into_iter().filter(|(name, _)| quotes || whole(name)));
    ids
}

/// Candidates with their help, each once.
fn beginning_with(current: &OsStr, found: Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let mut seen = std::collections::HashSet::new();
    found
        .into_iter()
        .filter(|(value, _)| value.starts_with(&*current) && seen.insert(value.clone()))
        .map(|(value, help)| CompletionCandidate::new(value).help(Some(help.into())))
        .collect()
}
