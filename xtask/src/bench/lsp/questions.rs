//! Questions about the whole suite, for people who wait for one answer: all uses of what everybody uses, its new name, and
//! a variable's new name. And how soon the server has gone when its editor has, in the midst of its first reading.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::editor::{Editor, Mode};
use super::figures::{Column, percentiles};
use super::measures::{LIBRARY, settled};
use super::trace::Stroke;

/// The questions: a name for the table, the method, words of the document that end in the asked name, and parameters.
fn questions() -> [(&'static str, &'static str, &'static str, Value); 3] {
    [
        (
            "references to the most used function",
            "textDocument/references",
            "fn request",
            json!({"context": {"includeDeclaration": true}}),
        ),
        (
            "rename of the most used function",
            "textDocument/rename",
            "fn request",
            json!({"newName": "ask_politely"}),
        ),
        (
            "rename of a parameter",
            "textDocument/rename",
            "fn request(method",
            json!({"newName": "verb"}),
        ),
    ]
}

/// All figures of a suite.
pub(super) fn measure(relux: &Path, suite: &Path, rounds: usize) -> anyhow::Result<Column> {
    let mut column = Column::new();
    let library = [suite.join(LIBRARY)];
    let (mut editor, documents) = settled(relux, suite, &library, Mode::Pull)?.context("no diagnostics")?;
    for (name, method, words, parameters) in questions() {
        editor.stroke(documents[0], &Stroke::Behind(words.to_owned()))?;
        let mut times = Vec::new();
        for round in 0..=rounds {
            let before = Instant::now();
            let id = editor.ask_at_cursor_with(method, documents[0], &parameters)?;
            let (at, answer) = editor.client.answer(id)?;
            ensure!(
                answer["result"].is_array() || answer["result"].is_object(),
                "{name}: {answer}"
            );
            if round > 0 {
                times.push(at - before);
            }
        }
        column.push((name.to_owned(), percentiles(&times)));
    }
    let mut times = Vec::new();
    for _ in 0..rounds.max(1) {
        let (mut editor, _) = Editor::start(relux, suite, Mode::Pull)?;
        let document = editor.open(&library[0], "")?;
        editor.diagnosed(&[document])?;
        times.push(editor.client.hang_up()?);
    }
    column.push((
        "standard input closed → the process has ended".to_owned(),
        percentiles(&times),
    ));
    Ok(column)
}
