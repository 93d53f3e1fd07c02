//! What is printed: paths and diffs on standard output, complaints and the sum on standard error; or one JSON document.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result};
use serde::Serialize;

use super::file::{Kept, Mode, Outcome, Status};
use crate::args::{FmtArgs, FmtFormat};
use crate::commands::diff::diff;
use crate::commands::say;
use crate::report::counted;

/// Raised when a field changes its meaning; new fields do not count.
const FORMAT_VERSION: u32 = 1;

/// Prints file by file, so that nothing has to be remembered but numbers.
pub(super) struct Report<'a> {
    args: &'a FmtArgs,
    out: BufWriter<io::Stdout>,
    /// Whether standard output belongs to somebody else.
    quiet: bool,
    color: bool,
    /// Whether the reader of standard output has gone away.
    closed: bool,
    sum: Sum,
}

#[derive(Debug, Default, Serialize)]
struct Sum {
    files: usize,
    changed: usize,
    kept_items: usize,
    failed: usize,
}

/// A file in the JSON document.
#[derive(Serialize)]
struct Item<'a> {
    file: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    kept: &'a [Kept],
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> Report<'a> {
    pub(super) fn new(args: &'a FmtArgs, color: bool) -> Self {
        Self {
            args,
            out: BufWriter::new(io::stdout()),
            quiet: false,
            color,
            closed: false,
            sum: Sum::default(),
        }
    }

    /// Whether files are written.
    fn writes(&self) -> bool {
        Mode::of(self.args) == Mode::Write
    }

    fn has_text(&self) -> bool {
        self.args.stdin_filepath.is_some()
    }

    /// Leaves standard output to somebody else.
    pub(super) fn only_complaints(&mut self) {
        self.quiet = true;
    }

    /// Whether the texts of files that changed are looked at.
    pub(super) fn wants_texts(&self) -> bool {
        self.args.diff
    }

    /// Tells about a file.
    pub(super) fn add(&mut self, path: &str, outcome: &Outcome) -> Result<()> {
        self.sum.files += 1;
        self.sum.kept_items += outcome.kept.len();
        match &outcome.status {
            Status::Unchanged => {}
            Status::Changed => self.sum.changed += 1,
            Status::Failed(_) => self.sum.failed += 1,
        }
        let written = match self.args.message_format {
            FmtFormat::Human => self.human(path, outcome),
            FmtFormat::Json => self.json(path, outcome),
        };
        self.check(written)
    }

    /// Whoever reads has perhaps seen enough; files are still formatted.
    fn check(&mut self, written: io::Result<()>) -> Result<()> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            written => written.context("cannot write to standard output")?,
        }
        Ok(())
    }

    fn human(&mut self, path: &str, outcome: &Outcome) -> io::Result<()> {
        for kept in &outcome.kept {
            let Kept {
                line,
                column,
                first_line,
                last_line,
                message,
            } = kept;
            let lines = if first_line == last_line {
                format!("line {first_line} stays as it is")
            } else {
                format!("lines {first_line} to {last_line} stay as they are")
            };
            say(&format!("{path}:{line}:{column}: {lines}: {message}"));
        }
        match &outcome.status {
            Status::Failed(reason) => say(&format!("error: {path}: {reason}")),
            Status::Changed if !self.quiet && !self.closed => match &outcome.texts {
                Some((old, new)) if self.args.diff => {
                    self.out.write_all(diff(path, old, new, self.color).as_bytes())?;
                }
                _ => writeln!(self.out, "{path}")?,
            },
            Status::Changed | Status::Unchanged => {}
        }
        Ok(())
    }

    fn json(&mut self, path: &str, outcome: &Outcome) -> io::Result<()> {
        let (status, reason) = match &outcome.status {
            Status::Unchanged => ("unchanged", None),
            Status::Changed if self.writes() && !self.has_text() => ("formatted", None),
            Status::Changed => ("not-formatted", None),
            Status::Failed(reason) => ("failed", Some(&**reason)),
        };
        let texts = outcome.texts.as_ref();
        let diff = texts
            .filter(|_| self.args.diff)
            .map(|(old, new)| diff(path, old, new, false));
        let text = texts
            .filter(|_| self.has_text() && self.writes())
            .map(|(_, new)| &**new);
        let item = Item {
            file: path,
            status,
            reason,
            kept: &outcome.kept,
            diff,
            text,
        };
        if self.closed {
            return Ok(());
        }
        let before = if self.sum.files == 1 {
            format!("{{\"version\":{FORMAT_VERSION},\"files\":[")
        } else {
            ",".to_owned()
        };
        self.out.write_all(before.as_bytes())?;
        serde_json::to_writer(&mut self.out, &item)?;
        Ok(())
    }

    /// Ends the report; whether the command has failed.
    pub(super) fn finish(mut self) -> Result<bool> {
        let written = match self.args.message_format {
            FmtFormat::Json => self.end_of_json(),
            FmtFormat::Human => Ok(()),
        };
        let flushed = written.and_then(|()| self.out.flush());
        self.check(flushed)?;
        if self.args.message_format == FmtFormat::Human && !self.quiet {
            say(&self.summary());
        }
        let Sum {
            changed,
            kept_items,
            failed,
            ..
        } = self.sum;
        Ok(failed > 0 || kept_items > 0 || changed > 0 && self.args.check)
    }

    fn end_of_json(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        self.out.write_all(b"],\"summary\":")?;
        serde_json::to_writer(&mut self.out, &self.sum)?;
        self.out.write_all(b"}\n")
    }

    /// `formatted 2 of 14 files`.
    fn summary(&self) -> String {
        let Sum {
            files,
            changed,
            kept_items,
            failed,
        } = &self.sum;
        let all = counted(*files, "file");
        let mut text = match (changed, self.writes()) {
            (0, _) if *kept_items + failed == 0 => format!("{all} in style"),
            (_, true) => format!("formatted {changed} of {all}"),
            (_, false) => format!("{changed} of {all} would be formatted"),
        };
        if *kept_items > 0 {
            let items = counted(*kept_items, "item");
            text = format!("{text}; {items} with errors left alone");
        }
        if *failed > 0 {
            text = format!("{text}; {} failed", counted(*failed, "file"));
        }
        text
    }
}
