//! Go to definition. What a name means is for [`relux_model::names`] to say; here its places get paths.

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::Db;
use relux_model::names::resolve_at;
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

pub(crate) fn definition(db: &dyn Db, entry: Entry, offset: u32) -> Option<Definition> {
    let found = resolve_at(db, entry.suite, entry.file, offset)?;
    let root = Utf8Path::new(&**entry.suite.root(db));
    let targets: Vec<Target> = found
        .targets
        .iter()
        .map(|target| Target {
            file: root.join(&**target.file.path(db)),
            whole: target.full,
            focus: target.name,
        })
        .collect();
    (!targets.is_empty()).then_some(Definition {
        origin: found.range,
        targets,
    })
}

#[cfg(test)]
mod tests;
