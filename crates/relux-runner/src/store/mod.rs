//! The runs of a suite on disk: their order, what each test did last, and which runs may go.
//!
//! Order is the order in which runs were begun, not what a clock said. Everything that several runs write is written
//! under one lock, and a run that is alive, or the latest one, is never touched.

mod history;
mod retention;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

pub(crate) use history::SELECTED_FILE;
pub use history::{Outstanding, outstanding};

use crate::journal::EVENTS_FILE;
use crate::output::SUMMARY_FILE;

/// What runs share, below their directory.
const SHARED: &str = ".store";
/// Names of all runs, one a line, the oldest first.
const RUNS: &str = "runs";

/// The runs of a suite.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    out: PathBuf,
}

/// The right to change what runs share; ends with the value.
struct Locked(#[expect(dead_code, reason = "closing it unlocks")] File);

impl Store {
    /// Of the suite in this directory.
    pub(crate) fn of(root: &Path) -> Self {
        Self {
            out: root.join("relux").join("out"),
        }
    }

    fn shared(&self, name: &str) -> PathBuf {
        self.out.join(SHARED).join(name)
    }

    fn lock(&self) -> io::Result<Locked> {
        fs::create_dir_all(self.out.join(SHARED))?;
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.shared("lock"))?;
        // Where there are no locks, only runs that begin or end at the same moment can disturb each other.
        let _ = flock(&file, FlockOperation::LockExclusive);
        Ok(Locked(file))
    }

    /// Enters a run as the newest one, and lets `then` act while no other run can begin.
    pub(crate) fn register<T>(&self, run: &str, then: impl FnOnce() -> T) -> io::Result<T> {
        let _lock = self.lock()?;
        let mut runs = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.shared(RUNS))?;
        runs.write_all(format!("{run}\n").as_bytes())?;
        Ok(then())
    }

    /// Names of all runs that are on disk, the oldest first. Runs that were never entered come first, by name.
    fn order(&self) -> io::Result<Vec<String>> {
        let listed = match fs::read_to_string(self.shared(RUNS)) {
            Ok(listed) => listed,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let mut there: Vec<String> = match fs::read_dir(&self.out) {
            Ok(entries) => entries
                .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
                .filter(|name| self.is_run(name))
                .collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        there.sort();
        let known: HashSet<&str> = listed.lines().collect();
        let (entered, mut order): (Vec<String>, Vec<String>) =
            there.into_iter().partition(|name| known.contains(name.as_str()));
        let entered: HashSet<String> = entered.into_iter().collect();
        order.extend(
            listed
                .lines()
                .filter(|name| entered.contains(*name))
                .map(str::to_owned),
        );
        Ok(order)
    }

    /// Whether this is the name of a run, and not of something that somebody put there.
    fn is_run(&self, name: &str) -> bool {
        let dir = self.out.join(name);
        name.starts_with("run-")
            && [EVENTS_FILE, SUMMARY_FILE]
                .iter()
                .any(|file| dir.join(file).is_file())
    }
}
