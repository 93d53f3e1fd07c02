//! Core crates are functions of their inputs: no files, no environment, no protocol types where they do not belong.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::text_of;

/// Folder, words that must not occur in its sources, and files that are the declared exception.
const RULES: &[(&str, &[&str], &[&str])] = &[
    (
        "crates/relux-syntax/src",
        &["std::fs", "std::env", "tokio", "salsa::", "lsp_types", "ls_types"],
        &[],
    ),
    (
        "crates/relux-model/src",
        &["std::fs", "std::env", "tokio", "lsp_types", "ls_types"],
        &[],
    ),
    (
        "crates/relux-fmt/src",
        &["std::fs", "std::env", "tokio", "salsa::", "lsp_types", "ls_types"],
        &[],
    ),
    (
        "crates/relux-ide/src",
        &["std::fs", "std::env", "tokio", "lsp_types", "ls_types"],
        &[],
    ),
    (
        "crates/relux-runner/src",
        &[
            "tree_sitter",
            "relux_syntax::ast",
            "salsa::",
            "lsp_types",
            "ls_types",
        ],
        &[],
    ),
];

pub(super) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (folder, words, exceptions) in RULES {
        let below = files
            .iter()
            .filter(|file| file.starts_with(folder) && file.extension().is_some_and(|ext| ext == "rs"));
        for file in below.filter(|file| !exceptions.iter().any(|exception| file.ends_with(exception))) {
            let Some(text) = text_of(root, file)? else {
                continue;
            };
            for (index, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                if let Some(word) = words.iter().find(|word| code.contains(*word)) {
                    found.push(format!(
                        "{}:{}: `{word}` does not belong into {folder}",
                        file.display(),
                        index + 1
                    ));
                }
            }
        }
    }
    Ok(found)
}
