//! Which runs may go, and how they go: moved out of sight in one step, then removed piece by piece.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use relux_model::reports::StoreSettings;

use super::Store;
use crate::journal::is_live;

/// Where runs lie that are being removed.
const GOING: &str = "going";

/// A run as the rule sees it.
#[derive(Debug)]
struct Candidate {
    name: String,
    failed: bool,
    /// How long ago it began; `None` if that cannot be told.
    age: Option<Duration>,
    /// It is alive, or somebody points at it.
    in_use: bool,
}

impl Store {
    /// Removes the runs that need not be kept. What could not be removed.
    pub(crate) fn prune(&self, settings: &StoreSettings, current: &str, now: Timestamp) -> Vec<String> {
        let told = |error: io::Error| format!("cannot remove old runs of {}: {error}", self.out.display());
        if let Err(error) = self.put_aside(settings, current, now) {
            return vec![told(error)];
        }
        // Without the lock: it may take long, and another run that does the same is no harm.
        let Ok(going) = fs::read_dir(self.shared(GOING)) else {
            return Vec::new();
        };
        let paths: Vec<PathBuf> = going.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths
            .iter()
            .filter_map(|path| remove(path).err())
            .map(told)
            .collect()
    }

    fn put_aside(&self, settings: &StoreSettings, current: &str, now: Timestamp) -> io::Result<()> {
        let _lock = self.lock()?;
        let latest = fs::read_link(self.out.join("latest")).ok();
        let latest = latest.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        let mut history = self.history().unwrap_or_default();
        let order = self.catch_up(&mut history, Some(current))?;
        let newest_first: Vec<Candidate> = order
            .into_iter()
            .rev()
            .map(|name| Candidate {
                failed: history.runs.get(&name).is_some_and(|code| *code != 0),
                age: begun(&name).and_then(|begun| Duration::try_from(now.duration_since(begun)).ok()),
                in_use: name == current || latest.as_ref() == Some(&name) || is_live(&self.out.join(&name)),
                name,
            })
            .collect();
        for name in superfluous(&newest_first, settings) {
            let going = self.shared(GOING);
            fs::create_dir_all(&going)?;
            fs::rename(self.out.join(&name), going.join(&name))?;
        }
        Ok(())
    }
}

/// The names of those that may go.
fn superfluous(newest_first: &[Candidate], settings: &StoreSettings) -> Vec<String> {
    let failed: HashSet<&str> = newest_first
        .iter()
        .filter(|run| run.failed)
        .take(settings.keep_failed as usize)
        .map(|run| run.name.as_str())
        .collect();
    let is_old = |run: &Candidate| match (settings.keep_for, run.age) {
        (Some(limit), Some(age)) => age > limit,
        _ => false,
    };
    newest_first
        .iter()
        .enumerate()
        .filter(|(index, run)| *index >= settings.keep_runs as usize || is_old(run))
        .filter(|(_, run)| !run.in_use && !failed.contains(run.name.as_str()))
        .map(|(_, run)| run.name.clone())
        .collect()
}

/// When a run began, by its name.
fn begun(name: &str) -> Option<Timestamp> {
    let text = name.strip_prefix("run-")?.get(..19)?;
    let time = DateTime::strptime("%Y-%m-%d-%H-%M-%S", text).ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// Tests may leave directories that nobody may write to.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            open_up(path);
            fs::remove_dir_all(path)
        }
        result => result,
    }
    .or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })
}

fn open_up(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(dir, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        // Links are not followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: &str, days: u64) -> Candidate {
        Candidate {
            name: name.to_owned(),
            failed: name.starts_with('f'),
            age: Some(Duration::from_secs(days * 86_400)),
            in_use: name.ends_with('!'),
        }
    }

    #[test]
    fn what_may_go() {
        let runs = [
            run("a", 0),
            run("f1", 1),
            run("b", 2),
            run("f2", 3),
            run("c!", 4),
            run("f3", 5),
            run("d", 6),
        ];
        let gone = |keep_runs, keep_failed, days: Option<u64>| {
            let keep_for = days.map(|days| Duration::from_secs(days * 86_400));
            superfluous(
                &runs,
                &StoreSettings {
                    keep_runs,
                    keep_failed,
                    keep_for,
                },
            )
            .join(" ")
        };
        assert_eq!(gone(100, 0, None), "");
        assert_eq!(gone(2, 0, None), "b f2 f3 d");
        assert_eq!(gone(2, 2, None), "b f3 d");
        assert_eq!(gone(1, 9, None), "b d");
        assert_eq!(gone(100, 0, Some(2)), "f2 f3 d");
        assert_eq!(gone(100, 2, Some(2)), "f3 d");
    }

    #[test]
    fn names_tell_when_a_run_began() {
        assert_eq!(
            begun("run-1970-01-01-00-01-00-abcdefgh").map(Timestamp::as_second),
            Some(60)
        );
        assert_eq!(begun("run-x"), None);
    }
}
