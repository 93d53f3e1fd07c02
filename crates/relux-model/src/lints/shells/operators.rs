//! `operator-in-payload` and `blank-payload`: operators that were not read as they were meant.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use crate::bodies::body::{Stmt, StmtKind};
use crate::codes;

/// Judges a statement; true if what stands in its pattern is not meant as one.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, stmt: Stmt) -> bool {
    let before = flow.cx.found.len();
    match stmt.kind {
        StmtKind::Send { text, .. } => doubled(flow, stmt.range, text.range, &['>', '=']),
        StmtKind::Match {
            pattern,
            timeout: None,
        } => {
            let text = pattern.text.range;
            if !pattern.regex {
                doubled(flow, stmt.range, text, &['=']);
            }
            time(flow, stmt.range, text, pattern.regex);
        }
        StmtKind::Reset => blank(
            flow,
            stmt.range,
            "so this forgets what has come and waits for nothing",
        ),
        StmtKind::ClearFailPattern => blank(flow, stmt.range, "so this clears the fail pattern"),
        _ => {}
    }
    flow.cx.found.len() > before
}

/// `>>`, `>=` and `<==`: the last character is part of the text.
fn doubled(flow: &mut Flow<'_, '_, '_>, stmt: TextRange, text: TextRange, habits: &[char]) {
    let source = flow.cx.text;
    let operator = TextRange::new(stmt.start, text.start).slice(source);
    let Some(first) = text
        .slice(source)
        .chars()
        .next()
        .filter(|first| habits.contains(first))
    else {
        return;
    };
    if operator.ends_with([' ', '\t']) || operator == "=>" {
        return;
    }
    let range = TextRange::new(stmt.start, text.start + 1);
    let typed = format!("{operator}{first}");
    let meant = if typed == ">=" { "=>" } else { operator };
    flow.cx.found.push(
        Diagnostic::new(
            codes::OPERATOR_IN_PAYLOAD,
            Severity::Warning,
            range,
            format!(
                "there is no operator `{typed}`: this is `{operator}`, and the text begins with `{first}`"
            ),
        )
        .with_help(format!("put a blank behind `{operator}` if that is meant"))
        .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), range, meant)),
    );
}

/// `<? ~5s …`: the time goes into the operator.
fn time(flow: &mut Flow<'_, '_, '_>, stmt: TextRange, text: TextRange, regex: bool) {
    let payload = text.slice(flow.cx.text);
    let Some(rest) = payload.strip_prefix(['~', '@']) else {
        return;
    };
    let len = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let behind = &rest[len..];
    let is_end = behind.is_empty() || behind.starts_with([' ', '\t', '?', '=']);
    if !is_end
        || !rest[..len].ends_with(|c: char| c.is_ascii_alphabetic())
        || humantime::parse_duration(&rest[..len]).is_err()
    {
        return;
    }
    let time = &payload[..=len];
    let mark = if regex { '?' } else { '=' };
    let behind = behind.strip_prefix(['?', '=']).unwrap_or(behind);
    let range = TextRange::new(text.start, text.start + time.len() as u32);
    let message = format!("`{time}` is part of the pattern here, not a timeout");
    flow.cx.found.push(
        Diagnostic::new(codes::OPERATOR_IN_PAYLOAD, Severity::Warning, range, message)
            .with_help(format!("a match with its own timeout is `<{time}{mark} …`"))
            .with_fix(Fix::needs_a_look(
                format!("Change to `<{time}{mark}`"),
                TextRange::new(stmt.start, text.end),
                format!("<{time}{mark}{behind}"),
            )),
    );
}

/// `<= \n`: escapes for blanks alone are no pattern.
fn blank(flow: &mut Flow<'_, '_, '_>, stmt: TextRange, what: &str) {
    let text = stmt.slice(flow.cx.text);
    let Some((operator, payload)) = text.split_once('=') else {
        return;
    };
    if payload.trim().is_empty() {
        return;
    }
    flow.cx.found.push(
        Diagnostic::new(
            codes::BLANK_PAYLOAD,
            Severity::Warning,
            stmt,
            format!("a text of blanks alone counts as none, {what}"),
        )
        .with_help(format!("a regex may be blank: `{operator}?{payload}`"))
        .with_fix(Fix::needs_a_look(
            "Make it a regex",
            stmt,
            format!("{operator}?{payload}"),
        )),
    );
}
