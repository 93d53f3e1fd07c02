//! The words that reports share, so that the same thing has one name in all of them.

use std::fmt::Write;

use crate::event::{FailureKind, Leak, Outcome};

/// As in the JSON of events: `match-timeout`.
pub(super) fn kind_word(kind: FailureKind) -> String {
    word(&serde_json::to_value(kind).unwrap_or_default())
}

/// As in the JSON of events: `flaky`.
pub(super) fn outcome_word(outcome: Outcome) -> String {
    word(&serde_json::to_value(outcome).unwrap_or_default())
}

fn word(value: &serde_json::Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The part of an id in front of the slug: the module of the test.
pub(super) fn module_of(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(module, _)| module)
}

/// A process that outlived its test, with the line that started it, in one line.
pub(super) fn leak_line(leak: &Leak) -> String {
    let mut line = format!("process {} ({}) outlived the test", leak.pid, leak.command);
    // Writing to a string cannot fail.
    if let Some(place) = &leak.place {
        let _ = write!(line, "; started by {}:{}", place.file, place.line);
    }
    if let Some(shell) = &leak.shell {
        let _ = write!(line, " in shell `{shell}`");
    }
    line
}
