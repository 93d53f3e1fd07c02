//! What is said about a file: the one diagnostic type of the checker, the editor and the runner.
//!
//! It lives in the lowest crate so that validation and the model speak with one voice; it knows nothing about how it
//! is drawn. A place in another file is named by that file's path; `None` means "the file of the diagnostic".

use std::fmt;
use std::sync::Arc;

use crate::TextRange;

/// The stable kebab-case name of a diagnostic, as users write it in `allow(…)` and in `[lints]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    /// A code; `name` must be kebab-case.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The kebab-case name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How bad it is. Ordered from harmless to fatal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth a faint mark in an editor; not printed by `relux check`.
    Hint,
    /// Good to know; never changes an exit code.
    Info,
    /// It runs, but it is likely wrong.
    Warning,
    /// A run would fail or lie.
    Error,
}

/// A path of a file as the model names it (`/` separators), shared because many diagnostics name the same file.
pub type FilePath = Arc<str>;

/// One finding, with everything a renderer needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Which rule.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Primary span in the file the diagnostic belongs to.
    pub range: TextRange,
    /// One sentence without a full stop: what is wrong.
    pub message: String,
    /// Short text at the primary span; `None` where the message says it all.
    pub label: Option<String>,
    /// Other places that explain it, with a text each.
    pub related: Vec<Related>,
    /// At most one line of advice: what to write instead.
    pub help: Option<String>,
    /// Changes that would mend it, best first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error without label, help or fixes.
    pub fn error(code: Code, range: TextRange, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, range, message)
    }

    /// A diagnostic without label, help or fixes.
    pub fn new(code: Code, severity: Severity, range: TextRange, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            range,
            message: message.into(),
            label: None,
            related: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// The same with a short text at the primary span.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The same with a line of advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with one more explaining place.
    #[must_use]
    pub fn with_related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }

    /// The same with one more fix.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }
}

/// Another place that explains a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Related {
    /// The file, or `None` for the file of the diagnostic.
    pub file: Option<FilePath>,
    /// The span there.
    pub range: TextRange,
    /// What is to be seen there.
    pub message: String,
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applicability {
    /// The meaning afterwards is certainly what was meant.
    Safe,
    /// A person should look.
    Unsafe,
}

/// A change that would mend a diagnostic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// Imperative sentence without a full stop, as an editor's menu shows it.
    pub title: String,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
    /// The edits; those of one file do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A safe fix of one edit in the diagnostic's own file.
    pub fn safe(title: impl Into<String>, range: TextRange, new_text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            applicability: Applicability::Safe,
            edits: vec![Edit {
                file: None,
                range,
                new_text: new_text.into(),
            }],
        }
    }

    /// The same edit, marked as one to look at first.
    pub fn needs_a_look(title: impl Into<String>, range: TextRange, new_text: impl Into<String>) -> Self {
        Self {
            applicability: Applicability::Unsafe,
            ..Self::safe(title, range, new_text)
        }
    }
}

/// Replaces the text of a range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// The file, or `None` for the file of the diagnostic.
    pub file: Option<FilePath>,
    /// What is replaced.
    pub range: TextRange,
    /// By what.
    pub new_text: String,
}
