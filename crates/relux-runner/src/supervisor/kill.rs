//! Freeze and kill without a runtime, for processes that are about to exit or have none.

use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::sys;

/// How long all of it may take at most, against something that starts others faster than they can be killed.
const LIMIT: Duration = Duration::from_secs(10);
/// How long killed processes may take to go, and rounds after which one that is still there is stuck in the kernel or may
/// not be killed.
const KILLED: Duration = Duration::from_millis(500);
const STUCK_ROUNDS: u32 = 4;

/// Kills what `find` finds until it has found nothing twice. How many processes it killed.
pub(crate) fn kill_until_gone(find: impl Fn() -> Vec<i32>) -> usize {
    let deadline = Instant::now() + LIMIT;
    let mut killed: FxHashMap<i32, u32> = FxHashMap::default();
    let mut empty = 0;
    while empty < 2 && Instant::now() < deadline {
        let mut found = find();
        found.retain(|pid| killed.get(pid).is_none_or(|&rounds| rounds < STUCK_ROUNDS));
        if found.is_empty() {
            empty += 1;
            continue;
        }
        empty = 0;
        // First all are stopped, so that none can start another one while the others are killed.
        for signal in [Signal::STOP, Signal::KILL] {
            for &pid in &found {
                send(pid, signal);
            }
        }
        for &pid in &found {
            *killed.entry(pid).or_default() += 1;
        }
        sys::wait_until_gone(found, KILLED);
    }
    killed.len()
}

/// Sends a signal to a process, which may be gone.
pub(super) fn send(pid: i32, signal: Signal) {
    if pid > 1
        && let Some(pid) = Pid::from_raw(pid)
    {
        let _ = kill_process(pid, signal);
    }
}

/// Kills a group, if it is still there.
pub(super) fn kill_group(group: i32) {
    if group > 1
        && let Some(group) = Pid::from_raw(group)
    {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Processes with a mark of this scope, `<boot>/<run>`, but for this one.
pub(super) fn marked(scope: &str) -> Vec<i32> {
    let me = i32::try_from(std::process::id()).unwrap_or(0);
    let of_scope = |mark: &str| {
        mark.split(' ')
            .any(|part| part.strip_prefix(scope).is_some_and(|rest| rest.starts_with('/')))
    };
    sys::all_processes()
        .into_iter()
        .filter(|&pid| pid != me && sys::scope_marker(pid).is_some_and(|mark| of_scope(&mark)))
        .filter(|&pid| sys::stat(pid).is_some_and(|stat| !stat.zombie))
        .collect()
}
