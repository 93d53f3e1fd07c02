//! Links: the path of an import leads to its module.

use camino::Utf8PathBuf;
use relux_model::Db;
use relux_model::scope::scope;
use relux_model::source_map::source_map;
use relux_syntax::TextRange;

use crate::places::path_of;
use crate::suites::Entry;

/// A word that leads to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The path of an import, in bytes.
    pub range: TextRange,
    /// Absolute path of the module.
    pub target: Utf8PathBuf,
    /// The same below the root of the suite.
    pub shown: String,
}

pub(crate) fn document_links(db: &dyn Db, entry: Entry) -> Vec<Link> {
    let scope = scope(db, entry.suite, entry.file);
    let imports = source_map(db, entry.file).imports.iter().enumerate();
    let link = |(at, ranges): (usize, &relux_model::source_map::ImportRanges)| {
        let module = scope.import(at)?;
        Some(Link {
            range: ranges.path,
            target: path_of(db, entry.suite, module),
            shown: module.path(db).to_string(),
        })
    };
    imports.filter_map(link).collect()
}

#[cfg(test)]
mod tests;
