//! Text that stands where a value belongs: numbers with fractions, single quotes, paths without quotes, lists.

use super::codes;
use super::sink::shown;
use crate::ast::{Assign, AstNode, Expression, Let, OverlayEntry, SyntaxKind, SyntaxNode};
use crate::{Diagnostic, Fix, TextRange, names};

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
        [b'\'', ..] => quoted(
            error("a string is written in double quotes").with_help("exchange the quotes"),
            range,
            text,
        ),
        [b'>' | b'<' | b'!' | b'~' | b'@', ..] | [b'=', b'>', ..] => error("a statement has no value")
            .with_help("write it on a line of its own; a match leaves its captures in `$1`, `$2` …"),
        [b'[' | b'{' | b'(', ..] => error("a value is a string, a number, a name or a call")
            .with_help("there are no lists, no objects and no parentheses"),
        [b'`', ..] | [b'$', b'(', ..] => error("commands do not run in a value")
            .with_help("send the command in a shell, match its output with `<? ^(.*)$` and use `$1`"),
        [b'$', ..] if names::is_variable(&text[1..]) => error("a variable is read without `$`")
            .with_help(format!("write `{}`", &text[1..]))
            .with_fix(Fix::safe(format!("Write `{}`", &text[1..]), range, &text[1..])),
        [b'-', digit, ..] if digit.is_ascii_digit() => quoted(
            error("a number has no sign").with_help("every value is text: put it in double quotes"),
            range,
            text,
        ),
        [b'=' | b'?', ..] => error("a value is missing before this"),
        _ => quoted(
            error(&format!("`{}` is not a value", shown(text))).with_help("text is written in double quotes"),
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
    if tail.slice(before.source()).starts_with('(') {
        return Some(
            Diagnostic::error(codes::INVALID_VALUE, value.range(), "a number is no function")
                .with_help("the name of a function begins with a letter or `_`"),
        );
    }
    let word = whole.slice(before.source());
    let word = word.split([' ', '\t', ',', ')']).next().unwrap_or(word);
    let range = TextRange::new(whole.start, whole.start + word.len() as u32);
    Some(quoted(
        Diagnostic::error(codes::INVALID_VALUE, range, "a number is a row of digits")
            .with_help("everything else is text, and written in double quotes"),
        range,
        word,
    ))
}

/// Text behind `let name = value`, or behind `let name` alone.
pub(super) fn behind_binding(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let error = |range, code, message: &str| Diagnostic::error(code, range, message);
    let binding = Let::cast(before);
    if let Some(name) = binding.and_then(|it| it.name())
        && binding.is_some_and(|it| it.operator_token().is_none())
    {
        let end = name.range().end;
        if name.text() == "mut" && text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
            let word = TextRange::new(name.range().start, range.start);
            return Some(
                error(
                    name.range(),
                    codes::UNEXPECTED_TEXT,
                    "every variable can be reassigned, without `mut`",
                )
                .with_help("remove it")
                .with_fix(Fix::safe("Remove `mut`", word, "")),
            );
        }
        let word = text.split([' ', '\t', '=', ':']).next().unwrap_or_default();
        let better = format!("{}{}", name.text(), word.replace('-', "_"));
        if text.starts_with('-') && end == range.start && names::is_variable(&better) {
            let whole = TextRange::new(name.range().start, end + word.len() as u32);
            return Some(super::unexpected::dash_in_name(whole, &better));
        }
        return None;
    }
    let value = last_value(before)?;
    let glued = value.range().end == range.start;
    if value.syntax().kind() != SyntaxKind::Variable {
        return None;
    }
    let whole = value.range().cover(range);
    if glued && text.starts_with(['"', '\'']) {
        let inner = text
            .trim_matches(['"', '\''])
            .replace('{', "${")
            .replace("$${", "${");
        return Some(
            error(
                value.range(),
                codes::INVALID_VALUE,
                "a string has no letter before its quotes",
            )
            .with_help(format!("`\"{}\"` interpolates as it is", shown(&inner)))
            .with_fix(Fix::needs_a_look("Write it so", whole, format!("\"{inner}\""))),
        );
    }
    let words = whole.slice(before.source());
    let plain = |it: char| it.is_alphanumeric() || " _-.,/:@".contains(it);
    if !glued && words.chars().all(plain) {
        return Some(quoted(
            error(whole, codes::INVALID_VALUE, "text is written in double quotes")
                .with_help(format!("write `\"{}\"`", shown(words))),
            whole,
            words,
        ));
    }
    None
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
