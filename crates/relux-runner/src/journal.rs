//! The events of a run as JSON lines in its directory, each written when it happens.
//!
//! After whatever end, this file tells what ran. The lock on it tells whether the run is still alive.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

use crate::event::Event;

/// Name of the file, below the directory of the run.
pub const EVENTS_FILE: &str = "events.jsonl";

/// The file while its run is alive.
#[derive(Debug)]
pub(crate) struct Journal {
    file: Option<File>,
    error: Option<String>,
}

impl Journal {
    /// Begins the file. What keeps it from being written shows in [`Self::error`].
    pub(crate) fn create(run_dir: &Path) -> Self {
        let (file, error) = match create_locked(run_dir) {
            Ok(file) => (Some(file), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self { file, error }
    }

    /// Writes an event. Steps of tests stand in the tests' own logs.
    pub(crate) fn event(&mut self, event: &Event) {
        let Some(file) = &mut self.file else { return };
        if matches!(event, Event::Progress { .. }) {
            return;
        }
        let written = serde_json::to_vec(event)
            .map_err(io::Error::from)
            .and_then(|mut line| {
                line.push(b'\n');
                file.write_all(&line)
            });
        if let Err(error) = written {
            // The next line would follow half of this one.
            self.error = Some(error.to_string());
            self.file = None;
        }
    }

    /// Why the file is not complete, if it is not.
    pub(crate) fn error(&self) -> Option<String> {
        self.error
            .as_ref()
            .map(|error| format!("cannot write {EVENTS_FILE} of the run: {error}"))
    }
}

/// The file gets its name once it is locked: whoever sees it must not take a run that begins for one that is over.
fn create_locked(run_dir: &Path) -> io::Result<File> {
    let fresh = run_dir.join(".events.new");
    let file = File::create(&fresh)?;
    // Where there are no locks, runs are told apart by their order alone.
    let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
    fs::rename(fresh, run_dir.join(EVENTS_FILE))?;
    Ok(file)
}

/// Whether the run of this directory is alive.
pub(crate) fn is_live(run_dir: &Path) -> bool {
    File::open(run_dir.join(EVENTS_FILE)).is_ok_and(|file| {
        flock(&file, FlockOperation::NonBlockingLockShared)
            .is_err_and(|error| error == rustix::io::Errno::WOULDBLOCK)
    })
}
