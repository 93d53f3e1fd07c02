//! Paths of new modules as people type them: names joined by slashes, each of which can be imported.

use anyhow::{Result, bail};

/// A path below `relux/tests` or `relux/lib`, without extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModulePath {
    segments: Vec<String>,
}

impl ModulePath {
    /// Reads a path as typed. `directory` is what it must be below of.
    pub(crate) fn parse(typed: &str, directory: &str) -> Result<Self> {
        let path = typed.strip_suffix(".relux").unwrap_or(typed);
        let path = path.strip_prefix("./").unwrap_or(path);
        if path.is_empty() {
            bail!(
                "the path of a module cannot be empty\nhelp: write names joined by slashes, like `service/db`"
            );
        }
        if path.starts_with('/') || path.split('/').any(|segment| segment == ".." || segment == ".") {
            bail!(
                "`{typed}` does not lead below {directory}\nhelp: write names joined by slashes, like `service/db`"
            );
        }
        for root in ["relux/tests/", "relux/lib/"] {
            if let Some(rest) = path.strip_prefix(root) {
                bail!("paths are below {directory} already\nhelp: write `{rest}`");
            }
        }
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        for segment in &segments {
            check(segment, typed)?;
        }
        Ok(Self { segments })
    }

    /// `service/db`
    pub(crate) fn below(&self) -> String {
        self.segments.join("/")
    }

    /// `db`
    pub(crate) fn last(&self) -> &str {
        self.segments.last().map_or("", String::as_str)
    }

    /// `get after put` of `get_after_put`.
    pub(crate) fn title(&self) -> String {
        let title = self.last().replace('_', " ");
        let title = title.trim();
        if title.is_empty() { "first" } else { title }.to_owned()
    }

    /// `WebServer` of `web_server`.
    pub(crate) fn effect_name(&self) -> String {
        let capital = |word: &str| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
        let words = self.last().split('_').filter(|word| !word.is_empty());
        let name: String = words.map(capital).collect();
        if name.starts_with(|c: char| c.is_ascii_uppercase()) {
            name
        } else {
            format!("E{name}")
        }
    }
}

fn check(segment: &str, typed: &str) -> Result<()> {
    let Some(first) = segment.chars().next() else {
        bail!("`{typed}` has an empty part\nhelp: write one slash between two names");
    };
    let fits = |c: char| c.is_ascii_lowercase() || c == '_';
    if !fits(first) {
        bail!(
            "`{segment}` must begin with a lowercase letter or `_`{}",
            instead(segment)
        );
    }
    if !segment.chars().all(|c| fits(c) || c.is_ascii_digit()) {
        bail!(
            "`{segment}` must consist of lowercase letters, digits and `_`{}",
            instead(segment)
        );
    }
    Ok(())
}

/// The nearest name that would do.
fn instead(segment: &str) -> String {
    let fitting = |c: char| match c.to_ascii_lowercase() {
        c @ ('a'..='z' | '0'..='9') => c,
        _ => '_',
    };
    let name: String = segment.chars().map(fitting).collect();
    let name = name.trim_end_matches('_');
    if name.is_empty() {
        return String::new();
    }
    let digit = name.starts_with(|c: char| c.is_ascii_digit());
    format!("\nhelp: `{}{name}` would do", if digit { "_" } else { "" })
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::ModulePath;

    fn path(typed: &str) -> ModulePath {
        ModulePath::parse(typed, "relux/lib").expect("it is a path")
    }

    #[test]
    fn names_come_from_the_last_part() {
        let found = path("service/web_server.relux");
        assert_eq!(found.below(), "service/web_server");
        assert_eq!(
            (found.title().as_str(), found.effect_name().as_str()),
            ("web server", "WebServer")
        );
        assert_eq!(
            (path("_").title().as_str(), path("_").effect_name().as_str()),
            ("first", "E")
        );
        assert_eq!(path("_1").effect_name(), "E1");
    }

    #[test]
    fn what_is_no_path_says_what_would_do() {
        let mut told = String::new();
        for typed in [
            "",
            ".relux",
            "/a",
            "../a",
            "a//b",
            "a/",
            "Db",
            "my-db",
            "2fast",
            "é",
            "a b",
            "relux/lib/x",
            "./",
        ] {
            let error = ModulePath::parse(typed, "relux/lib").expect_err(typed);
            writeln!(told, "{typed:?}: {error}").expect("a string");
        }
        insta::assert_snapshot!(told);
    }
}
