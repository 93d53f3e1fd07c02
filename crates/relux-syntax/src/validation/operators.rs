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
        None => sink.push(
            Diagnostic::error(
                codes::MISSING_NAME,
                end_of(at),
                "`let` needs the name of a variable",
            )
            .with_help("write `let name = value`, or `let name` for an empty one"),
        ),
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
    let more = sink.source()[operator.range().end as usize..].bytes();
    let more = more.take_while(|it| *it == b'=').count() as u32;
    let range = TextRange::new(operator.range().start, operator.range().end + more);
    let text = range.slice(sink.source()).to_owned();
    sink.push(
        Diagnostic::error(
            codes::WRONG_OPERATOR,
            range,
            format!("there is no operator `{text}`"),
        )
        .with_help("a single `=` binds and compares")
        .with_fix(Fix::safe("Write `=`", range, "=")),
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

/// `<<<<<<< HEAD` at the beginning of a line, and what belongs to it: nothing else is said there.
fn merge_conflict(operator: IncompleteOperator<'_>, sink: &mut Sink<'_>) -> Option<Diagnostic> {
    let line = sink.lines().line(operator.range().start);
    let text = line.slice(sink.source());
    if line.start != operator.range().start || !text.starts_with("<<<<<<<") {
        return None;
    }
    let rest = &sink.source()[line.end as usize..];
    let end = rest.find("\n>>>>>>>").map_or(rest.len(), |it| {
        let closing = &rest[it + 1..];
        it + 1 + closing.find('\n').unwrap_or(closing.len())
    });
    sink.mute(TextRange::new(line.end, line.end + end as u32));
    Some(
        Diagnostic::error(
            codes::MERGE_CONFLICT,
            line,
            "a merge left two versions of these lines",
        )
        .with_help(
            "keep one of them, and remove the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`",
        ),
    )
}

/// `<~1m 30s? x`, `<- x`, `< x`: operators that are nearly there.
fn torn_apart(operator: IncompleteOperator<'_>, sink: &Sink<'_>) -> Option<Diagnostic> {
    let (text, start) = (operator.text(), operator.range().start);
    let end = sink.lines().line(start).end;
    let behind = TextRange::new(operator.range().end, end).slice(sink.source());
    let rest = behind.trim();
    if let (Some(timeout), Some(at)) = (operator.timeout(), rest.find(['?', '=', '{'])) {
        let blanks = (behind.len() - behind.trim_start().len()) as u32;
        let glued: String = rest[..at].split([' ', '\t']).collect();
        let time = format!("{}{glued}", timeout.duration()?.text());
        crate::duration::parse(&time).ok()?;
        let last = operator.range().end + blanks + at as u32;
        let range = TextRange::new(timeout.range().start, last);
        let sigil = timeout.sigil_token()?;
        let fixed = format!("{}{time}", sigil.text());
        return Some(
            Diagnostic::error(
                codes::INVALID_DURATION,
                range,
                "a timeout is one word without blanks",
            )
            .with_help(format!("write `{fixed}`"))
            .with_fix(Fix::safe(format!("Write `{fixed}`"), range, fixed)),
        );
    }
    if text != "<" || rest.is_empty() {
        return None;
    }
    let whole = |length: usize| TextRange::new(start, start + length as u32);
    let error = |range: TextRange, message: String| Diagnostic::error(codes::WRONG_OPERATOR, range, message);
    if behind.starts_with("!?") || behind.starts_with("!=") {
        let fail = &behind[..2];
        return Some(
            error(whole(3), format!("there is no operator `<{fail}`"))
                .with_help(format!(
                    "`{fail}` sets a pattern that must not come while the shell waits; write it before the send"
                ))
                .with_fix(Fix::needs_a_look(format!("Write `{fail}`"), whole(3), fail)),
        );
    }
    if behind.starts_with("- ") {
        return Some(
            error(whole(2), "there is no operator `<-`".to_owned())
                .with_help("to wait for output write `<?` and a regular expression, or `<=` and text")
                .with_fix(Fix::needs_a_look("Write `<=`", whole(2), "<=")),
        );
    }
    let plain = behind.starts_with([' ', '\t']) && !rest.starts_with(['?', '=', '{', '<']);
    plain.then(|| {
        Diagnostic::error(
            codes::INCOMPLETE_OPERATOR,
            whole(1),
            "`<` is not a whole operator",
        )
        .with_help("write `<?` for a regular expression, `<=` for literal text, or `<{` for several patterns")
        .with_fix(Fix::needs_a_look("Write `<=`", whole(1), "<="))
    })
}

/// An operator that is only half there.
pub(super) fn check_incomplete(operator: IncompleteOperator<'_>, sink: &mut Sink<'_>) {
    let text = operator.text();
    if let Some(found) = merge_conflict(operator, sink).or_else(|| torn_apart(operator, sink)) {
        sink.push(found);
        return;
    }
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
