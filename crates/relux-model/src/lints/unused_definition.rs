//! `unused-function` and `unused-effect`: definitions that no module of the suite names. Hints only: a library grows
//! before its users do.

use relux_syntax::{Diagnostic, Severity};
use rustc_hash::FxHashSet;

use super::{Context, holds, is_exempt};
use crate::codes;
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, ItemId};
use crate::names::{Role, Symbol, occurrences};

pub(super) fn check(cx: &mut Context<'_>) {
    let used = used_items(cx.db, cx.suite);
    let is_used = |id: &ItemId| {
        used.contains(&Def {
            file: cx.file,
            id: id.clone(),
        })
    };
    let hint = |code, what: &str, range| {
        Diagnostic::new(
            code,
            Severity::Hint,
            range,
            format!("nothing in the suite {what}"),
        )
    };
    let mut found = Vec::new();
    for (function, ranges) in cx.index.functions.iter().zip(&cx.map.functions) {
        if !ranges.name.is_empty() && !is_exempt(&function.id.name) && !is_used(&function.id) {
            let what = format!("calls `{}` with {} arguments", function.id.name, function.arity());
            found.push(hint(codes::UNUSED_FUNCTION, &what, ranges.name));
        }
    }
    for (effect, ranges) in cx.index.effects.iter().zip(&cx.map.effects) {
        if !ranges.name.is_empty() && !is_used(&effect.id) {
            found.push(hint(
                codes::UNUSED_EFFECT,
                &format!("starts `{}`", effect.id.name),
                ranges.name,
            ));
        }
    }
    cx.found.append(&mut found);
}

/// The functions and effects that a module names, imports aside, each once and in an order of its own. Most edits do
/// not change this, so what other modules hear of an edit stays little.
#[salsa::tracked(returns(ref))]
fn items_used_in(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Def> {
    let imports = &crate::source_map::source_map(db, file).imports;
    let mut used = Vec::new();
    let mut seen = FxHashSet::default();
    for occurrence in occurrences(db, suite, file) {
        let (Symbol::Function(def) | Symbol::Effect(def)) = &occurrence.symbol else {
            continue;
        };
        let names_it =
            occurrence.role == Role::Reference && !holds(imports, |import| import.whole, occurrence.range);
        if names_it && seen.insert(def) {
            used.push(def.clone());
        }
    }
    used
}

#[salsa::tracked(returns(ref))]
fn used_items(db: &dyn Db, suite: Suite) -> FxHashSet<Def> {
    let files = suite.files(db).iter();
    files
        .flat_map(|&file| items_used_in(db, suite, file).iter().cloned())
        .collect()
}
