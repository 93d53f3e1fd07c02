//! Cleaning up after runs whose supervisor and runner were both killed.

use std::io;

use rustix::process::Signal;

use super::kill::{kill_until_gone, marked, send};
use super::state::{DeadRun, dead_runs};
use crate::sys;

/// A run that was killed, and what it had left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    /// Id of the run.
    pub run: String,
    /// The directory in which it was started.
    pub directory: String,
    /// What was still running.
    pub processes: Vec<Process>,
    /// Those of them that could not be ended.
    pub survivors: Vec<Process>,
}

/// A process as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its id.
    pub pid: i32,
    /// Program and arguments.
    pub command: String,
}

/// Finds runs of this user that were killed together with their supervisors; ends what they have left, unless it is only
/// asked for. Runs that are alive are left alone. An error if nobody can be trusted to tell which runs there were.
pub fn clean(only_look: bool) -> io::Result<Vec<Cleaned>> {
    Ok(dead_runs()?
        .iter()
        .filter_map(|run| {
            let left = left_by(run)?;
            let processes: Vec<Process> = left.iter().map(|&pid| process(pid)).collect();
            let mut survivors = Vec::new();
            if !only_look {
                end(run);
                survivors.extend(left_by(run)?.into_iter().map(process));
                if survivors.is_empty() {
                    run.remove();
                }
            }
            Some(Cleaned {
                run: run.facts.run.clone(),
                directory: run.facts.directory.clone(),
                processes,
                survivors,
            })
        })
        .collect())
}

/// The same at the start of a run, in a word.
#[expect(clippy::print_stderr, reason = "there is no report yet")]
pub(super) fn tidy_up() {
    // If it cannot be told what there is, the run says so when it registers itself.
    for cleaned in clean(false).unwrap_or_default() {
        let (run, count) = (&cleaned.run, cleaned.processes.len());
        if count > 0 {
            let noun = if count == 1 { "process" } else { "processes" };
            eprintln!("note: ended {count} {noun} that the killed run {run} had left");
        }
        for Process { pid, command } in &cleaned.survivors {
            eprintln!("warning: process {pid} (`{command}`) of the killed run {run} cannot be ended");
        }
    }
}

/// What a dead run has left; `None` if that cannot be told here, or is not to be touched from here.
fn left_by(run: &DeadRun) -> Option<Vec<i32>> {
    let facts = &run.facts;
    if !facts.boot.is_empty() && facts.boot != sys::boot() {
        // Nothing outlives the machine.
        return Some(Vec::new());
    }
    let scope = scope_of(run);
    // A run inside of that one would end itself.
    let own = std::env::var("__RELUX_SCOPE").unwrap_or_default();
    let inside = own.split(' ').any(|part| part.starts_with(&format!("{scope}/")));
    let elsewhere = !facts.pid_namespace.is_empty() && facts.pid_namespace != sys::pid_namespace();
    (!inside && !elsewhere).then(|| marked(&scope))
}

fn scope_of(run: &DeadRun) -> String {
    format!("{}/{}", sys::boot(), run.facts.run)
}

fn end(run: &DeadRun) {
    let scope = scope_of(run);
    // Asked first, but not waited for: what is left of a killed run has nothing to lose.
    for pid in marked(&scope) {
        send(pid, Signal::TERM);
    }
    kill_until_gone(|| marked(&scope));
}

fn process(pid: i32) -> Process {
    Process {
        pid,
        command: sys::command_line(pid).unwrap_or_else(|| "?".to_owned()),
    }
}
