//! `cargo xtask tidy`: rules of the repository that no compiler checks. Also an ordinary test, so CI needs no extra step.
//!
//! One file per rule; a rule returns what it found as lines that start with a place.

mod architecture;
mod edges;
mod file_heads;
mod forbidden;
mod own_words;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::codegen;

/// Runs every rule and fails with everything that was found.
pub(crate) fn run() -> Result<()> {
    let root = crate::root();
    let files = tracked_files(&root)?;
    let mut found = Vec::new();
    found.extend(edges::check(&root)?);
    found.extend(file_heads::check(&root, &files)?);
    found.extend(forbidden::check(&root, &files)?);
    found.extend(own_words::check(&root, &files)?);
    found.extend(architecture::check(&root)?);
    if let Err(stale) = codegen::run(&["--check".to_owned()]) {
        found.push(format!("{stale:#}"));
    }
    if found.is_empty() {
        Ok(())
    } else {
        bail!("{} things to tidy:\n{}", found.len(), found.join("\n"))
    }
}

/// Paths below the root of all files that git tracks or would track.
fn tracked_files(root: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("running git ls-files")?;
    if !output.status.success() {
        bail!("git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    }
    let list = String::from_utf8(output.stdout).context("a file name that is not UTF-8")?;
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .filter(|path| root.join(path).is_file())
        .collect())
}

/// The text of a file, or `None` if it is not text.
fn text_of(root: &Path, file: &Path) -> Result<Option<String>> {
    let bytes = std::fs::read(root.join(file)).with_context(|| format!("reading {}", file.display()))?;
    Ok(String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        if let Err(found) = super::run() {
            panic!("{found:#}");
        }
    }
}
