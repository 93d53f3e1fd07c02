//! `relux fmt`: which files, in parallel, and what came of each.
//!
//! Files are listed and formatted in portions, so that memory does not grow with their number, and told about in path
//! order. What formatting means is none of this module's business.

mod file;
mod report;
mod standard_input;
mod suites;
mod walk;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

use super::{OK, failed, nothing_selected, tell};
use crate::args::FmtArgs;
use file::{Mode, Outcome};
use report::Report;
use walk::{Job, Walk};

/// Files that are listed before the next ones are.
const PORTION: usize = 512;

/// Formats, and tells what was done. The exit code is 1 if something could not be formatted, or if `--check` finds
/// something to do.
pub(crate) fn fmt(args: &FmtArgs, color: bool) -> Result<ExitCode> {
    if let Some(path) = &args.stdin_filepath {
        return standard_input::fmt(args, path, color);
    }
    let mode = Mode::of(args);
    let mut walk = Walk::new(args)?;
    let mut report = Report::new(args, color);
    let mut jobs = Vec::with_capacity(PORTION);
    loop {
        walk.next_jobs(&mut jobs, PORTION)?;
        if jobs.is_empty() {
            break;
        }
        for (job, outcome) in jobs.iter().zip(all(&jobs, mode, report.wants_texts())) {
            report.add(&job.shown, &outcome)?;
        }
    }
    if let Some(empty) = walk.without_files() {
        tell(&format!("no module at or below {}", empty.display()));
        return Ok(nothing_selected());
    }
    Ok(if report.finish()? { failed() } else { OK })
}

/// Formats files on all processors; the outcomes in the order of the files.
fn all(jobs: &[Job], mode: Mode, with_texts: bool) -> Vec<Outcome> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let work = || {
        let mut mine = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(index) else { break };
            mine.push((index, file::fmt(&job.path, mode, with_texts)));
        }
        // A thread that panicked ends the program; there is no list to be saved from it.
        if let Ok(mut done) = done.lock() {
            done.append(&mut mine);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}
