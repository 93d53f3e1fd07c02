//! Operators of statements: incomplete, torn apart, of another language, or without what belongs behind them.

use super::codes;
use super::expressions::end_of;
use super::names::{Case, check_identifier};
use super::sink::Sink;
use crate::ast::{
    Assign, AssignOrAssert, AstNode, IncompleteOperator, Let, OverlayEntry, SyntaxKind, SyntaxNode, Token,
};
use crate::{Diagnostic, Fix, TextRange};

/// `let name = value`.
pub(super) fn check_let(bind: Let<'_>, sink: &mut Sink<'_>) {
    let at = TextRange::new(bind.range().start, bind.range().start + 3);
    match bind.name() {
        Some(name) => check_identifier(name, Case::Any, "variables", sink),
        None => sink.push(Diagnostic::error(
            codes::MISSING_NAME,
            end_of(at),
            "`let` needs the name of a variable",
        )),
    }
    let help = "for an empty value write the name alone";
    check_binding(bind.operator_token(), bind.value().is_some(), help, sink);
}

/// `KEY = value` in an overlay.
pub(super) fn check_entry(entry: OverlayEntry<'_>, sink: &mut Sink<'_>) {
    match entry.key() {
        Some(key) => check_identifier(key, Case::Any, "overlay keys", sink),
        None => sink.push(
            Diagnostic::error(codes::MISSING_NAME, entry.range(), "a key is missing before this")
                .with_help("a key, its operator and its value share one line"),
        ),
    }
    let help = "to pass on a variable of the same name write the key alone";
    check_binding(entry.operator_token(), entry.value().is_some(), help, sink);
}

/// `name := value`.
pub(super) fn check_assign(assign: Assign<'_>, sink: &mut Sink<'_>) {
    if let Some(name) = assign.name() {
        check_identifier(name, Case::Any, "variables", sink);
    }
    check_binding(
        assign.operator_token(),
        assign.value().is_some(),
        "for an empty value write `\"\"`",
        sink,
    );
}

/// `name = rest`.
pub(super) fn check_assign_or_assert(statement: AssignOrAssert<'_>, sink: &mut Sink<'_>) {
    if let Some(name) = statement.name() {
        check_identifier(name, Case::Any, "variables", sink);
    }
    check_equals(statement.operator_token(), sink);
}

fn check_binding(operator: Option<Token<'_>>, has_value: bool, help: &str, sink: &mut Sink<'_>) {
    check_equals(operator, sink);
    if let Some(operator) = operator
        && !has_value
    {
        sink.push(
            Diagnostic::error(
                codes::MISSING_VALUE,
                end_of(operator.range()),
                format!("a value is missing behind `{}`", operator.text()),
            )
            .with_help(help.to_owned()),
        );
    }
}

/// `==`, which no edition has.
pub(super) fn check_equals(operator: Option<Token<'_>>, sink: &mut Sink<'_>) {
    let Some(operator) = operator.filter(|it| it.kind() == SyntaxKind::EqualsEquals) else {
        return;
    };
    sink.push(
        Diagnostic::error(
            codes::WRONG_OPERATOR,
            operator.range(),
            "there is no operator `==`",
        )
        .with_help("a single `=` binds and compares")
        .with_fix(Fix::safe("Write `=`", operator.range(), "=")),
    );
}

/// The operator of a send, match or fail pattern: its characters follow each other without blanks.
pub(super) fn check_glued(statement: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    let parts: Vec<SyntaxNode<'_>> = statement
        .children()
        .take_while(|it| {
            !matches!(
                it.kind(),
                SyntaxKind::Literal | SyntaxKind::Regex | SyntaxKind::Newline
            )
        })
        .collect();
    for pair in parts.windows(2) {
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
            return;
        }
    }
}

/// A fail pattern with a timeout, which does not exist.
pub(super) fn check_fail_timeout(timeout: Option<crate::ast::Timeout<'_>>, sink: &mut Sink<'_>) {
    let Some(timeout) = timeout else { return };
    sink.push(
        Diagnostic::error(
            codes::WRONG_OPERATOR,
            timeout.range(),
            "a fail pattern has no timeout",
        )
        .with_help("it watches until it is replaced")
        .with_fix(Fix::safe("Remove the timeout", timeout.range(), "")),
    );
}

/// An operator that is only half there.
pub(super) fn check_incomplete(operator: IncompleteOperator<'_>, sink: &mut Sink<'_>) {
    let text = operator.text();
    let help = match text.chars().next() {
        Some('<') if operator.timeout().is_some() => {
            "go on with `?` and a regular expression, `=` and literal text, or `{` and several patterns"
        }
        Some('<') => {
            "write `<?` for a regular expression, `<=` for literal text, or `<{` for several patterns"
        }
        Some('!') => "write `!?` for a regular expression or `!=` for literal text",
        _ => "write `=>` to send without a newline, or a name before `=`",
    };
    sink.push(
        Diagnostic::error(
            codes::INCOMPLETE_OPERATOR,
            operator.range(),
            format!("`{text}` is not a whole operator"),
        )
        .with_help(help),
    );
}
