//! TAP 14: a line per test in declaration order, and what there is to say about it as YAML.
//!
//! Format: <https://testanything.org/tap-version-14-specification.html>. Strings are written as JSON, which is YAML.

use std::fmt::Write;

use super::files::Told;
use super::words::{kind_word, leak_line, module_of};
use crate::event::{Failure, Outcome, TestResult};
use crate::vm::visible;

/// The document.
pub(super) fn render(told: &Told<'_>) -> String {
    let mut out = "TAP version 14\n".to_owned();
    // Writing to a string cannot fail.
    let _ = match told.tests.len() {
        0 => writeln!(out, "1..0 # SKIP nothing was selected"),
        count => writeln!(out, "1..{count}"),
    };
    for (index, result) in told.tests.iter().enumerate() {
        point(&mut out, index + 1, result);
    }
    let summary = told.summary;
    if let Some(stopped) = &summary.stopped {
        let _ = writeln!(out, "# stopped by {stopped}");
    }
    if summary.broken_files > 0 {
        let _ = writeln!(
            out,
            "Bail out! {} selected files have errors",
            summary.broken_files
        );
    } else if let Some(error) = summary.report_errors.first() {
        let _ = writeln!(out, "Bail out! {}", one_line(error));
    }
    out
}

fn point(out: &mut String, number: usize, result: &TestResult) {
    let ok = match result.outcome {
        Outcome::Passed | Outcome::Flaky | Outcome::Skipped => "ok",
        Outcome::Failed | Outcome::Cancelled | Outcome::Invalid => "not ok",
    };
    let name = format!("{}: {}", module_of(&result.id), result.name);
    let _ = write!(out, "{ok} {number} - {}", escaped(&name));
    if result.outcome == Outcome::Skipped {
        let reason = result.reason.as_deref().unwrap_or_default();
        let _ = writeln!(out, " # SKIP {}", one_line(reason));
        return;
    }
    out.push('\n');
    let _ = writeln!(out, "  ---\n  id: {}", json(&result.id));
    let _ = writeln!(out, "  duration_ms: {}", result.duration_ms);
    if result.outcome != Outcome::Passed {
        let _ = writeln!(out, "  outcome: {}", super::words::outcome_word(result.outcome));
    }
    if result.attempts > 1 {
        let _ = writeln!(out, "  attempts: {}", result.attempts);
    }
    if let Some(reason) = &result.reason {
        let _ = writeln!(out, "  reason: {}", json(reason));
    }
    if let Some(failure) = &result.failure {
        details(out, "  ", failure);
    }
    list(out, "errors", result.errors.iter().map(|error| json(error)));
    list(
        out,
        "leaks",
        result.leaks.iter().map(|leak| json(&leak_line(leak))),
    );
    let warnings = result.warnings.iter().map(|warning| json(&warning.message));
    list(out, "warnings", warnings);
    if !result.earlier.is_empty() {
        out.push_str("  earlier:\n");
        for earlier in &result.earlier {
            let _ = writeln!(out, "    - attempt: {}", earlier.attempt);
            let _ = writeln!(out, "      duration_ms: {}", earlier.duration_ms);
            details(out, "      ", &earlier.failure);
        }
    }
    if let Some(dir) = result
        .log_dir
        .as_ref()
        .filter(|_| result.outcome != Outcome::Passed)
    {
        let _ = writeln!(out, "  logs: {}", json(dir));
    }
    out.push_str("  ...\n");
}

fn details(out: &mut String, indent: &str, failure: &Failure) {
    let _ = writeln!(out, "{indent}message: {}", json(&failure.message));
    let _ = writeln!(out, "{indent}kind: {}", kind_word(failure.kind));
    if let Some(label) = &failure.label {
        let _ = writeln!(out, "{indent}label: {}", json(label));
    }
    if let Some(shell) = &failure.shell {
        let _ = writeln!(out, "{indent}shell: {}", json(shell));
    }
    if let Some(place) = &failure.place {
        let _ = writeln!(out, "{indent}at:");
        let _ = writeln!(out, "{indent}  file: {}", json(&place.file));
        let _ = writeln!(out, "{indent}  line: {}", place.line);
        let _ = writeln!(out, "{indent}  column: {}", place.column);
    }
}

fn list(out: &mut String, name: &str, items: impl Iterator<Item = String>) {
    for (index, item) in items.enumerate() {
        if index == 0 {
            let _ = writeln!(out, "  {name}:");
        }
        let _ = writeln!(out, "    - {item}");
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn one_line(text: &str) -> String {
    visible(text).replace('\n', " ")
}

/// A description; `#` would begin a directive.
fn escaped(text: &str) -> String {
    one_line(text).replace('\\', "\\\\").replace('#', "\\#")
}
