//! Expressions: calls, references, and what looks like one.

use super::codes;
use super::lists;
use super::names::{Case, check, check_identifier};
use super::sink::Sink;
use crate::ast::{AstNode, BracedReference, Call, Variable};
use crate::{Diagnostic, Fix, TextRange, names};

/// Calls may be nested this deeply; nobody writes more, and lowering may then recurse.
pub const MAX_NESTING: usize = 64;

/// `name(…)`.
pub(super) fn check_call(call: Call<'_>, sink: &mut Sink<'_>) {
    if let Some(name) = call.function() {
        check_identifier(name, Case::Snake, "function names", sink);
        if let Some(list) = call.arguments() {
            lists::check_call_gap(name.range().end, list, sink);
        }
    }
}

/// A call that stands in too many others.
pub(super) fn too_deep(call: Call<'_>, sink: &mut Sink<'_>) {
    let name = call.function().map_or(call.range(), |it| it.range());
    let message = format!("calls are nested more than {MAX_NESTING} deep");
    sink.push(
        Diagnostic::error(codes::NESTING_TOO_DEEP, name, message)
            .with_help("bind the inner results with `let`"),
    );
}

/// A name as a value.
pub(super) fn check_variable(variable: Variable<'_>, sink: &mut Sink<'_>) {
    check(variable.text(), variable.range(), Case::Any, "variables", sink);
}

/// `${x}` outside of text.
pub(super) fn check_braced(reference: BracedReference<'_>, sink: &mut Sink<'_>) {
    let (text, range) = (reference.text(), reference.range());
    let inside = text.get(2..text.len().saturating_sub(1)).unwrap_or_default();
    let plain = if names::is_variable(inside) {
        Some(inside.to_owned())
    } else if !inside.is_empty() && inside.bytes().all(|it| it.is_ascii_digit()) {
        Some(format!("${inside}"))
    } else {
        None
    };
    let mut found = Diagnostic::error(
        codes::INVALID_VALUE,
        range,
        "`${…}` is an interpolation, which works inside text only",
    );
    if let Some(plain) = plain {
        found = found
            .with_help(format!("write `{plain}` or `\"{text}\"`"))
            .with_fix(Fix::safe(format!("Write `{plain}`"), range, plain));
    } else {
        found = found.with_help("put it into a string");
    }
    sink.push(found);
}

/// An empty range behind the last character of a range.
pub(super) fn end_of(range: TextRange) -> TextRange {
    TextRange::empty(range.end)
}
