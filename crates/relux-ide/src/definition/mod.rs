//! Go to definition: what is named at an offset, and where that is defined.
//!
//! `subject` reads the syntax around the offset, `resolve` follows names through scopes and effects, `variables` knows
//! which declaration a variable reads. Nothing is guessed: an unknown name has no definition.

mod resolve;
mod subject;
mod variables;

use camino::Utf8PathBuf;
use relux_model::Db;
use relux_model::parse::parse;
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
    let parse = parse(db, entry.file);
    let found = subject::at(parse, offset)?;
    let resolver = resolve::Resolver {
        db,
        suite: entry.suite,
        file: entry.file,
    };
    let targets = resolver.targets(&found);
    (!targets.is_empty()).then_some(Definition {
        origin: found.range,
        targets,
    })
}

#[cfg(test)]
mod tests;
