//! What runs but is likely wrong, one file per rule. Only files without errors are judged: while somebody types, half
//! of a file is unused.
//!
//! They read the occurrences of names, the item index and lowered bodies, never trees.

mod undefined_variable;
mod unused_definition;
mod unused_import;
mod unused_parameter;
mod unused_variable;

use std::sync::Arc;

use relux_syntax::{Diagnostic, TextRange};
use rustc_hash::FxHashSet;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, ItemIndex, Name, item_index};
use crate::names::{Occurrence, Role, Symbol, collect};
use crate::scope::{Scope, scope};
use crate::source_map::{SourceMap, source_map};

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

/// What a module by itself says about uses. Its names are looked up once for all of it and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Functions and effects that it names, each once.
    used: Vec<Def>,
    found: Vec<Diagnostic>,
}

/// Judges a module.
#[salsa::tracked(returns(ref))]
pub fn judged(db: &dyn Db, suite: Suite, file: SourceFile) -> Judged {
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
    undefined_variable::check(&mut cx);
    Judged {
        used: unused_definition::used_by(&cx),
        found: cx.found,
    }
}

/// All lints of a module, by position; to be asked for only where there are no errors.
#[salsa::tracked(returns(ref))]
pub fn lint_diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let mut found = judged(db, suite, file).found.clone();
    found.append(&mut unused_definition::check(db, suite, file));
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found
}

impl<'db> Context<'_, 'db> {
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
