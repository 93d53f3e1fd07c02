//! `docs/ARCHITECTURE.md` names every crate and gives each an invariant.

use std::path::Path;

use anyhow::{Context, Result};

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let path = "docs/ARCHITECTURE.md";
    let text = std::fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"))?;
    let mut crates = vec![
        "tree-sitter-relux".to_owned(),
        "xtask".to_owned(),
        "tests".to_owned(),
    ];
    for entry in std::fs::read_dir(root.join("crates")).context("listing crates")? {
        crates.push(format!("crates/{}", entry?.file_name().to_string_lossy()));
    }
    crates.sort();
    let mut found = Vec::new();
    for name in crates {
        let heading = format!("### `{name}`");
        let Some(at) = text.find(&heading) else {
            found.push(format!("{path}: no section {heading}"));
            continue;
        };
        let section = text[at + heading.len()..]
            .split("\n### ")
            .next()
            .unwrap_or_default();
        if !section.contains("**Invariant:**") {
            found.push(format!("{path}: section {heading} has no **Invariant:**"));
        }
    }
    Ok(found)
}
