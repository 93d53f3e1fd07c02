//! `--stdin-filepath`: text in, text out, for editors and pipes.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::file::{self, Kept, Outcome, Status};
use super::report::Report;
use super::suites::Suites;
use super::walk::absolute;
use crate::args::{FmtArgs, FmtFormat};
use crate::commands::{OK, failed, print};

/// Formats standard input. Errors in it are told about but do not fail: an editor throws the output of a program away
/// that fails, and what could be formatted is worth keeping.
pub(super) fn fmt(args: &FmtArgs, path: &Path, color: bool) -> Result<ExitCode> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    let Ok(text) = String::from_utf8(bytes) else {
        bail!("standard input is not UTF-8");
    };
    let (outcome, new) = formatted(path, &text)?;
    let only_looks = args.check || args.diff;
    let wants_text = !only_looks && args.message_format == FmtFormat::Human;
    let changed = matches!(outcome.status, Status::Changed);
    let could_not = matches!(outcome.status, Status::Failed(_));
    let mut report = Report::new(args, color);
    if wants_text {
        report.only_complaints();
    }
    report.add(&path.display().to_string(), &outcome)?;
    report.finish()?;
    if wants_text {
        print(&new)?;
    }
    Ok(if could_not || args.check && changed {
        failed()
    } else {
        OK
    })
}

/// What comes of a text, and the text to go on with: the same one where the file is excluded.
fn formatted(path: &Path, text: &str) -> Result<(Outcome, String)> {
    let same = |status, kept: Vec<Kept>| {
        let outcome = Outcome {
            status,
            kept,
            texts: None,
        };
        (outcome, text.to_owned())
    };
    let absolute = absolute(path);
    let suite = match absolute.parent() {
        Some(directory) => Suites::default().of(directory)?,
        None => None,
    };
    if suite.is_some_and(|it| it.excludes(&absolute)) {
        return Ok(same(Status::Unchanged, Vec::new()));
    }
    let formatted = match file::format(text) {
        Ok(formatted) => formatted,
        Err(outcome) => return Ok((outcome, text.to_owned())),
    };
    let kept = file::kept(text, &formatted.kept);
    if !formatted.is_changed() {
        return Ok(same(Status::Unchanged, kept));
    }
    let new = formatted.into_text();
    let outcome = Outcome {
        status: Status::Changed,
        kept,
        texts: Some((text.to_owned(), new.clone())),
    };
    Ok((outcome, new))
}
