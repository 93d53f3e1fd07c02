//! `match-echo`: a pattern that finds the echo of the line that was just sent.
//!
//! The terminal echoes what is sent, so text that stands in the line itself is always found there first. Where a line
//! is expected as a whole right after it was typed at the prompt, waiting for its echo is what is meant.

use relux_syntax::{Diagnostic, Fix, Related, Severity, TextRange};

use super::state::{Reader, Sent};
use super::texts::{Renderer, plain};
use super::{Flow, RegexFacts};
use crate::bodies::body::{Pattern, Stmt, StmtKind};
use crate::codes;

/// Judges a pattern that is matched while the echo of `sent` has not been read.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, sent: Sent, stmt: Stmt, pattern: Pattern) {
    let source = pattern.text.range.slice(flow.cx.text);
    // Most patterns are anchored, which keeps the echo out unless a program echoes whole lines by itself.
    if pattern.regex && source.contains(['^', '$']) || source.is_empty() || !is_found(flow, sent, pattern) {
        return;
    }
    let diagnostic = Diagnostic::new(
        codes::MATCH_ECHO,
        Severity::Warning,
        pattern.text.range,
        "the terminal echoes the line that was sent, and this matches the echo",
    )
    .with_related(Related {
        file: None,
        range: sent.text.range,
        message: "sent here".to_owned(),
    })
    .with_help("anchor it: a regex `^…$` matches a whole line of output");
    let diagnostic = match anchored(flow, stmt, pattern) {
        Some((range, text)) => diagnostic.with_fix(Fix::needs_a_look("Match a whole line", range, text)),
        None => diagnostic,
    };
    flow.cx.found.push(diagnostic);
}

fn is_found(flow: &mut Flow<'_, '_, '_>, sent: Sent, pattern: Pattern) -> bool {
    let mut renderer = Renderer::default();
    let payload = renderer.render(flow, sent.text);
    let wanted = renderer.render(flow, pattern.text);
    if pattern.regex {
        let facts = RegexFacts::of(&wanted);
        let is_static = !Renderer::is_open(&wanted) && !wanted.contains("\\b");
        return is_static
            && facts.is_some_and(|facts| !facts.matches_nothing)
            && !(sent.to != Reader::Command && plain(&wanted).is_some_and(|plain| plain == payload.trim()))
            && Renderer::parts(&payload).any(|part| flow.finds(pattern, part));
    }
    // With a line end it can only mean the echo.
    let means_echo =
        wanted.contains(['\n', '\r']) || (sent.to != Reader::Command && wanted.trim() == payload.trim());
    let is_known = !(sent.stale && Renderer::is_open(&wanted));
    // A value alone may be anything, the empty text too.
    let has_text = Renderer::parts(&wanted).next().is_some();
    !means_echo && is_known && has_text && payload.contains(&wanted)
}

/// The edit that makes a match one of a whole line, where the text says what that is.
fn anchored(flow: &Flow<'_, '_, '_>, stmt: Stmt, pattern: Pattern) -> Option<(TextRange, String)> {
    if !matches!(stmt.kind, StmtKind::Match { .. }) {
        return None;
    }
    let source = flow.cx.text;
    let text = pattern.text.range;
    let wanted = flow.static_text(pattern.text)?;
    if pattern.regex {
        return Some((text, format!("^{}$", text.slice(source))));
    }
    let operator = TextRange::new(stmt.range.start, text.start).slice(source);
    let regex = operator.trim_end().strip_suffix('=')?;
    let is_writable = !wanted.chars().any(char::is_control) && !wanted.contains('$');
    is_writable.then(|| {
        (
            stmt.range,
            format!("{regex}? ^{}$", regex_syntax::escape(&wanted)),
        )
    })
}
