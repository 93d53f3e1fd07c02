//! Annotations of GitHub Actions: what did not go well, at its line in the pull request.
//!
//! Format: "Workflow commands for GitHub Actions", section "Setting an error message".

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use super::files::Told;
use super::words::leak_line;
use crate::event::{Failure, Outcome, Place, TestResult};
use crate::vm::visible;

/// One command per line.
pub(super) fn render(told: &Told<'_>) -> String {
    let mut annotations = Annotations {
        root: told.facts.root,
        workspace: std::env::var("GITHUB_WORKSPACE").unwrap_or_default(),
        out: String::new(),
        told: HashSet::new(),
    };
    for result in told.tests {
        annotations.result(result);
    }
    for error in &told.summary.report_errors {
        annotations.add("error", "relux run", None, error);
    }
    annotations.out
}

struct Annotations<'a> {
    root: &'a str,
    /// Directory that paths of annotations are relative to.
    workspace: String,
    out: String,
    /// Errors of modules that several tests reach.
    told: HashSet<String>,
}

impl Annotations<'_> {
    fn result(&mut self, result: &TestResult) {
        match result.outcome {
            Outcome::Passed | Outcome::Skipped => {}
            Outcome::Flaky => {
                let times = match result.earlier.len() {
                    1 => "once".to_owned(),
                    count => format!("{count} times"),
                };
                let first = result.earlier.first().map(|it| &*it.failure);
                let what = first.map_or_else(String::new, |it| format!(": {}", it.message));
                let message = format!("{} failed {times} before it passed{what}", result.name);
                let place = first.and_then(|it| it.place.as_ref()).or(result.place.as_ref());
                self.add("warning", &format!("flaky: {}", result.id), place, &message);
            }
            Outcome::Failed => {
                if let Some(failure) = &result.failure {
                    self.failure("error", &result.id, failure);
                }
            }
            Outcome::Cancelled => {
                let reason = result.reason.as_deref().unwrap_or("the run ended");
                let title = format!("cancelled: {}", result.id);
                self.add("error", &title, result.place.as_ref(), reason);
            }
            Outcome::Invalid => {
                for error in &result.errors {
                    self.invalid(error);
                }
            }
        }
        for warning in &result.warnings {
            self.failure("warning", &result.id, warning);
        }
        for leak in &result.leaks {
            let place = leak.place.as_ref().or(result.place.as_ref());
            self.add(
                "warning",
                &format!("leak: {}", result.id),
                place,
                &leak_line(leak),
            );
        }
    }

    fn failure(&mut self, command: &str, id: &str, failure: &Failure) {
        let mut message = failure.message.clone();
        for line in failure.label.iter().chain(&failure.notes) {
            let _ = write!(message, "\n{line}");
        }
        for entry in failure.stack.iter().skip(1) {
            let _ = write!(
                message,
                "\nin {} at {}:{}",
                entry.what, entry.place.file, entry.place.line
            );
        }
        self.add(command, id, failure.place.as_ref(), &message);
    }

    /// `relux/lib/a.relux:3:5: message [code]`
    fn invalid(&mut self, error: &str) {
        if !self.told.insert(error.to_owned()) {
            return;
        }
        let mut parts = error.splitn(4, ':');
        let (file, line, column) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<u32>().ok());
        let message = parts.next().unwrap_or(error).trim();
        let properties = match (file, number(line), number(column)) {
            (Some(file), Some(line), Some(column)) => {
                format!(",file={},line={line},col={column}", property(&self.path(file)))
            }
            _ => String::new(),
        };
        let message = data(&visible(message));
        let _ = writeln!(self.out, "::error title=relux{properties}::{message}");
    }

    fn add(&mut self, command: &str, title: &str, place: Option<&Place>, message: &str) {
        let mut properties = format!("title={}", property(&visible(title)));
        if let Some(place) = place {
            let end_line = place.range.end.line + 1;
            let _ = write!(
                properties,
                ",file={},line={},endLine={end_line}",
                property(&self.path(&place.file)),
                place.line,
            );
            // GitHub ignores columns of annotations that span lines.
            if end_line == place.line {
                let width = place
                    .range
                    .end
                    .character
                    .saturating_sub(place.range.start.character);
                let _ = write!(
                    properties,
                    ",col={},endColumn={}",
                    place.column,
                    place.column + width
                );
            }
        }
        let _ = writeln!(self.out, "::{command} {properties}::{}", data(&visible(message)));
    }

    /// A path below the workspace, which the suite may be a part of.
    fn path(&self, file: &str) -> String {
        let absolute = Path::new(self.root).join(file);
        if self.workspace.is_empty() {
            return file.to_owned();
        }
        match absolute.strip_prefix(&self.workspace) {
            Ok(below) => below.to_string_lossy().into_owned(),
            Err(_) => absolute.to_string_lossy().into_owned(),
        }
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
