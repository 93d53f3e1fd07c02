//! `[fmt] exclude`: which files the formatter leaves alone, on the command line and in editors alike.
//!
//! Patterns are those of `.gitignore`, relative to the suite. Nothing here looks at a disk.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The compiled patterns of a manifest.
#[derive(Debug, Clone)]
pub struct Excluded(Gitignore);

impl Excluded {
    /// Compiles patterns; those that are none are left out, the manifest tells about them.
    pub fn new(patterns: &[String]) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            // The error is reported by `check_pattern`, where the manifest is read.
            let _ = builder.add_line(None, pattern);
        }
        Self(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether a file is excluded, itself or with a directory above it. `path` is relative to the suite.
    pub fn holds(&self, path: &str) -> bool {
        !self.0.is_empty()
            && !path.starts_with('/')
            && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }
}

/// What is wrong with a pattern.
pub(super) fn check_pattern(pattern: &str) -> Result<(), String> {
    if pattern.trim().is_empty() {
        return Err("a pattern must not be empty".to_owned());
    }
    let mut builder = GitignoreBuilder::new("");
    match builder.add_line(None, pattern).and(Ok(())) {
        Ok(()) => builder.build().map(|_| ()).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let patterns = [
            "relux/tests/generated/",
            "*.gen.relux",
            "/relux/lib/old.relux",
            "!keep.gen.relux",
        ];
        let excluded = Excluded::new(&patterns.map(str::to_owned));
        for path in [
            "relux/tests/generated/a/b.relux",
            "relux/lib/x.gen.relux",
            "relux/lib/old.relux",
        ] {
            assert!(excluded.holds(path), "{path}");
        }
        for path in [
            "relux/tests/a.relux",
            "relux/lib/keep.gen.relux",
            "a/relux/lib/old.relux",
            "/x.gen.relux",
        ] {
            assert!(!excluded.holds(path), "{path}");
        }
        assert!(!Excluded::new(&[]).holds("relux/lib/a.relux"));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        assert!(check_pattern("relux/**/x.relux").is_ok());
        assert!(check_pattern("  ").is_err());
        assert!(check_pattern("a\\").is_err());
    }
}
