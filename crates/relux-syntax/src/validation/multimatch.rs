//! Multimatches: their pattern lines and braces.

use super::codes;
use super::sink::Sink;
use crate::ast::{AstNode, Multimatch, MultimatchPattern, SyntaxKind, SyntaxNode, Token};
use crate::{Diagnostic, Fix, TextRange};

/// Reports a multimatch without patterns, with blanks in its operator, or with operators of matches in its lines.
pub(super) fn check(multimatch: Multimatch<'_>, sink: &mut Sink<'_>) {
    let node = multimatch.syntax();
    let parts: Vec<SyntaxNode<'_>> = node.children().take(3).collect();
    let brace = parts
        .iter()
        .position(|it| it.kind() == SyntaxKind::OpenBrace)
        .unwrap_or(0);
    for pair in parts[..=brace].windows(2) {
        let gap = TextRange::new(pair[0].range().end, pair[1].range().start);
        if !gap.is_empty() {
            sink.push(
                Diagnostic::error(
                    codes::MISPLACED_BLANK,
                    gap,
                    "an operator has no blanks inside of it",
                )
                .with_fix(Fix::safe("Remove the blank", gap, "")),
            );
        }
    }
    if !multimatch.is_closed() {
        sink.open_multimatch(node.range().start);
        if let Some(inner) = node.next_sibling().and_then(Multimatch::cast) {
            let start = inner.syntax().range().start;
            sink.push_nested(
                Diagnostic::error(
                    codes::MISPLACED_STATEMENT,
                    TextRange::new(start, start + 1),
                    "a multimatch cannot be placed inside of another",
                )
                .with_help("close the one above before this line, or put all patterns into one"),
            );
        }
    }
    let misplaced = check_lines(multimatch, sink);
    let mut patterns = multimatch.patterns().peekable();
    if patterns.peek().is_none() && !misplaced {
        let head = TextRange::new(node.range().start, parts[brace].range().end);
        sink.push(
            Diagnostic::error(codes::EMPTY_MULTIMATCH, head, "a multimatch needs a pattern")
                .with_help("each line holds `?` and a regular expression, or `=` and literal text"),
        );
    }
    for pattern in patterns {
        check_operator(pattern, sink);
    }
}

/// Reports lines that are no patterns; whether there are any. Behind a missing brace they belong to the block around.
fn check_lines(multimatch: Multimatch<'_>, sink: &mut Sink<'_>) -> bool {
    let node = multimatch.syntax();
    let indent = sink.lines().indent(node.range().start).len();
    let end = node.range().end.saturating_sub(1);
    if !multimatch.is_closed() || (sink.lines().leads(end) && sink.lines().indent(end).len() < indent) {
        return false;
    }
    let mut any = false;
    let mut line = None;
    for child in node.children().skip(1) {
        let number = sink.lines().number(child.range().start);
        let allowed = !child.is_named()
            || MultimatchPattern::can_cast(child.kind())
            || matches!(child.kind(), SyntaxKind::Comment | SyntaxKind::Timeout);
        if allowed || line == Some(number) {
            continue;
        }
        line = Some(number);
        any = true;
        let start = TextRange::empty(child.range().start);
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_STATEMENT,
                child.range(),
                "each line of a multimatch is a pattern",
            )
            .with_help("begin it with `?` for a regular expression or `=` for literal text")
            .with_fix(Fix::needs_a_look("Match it as a regular expression", start, "? ")),
        );
    }
    any
}

fn check_operator(pattern: MultimatchPattern<'_>, sink: &mut Sink<'_>) {
    let operator: Option<Token<'_>> = match pattern {
        MultimatchPattern::MultimatchRegex(it) => it.operator_token(),
        MultimatchPattern::MultimatchLiteral(it) => it.operator_token(),
    };
    let Some(operator) = operator.filter(|it| it.text().starts_with('<')) else {
        return;
    };
    let plain = &operator.text()[1..];
    sink.push(
        Diagnostic::error(
            codes::WRONG_OPERATOR,
            operator.range(),
            format!("inside of a multimatch a pattern begins with `{plain}` alone"),
        )
        .with_fix(Fix::safe(format!("Write `{plain}`"), operator.range(), plain)),
    );
}
