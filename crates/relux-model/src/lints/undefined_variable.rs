//! `undefined-variable`: a name that no `let`, overlay, `expect`, `.env` file and environment sets, so that it reads as
//! nothing. Mostly a slip, or a variable of the shell that is meant to be expanded there.

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, Fix, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::{Context, holds};
use crate::builtins::TABLE;
use crate::checks::MAX_SEARCHES;
use crate::codes;
use crate::db::{Db, Suite};
use crate::dot_env::env_file;
use crate::items::{Name, StartItem, item_index};
use crate::names::{Role, Symbol};

/// What the runner sets.
const RESERVED: &str = "__RELUX";

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let mut searches = MAX_SEARCHES;
    let (markers, keys) = (markers(cx), overlay_keys(cx));
    for occurrence in cx.names {
        let Symbol::Environment(name) = &occurrence.symbol else {
            continue;
        };
        let range = occurrence.range;
        if occurrence.role != Role::Reference
            || name.starts_with(RESERVED)
            || holds(&markers, |it| *it, range)
        {
            continue;
        }
        // An overlay key that no effect expects reads nothing; it has a finding of its own.
        if keys.contains(&range) || is_set(cx, name) {
            continue;
        }
        let message = format!("nothing sets `{name}`: it reads as \"\"");
        let mut diagnostic = Diagnostic::new(codes::UNDEFINED_VARIABLE, Severity::Warning, range, message);
        if is_function(cx, name) && !is_interpolated(cx.text, range) {
            // A forgotten pair of parentheses makes an assertion that always holds.
            diagnostic = diagnostic
                .with_help(format!("`{name}` is a function; a call is `{name}()`"))
                .with_fix(Fix::needs_a_look(
                    format!("Call `{name}()`"),
                    TextRange::empty(range.end),
                    "()",
                ));
            cx.found.push(diagnostic);
            continue;
        }
        let meant = if searches > 0 {
            nearest(name, variables_around(cx, range))
        } else {
            None
        };
        searches = searches.saturating_sub(1);
        if let Some(meant) = meant {
            diagnostic = diagnostic
                .with_help(format!("did you mean `{meant}`?"))
                .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), range, meant));
        } else if let Some(dollar) = interpolation(cx.text, range) {
            diagnostic = diagnostic
                .with_help(format!("write `$${{{name}}}` if the shell is to expand it"))
                .with_fix(Fix::needs_a_look(
                    "Leave it to the shell",
                    TextRange::empty(dollar),
                    "$",
                ));
        }
        cx.found.push(diagnostic);
    }
}

fn is_function(cx: &Context<'_, '_>, name: &str) -> bool {
    !cx.scope.functions_named(name).is_empty() || TABLE.iter().any(|it| it.name == name)
}

fn is_interpolated(text: &str, name: TextRange) -> bool {
    interpolation(text, name).is_some()
}

/// Offset of the dollar of `${name}`.
fn interpolation(text: &str, name: TextRange) -> Option<u32> {
    let start = name.start.checked_sub(2)?;
    text.get(start as usize..name.start as usize)
        .filter(|before| *before == "${")
        .map(|_| start)
}

/// Markers in source order.
fn markers(cx: &Context<'_, '_>) -> Vec<TextRange> {
    let functions = cx.map.functions.iter().map(|it| &it.markers);
    let bodies = cx.map.effects.iter().chain(&cx.map.tests).map(|it| &it.markers);
    let mut all: Vec<TextRange> = functions.chain(bodies).flatten().copied().collect();
    all.sort_unstable_by_key(|it| it.start);
    all
}

/// Keys of overlay entries that have a value of their own.
fn overlay_keys(cx: &Context<'_, '_>) -> FxHashSet<TextRange> {
    let bodies = cx.map.effects.iter().chain(&cx.map.tests);
    let entries = bodies
        .flat_map(|body| &body.starts)
        .flat_map(|start| &start.entries);
    entries
        .filter(|entry| entry.value.is_some())
        .map(|entry| entry.key)
        .collect()
}

fn is_set(cx: &Context<'_, '_>, name: &Name) -> bool {
    cx.suite.host_env(cx.db).get(name).is_some() || names_set(cx.db, cx.suite).contains(name)
}

/// Names of variables that the definition around a place declares.
fn variables_around<'a>(cx: &Context<'a, '_>, range: TextRange) -> impl Iterator<Item = &'a str> {
    let around = crate::bodies::lower(cx.db, cx.file).definition_at(range.start);
    let around = around.map_or(TextRange::default(), |it| it.range);
    let first = cx.names.partition_point(|it| it.range.start < around.start);
    let inside = cx.names[first..]
        .iter()
        .take_while(move |it| it.range.end <= around.end);
    inside.filter_map(|it| match &it.symbol {
        Symbol::Variable { name, .. } | Symbol::Parameter { name, .. } | Symbol::Expect { name, .. } => {
            Some(name.as_str())
        }
        _ => None,
    })
}

/// Every name that an overlay, an `expect` or a `.env` file of the suite sets somewhere.
#[salsa::tracked(returns(ref))]
fn names_set(db: &dyn Db, suite: Suite) -> FxHashSet<Name> {
    let keys = |starts: &[StartItem]| -> Vec<Name> {
        let entries = starts.iter().flat_map(|start| &start.overlay);
        entries.map(|entry| entry.key.clone()).collect()
    };
    let mut names = FxHashSet::default();
    for &file in suite.files(db).iter() {
        let index = item_index(db, file);
        for effect in &index.effects {
            names.extend(effect.expects.iter().cloned());
            names.extend(keys(&effect.starts));
        }
        for test in &index.tests {
            names.extend(keys(&test.starts));
        }
    }
    for &file in suite.dot_env_files(db).iter() {
        names.extend(
            env_file(db, file)
                .entries
                .iter()
                .map(|entry| Name::from(entry.name.as_str())),
        );
    }
    names
}
