//! `unused-function` and `unused-effect`: definitions that no module of the suite names. Hints only: a library grows
//! before its users do.

use relux_syntax::{Diagnostic, Severity};
use rustc_hash::FxHashSet;

use super::{Context, is_exempt, judged};
use crate::codes;
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, Function, ItemId, item_index};
use crate::names::{Role, Symbol};
use crate::scope::scope;
use crate::source_map::source_map;

pub(super) fn check(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let (index, map, scope) = (item_index(db, file), source_map(db, file), scope(db, suite, file));
    let used = used_items(db, suite);
    let is_used = |id: &ItemId| used.contains(&Def { file, id: id.clone() });
    let hint = |code, what: &str, range| {
        Diagnostic::new(
            code,
            Severity::Hint,
            range,
            format!("nothing in the suite {what}"),
        )
    };
    // `dead-definition` tells why nothing can call it.
    let is_dead = |function: &Function| {
        let called = scope.function(function.name(), function.arity());
        !function.pure && called.is_some_and(|it| it.pure && it.def.file == file)
    };
    let mut found = Vec::new();
    for (function, ranges) in index.functions.iter().zip(&map.functions) {
        let exempt = ranges.name.is_empty() || is_exempt(function.name());
        if !exempt && !is_used(&function.id) && !is_dead(function) {
            let count = function.arity();
            let noun = if count == 1 { "argument" } else { "arguments" };
            let what = format!("calls `{}` with {count} {noun}", function.id.name);
            found.push(hint(codes::UNUSED_FUNCTION, &what, ranges.name));
        }
    }
    for (effect, ranges) in index.effects.iter().zip(&map.effects) {
        if !ranges.name.is_empty() && !is_used(&effect.id) {
            found.push(hint(
                codes::UNUSED_EFFECT,
                &format!("starts `{}`", effect.id.name),
                ranges.name,
            ));
        }
    }
    found
}

/// The functions and effects that a module names, imports aside, each once and in the order of their first use.
pub(super) fn used_by(cx: &Context<'_, '_>) -> Vec<Def> {
    let mut used = Vec::new();
    let mut seen = FxHashSet::default();
    for occurrence in cx.names {
        let (Symbol::Function(def) | Symbol::Effect(def)) = &occurrence.symbol else {
            continue;
        };
        let names_it = occurrence.role == Role::Reference && !cx.in_import(occurrence.range);
        if names_it && seen.insert(def) {
            used.push(def.clone());
        }
    }
    used
}

/// The same as a query: most edits do not change it, so other modules hear of few of them.
#[salsa::tracked(returns(ref))]
fn items_used_in(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Def> {
    judged(db, suite, file).used.clone()
}

#[salsa::tracked(returns(ref))]
fn used_items(db: &dyn Db, suite: Suite) -> FxHashSet<Def> {
    let files = suite.files(db).iter();
    files
        .flat_map(|&file| items_used_in(db, suite, file).iter().cloned())
        .collect()
}
