//! Go to definition, to declaration and to implementation. What a name means is for [`relux_model::names`] to say; here
//! its places get paths.

use relux_model::names::{Occurrence, Resolution, Symbol, declarations, references, resolve_at};
use relux_model::source_map::source_map;
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;

use crate::places::{Target, path_of, target};
use crate::suites::Entry;

/// Where the name at an offset leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The name that was asked about, in bytes.
    pub origin: TextRange,
    /// The places, best first; never empty.
    pub targets: Vec<Target>,
}

/// Where the name comes from.
pub(crate) fn definition(db: &dyn Db, entry: Entry, offset: u32) -> Option<Definition> {
    let found = resolve_at(db, entry.suite, entry.file, offset)?;
    let targets = found.targets.iter();
    let targets = targets.map(|it| target(db, entry.suite, *it)).collect();
    some(found.range, targets)
}

/// Where the name comes into sight: an import, an `expose`, or its definition.
pub(crate) fn declaration(db: &dyn Db, entry: Entry, offset: u32) -> Option<Definition> {
    let found = resolve_at(db, entry.suite, entry.file, offset)?;
    let declared = |it: &Occurrence| declarations(db, entry.suite, entry.file, it);
    let targets = found.occurrences.iter().flat_map(declared);
    let mut targets: Vec<Target> = targets.map(|it| target(db, entry.suite, it)).collect();
    dedup(&mut targets);
    some(found.range, targets)
}

/// What makes it real: the starts of an effect, the overlay entries that supply an expect.
pub(crate) fn implementation(db: &dyn Db, entry: Entry, offset: u32) -> Option<Definition> {
    let found: Resolution = resolve_at(db, entry.suite, entry.file, offset)?;
    let mut targets = Vec::new();
    for symbol in found.occurrences.iter().map(|it| &it.symbol) {
        if !matches!(symbol, Symbol::Effect(_) | Symbol::Expect { .. }) {
            continue;
        }
        for (file, at) in references(db, entry.suite, symbol) {
            if let Some(whole) = start_or_entry(db, file, at.range) {
                targets.push(Target {
                    file: path_of(db, entry.suite, file),
                    whole,
                    focus: at.range,
                });
            }
        }
    }
    dedup(&mut targets);
    some(found.range, targets)
}

/// The start whose effect stands at a range, or the overlay entry whose key does.
fn start_or_entry(db: &dyn Db, file: SourceFile, range: TextRange) -> Option<TextRange> {
    let map = source_map(db, file);
    let mut starts = map.effects.iter().chain(&map.tests).flat_map(|it| &it.starts);
    starts.find_map(|start| {
        if start.effect == range {
            return Some(start.whole);
        }
        let entry = start.entries.iter().find(|entry| entry.key == range);
        entry.map(|entry| entry.whole)
    })
}

fn some(origin: TextRange, targets: Vec<Target>) -> Option<Definition> {
    (!targets.is_empty()).then_some(Definition { origin, targets })
}

fn dedup(targets: &mut Vec<Target>) {
    let mut seen = rustc_hash::FxHashSet::default();
    targets.retain(|it| seen.insert((it.file.clone(), it.focus)));
}

#[cfg(test)]
mod tests;
