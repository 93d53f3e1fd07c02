//! Markers: the words of `# skip|run|flaky [if|unless condition]`. Where they may stand is a matter of placement.

use super::codes;
use super::sink::Sink;
use crate::ast::{AstNode, Condition, Marker, SyntaxKind};
use crate::nearest::nearest;
use crate::{Diagnostic, Fix, TextRange};

const KINDS: &[&str] = &["skip", "run", "flaky"];
const FORMS: &str =
    "a marker is `# skip`, `# run` or `# flaky`, then nothing or `if`/`unless` and a condition";

/// Reports a marker that is none.
pub(super) fn check(marker: Marker<'_>, sink: &mut Sink<'_>) {
    let range = marker.range();
    let Some(kind) = marker.kind() else {
        sink.push(
            Diagnostic::error(
                codes::INVALID_MARKER,
                range,
                "`#` begins a marker, and its kind is missing",
            )
            .with_help(FORMS),
        );
        return;
    };
    let word = kind.text();
    if !KINDS.contains(&word) {
        sink.push(unknown_kind(marker, word, kind.range()));
    } else if let Some(modifier) = marker.modifier()
        && marker.condition().is_none()
    {
        sink.push(
            Diagnostic::error(
                codes::INVALID_MARKER,
                TextRange::empty(modifier.range().end),
                format!("a condition is missing behind `{}`", modifier.text()),
            )
            .with_help(
                "write a name of the environment such as `CI`, a quoted string, or a call of a pure function",
            ),
        );
    }
}

/// A word behind `#`: a kind with a typing mistake, or a comment of another language.
fn unknown_kind(marker: Marker<'_>, word: &str, range: TextRange) -> Diagnostic {
    let found = Diagnostic::error(
        codes::INVALID_MARKER,
        range,
        format!("`{word}` is not a kind of marker"),
    );
    if let Some(near) = nearest(word, KINDS.iter().copied()) {
        return found
            .with_help(FORMS)
            .with_fix(Fix::safe(format!("Write `{near}`"), range, near));
    }
    let hash = TextRange::new(marker.range().start, marker.range().start + 1);
    found
        .with_help("a comment begins with `//`")
        .with_fix(Fix::safe("Make it a comment", hash, "//"))
}

/// The operator of a condition.
pub(super) fn check_condition(condition: Condition<'_>, sink: &mut Sink<'_>) {
    let Some(operator) = condition.operator_token() else {
        return;
    };
    match operator.kind() {
        SyntaxKind::EqualsEquals | SyntaxKind::ColonEquals => sink.push(
            Diagnostic::error(
                codes::WRONG_OPERATOR,
                operator.range(),
                format!("a condition compares with `=`, not with `{}`", operator.text()),
            )
            .with_fix(Fix::safe("Write `=`", operator.range(), "=")),
        ),
        SyntaxKind::Equals if condition.right().is_none() => sink.push(Diagnostic::error(
            codes::MISSING_VALUE,
            TextRange::empty(operator.range().end),
            "a value is missing behind `=`",
        )),
        _ => {}
    }
}
