//! Who names the same thing: over the suite as references, in one file as highlights.
//!
//! The same thing is what a person would say it is: a shell with the names under which effects expose it, an expect with
//! the expects that inherit its value.

use camino::Utf8PathBuf;
use relux_model::names::{
    Occurrence, Resolution, Role, Symbol, names_of_one_thing, occurrences, references as search, resolve_at,
};
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;
use rustc_hash::FxHashSet;

use crate::places::path_of;
use crate::suites::Entry;

/// What happens to a thing where it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It gets a value, or it is introduced.
    Write,
    /// It is used.
    Read,
}

/// A place that names something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// The name, in bytes.
    pub range: TextRange,
    /// What happens there.
    pub access: Access,
}

/// All places of the suite that name what stands at an offset, by path and position. Without `definitions` those are left
/// out where it is introduced.
pub(crate) fn references(db: &dyn Db, entry: Entry, offset: u32, definitions: bool) -> Vec<Reference> {
    let Some(found) = resolve_at(db, entry.suite, entry.file, offset) else {
        return Vec::new();
    };
    let targets: FxHashSet<(SourceFile, TextRange)> =
        found.targets.iter().map(|it| (it.file, it.name)).collect();
    let mut places = Vec::new();
    for symbol in symbols(db, entry, &found) {
        for (file, at) in search(db, entry.suite, &symbol) {
            let introduced = at.role == Role::Definition || targets.contains(&(file, at.range));
            if (definitions || !introduced) && same_capture(&found, &at) {
                places.push(Reference {
                    file: path_of(db, entry.suite, file),
                    range: at.range,
                    access: access(&at),
                });
            }
        }
    }
    if definitions && let Some(regex) = regex(&found) {
        places.push(Reference {
            file: path_of(db, entry.suite, entry.file),
            range: regex,
            access: Access::Write,
        });
    }
    places.sort_by(|a, b| (&a.file, a.range).cmp(&(&b.file, b.range)));
    places.dedup_by(|a, b| (&a.file, a.range) == (&b.file, b.range));
    places
}

/// The places of the file that name what stands at an offset.
pub(crate) fn highlights(db: &dyn Db, entry: Entry, offset: u32) -> Vec<(TextRange, Access)> {
    let Some(found) = resolve_at(db, entry.suite, entry.file, offset) else {
        return Vec::new();
    };
    let symbols = symbols(db, entry, &found);
    let here = occurrences(db, entry.suite, entry.file).iter();
    let mut places: Vec<(TextRange, Access)> = here
        .filter(|it| symbols.contains(&it.symbol) && same_capture(&found, it))
        .map(|it| (it.range, access(it)))
        .collect();
    places.extend(regex(&found).map(|range| (range, Access::Write)));
    places.sort_by_key(|(range, _)| *range);
    places.dedup_by_key(|(range, _)| *range);
    places
}

fn symbols(db: &dyn Db, entry: Entry, found: &Resolution) -> Vec<Symbol> {
    let mut symbols: Vec<Symbol> = Vec::new();
    for occurrence in &found.occurrences {
        for symbol in names_of_one_thing(db, entry.suite, &occurrence.symbol) {
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
    }
    symbols
}

/// `$1` is another thing after another match.
fn same_capture(found: &Resolution, at: &Occurrence) -> bool {
    let is_capture = matches!(at.symbol, Symbol::Capture { .. });
    !is_capture || found.occurrences.iter().any(|it| it.declared == at.declared)
}

/// The regex that set the capture that was asked about.
fn regex(found: &Resolution) -> Option<TextRange> {
    let capture = found.occurrences.first()?;
    matches!(capture.symbol, Symbol::Capture { .. }).then_some(capture.declared)?
}

fn access(occurrence: &Occurrence) -> Access {
    match occurrence.role {
        Role::Definition | Role::Write => Access::Write,
        Role::Reference => Access::Read,
    }
}

#[cfg(test)]
mod tests;
