//! What each test did last, over all runs: a run of some tests forgets nothing about the others.
//!
//! A run that was killed has no summary; what it did is read from its events by whoever comes next.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Store;
use crate::event::{Event, Outcome, TestResult};
use crate::journal::{EVENTS_FILE, is_live};
use crate::report::write_whole;

const HISTORY: &str = "history.json";
/// Ids of the selected tests of a run, one a line, below its directory.
pub(crate) const SELECTED_FILE: &str = "selected.txt";
/// Exit code of a run that was killed.
const KILLED: i32 = -1;

/// What a test did last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Last {
    /// It passed, perhaps on a retry.
    Passed,
    /// A marker kept it from running.
    Skipped,
    /// It failed, was cancelled or could not run.
    Failed,
    /// Its run ended before its turn.
    NotRun,
}

impl Last {
    fn of(result: &TestResult) -> Self {
        match result.outcome {
            Outcome::Passed | Outcome::Flaky => Self::Passed,
            Outcome::Skipped if result.not_run => Self::NotRun,
            Outcome::Skipped => Self::Skipped,
            Outcome::Failed | Outcome::Cancelled | Outcome::Invalid => Self::Failed,
        }
    }
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct History {
    version: u32,
    /// Exit codes of the runs that are in it, by name.
    pub(super) runs: BTreeMap<String, i32>,
    tests: BTreeMap<String, Last>,
}

impl History {
    fn take_in<'a>(&mut self, run: &str, exit_code: i32, results: impl IntoIterator<Item = &'a TestResult>) {
        self.runs.insert(run.to_owned(), exit_code);
        for result in results {
            self.tests.insert(result.id.clone(), Last::of(result));
        }
    }

    /// A run that left no summary behind.
    fn take_in_killed(&mut self, run: &str, dir: &Path) {
        let mut exit_code = KILLED;
        let selected = fs::read_to_string(dir.join(SELECTED_FILE)).unwrap_or_default();
        for id in selected.lines() {
            self.tests.insert(id.to_owned(), Last::NotRun);
        }
        let events = fs::read(dir.join(EVENTS_FILE)).unwrap_or_default();
        // The last line may be torn.
        for event in events
            .split(|byte| *byte == b'\n')
            .filter_map(|line| serde_json::from_slice(line).ok())
        {
            match event {
                Event::TestFinished(result) => {
                    self.tests.insert(result.id.clone(), Last::of(&result));
                }
                Event::RunFinished(summary) => exit_code = summary.exit_code,
                _ => {}
            }
        }
        self.runs.insert(run.to_owned(), exit_code);
    }
}

impl Store {
    /// The file as it is; nothing at first.
    pub(super) fn history(&self) -> io::Result<History> {
        match fs::read(self.shared(HISTORY)) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(History::default()),
            Err(error) => Err(error),
        }
    }

    /// Takes in runs that ended without doing so themselves, but for `except`.
    pub(super) fn catch_up(&self, history: &mut History, except: Option<&str>) -> io::Result<Vec<String>> {
        let order = self.order()?;
        for run in &order {
            let dir = self.out.join(run);
            if !history.runs.contains_key(run) && Some(run.as_str()) != except && !is_live(&dir) {
                history.take_in_killed(run, &dir);
            }
        }
        history.runs.retain(|run, _| order.contains(run));
        Ok(order)
    }

    /// Notes what a run did, which is over.
    pub(crate) fn record(&self, run: &str, exit_code: i32, results: &[TestResult]) -> io::Result<()> {
        let _lock = self.lock()?;
        // A file that cannot be read helps nobody; what is known begins anew.
        let mut history = self.history().unwrap_or_default();
        self.catch_up(&mut history, Some(run))?;
        history.version = 1;
        history.take_in(run, exit_code, results);
        write_whole(&self.shared(HISTORY), &serde_json::to_vec(&history)?)
    }
}

/// Which tests have to run again.
#[derive(Debug)]
pub struct Outstanding {
    history: History,
}

impl Outstanding {
    /// Whether a test failed last, did not get its turn, or is new.
    pub fn wants(&self, id: &str) -> bool {
        !matches!(self.history.tests.get(id), Some(Last::Passed | Last::Skipped))
    }

    /// Whether there was any run at all.
    pub fn is_first(&self) -> bool {
        self.history.tests.is_empty()
    }
}

/// What is outstanding in the suite of this directory.
pub fn outstanding(root: &Path) -> io::Result<Outstanding> {
    let store = Store::of(root);
    let mut history = store.history()?;
    store.catch_up(&mut history, None)?;
    Ok(Outstanding { history })
}
