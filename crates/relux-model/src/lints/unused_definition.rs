//! `unused-function` and `unused-effect`: definitions that no module of the suite names. Hints only: a library grows
//! before its users do.

use std::sync::Arc;

use relux_syntax::{Diagnostic, Severity};

use super::is_exempt;
use crate::bodies::body::ExprKind;
use crate::bodies::calls::{Called, resolve};
use crate::bodies::lower;
use crate::bodies::walk::{Node, walk};
use crate::codes;
use crate::db::{Db, SourceFile, Suite};
use crate::edition::edition;
use crate::importers::{importers, imports};
use crate::items::{Def, Function, ImportName, ItemId, ItemKind, Name, item_index};
use crate::known::known;
use crate::scope::{effect, scope};
use crate::source_map::source_map;

pub(super) fn check(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let (index, map, scope) = (item_index(db, file), source_map(db, file), scope(db, suite, file));
    let users = importers(db, suite).get(&file).map_or(&[][..], Vec::as_slice);
    let is_used = |id: &ItemId| {
        let def = Def { file, id: id.clone() };
        let mut users = std::iter::once(file).chain(users.iter().copied());
        users.any(|user| uses(db, suite, user, &def))
    };
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

/// Whether a module calls a function or starts an effect. Most modules do not even name it, and are not asked what their
/// names mean.
fn uses(db: &dyn Db, suite: Suite, user: SourceFile, def: &Def) -> bool {
    let imports = imports(db, user);
    let aliases = imports.iter().flat_map(|import| import.names.iter().flatten());
    let aliases = aliases.filter(|it| it.name == def.id.name).map(ImportName::local);
    let mut names = std::iter::once(&def.id.name).chain(aliases);
    names.any(|name| match def.id.kind {
        ItemKind::Function => calls(db, suite, user, name, def),
        _ => {
            starts_in(db, user).binary_search(name).is_ok()
                && effect(db, suite, user, name).as_ref() == Some(def)
        }
    })
}

/// Whether a module calls this function by this name. A call that no function of its name fits may mean any of them.
fn calls(db: &dyn Db, suite: Suite, user: SourceFile, name: &Name, def: &Def) -> bool {
    let all = calls_in(db, suite, user);
    let first = all.partition_point(|call| call.name < *name);
    let mut calls = all[first..]
        .iter()
        .take_while(|call| call.name == *name)
        .peekable();
    if calls.peek().is_none() {
        return false;
    }
    let scope = scope(db, suite, user);
    calls.any(
        |call| match resolve(scope, name, call.arity as usize, call.pure) {
            Called::Function(function) | Called::ImpureFunction(function) => function.def == *def,
            Called::Builtin(_) | Called::ImpureBuiltin(_) => false,
            Called::Unknown => scope.functions_named(name).iter().any(|it| it.def == *def),
        },
    )
}

/// A call as it is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    name: Name,
    arity: u32,
    /// Whether only pure functions can be called there.
    pure: bool,
}

/// The calls in a module, each once and sorted.
#[salsa::tracked(returns(ref))]
pub(crate) fn calls_in(db: &dyn Db, suite: Suite, file: SourceFile) -> Arc<[Call]> {
    if let Some(known) = known(db, suite, file) {
        return Arc::clone(&known.calls);
    }
    let (bodies, text) = (lower(db, file), file.text(db));
    let edition = edition(db, suite, file).edition;
    let mut calls = Vec::new();
    for definition in &bodies.definitions {
        walk(bodies, edition, definition, &mut |site, node| {
            if let Node::Expr(expr, _) = node
                && let ExprKind::Call { name, args } = expr.kind
            {
                calls.push(Call {
                    name: Name::from(name.slice(text)),
                    arity: args.len() as u32,
                    pure: site.is_pure(),
                });
            }
        });
    }
    calls.sort_unstable();
    calls.dedup();
    calls.into()
}

/// The names of effects that a module starts, each once and sorted.
#[salsa::tracked(returns(ref))]
fn starts_in(db: &dyn Db, file: SourceFile) -> Box<[Name]> {
    let index = item_index(db, file);
    let effects = index.effects.iter().flat_map(|it| &it.starts);
    let starts = effects.chain(index.tests.iter().flat_map(|it| &it.starts));
    let mut names: Vec<Name> = starts.map(|it| it.effect.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names.into()
}
