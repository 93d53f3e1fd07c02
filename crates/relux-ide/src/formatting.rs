//! Formatting: a file, some lines of it, and what somebody just typed. The same engine and bytes as `relux fmt`.

use relux_fmt::{format, format_on_type, format_range};
use relux_model::manifest::{Excluded, manifest};
use relux_model::parse::parse;
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::{Edit, TextRange};

/// What is to be formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formatting {
    /// All of it.
    File,
    /// The lines of a range, in bytes.
    Range(TextRange),
    /// What a character has finished, with the cursor behind it.
    Typed(u32, char),
}

/// The edits, in order; none where the manifest excludes the file, or where formatting would change what it means.
pub(crate) fn formatting(db: &dyn Db, suite: Suite, file: SourceFile, what: Formatting) -> Vec<Edit> {
    // A file whose bytes are no text is not what the model sees of it.
    if file.problem(db).is_some() || is_excluded(db, suite, file) {
        return Vec::new();
    }
    let tree = parse(db, file);
    match what {
        Formatting::File => format(tree).map_or_else(|_| Vec::new(), |it| it.edits()),
        Formatting::Range(range) => format_range(tree, range).unwrap_or_default(),
        Formatting::Typed(offset, typed) => format_on_type(tree, offset, typed),
    }
}

fn is_excluded(db: &dyn Db, suite: Suite, file: SourceFile) -> bool {
    let patterns = &manifest(db, suite).fmt_exclude;
    !patterns.is_empty() && Excluded::new(patterns).holds(file.path(db))
}

#[cfg(test)]
mod tests;
