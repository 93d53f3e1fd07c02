//! What an attempt did, statement by statement, in memory: the timeline of the page about a test that did not pass.
//!
//! It is bounded, costs a passing test next to nothing, and is dropped when its test passes.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use relux_model::plan::Loc;

use crate::shell::Found;

/// Statements that are kept; the oldest go first.
const MOST_STEPS: usize = 2000;
/// Characters of a value that are kept.
const MOST_TEXT: usize = 400;

/// The record of one attempt while it runs.
#[derive(Debug)]
pub(crate) struct Trace {
    began: Instant,
    state: Mutex<Record>,
}

/// Which step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct StepId(usize);

/// All that was recorded.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// In the order in which they began.
    pub(crate) steps: VecDeque<Step>,
    /// How many were dropped in front of the first.
    pub(crate) dropped: usize,
    /// In the order in which they were started.
    pub(crate) shells: Vec<ShellTrace>,
    /// How long it took.
    pub(crate) took: Duration,
}

/// A statement that was executed.
#[derive(Debug)]
pub(crate) struct Step {
    /// The statement.
    pub(crate) loc: Loc,
    /// Who executed it: empty for the test, `Db` for an effect.
    pub(crate) lane: String,
    /// How many calls and blocks it is inside of.
    pub(crate) depth: usize,
    /// Process id of the shell it talked to.
    pub(crate) shell: Option<i32>,
    /// When it began.
    pub(crate) at: Duration,
    /// How it ended; `None` if it did not.
    pub(crate) end: Option<StepEnd>,
}

/// The end of a step.
#[derive(Debug)]
pub(crate) struct StepEnd {
    /// How long it took.
    pub(crate) took: Duration,
    /// Its value: what was sent, matched or assigned. `None` if it failed.
    pub(crate) value: Option<String>,
}

/// A shell of the attempt.
#[derive(Debug)]
pub(crate) struct ShellTrace {
    /// Name as reports show it.
    pub(crate) name: String,
    /// Process id.
    pub(crate) pid: i32,
    /// The log with its output.
    pub(crate) log: PathBuf,
    /// When it was started.
    pub(crate) at: Duration,
    /// What was matched in it, in order.
    pub(crate) hits: VecDeque<Hit>,
}

/// A match in the output of a shell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    /// The step that looked for it, counted from the first of the attempt.
    pub(crate) step: usize,
    /// Offset of its first byte in the decoded output.
    pub(crate) start: u64,
    /// Offset behind its last byte.
    pub(crate) end: u64,
}

impl Trace {
    /// Of an attempt that begins now.
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, Record> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A statement begins.
    pub(crate) fn begin(&self, loc: Loc, lane: &str, depth: usize, shell: Option<i32>) -> StepId {
        let at = self.began.elapsed();
        let mut state = self.state();
        let id = state.dropped + state.steps.len();
        if state.steps.len() == MOST_STEPS {
            state.steps.pop_front();
            state.dropped += 1;
        }
        state.steps.push_back(Step {
            loc,
            lane: lane.trim_end_matches('.').to_owned(),
            depth,
            shell,
            at,
            end: None,
        });
        StepId(id)
    }

    /// A statement ends; `None` if it failed.
    pub(crate) fn end(&self, step: StepId, value: Option<&str>) {
        let now = self.began.elapsed();
        let mut state = self.state();
        let index = step.0.checked_sub(state.dropped);
        if let Some(step) = index.and_then(|index| state.steps.get_mut(index)) {
            step.end = Some(StepEnd {
                took: now.saturating_sub(step.at),
                value: value.map(|value| match value.char_indices().nth(MOST_TEXT) {
                    Some((at, _)) => format!("{}…", &value[..at]),
                    None => value.to_owned(),
                }),
            });
        }
    }

    /// A statement has found something.
    pub(crate) fn matched(&self, step: StepId, shell: i32, found: &Found) {
        let length = found.groups.first().map_or(0, String::len) as u64;
        let mut state = self.state();
        if let Some(shell) = state.shells.iter_mut().rev().find(|it| it.pid == shell) {
            if shell.hits.len() == MOST_STEPS {
                shell.hits.pop_front();
            }
            shell.hits.push_back(Hit {
                step: step.0,
                start: found.end.saturating_sub(length),
                end: found.end,
            });
        }
    }

    /// A shell was started.
    pub(crate) fn shell(&self, name: String, pid: i32, log: PathBuf) {
        let at = self.began.elapsed();
        self.state().shells.push(ShellTrace {
            name,
            pid,
            log,
            at,
            hits: VecDeque::new(),
        });
    }

    /// Everything so far.
    pub(crate) fn take(&self) -> Record {
        let took = self.began.elapsed();
        let mut record = std::mem::take(&mut *self.state());
        record.took = took;
        record
    }
}
