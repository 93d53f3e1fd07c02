//! `constant-marker`: a marker that decides the same in every run. Mostly `0` or `"false"` was taken for false.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::{Context, line_of};
use crate::bodies::body::{Condition, ExprId, ExprKind, FileBodies, Marker};
use crate::bodies::calls::literal;
use crate::codes;
use crate::plan::MarkerKind;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    for marker in bodies.definitions.iter().flat_map(|it| &it.markers) {
        let found = match marker.condition {
            Some(condition) => judge(cx, bodies, marker, condition),
            None if marker.kind == Some(MarkerKind::Run) => Some(idle(cx, marker)),
            None => None,
        };
        cx.found.extend(found);
    }
}

fn idle(cx: &Context<'_, '_>, marker: &Marker) -> Diagnostic {
    let message = "`# run` without a condition does nothing";
    let diagnostic = Diagnostic::new(codes::CONSTANT_MARKER, Severity::Warning, marker.range, message);
    match line_of(cx.text, marker.range) {
        Some(line) => diagnostic.with_fix(Fix::safe("Remove the marker", line, "")),
        None => diagnostic.with_help("remove it"),
    }
}

fn judge(
    cx: &Context<'_, '_>,
    bodies: &FileBodies,
    marker: &Marker,
    condition: Condition,
) -> Option<Diagnostic> {
    let value = |id: ExprId| {
        let expr = bodies.expr(id);
        literal(bodies, cx.text, expr.kind, expr.range)
    };
    let place = |id: ExprId| bodies.expr(id).range;
    let (range, holds): (TextRange, bool) = match condition {
        Condition::NotEmpty(id) => (place(id), !value(id)?.is_empty()),
        Condition::Equals(left, right) => (place(left).cover(place(right)), value(left)? == value(right)?),
        Condition::Matches(id, pattern) => {
            let whole = place(id).cover(pattern.text.range);
            value(id)?;
            literal(bodies, cx.text, ExprKind::Text(pattern.text), pattern.text.range)?;
            return Some(said(whole, "this condition is the same in every run"));
        }
    };
    let message = if holds {
        "this condition is always true"
    } else {
        "this condition is always false"
    };
    let diagnostic = said(range, message);
    Some(match condition {
        Condition::NotEmpty(_) if holds => {
            diagnostic.with_help("every text is true but the empty one; a name without quotes is a variable")
        }
        _ if marker.kind == Some(MarkerKind::Flaky) => diagnostic,
        _ if holds == marker.negated => diagnostic.with_help(match marker.kind {
            Some(MarkerKind::Run) => "nothing below it ever runs",
            _ => "the marker does nothing",
        }),
        _ => diagnostic.with_help(match marker.kind {
            Some(MarkerKind::Run) => "the marker does nothing",
            _ => "nothing below it ever runs",
        }),
    })
}

fn said(range: TextRange, message: &str) -> Diagnostic {
    Diagnostic::new(codes::CONSTANT_MARKER, Severity::Warning, range, message)
}
