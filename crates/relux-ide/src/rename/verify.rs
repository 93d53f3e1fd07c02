//! Reads the result of a rename: every name must mean what it meant, and no error may be new.
//!
//! It happens in a database of its own, which is dropped afterwards; the one of the editor never sees the new texts.

use std::sync::Arc;

use relux_model::checks::item_diagnostics;
use relux_model::diagnostics::syntax_diagnostics;
use relux_model::edition::edition;
use relux_model::names::{Occurrence, Role, Symbol, collect};
use relux_model::source_map::{SourceMap, source_map};
use relux_model::{Db, SourceFile, Suite, bodies};
use relux_syntax::{Diagnostic, Severity, TextRange};
use rustc_hash::FxHashMap;

use super::Refused;
use super::edits::{File, Splice, in_import};
use crate::analysis::look;
use crate::places::line_place as place;
use crate::scratch::Scratch;

/// Where a file has a name already.
fn taken(db: &dyn Db, suite: Suite, file: SourceFile, name: &str) -> Option<String> {
    let text = file.text(db);
    let mut all = collect(db, suite, file);
    all.sort_by_key(|it| it.range.start);
    let first = all.iter().find(|it| it.range.slice(text) == name)?;
    Some(place(db, file, first.range.start))
}

/// Refuses a rename that changes more than a name.
pub(super) fn check(db: &dyn Db, suite: Suite, files: &[File], new: &str) -> Result<(), Refused> {
    let texts = files
        .iter()
        .filter(|file| !file.splices.is_empty())
        .map(|file| (file.source, spliced(file.source.text(db), &file.splices)))
        .collect();
    let Scratch {
        db: after,
        suite: renamed,
        twins,
    } = Scratch::new(db, suite, &texts);
    let mut meanings = Meanings::default();
    for file in files {
        look(db);
        let Some(&twin) = twins.get(&file.source) else {
            continue;
        };
        let expected = expected(file, source_map(db, file.source));
        let map = source_map(&after, twin);
        let vague: Vec<TextRange> = file.vague.iter().map(|it| moved(*it, &file.splices)).collect();
        let found: Vec<Occurrence> = collect(&after, renamed, twin)
            .into_iter()
            .filter(|it| !vague.contains(&it.range) && !is_import(it, map))
            .collect();
        let same_edition = edition(db, suite, file.source).edition == edition(&after, renamed, twin).edition;
        if let Some(at) = meanings.first_difference(&expected, &found) {
            let place = place(&after, twin, at);
            let why = match taken(db, suite, file.source, new) {
                Some(at) => format!("`{new}` already names something else at {at}"),
                None => format!("`{new}` would be read as something else at {place}"),
            };
            return Err(Refused(why));
        }
        if !same_edition {
            let path = file.source.path(db);
            return Err(Refused(format!("{path} would be read in another edition")));
        }
        if let Some(error) = new_error(&errors(db, suite, file.source), errors(&after, renamed, twin)) {
            let place = place(&after, twin, error.range.start);
            return Err(Refused(format!("with this name {} at {place}", error.message)));
        }
    }
    Ok(())
}

fn spliced(text: &str, splices: &[Splice]) -> Arc<str> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for splice in splices {
        out.push_str(TextRange::new(at, splice.range.start).slice(text));
        out.push_str(&splice.text());
        at = splice.range.end;
    }
    out.push_str(TextRange::new(at, text.len() as u32).slice(text));
    out.into()
}

/// Whether an import names a function. It is enough that calls mean the same, and names may be listed in any order.
fn is_import(name: &Occurrence, map: &SourceMap) -> bool {
    matches!(name.symbol, Symbol::Function(_)) && in_import(map, name.range)
}

/// The names of a file as they must be afterwards.
fn expected(file: &File, map: &SourceMap) -> Vec<Occurrence> {
    let mut expected = Vec::with_capacity(file.names.len());
    let declared = |name: &Occurrence| name.declared.map(|it| moved(it, &file.splices));
    for name in file.names.iter().filter(|it| !is_import(it, map)) {
        let spliced = file.splices.iter().any(|it| it.range.covers(name.range));
        if !spliced && !file.vague.contains(&name.range) {
            expected.push(Occurrence {
                range: moved(name.range, &file.splices),
                declared: declared(name),
                ..name.clone()
            });
        }
    }
    for splice in &file.splices {
        let mut start = moved(TextRange::empty(splice.range.start), &file.splices).start;
        for part in &splice.parts {
            let range = TextRange::new(start, start + part.text.len() as u32);
            start = range.end;
            let wanted =
                |it: &&Occurrence| part.names.contains(&(it.range, it.symbol.clone())) && !is_import(it, map);
            expected.extend(file.names.iter().filter(wanted).map(|name| Occurrence {
                range,
                declared: declared(name),
                ..name.clone()
            }));
        }
    }
    expected.sort_by_key(|it| it.range);
    expected
}

/// Where a range lies after the splices.
fn moved(range: TextRange, splices: &[Splice]) -> TextRange {
    let shift = |offset: u32| {
        let before = splices
            .iter()
            .filter(|it| it.range.end <= offset && !it.range.is_empty());
        // What is replaced lies before the offset, so the difference is never negative.
        before.fold(offset, |new, it| new + it.text().len() as u32 - it.range.len())
    };
    TextRange::new(shift(range.start), shift(range.end))
}

/// Which symbol became which.
#[derive(Default)]
struct Meanings {
    to: FxHashMap<Symbol, Symbol>,
    from: FxHashMap<Symbol, Symbol>,
}

impl Meanings {
    /// The first place where the names differ.
    fn first_difference(&mut self, expected: &[Occurrence], found: &[Occurrence]) -> Option<u32> {
        for (expected, found) in expected.iter().zip(found) {
            if !self.same(expected, found) {
                return Some(expected.range.start.min(found.range.start));
            }
        }
        let longer = if expected.len() > found.len() {
            expected
        } else {
            found
        };
        longer
            .get(expected.len().min(found.len()))
            .map(|it| it.range.start)
    }

    fn same(&mut self, expected: &Occurrence, found: &Occurrence) -> bool {
        let place = |it: &Occurrence| (it.range, it.role == Role::Write, it.declared);
        let fixed = |it: &Symbol| matches!(it, Symbol::Environment(_) | Symbol::Builtin(_));
        let (before, after) = (&expected.symbol, &found.symbol);
        if place(expected) != place(found) || (fixed(before) || fixed(after)) && before != after {
            return false;
        }
        let to = self.to.entry(before.clone()).or_insert_with(|| after.clone());
        let from = self.from.entry(after.clone()).or_insert_with(|| before.clone());
        to == after && from == before
    }
}

fn errors(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let syntax = syntax_diagnostics(db, file).iter();
    let items = item_diagnostics(db, suite, file).iter();
    let all = syntax.chain(items).chain(bodies::diagnostics(db, suite, file));
    all.filter(|it| it.severity == Severity::Error).cloned().collect()
}

/// An error of a kind that there were fewer of before.
fn new_error(before: &[Diagnostic], after: Vec<Diagnostic>) -> Option<Diagnostic> {
    let count = |of: &[Diagnostic], one: &Diagnostic| of.iter().filter(|it| it.code == one.code).count();
    let all = after.clone();
    after.into_iter().find(|it| count(&all, it) > count(before, it))
}
