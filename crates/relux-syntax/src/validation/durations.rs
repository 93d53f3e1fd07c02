//! Timeouts: `~5s` and `@5s` wherever they stand.

use super::codes;
use super::sink::Sink;
use crate::ast::{AstNode, Timeout};
use crate::duration::{self, DurationError};
use crate::{Diagnostic, Fix, TextRange};

const ALLOWED: &str = "write whole numbers with units and no blanks, such as `500ms`, `5s` or `1m30s`";

/// Reports a timeout whose duration is missing, detached or none.
pub(super) fn check(timeout: Timeout<'_>, sink: &mut Sink<'_>) {
    let Some(sigil) = timeout.sigil_token() else {
        return;
    };
    let Some(duration) = timeout.duration() else {
        sink.push(
            Diagnostic::error(
                codes::INVALID_DURATION,
                timeout.range(),
                format!("a duration is missing behind `{}`", sigil.text()),
            )
            .with_help(ALLOWED),
        );
        return;
    };
    let gap = TextRange::new(sigil.range().end, duration.range().start);
    if !gap.is_empty() {
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_BLANK,
                gap,
                format!("the duration follows `{}` without a blank", sigil.text()),
            )
            .with_fix(Fix::safe("Remove the blank", gap, "")),
        );
    }
    if let Err(error) = timeout.value() {
        let mut found = Diagnostic::error(codes::INVALID_DURATION, duration.range(), error.to_string())
            .with_help(ALLOWED);
        if let Some((fixed, certain)) = repaired(duration.text(), &error) {
            let title = format!("Write `{}{fixed}`", sigil.text());
            found = found.with_fix(if certain {
                Fix::safe(title, duration.range(), fixed)
            } else {
                Fix::needs_a_look(title, duration.range(), fixed)
            });
        }
        sink.push(found);
    }
}

/// The duration that was meant, and whether that is certain.
fn repaired(text: &str, error: &DurationError) -> Option<(String, bool)> {
    let (fixed, certain) = match error {
        DurationError::UnknownUnit(_, Some(_)) => (text.to_lowercase(), true),
        DurationError::MissingUnit => (format!("{text}s"), false),
        DurationError::NotANumber => (without_fraction(text)?, true),
        _ => return None,
    };
    duration::parse(&fixed).is_ok().then_some((fixed, certain))
}

/// `1.5s` → `1500ms`.
fn without_fraction(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.')?;
    let unit = rest.trim_start_matches(|it: char| it.is_ascii_digit());
    let fraction = &rest[..rest.len() - unit.len()];
    let (finer, digits) = match unit {
        "s" | "sec" | "secs" => ("ms", 3),
        "ms" => ("us", 3),
        _ => return None,
    };
    if fraction.len() > digits || fraction.is_empty() {
        return None;
    }
    let number: u64 = format!("{whole}{fraction:0<digits$}").parse().ok()?;
    Some(format!("{number}{finer}"))
}
