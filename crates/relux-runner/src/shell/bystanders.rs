//! Processes that were this one's children before it became a runner: a shell that replaces itself by `relux run` hands
//! over its background jobs. They carry no mark, like a test's process that dropped its own, and must be left alone.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use crate::sys::{self, ProcessStat};

#[derive(Default)]
struct Bystanders {
    /// Ids with start times: an id alone may come back.
    processes: FxHashSet<(i32, u64)>,
    sessions: FxHashSet<i32>,
}

static BYSTANDERS: OnceLock<Bystanders> = OnceLock::new();

/// Remembers who is there before the first test of this process.
pub(crate) fn note_bystanders() {
    BYSTANDERS.get_or_init(|| {
        let mut found = Bystanders::default();
        let mut queue = vec![i32::try_from(std::process::id()).unwrap_or(0)];
        while let Some(parent) = queue.pop() {
            for pid in sys::children(parent) {
                if let Some(stat) = sys::stat(pid)
                    && found.processes.insert((pid, stat.started))
                {
                    found.sessions.insert(stat.session);
                    queue.push(pid);
                }
            }
        }
        found
    });
}

/// Whether it was there before, or was started in a session that was.
pub(crate) fn is_bystander(pid: i32, stat: &ProcessStat) -> bool {
    BYSTANDERS.get().is_some_and(|known| {
        known.processes.contains(&(pid, stat.started)) || known.sessions.contains(&stat.session)
    })
}
