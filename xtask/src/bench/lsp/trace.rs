//! Edits by hand: what somebody types, erases and pastes, keystroke by keystroke, relative to words of the file. Whole
//! sessions of real editors are in `recorded`.
//!
//! A trace leaves the text as it was, so that it can be replayed again and again.

use anyhow::{Context, bail};

/// One change, as an editor sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    /// The cursor goes to the end of the file.
    End,
    /// The cursor goes behind the first occurrence of these words.
    Behind(String),
    /// A key, or a text that comes in at once.
    Insert(String),
    /// So many bytes before the cursor go at once.
    Erase(usize),
}

/// What is replayed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace(&'static str);

/// A test is written at the end of a file, with slips of the fingers, and taken back.
pub(super) const WRITE_A_TEST: Trace = Trace(include_str!("traces/write-a-test.txt"));
/// Braces, quotes and names inside of a test go and come back.
pub(super) const MEND_A_TEST: Trace = Trace(include_str!("traces/mend-a-test.txt"));
/// A function that nearly every file imports is renamed back and forth.
pub(super) const RENAME_A_FUNCTION: Trace = Trace(include_str!("traces/rename-a-function.txt"));

impl Trace {
    /// Its strokes in order.
    pub(super) fn strokes(self) -> anyhow::Result<Vec<Stroke>> {
        let mut strokes = Vec::new();
        for line in self.0.lines() {
            let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
            match verb {
                "" | "#" => {}
                "end" => strokes.push(Stroke::End),
                "behind" => strokes.push(Stroke::Behind(rest.to_owned())),
                "type" => strokes.extend(rest.chars().map(|key| Stroke::Insert(key.to_string()))),
                "enter" => strokes.push(Stroke::Insert(format!("\n{}", " ".repeat(number(rest)?)))),
                "paste" => strokes.push(Stroke::Insert(rest.replace("\\n", "\n"))),
                "erase" => strokes.extend((0..number(rest)?).map(|_| Stroke::Erase(1))),
                "cut" => strokes.push(Stroke::Erase(number(rest)?)),
                _ => bail!("no such stroke: {line}"),
            }
        }
        Ok(strokes)
    }
}

fn number(text: &str) -> anyhow::Result<usize> {
    text.trim()
        .parse()
        .with_context(|| format!("not a number: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_leave_the_text_as_it_was() {
        let file =
            "fn request(a) {\n}\nfn request(b) {\n}\n    shell client {\n    log(\"for ${owner}\")\n    }\n";
        for trace in [WRITE_A_TEST, MEND_A_TEST, RENAME_A_FUNCTION] {
            let (mut text, mut at) = (file.to_owned(), 0);
            let strokes = trace.strokes().expect("a trace that can be read");
            let changes = strokes
                .iter()
                .filter(|it| matches!(it, Stroke::Insert(_) | Stroke::Erase(_)));
            assert!(changes.count() >= 8);
            for stroke in strokes {
                match stroke {
                    Stroke::End => at = text.len(),
                    Stroke::Behind(words) => {
                        at = text.find(&words).unwrap_or_else(|| panic!("no {words}")) + words.len();
                    }
                    Stroke::Insert(new) => {
                        text.insert_str(at, &new);
                        at += new.len();
                    }
                    Stroke::Erase(bytes) => {
                        text.replace_range(at - bytes..at, "");
                        at -= bytes;
                    }
                }
            }
            assert_eq!(text, file);
        }
    }
}
