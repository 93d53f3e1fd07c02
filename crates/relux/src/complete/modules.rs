//! Candidates for paths of new modules: the directories that are there, as beginnings.

use std::ffi::OsStr;
use std::fs;

use clap_complete::engine::CompletionCandidate;

use super::suite;
use crate::scaffold::Template;

/// Directories below `relux/tests`.
pub(crate) fn tests(current: &OsStr) -> Vec<CompletionCandidate> {
    directories(Template::Test, current)
}

/// Directories below `relux/lib`.
pub(crate) fn libraries(current: &OsStr) -> Vec<CompletionCandidate> {
    directories(Template::Functions, current)
}

fn directories(template: Template, current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(loaded), Some(current)) = (suite(), current.to_str()) else {
        return Vec::new();
    };
    let (above, begin) = current
        .rsplit_once('/')
        .map_or(("", current), |(above, begin)| (above, begin));
    let directory = loaded.root.join(template.directory()).join(above);
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let names = entries.flatten().filter(|entry| entry.path().is_dir());
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let mut found: Vec<String> = names
        .filter(|name| name.starts_with(begin) && !name.starts_with('.'))
        .collect();
    found.sort();
    let slash = if above.is_empty() { "" } else { "/" };
    let candidate = |name: String| CompletionCandidate::new(format!("{above}{slash}{name}/"));
    found.into_iter().map(candidate).collect()
}
