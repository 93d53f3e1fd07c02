//! Names behind an alias: `unresolved-alias`, `unresolved-exposed-variable`, and where such a name cannot be read at all.

use std::borrow::Cow;

use relux_syntax::{Code, Diagnostic, Fix, TextRange};

use super::body::DefBody;
use super::calls::place;
use super::check::Check;
use super::walk::Site;
use crate::checks::listed;
use crate::codes;
use crate::db::{Db, Suite};
use crate::edition::Edition;
use crate::items::{Def, Effect, ExposeItem, Name, StartItem, item_index};
use crate::plan::ExposeKind;
use crate::scope::Scope;

/// Checks `Alias.name` in an expression or in text.
pub(super) fn variable(
    check: &mut Check<'_>,
    definition: &DefBody,
    site: Site,
    alias: TextRange,
    name: TextRange,
    is_argument: bool,
) {
    let whole = alias.cover(name);
    let written = check.text(whole);
    let forbidden = |reason: &str| {
        Diagnostic::error(
            codes::IMPURE_CALL_IN_PURE_CONTEXT,
            whole,
            format!("`{written}` cannot be read in {}", place(definition, site)),
        )
        .with_help(reason)
    };
    let finding = match site {
        Site::Function { .. } => Some(forbidden(
            "pass the value as a parameter: aliases belong to the test or effect that starts them",
        )),
        Site::Marker => Some(forbidden(
            "markers are evaluated before anything starts: they see the environment only",
        )),
        Site::Preamble { .. } => Some(forbidden(
            "effects start after these lines: read it in an overlay or in a shell block",
        )),
        Site::Overlay(_) if is_argument => Some(
            Diagnostic::error(
                codes::IMPURE_CALL_IN_PURE_CONTEXT,
                whole,
                format!("`{written}` cannot be an argument of a call in an overlay"),
            )
            .with_help("make it the value itself, or put it into a string that is the value"),
        ),
        Site::Overlay(_) | Site::Shell(_) | Site::Cleanup => exposed_variable(check, definition, alias, name),
    };
    check.out.extend(finding);
}

fn exposed_variable(
    check: &Check<'_>,
    definition: &DefBody,
    alias: TextRange,
    name: TextRange,
) -> Option<Diagnostic> {
    let Some(start) = find_start(check.starts(definition), check.text(alias)) else {
        return Some(unknown_alias(check, definition, alias));
    };
    let (def, effect) = started(check.db, check.scope, start)?;
    let text = check.text(name);
    let exposed = exposed(check.db, check.suite, def, effect);
    let known = |kind| {
        exposed
            .iter()
            .any(|item| item.kind == kind && item.name() == text)
    };
    if known(ExposeKind::Var) {
        return None;
    }
    if known(ExposeKind::Shell) {
        return Some(
            Diagnostic::error(
                codes::UNRESOLVED_EXPOSED_VARIABLE,
                name,
                format!("`{text}` is a shell of `{}`, not a variable", start.effect),
            )
            .with_label("a shell"),
        );
    }
    let what = Missing {
        code: codes::UNRESOLVED_EXPOSED_VARIABLE,
        kind: ExposeKind::Var,
        effect: &start.effect,
    };
    Some(what.diagnostic(check, name, text, &exposed))
}

/// Something that an effect does not expose.
pub(super) struct Missing<'a> {
    pub(super) code: Code,
    pub(super) kind: ExposeKind,
    pub(super) effect: &'a Name,
}

impl Missing<'_> {
    /// The error at `range`, with what the effect does expose.
    pub(super) fn diagnostic(
        &self,
        check: &Check<'_>,
        range: TextRange,
        text: &str,
        exposed: &[ExposeItem],
    ) -> Diagnostic {
        let (one, many) = match self.kind {
            ExposeKind::Shell => ("shell", "shells"),
            ExposeKind::Var => ("variable", "variables"),
        };
        let effect = self.effect;
        let diagnostic = Diagnostic::error(self.code, range, format!("`{effect}` exposes no {one} `{text}`"));
        let names: Vec<&str> = exposed
            .iter()
            .filter(|item| item.kind == self.kind)
            .map(|item| item.name().as_str())
            .collect();
        let diagnostic = match check.nearest(text, || names.iter().copied()) {
            Some(meant) => {
                diagnostic.with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), range, meant))
            }
            None => diagnostic,
        };
        diagnostic.with_help(match names.as_slice() {
            [] => format!("it exposes no {many}"),
            names => format!("it exposes {}", listed(names)),
        })
    }
}

/// The error for an alias that no start has.
pub(super) fn unknown_alias(check: &Check<'_>, definition: &DefBody, alias: TextRange) -> Diagnostic {
    let text = check.text(alias);
    let diagnostic = Diagnostic::error(
        codes::UNRESOLVED_ALIAS,
        alias,
        format!("no effect is started as `{text}` here"),
    );
    let starts = check.starts(definition).iter();
    let known = || starts.filter_map(|start| start.alias.as_deref());
    if let Some(meant) = check.nearest(text, known) {
        return diagnostic
            .with_help(format!("there is `{meant}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), alias, meant));
    }
    let mut unnamed = definition.starts.iter().filter(|start| start.alias.is_none());
    let (Some(start), None) = (unnamed.next().and_then(|start| start.effect), unnamed.next()) else {
        return diagnostic.with_help(format!("name a start: `start … as {text}`"));
    };
    let effect = check.text(start);
    diagnostic
        .with_help(format!("name the start: `start {effect} as {text}`"))
        .with_fix(Fix::needs_a_look(
            format!("Start `{effect}` as `{text}`"),
            TextRange::empty(start.end),
            format!(" as {text}"),
        ))
}

/// The start with this alias; of several the last one wins.
pub(crate) fn find_start<'a>(starts: &'a [StartItem], alias: &str) -> Option<&'a StartItem> {
    starts
        .iter()
        .rev()
        .find(|start| start.alias.as_deref() == Some(alias))
}

/// The effect that a start starts; `None` where it does not resolve, which is reported at the start.
pub(crate) fn started<'a>(
    db: &'a dyn Db,
    scope: &'a Scope,
    start: &StartItem,
) -> Option<(&'a Def, &'a Effect)> {
    let def = scope.effect(&start.effect)?;
    let effect = item_index(db, def.file).effect(&def.id)?;
    Some((def, effect))
}

/// What a starter of the effect can see. An effect of edition 2026-04 that says nothing exposes its first shell.
pub fn exposed<'a>(db: &dyn Db, suite: Suite, def: &Def, effect: &'a Effect) -> Cow<'a, [ExposeItem]> {
    let nothing = effect.exposes.is_empty()
        && crate::edition::edition(db, suite, def.file).edition != Edition::E2026_04;
    if nothing {
        Cow::Borrowed(&[])
    } else {
        effect.exposed()
    }
}
