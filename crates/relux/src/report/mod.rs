//! Rendering of findings: one file per format, all from the same list.
//!
//! Renderers write to anything and decide nothing: what is reported, in which order, and the exit code are settled
//! before they are called.

pub(crate) mod github;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod page;
mod place;
pub(crate) mod sarif;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use relux_syntax::{Diagnostic, Severity};

/// All findings of one check, in the order of printing.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// Text of every file that a finding names, by path below the suite root.
    pub(crate) sources: BTreeMap<Arc<str>, Arc<str>>,
    /// Path and finding, by path, then position.
    pub(crate) list: Vec<(Arc<str>, Diagnostic)>,
    /// What to put before a path so that it leads there from the current directory; empty or ends in `/`.
    pub(crate) prefix: String,
    /// How many files were checked.
    pub(crate) checked: usize,
}

impl Findings {
    /// How many findings have exactly this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.list
            .iter()
            .filter(|(_, finding)| finding.severity == severity)
            .count()
    }

    /// How many files have findings.
    pub(crate) fn files(&self) -> usize {
        let files: BTreeSet<&str> = self.list.iter().map(|(path, _)| &**path).collect();
        files.len()
    }

    /// The text of a file; empty if it could not be read.
    fn source(&self, path: &str) -> &str {
        self.sources.get(path).map_or("", |text| text)
    }

    /// The path as it is printed.
    fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The word for a severity in machine formats.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Hint => "hint",
    }
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
