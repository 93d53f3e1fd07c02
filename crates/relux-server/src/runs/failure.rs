//! From a failure as the runner tells it to what editors show: a text, and the places that it belongs to.

use camino::{Utf8Path, Utf8PathBuf};

use crate::runs::events::{Failure, Place};

/// How much of a shell's output is shown with a failure; the rest is in the log.
const TAIL_LINES: usize = 20;

/// A failure at one place. A test that fails in a function of another file has a second one where it calls it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestFailure {
    /// The runner's id of the test.
    pub(crate) test: String,
    /// Where it shows.
    pub(crate) at: At,
    /// What it says.
    pub(crate) message: String,
    /// Other places, with what is to be seen there.
    pub(crate) related: Vec<(At, String)>,
}

/// Bytes of a file on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) file: Utf8PathBuf,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl At {
    pub(super) fn new(root: &Utf8Path, place: &Place) -> Self {
        Self {
            file: root.join(&place.file),
            start: place.start_byte,
            end: place.end_byte.max(place.start_byte),
        }
    }
}

/// Message, notes and the tail of the shell's output, for people.
pub(super) fn text(failure: &Failure) -> String {
    let mut text = failure.message.clone();
    for note in &failure.notes {
        text.push('\n');
        text.push_str(note);
    }
    let Some(tail) = &failure.tail else { return text };
    let output = format!("{}{}", tail.read, tail.unread);
    let lines: Vec<&str> = output.trim_end().lines().collect();
    if lines.is_empty() {
        return text;
    }
    let shell = failure
        .shell
        .as_deref()
        .map(|shell| format!(" of shell {shell}"))
        .unwrap_or_default();
    text.push_str("\n\nlast output");
    text.push_str(&shell);
    text.push(':');
    for line in &lines[lines.len().saturating_sub(TAIL_LINES)..] {
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}

/// What called what on the way to a failure, innermost first.
pub(super) fn callers(failure: &Failure, root: &Utf8Path) -> Vec<(At, String)> {
    let callers = failure.stack.iter();
    let elsewhere = callers.filter(|caller| Some(&caller.place) != failure.place.as_ref());
    elsewhere
        .map(|caller| (At::new(root, &caller.place), caller.what.clone()))
        .collect()
}

/// Where a failure of a test of `file` shows.
pub(super) fn places(failure: &Failure, test: &str, root: &Utf8Path, file: &str) -> Vec<TestFailure> {
    let Some(place) = &failure.place else {
        return Vec::new();
    };
    let mut shown = vec![TestFailure {
        test: test.to_owned(),
        at: At::new(root, place),
        message: text(failure),
        related: callers(failure, root),
    }];
    if place.file != file {
        let here = failure.stack.iter().find(|caller| caller.place.file == file);
        shown.extend(here.map(|caller| TestFailure {
            test: test.to_owned(),
            at: At::new(root, &caller.place),
            message: text(failure),
            related: vec![(At::new(root, place), "fails here".to_owned())],
        }));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure() -> Failure {
        let place = |file: &str, at: usize| serde_json::json!({"file": file, "start_byte": at, "end_byte": at + 5, "line": 3});
        serde_json::from_value(serde_json::json!({
            "kind": "match-timeout",
            "message": "`^ready$` was not printed within 5s",
            "notes": ["a note"],
            "shell": "client",
            "place": place("relux/lib/a.relux", 10),
            "tail": {"read": (0..40).map(|it| format!("line {it}")).collect::<Vec<_>>().join("\n") + "\n", "unread": "rest"},
            "stack": [
                {"what": "fn wait()", "place": place("relux/tests/t.relux", 20)},
                {"what": "test \"t\"", "place": place("relux/tests/t.relux", 5)},
            ],
        }))
        .expect("what the runner writes")
    }

    #[test]
    fn the_text_ends_with_the_last_lines_of_the_output() {
        let text = text(&failure());
        assert!(text.starts_with(
            "`^ready$` was not printed within 5s\na note\n\nlast output of shell client:\n  line 21\n"
        ));
        assert!(text.ends_with("\n  line 39\n  rest"), "{text}");
    }

    #[test]
    fn a_failure_in_a_library_shows_there_and_at_the_call() {
        let places = places(&failure(), "t/t", "/suite".into(), "relux/tests/t.relux");
        let at: Vec<(&str, usize)> = places
            .iter()
            .map(|it| (it.at.file.as_str(), it.at.start))
            .collect();
        assert_eq!(
            at,
            [
                ("/suite/relux/lib/a.relux", 10),
                ("/suite/relux/tests/t.relux", 20)
            ]
        );
        assert_eq!(places[0].related.len(), 2);
        assert_eq!(places[1].related[0].0, places[0].at);
    }
}
