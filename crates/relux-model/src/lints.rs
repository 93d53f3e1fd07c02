//! What runs but is likely wrong, one file per rule. Only files without errors are judged: while somebody types, half
//! of a file is unused.
//!
//! They read the occurrences of names, the item index and lowered bodies, never trees.

mod constant_marker;
mod dead_definition;
mod duplicate_expose;
mod duplicate_start;
mod effect_variable_in_qualified_block;
mod environment;
mod hard_coded_port;
mod inherited_expect_not_declared;
mod literals;
mod marker_variable_never_set;
mod mentions;
mod overlay_key_not_expected;
mod shadowed_builtin;
mod shared_path;
mod shells;
mod start_shadows;
mod test_in_library;
mod undefined_variable;
mod unset_in_cleanup;
mod unused_alias;
mod unused_definition;
mod unused_expect;
mod unused_import;
mod unused_parameter;
mod unused_variable;
mod variable_out_of_reach;

use std::sync::Arc;

use relux_syntax::{Diagnostic, TextRange};
use rustc_hash::FxHashSet;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Effect, ItemIndex, Name, ShellItem, StartItem, Test, item_index};
use crate::names::{Occurrence, Role, Symbol, collect};
use crate::scope::{Scope, scope};
use crate::source_map::{BodyRanges, SourceMap, source_map};

/// What every lint reads and writes.
struct Context<'a, 'db> {
    db: &'db dyn Db,
    suite: Suite,
    file: SourceFile,
    text: &'db str,
    index: &'db Arc<ItemIndex>,
    map: &'db Arc<SourceMap>,
    scope: &'db Scope,
    /// All names of the file, in source order.
    names: &'a [Occurrence],
    found: Vec<Diagnostic>,
}

/// What is said of a module whatever the others use. Its names are looked up once for all of it and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judged {
    /// Expects that its effects do not read, with their places.
    idle_expects: Vec<(TextRange, Name)>,
    found: Vec<Diagnostic>,
}

pub(crate) use mentions::mentioned_in;
pub(crate) use unused_definition::{Call, calls_in};

/// Makes what other modules are judged by.
pub(crate) fn prepare(db: &dyn Db, suite: Suite, file: SourceFile) {
    mentioned_in(db, suite, file);
    calls_in(db, suite, file);
}

/// Judges a module by itself. Only the rules that look at the whole suite ask for it, so only the latest are kept.
#[salsa::tracked(returns(ref), lru = 64)]
fn judged(db: &dyn Db, suite: Suite, file: SourceFile) -> Judged {
    let names = collect(db, suite, file);
    let mut cx = Context {
        db,
        suite,
        file,
        text: file.text(db),
        index: item_index(db, file),
        map: source_map(db, file),
        scope: scope(db, suite, file),
        names: &names,
        found: Vec::new(),
    };
    unused_import::check(&mut cx);
    unused_variable::check(&mut cx);
    unused_parameter::check(&mut cx);
    environment::check(&mut cx);
    unused_alias::check(&mut cx);
    duplicate_expose::check(&mut cx);
    duplicate_start::check(&mut cx);
    test_in_library::check(&mut cx);
    start_shadows::check(&mut cx);
    shadowed_builtin::check(&mut cx);
    dead_definition::check(&mut cx);
    constant_marker::check(&mut cx);
    literals::check(&mut cx);
    inherited_expect_not_declared::check(&mut cx);
    shells::check(&mut cx);
    Judged {
        idle_expects: unused_expect::candidates(&cx),
        found: cx.found,
    }
}

/// All lints of a module, by position; to be asked for only where there are no errors.
#[salsa::tracked(returns(ref))]
pub fn lint_diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let mut found = judged(db, suite, file).found.clone();
    found.append(&mut unused_definition::check(db, suite, file));
    found.append(&mut unused_expect::check(db, suite, file));
    found.append(&mut overlay_key_not_expected::check(db, suite, file));
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found
}

/// An effect or a test.
#[derive(Clone, Copy)]
struct Body<'db> {
    starts: &'db [StartItem],
    shells: &'db [ShellItem],
    ranges: &'db BodyRanges,
}

impl<'db> Body<'db> {
    /// All effects of a file, then all tests.
    fn all(index: &'db ItemIndex, map: &'db SourceMap) -> impl Iterator<Item = Self> {
        let effect = |(effect, ranges): (&'db Effect, &'db BodyRanges)| Self {
            starts: &effect.starts,
            shells: &effect.shells,
            ranges,
        };
        let test = |(test, ranges): (&'db Test, &'db BodyRanges)| Self {
            starts: &test.starts,
            shells: &test.shells,
            ranges,
        };
        let effects = index.effects.iter().zip(&map.effects).map(effect);
        effects.chain(index.tests.iter().zip(&map.tests).map(test))
    }
}

impl<'db> Context<'_, 'db> {
    /// All effects, then all tests.
    fn bodies(&self) -> impl Iterator<Item = Body<'db>> + use<'db> {
        let (index, map): (&'db ItemIndex, &'db SourceMap) = (self.index, self.map);
        Body::all(index, map)
    }

    /// Whether the word at a place means such a thing.
    fn means(&self, range: TextRange, wanted: impl Fn(&Symbol) -> bool) -> bool {
        let first = self.names.partition_point(|it| it.range < range);
        let here = self.names[first..].iter().take_while(|it| it.range == range);
        here.into_iter().any(|it| wanted(&it.symbol))
    }

    fn word(&self, range: TextRange) -> &'db str {
        range.slice(self.text)
    }

    /// Whether a place lies in an import.
    fn in_import(&self, range: TextRange) -> bool {
        holds(&self.map.imports, |import| import.whole, range)
    }
}

/// Whether one of these, which are in source order and do not overlap, holds a place.
fn holds<T>(sorted: &[T], whole: impl Fn(&T) -> TextRange, range: TextRange) -> bool {
    let behind = sorted.partition_point(|it| whole(it).start <= range.start);
    behind
        .checked_sub(1)
        .is_some_and(|at| whole(&sorted[at]).covers(range))
}

/// The names that `name` picks, where they are declared and nothing reads them.
fn unread<'a>(
    names: &'a [Occurrence],
    name: impl Fn(&'a Symbol) -> Option<&'a Name>,
) -> Vec<(&'a Name, TextRange)> {
    let picked = |role| {
        names
            .iter()
            .filter(move |it| it.role == role)
            .filter_map(|it| Some((name(&it.symbol)?, it)))
    };
    let read: FxHashSet<&Symbol> = picked(Role::Reference).map(|(_, it)| &it.symbol).collect();
    picked(Role::Definition)
        .filter(|(name, it)| !read.contains(&it.symbol) && !is_exempt(name))
        .map(|(name, it)| (name, it.range))
        .collect()
}

/// Whether a name says by itself that it is not used.
fn is_exempt(name: &str) -> bool {
    name.starts_with('_')
}

/// The lines of a declaration with their end, if nothing else stands there and no comment in it.
fn line_of(text: &str, whole: TextRange) -> Option<TextRange> {
    let before = &text[..whole.start as usize];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = &text[whole.end as usize..];
    let end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
    let is_alone =
        before[start..].trim_matches(['\u{feff}', ' ', '\t']).is_empty() && rest[..end].trim().is_empty();
    let inside = whole.slice(text);
    (is_alone && !inside.contains("//")).then(|| {
        let start = if before[start..].starts_with('\u{feff}') {
            whole.start
        } else {
            start as u32
        };
        TextRange::new(start, whole.end + end as u32)
    })
}
