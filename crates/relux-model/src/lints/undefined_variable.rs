//! `undefined-variable`: a name that no `let`, overlay, `expect`, `.env` file and environment sets, so that it reads as
//! nothing. Mostly a slip, or a variable of the shell that is meant to be expanded there.

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, Fix, Related, Severity, TextRange};

use super::Context;
use super::environment::{Read, inside, may_be_set};
use crate::builtins::TABLE;
use crate::codes;
use crate::names::{Role, Symbol};

pub(super) fn judge(cx: &Context<'_, '_>, read: Read<'_>, searches: &mut u32) -> Option<Diagnostic> {
    let (name, range) = (read.name, read.range);
    if may_be_set(cx, read) || has_default(cx.text, range) {
        return None;
    }
    let message = format!("nothing sets `{name}`: it reads as \"\"");
    let diagnostic = Diagnostic::new(codes::UNDEFINED_VARIABLE, Severity::Warning, range, message);
    if is_meant_as_call(cx, read) {
        // A forgotten pair of parentheses makes an assertion that always holds.
        return Some(
            diagnostic
                .with_help(format!("`{name}` is a function; a call is `{name}()`"))
                .with_fix(Fix::needs_a_look(
                    format!("Call `{name}()`"),
                    TextRange::empty(range.end),
                    "()",
                )),
        );
    }
    if let Some(related) = declared_elsewhere(cx, read) {
        return Some(diagnostic.with_related(related));
    }
    let meant = if *searches > 0 {
        nearest(name, variables_around(cx, read))
    } else {
        None
    };
    *searches = searches.saturating_sub(1);
    Some(if let Some(meant) = meant {
        diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), range, meant))
    } else if let Some(dollar) = interpolation(cx.text, range) {
        diagnostic
            .with_help(format!("write `$${{{name}}}` if the shell is to expand it"))
            .with_fix(Fix::needs_a_look(
                "Leave it to the shell",
                TextRange::empty(dollar),
                "$",
            ))
    } else if is_alone(cx.text, range) {
        let start = TextRange::empty(range.start);
        diagnostic
            .with_help(format!(
                "to send it to the shell write `> {name}`; text is written in double quotes"
            ))
            .with_fix(Fix::needs_a_look("Send it to the shell", start, "> "))
    } else {
        diagnostic.with_help("declare it with `let`, or write text in double quotes")
    })
}

/// Whether a name is all that stands on its line.
fn is_alone(text: &str, name: TextRange) -> bool {
    let before = text.get(..name.start as usize).unwrap_or_default();
    let after = text.get(name.end as usize..).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.trim().is_empty() && after.lines().next().unwrap_or_default().trim().is_empty()
}

/// Whether the name of a function stands on its own, where it would be read as a variable.
pub(super) fn is_meant_as_call(cx: &Context<'_, '_>, read: Read<'_>) -> bool {
    let is_function = !cx.scope.functions_named(read.name).is_empty()
        || TABLE.iter().any(|it| it.name == read.name.as_str());
    is_function && interpolation(cx.text, read.range).is_none()
}

/// Offset of the dollar of `${name}`.
pub(super) fn interpolation(text: &str, name: TextRange) -> Option<u32> {
    let start = name.start.checked_sub(2)?;
    text.get(start as usize..name.start as usize)
        .filter(|before| *before == "${")
        .map(|_| start)
}

/// Whether it is the first argument of `default`, which asks whether it is set.
fn has_default(text: &str, name: TextRange) -> bool {
    text.get(..name.start as usize)
        .is_some_and(|before| before.ends_with("default("))
}

/// A `let` of the same definition that does not reach the place: below it, or in another shell.
fn declared_elsewhere(cx: &Context<'_, '_>, read: Read<'_>) -> Option<Related> {
    let declared = inside(cx, read.definition).iter().find(|it| {
        let same = matches!(&it.symbol, Symbol::Variable { name, .. } if name == read.name);
        same && it.role == Role::Definition
    })?;
    let message = if declared.range.start > read.range.start {
        "declared here, below"
    } else {
        "declared here, for this shell only"
    };
    Some(Related {
        file: None,
        range: declared.range,
        message: message.to_owned(),
    })
}

/// Names of variables that the definition around a place declares.
fn variables_around<'a>(cx: &Context<'a, '_>, read: Read<'_>) -> impl Iterator<Item = &'a str> {
    inside(cx, read.definition)
        .iter()
        .filter_map(|it| match &it.symbol {
            Symbol::Variable { name, .. } | Symbol::Parameter { name, .. } | Symbol::Expect { name, .. } => {
                Some(name.as_str())
            }
            _ => None,
        })
}
