//! The repository speaks only of itself: no machine paths, no registry hosts, no merge leftovers, no tabs in Rust.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::text_of;

/// Assembled so that this file does not match itself.
fn forbidden_words() -> Vec<String> {
    [
        ("/wo", "rk/"),
        ("/home", "/runner"),
        ("registry.npm", "js.org"),
        ("files.pythonhosted", ".org"),
        ("static.crates", ".io"),
    ]
    .iter()
    .map(|(head, tail)| format!("{head}{tail}"))
    .collect()
}

/// What a merge leaves at the beginning of lines.
fn leftovers() -> [String; 2] {
    ["<".repeat(7) + " ", ">".repeat(7) + " "]
}

/// Files about merge conflicts.
fn shows_conflicts(file: &Path) -> bool {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    name.contains("merge-conflict")
}

pub(super) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let (words, leftovers) = (forbidden_words(), leftovers());
    let mut found = Vec::new();
    for file in files {
        let Some(text) = text_of(root, file)? else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            let left = leftovers
                .iter()
                .filter(|it| !shows_conflicts(file) && line.starts_with(it.as_str()));
            let word = words.iter().filter(|word| line.contains(word.as_str()));
            if let Some(word) = word.chain(left).next() {
                found.push(format!("{}:{}: holds `{word}`", file.display(), index + 1));
            }
        }
    }
    Ok(found)
}
