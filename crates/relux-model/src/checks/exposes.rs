//! `invalid-expose`: an effect hands out what it does not have.

use relux_syntax::{Applicability, Diagnostic, Edit, Fix, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, listed};
use crate::codes;
use crate::fixes::{indent_at, newline};
use crate::items::{Def, Effect, ExposeItem, Name, StartItem, item_index};
use crate::plan::ExposeKind;
use crate::source_map::{ExposeRanges, source_map};
use relux_syntax::nearest::nearest;

pub(super) fn check(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    for (effect, ranges) in index.effects.iter().zip(&map.effects) {
        if effect.exposes.is_empty() {
            continue;
        }
        let own = Own::new(effect);
        for (expose, at) in effect.exposes.iter().zip(&ranges.exposes) {
            match &expose.from {
                _ if expose.target.is_empty() => {}
                None => own_target(cx, effect, &own, expose, at),
                Some(alias) => from_start(cx, effect, &own, expose, at, alias),
            }
        }
    }
}

/// What an effect has, by name.
struct Own<'a> {
    shells: FxHashSet<&'a Name>,
    lets: FxHashSet<&'a Name>,
    /// Of two starts with one alias the last one wins.
    starts: FxHashMap<&'a Name, &'a StartItem>,
}

impl<'a> Own<'a> {
    fn new(effect: &'a Effect) -> Self {
        let shells = effect.shells.iter().filter(|shell| shell.qualifier.is_none());
        let starts = effect.starts.iter();
        Self {
            shells: shells.map(|shell| &shell.name).collect(),
            lets: effect.lets.iter().map(|it| &it.name).collect(),
            starts: starts
                .filter_map(|start| Some((start.alias.as_ref()?, start)))
                .collect(),
        }
    }
}

fn own_target(cx: &mut Context<'_>, effect: &Effect, own: &Own<'_>, expose: &ExposeItem, at: &ExposeRanges) {
    let target = &expose.target;
    let (known, message, what) = match expose.kind {
        ExposeKind::Shell => {
            let message = format!("`{}` has no shell block `{target}` of its own", effect.name());
            (&own.shells, message, "shell block")
        }
        ExposeKind::Var => {
            let message = format!("`{}` has no `let {target}`", effect.name());
            (&own.lets, message, "variable")
        }
    };
    if known.contains(target) {
        return;
    }
    let diagnostic = Diagnostic::error(codes::INVALID_EXPOSE, at.target, message);
    if expose.kind == ExposeKind::Var && effect.expects.contains(target) {
        let help = "an expected variable cannot be exposed: bind it with `let` first";
        return cx.push(diagnostic.with_help(help));
    }
    let names = known.iter().map(|name| name.as_str());
    push_with_nearest(cx, diagnostic, target, names, at.target, what);
}

fn push_with_nearest<'a>(
    cx: &mut Context<'_>,
    diagnostic: Diagnostic,
    target: &str,
    known: impl Iterator<Item = &'a str>,
    range: TextRange,
    what: &str,
) {
    if !cx.may_search() {
        return cx.push(diagnostic);
    }
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    if let Some(near) = nearest(target, known.iter().copied()) {
        let diagnostic = diagnostic
            .with_help(format!("there is a {what} `{near}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{near}`"), range, near));
        return cx.push(diagnostic);
    }
    cx.push(match known.as_slice() {
        [] => diagnostic,
        known => diagnostic.with_help(format!("it has {}", listed(known))),
    });
}

fn from_start(
    cx: &mut Context<'_>,
    effect: &Effect,
    own: &Own<'_>,
    expose: &ExposeItem,
    at: &ExposeRanges,
    alias: &Name,
) {
    let Some(start) = own.starts.get(alias) else {
        let range = at.from.unwrap_or(at.target);
        let message = format!("no start of `{}` has the alias `{alias}`", effect.name());
        let diagnostic = Diagnostic::error(codes::INVALID_EXPOSE, range, message);
        if effect.starts.iter().any(|start| start.effect == *alias) {
            return cx.push(diagnostic.with_help(format!("name it: `start {alias} as …`")));
        }
        let known = own.starts.keys().map(|alias| alias.as_str());
        return push_with_nearest(cx, diagnostic, alias, known, range, "start with the alias");
    };
    let Some(inner) = cx.scope.effect(&start.effect).cloned() else {
        return;
    };
    let Some(callee) = item_index(cx.db, inner.file).effect(&inner.id) else {
        return;
    };
    let mut exposed = callee.exposes.iter();
    if exposed.any(|it| it.kind == expose.kind && *it.name() == expose.target) {
        return;
    }
    let (what, target) = (kind_word(expose.kind), &expose.target);
    let message = format!("`{}` exposes no {what} `{target}`", callee.name());
    let diagnostic = Diagnostic::error(codes::INVALID_EXPOSE, at.target, message);
    let mut own_shells = callee.shells.iter().filter(|shell| shell.qualifier.is_none());
    if expose.kind == ExposeKind::Shell && own_shells.any(|shell| shell.name == *target) {
        // A starter may use the first shell of an effect that exposes nothing, but it cannot be handed on.
        let word = expose_word(cx, &inner);
        let help = format!("add `{word} {target}` to `{}`", callee.name());
        let mut diagnostic = diagnostic.with_help(help);
        diagnostic
            .fixes
            .extend(add_expose(cx, &inner, callee, word, target));
        return cx.push(diagnostic);
    }
    let known = callee.exposes.iter().filter(|it| it.kind == expose.kind);
    let known = known.map(|it| it.name().as_str());
    push_with_nearest(
        cx,
        diagnostic,
        target,
        known,
        at.target,
        &format!("exposed {what}"),
    );
}

const fn kind_word(kind: ExposeKind) -> &'static str {
    match kind {
        ExposeKind::Shell => "shell",
        ExposeKind::Var => "variable",
    }
}

/// How a shell is exposed in the edition of the module that holds the effect.
fn expose_word(cx: &Context<'_>, def: &Def) -> &'static str {
    match crate::edition::edition(cx.db, cx.suite, def.file).edition {
        crate::edition::Edition::E2026_04 => "expose",
        crate::edition::Edition::E2026_08 => "expose shell",
    }
}

/// The fix that exposes a shell of an effect, above its first shell.
fn add_expose(cx: &Context<'_>, def: &Def, effect: &Effect, word: &str, target: &Name) -> Option<Fix> {
    let position = item_index(cx.db, def.file).position(&def.id)?;
    let ranges = source_map(cx.db, def.file).effects.get(position)?;
    let at = ranges.shells.first().map(|it| it.whole.start)?;
    let text = def.file.text(cx.db);
    let (indent, newline) = (indent_at(text, at), newline(text));
    Some(Fix {
        title: format!("Add `{word} {target}` to `{}`", effect.name()),
        applicability: Applicability::Unsafe,
        edits: vec![Edit {
            file: (def.file != cx.file).then(|| def.file.path(cx.db).clone()),
            range: TextRange::empty(at),
            new_text: format!("{word} {target}{newline}{newline}{indent}"),
        }],
    })
}
