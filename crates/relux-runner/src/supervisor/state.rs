//! The file that says that a run is alive: `relux/runs/<run>/state` below the user's runtime directory.
//!
//! Supervisor and runner hold one lock on it together, which the kernel frees when both are gone. So a free lock means a
//! dead run, without a guess from process ids.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use crate::sys;

const STATE_FILE: &str = "state";

/// What the file says; for people and for the janitor, who trusts only the lock and the marks of processes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// Version of this form.
    pub(super) version: u32,
    /// Id of the run.
    pub(super) run: String,
    /// Boot of the machine.
    pub(super) boot: String,
    /// In which the ids mean something.
    pub(super) pid_namespace: String,
    /// Where it was started.
    pub(super) directory: String,
    /// Process ids.
    pub(super) supervisor: i32,
    pub(super) runner: i32,
}

/// A run that is alive as long as this is open here or in a process that was split from this one.
#[derive(Debug)]
pub(super) struct RunState {
    directory: PathBuf,
    file: File,
}

impl RunState {
    /// Makes the file of a run, locked from its first moment.
    pub(super) fn create(run: &str) -> io::Result<Self> {
        let runs = runs_directory()?;
        // Nobody takes it for a dead run before it is locked and has its name.
        let fresh = runs.join(format!(".{run}"));
        DirBuilder::new().mode(0o700).create(&fresh)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(fresh.join(STATE_FILE));
        let directory = runs.join(run);
        let made = file.and_then(|file| {
            flock(&file, FlockOperation::NonBlockingLockExclusive)?;
            fs::rename(&fresh, &directory)?;
            Ok(file)
        });
        match made {
            Ok(file) => Ok(Self { directory, file }),
            Err(error) => {
                let _ = fs::remove_dir_all(&fresh);
                Err(error)
            }
        }
    }

    /// Writes down whose it is.
    pub(super) fn describe(&self, run: &str, runner: i32) -> io::Result<()> {
        let facts = Facts {
            version: 1,
            run: run.to_owned(),
            boot: sys::boot().to_owned(),
            pid_namespace: sys::pid_namespace(),
            directory: std::env::current_dir()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            supervisor: i32::try_from(std::process::id()).unwrap_or(0),
            runner,
        };
        let mut line = serde_json::to_vec(&facts)?;
        line.push(b'\n');
        (&self.file).write_all(&line)
    }

    /// The run is over and has left nothing.
    pub(super) fn remove(&self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A run whose supervisor and runner are both dead. Nobody else cleans it as long as this is open.
#[derive(Debug)]
pub(super) struct DeadRun {
    pub(super) facts: Facts,
    state: RunState,
}

impl DeadRun {
    /// Forgets it.
    pub(super) fn remove(&self) {
        self.state.remove();
    }
}

/// All dead runs of this user that nobody else cleans.
pub(super) fn dead_runs() -> io::Result<Vec<DeadRun>> {
    let entries = fs::read_dir(runs_directory()?)?;
    Ok(entries
        .flatten()
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .filter_map(|entry| dead(&entry.path()))
        .collect())
}

fn dead(directory: &Path) -> Option<DeadRun> {
    let path = directory.join(STATE_FILE);
    let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    // Somebody may have cleaned it between the two calls.
    let text = fs::read_to_string(&path).ok()?;
    let name = directory.file_name()?.to_string_lossy().into_owned();
    let mut facts: Facts = serde_json::from_str(&text).unwrap_or_default();
    // A run that was killed before it could write has the name of its directory, and no process can have its mark.
    facts.run = name;
    let directory = directory.to_owned();
    Some(DeadRun {
        facts,
        state: RunState { directory, file },
    })
}

/// The directory of all runs of this user, which nobody else can write to.
fn runs_directory() -> io::Result<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute() && is_private(path));
    let base = match runtime {
        Some(runtime) => runtime.join("relux"),
        None => std::env::temp_dir().join(format!("relux-{}", rustix::process::geteuid().as_raw())),
    };
    let runs = base.join("runs");
    for path in [&base, &runs] {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ if is_private(path) => {}
            _ => {
                let what = format!("{} is not a private directory of this user", path.display());
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
            }
        }
    }
    Ok(runs)
}

/// A directory itself, no link to one, of this user, which nobody else may write to.
fn is_private(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|data| {
        data.is_dir() && data.uid() == rustix::process::geteuid().as_raw() && data.mode() & 0o022 == 0
    })
}
