//! One file: read, formatted, and written in one step if it changed.

use std::fs;
use std::path::Path;

use relux_fmt::{Damage, Formatted};
use relux_syntax::{LineIndex, TextRange, parse};
use serde::Serialize;

use crate::args::FmtArgs;
use crate::commands::replace::replace;
use crate::os_system::words;

/// What happens to files that are not in style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Write,
    /// They are told about only.
    Look,
}

impl Mode {
    pub(super) fn of(args: &FmtArgs) -> Self {
        if args.check || args.diff {
            Self::Look
        } else {
            Self::Write
        }
    }
}

/// What came of a file.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) status: Status,
    /// Items that stay as they are because of errors.
    pub(super) kept: Vec<Kept>,
    /// The text before and after, if it changed and somebody wants to see that.
    pub(super) texts: Option<(String, String)>,
}

#[derive(Debug)]
pub(super) enum Status {
    Unchanged,
    Changed,
    /// Nothing was done, for this reason.
    Failed(String),
}

/// An item with an error. Lines and columns count from 1, columns in characters.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    pub(super) line: usize,
    pub(super) column: usize,
    /// The lines of the item that stay.
    pub(super) first_line: usize,
    pub(super) last_line: usize,
    pub(super) message: String,
}

impl Outcome {
    pub(super) fn failed(reason: impl Into<String>) -> Self {
        Self {
            status: Status::Failed(reason.into()),
            kept: Vec::new(),
            texts: None,
        }
    }
}

/// Formats a file. With `with_texts` the outcome holds the texts of a file that changed.
pub(super) fn fmt(path: &Path, mode: Mode, with_texts: bool) -> Outcome {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Outcome::failed(format!("cannot read it: {}", words(&error))),
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Outcome::failed("it is not UTF-8");
    };
    if mode == Mode::Look && !with_texts {
        return look(&text);
    }
    let formatted = match format(&text) {
        Ok(formatted) => formatted,
        Err(outcome) => return outcome,
    };
    let kept = kept(&text, &formatted.kept);
    if !formatted.is_changed() {
        return Outcome {
            status: Status::Unchanged,
            kept,
            texts: None,
        };
    }
    if mode == Mode::Write
        && let Err(error) = replace(path, formatted.text())
    {
        return Outcome::failed(format!("cannot write it: {}; it is as it was", words(&error)));
    }
    Outcome {
        status: Status::Changed,
        kept,
        texts: with_texts.then(|| (text, formatted.into_text())),
    }
}

/// Says whether a text would change.
fn look(text: &str) -> Outcome {
    match relux_fmt::preview(&parse(text)) {
        Ok(preview) => Outcome {
            status: if preview.is_changed {
                Status::Changed
            } else {
                Status::Unchanged
            },
            kept: kept(text, &preview.kept),
            texts: None,
        },
        Err(damage) => refused(damage),
    }
}

/// Formats a text, or says why that must not be done.
pub(super) fn format(text: &str) -> Result<Formatted, Outcome> {
    relux_fmt::format(&parse(text)).map_err(refused)
}

fn refused(damage: Damage) -> Outcome {
    Outcome::failed(format!(
        "{damage}, so it stays as it is; this is a mistake in relux, please report it with the file"
    ))
}

/// What stays because of errors, with lines and columns.
pub(super) fn kept(text: &str, items: &[relux_fmt::Kept]) -> Vec<Kept> {
    if items.is_empty() {
        return Vec::new();
    }
    let index = LineIndex::new(text);
    let line = |offset: u32| index.line(offset) as usize + 1;
    let place = |kept: &relux_fmt::Kept| {
        let at = kept.mistake.start;
        let start = index.line_start(index.line(at));
        // What was never closed reaches over the empty lines behind it.
        let end = kept.range.start + kept.range.slice(text).trim_end().len() as u32;
        Kept {
            line: line(at),
            column: TextRange::new(start, at).slice(text).chars().count() + 1,
            first_line: line(kept.range.start),
            last_line: line(end),
            message: kept.message.clone(),
        }
    };
    items.iter().map(place).collect()
}
