//! From the model's files to paths: the one place where a range gets the path that it lies in.

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::names::Target as NameTarget;
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::{LineIndex, TextRange};

/// A definition, or another thing that one can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// All of it.
    pub whole: TextRange,
    /// The name in it.
    pub focus: TextRange,
}

/// The path of a file.
pub(crate) fn path_of(db: &dyn Db, suite: Suite, file: SourceFile) -> Utf8PathBuf {
    Utf8Path::new(&**suite.root(db)).join(&**file.path(db))
}

/// A line as people name it: path below the root, and number.
pub(crate) fn line_place(db: &dyn Db, file: SourceFile, at: u32) -> String {
    let line = LineIndex::new(file.text(db)).line(at) + 1;
    format!("{}:{line}", file.path(db))
}

/// A place of the model with its path.
pub(crate) fn target(db: &dyn Db, suite: Suite, found: NameTarget) -> Target {
    Target {
        file: path_of(db, suite, found.file),
        whole: found.full,
        focus: found.name,
    }
}
