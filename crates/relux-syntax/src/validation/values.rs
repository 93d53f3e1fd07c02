//! Text that stands where a value belongs: numbers with fractions, single quotes, paths without quotes, lists.

use super::codes;
use super::sink::shown;
use crate::ast::{Assign, AstNode, Expression, Let, OverlayEntry, SyntaxKind, SyntaxNode};
use crate::{Diagnostic, Fix, TextRange};

/// Text behind `=` or `:=` where no value could be read.
pub(super) fn in_place_of_value(before: SyntaxNode<'_>, range: TextRange) -> Option<Diagnostic> {
    let operator = if let Some(it) = Let::cast(before) {
        it.operator_token().filter(|_| it.value().is_none())
    } else if let Some(it) = Assign::cast(before) {
        it.operator_token().filter(|_| it.value().is_none())
    } else if let Some(it) = OverlayEntry::cast(before) {
        it.operator_token().filter(|_| it.value().is_none())
    } else {
        None
    };
    operator?;
    let text = range.slice(before.source());
    let error = |message: &str| Diagnostic::error(codes::INVALID_VALUE, range, message);
    Some(match text.as_bytes() {
        [b'\'', ..] => quoted(error("a string is written in double quotes"), range, text),
        [b'>' | b'<' | b'!' | b'~' | b'@', ..] | [b'=', b'>', ..] => error("a statement has no value")
            .with_help("write it on a line of its own; a match leaves its captures in `$1`, `$2` …"),
        [b'[' | b'{' | b'(', ..] => error("a value is a string, a number, a name or a call")
            .with_help("there are no lists and no parentheses"),
        [b'=' | b'?', ..] => error("a value is missing before this"),
        _ => quoted(
            error(&format!(
                "`{}` is not a value; text is written in double quotes",
                shown(text)
            )),
            range,
            text,
        ),
    })
}

/// `'text'` where a value could have been.
pub(super) fn single_quotes(text: &str, range: TextRange) -> Option<Diagnostic> {
    let inner = text.strip_prefix('\'')?;
    let end = inner.find('\'')? + 2;
    let word = TextRange::new(range.start, range.start + end as u32);
    Some(quoted(
        Diagnostic::error(codes::INVALID_VALUE, word, "a string is written in double quotes"),
        word,
        text.get(..end)?,
    ))
}

/// `1.5`, `42abc`: digits that go on as something else.
pub(super) fn number_with_tail(before: SyntaxNode<'_>, tail: TextRange) -> Option<Diagnostic> {
    let value = last_value(before)?;
    if value.syntax().kind() != SyntaxKind::Number || value.range().end != tail.start {
        return None;
    }
    let whole = value.range().cover(tail);
    let word = whole.slice(before.source());
    let word = word.split([' ', '\t', ',', ')']).next().unwrap_or(word);
    let range = TextRange::new(whole.start, whole.start + word.len() as u32);
    Some(quoted(
        Diagnostic::error(codes::INVALID_VALUE, range, "a number is a row of digits"),
        range,
        word,
    ))
}

/// The last expression of a statement.
fn last_value(statement: SyntaxNode<'_>) -> Option<Expression<'_>> {
    let mut node = statement;
    loop {
        if let Some(expression) = Expression::cast(node)
            && node.kind() != SyntaxKind::Call
        {
            return Some(expression);
        }
        node = node.last_child()?;
    }
}

/// The finding with a fix that puts double quotes around the text.
fn quoted(found: Diagnostic, range: TextRange, text: &str) -> Diagnostic {
    let inner = text.trim_matches('\'').replace('\\', "\\\\").replace('"', "\\\"");
    found.with_fix(Fix::safe("Quote it", range, format!("\"{inner}\"")))
}
