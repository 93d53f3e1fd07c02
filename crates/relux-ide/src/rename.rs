//! Rename: every place that names a thing gets the new name, over the whole suite, or nothing changes and it is said why.
//!
//! Where one word means two things and only one of them gets another name, the word is taken apart: `KEY` becomes
//! `NEW = KEY`, `expose url` becomes `expose url as new`. What comes out is read again before it is handed out: each
//! name must mean what it meant before.

mod edits;
mod environment;
mod subject;
mod verify;

use camino::Utf8PathBuf;
use relux_model::Db;
use relux_model::names::resolve_at;
use relux_syntax::TextRange;

use crate::places::path_of;
use crate::suites::Entry;
use subject::Subject;

/// What can be renamed at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renameable {
    /// The name, in bytes.
    pub range: TextRange,
    /// The name as it is.
    pub name: String,
}

/// The edits of one file, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdits {
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// What is replaced, and by what.
    pub edits: Vec<(TextRange, String)>,
}

/// Why something is not renamed: a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

/// What a rename would change; `None` where there is no name.
pub(crate) fn prepare(db: &dyn Db, entry: Entry, offset: u32) -> Result<Option<Renameable>, Refused> {
    let Some(found) = resolve_at(db, entry.suite, entry.file, offset) else {
        return Ok(None);
    };
    let subject = Subject::new(db, entry, &found)?;
    Ok(Some(Renameable {
        range: found.range,
        name: subject.old,
    }))
}

/// The edits that rename what stands at an offset, by path. Empty where there is no name, or where it has that name.
pub(crate) fn rename(db: &dyn Db, entry: Entry, offset: u32, new: &str) -> Result<Vec<FileEdits>, Refused> {
    let Some(found) = resolve_at(db, entry.suite, entry.file, offset) else {
        return Ok(Vec::new());
    };
    let subject = Subject::new(db, entry, &found)?;
    if new == subject.old {
        return Ok(Vec::new());
    }
    subject.accepts(new)?;
    environment::check(db, entry.suite, &subject, new)?;
    let files = edits::collect(db, entry.suite, &subject, new);
    verify::check(db, entry.suite, &files, new)?;
    let edits = files.into_iter().filter(|file| !file.splices.is_empty());
    Ok(edits
        .map(|file| FileEdits {
            file: path_of(db, entry.suite, file.source),
            edits: file
                .splices
                .iter()
                .map(|splice| (splice.range, splice.text()))
                .collect(),
        })
        .collect())
}

#[cfg(test)]
mod tests;
