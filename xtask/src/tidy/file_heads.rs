//! Every source file opens with why it exists, and none grows beyond what a reader can hold.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::text_of;

/// Lines of a Rust file, tests apart, above which it must be split.
const LONGEST: usize = 600;

pub(super) fn check(root: &Path, files: &[PathBuf]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files {
        let Some(extension) = file.extension().and_then(|extension| extension.to_str()) else {
            continue;
        };
        let heads: &[&str] = match extension {
            "rs" => &["//!"],
            "ts" => &["//", "/*"],
            "lua" => &["--"],
            "py" | "sh" => &["#", "\"\"\""],
            _ => continue,
        };
        let Some(text) = text_of(root, file)? else {
            continue;
        };
        let first = text
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with("#!"))
            .unwrap_or_default();
        if !heads.iter().any(|head| first.starts_with(head)) {
            found.push(format!(
                "{}:1: opens without a comment that says why the file exists",
                file.display()
            ));
        }
        let name = file.to_string_lossy();
        if extension == "rs" && !name.contains("generated") && !name.contains("tests") {
            let code = text
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default()
                .lines()
                .count();
            if code > LONGEST {
                found.push(format!("{name}: {code} lines without tests, more than {LONGEST}"));
            }
        }
    }
    Ok(found)
}
