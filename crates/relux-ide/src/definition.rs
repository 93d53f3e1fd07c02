//! Go to definition.

use camino::Utf8PathBuf;
use relux_model::Db;
use relux_syntax::TextRange;

use crate::suites::Entry;

/// Where the name at an offset comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name that was asked about, in bytes.
    pub origin: TextRange,
    /// The places, best first; never empty.
    pub targets: Vec<Target>,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// All of it.
    pub whole: TextRange,
    /// The name in it.
    pub focus: TextRange,
}

pub(crate) fn definition(_db: &dyn Db, _entry: Entry, _offset: u32) -> Option<Definition> {
    None
}
