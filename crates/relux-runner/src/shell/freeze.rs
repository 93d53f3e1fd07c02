//! Stopping the processes of a run while it is suspended, and continuing them: as a terminal's Ctrl-Z does for programs
//! that are not in sessions of their own.

use rustc_hash::FxHashSet;
use rustix::process::{Pid, Signal, kill_process};

use super::start::live_shells;
use crate::sys;

/// Processes that were stopped, shells first.
#[derive(Debug, Default)]
pub(crate) struct Frozen(Vec<i32>);

/// Stops the shells, then everything in their sessions or with the mark of the run, but for what is stopped anyway.
/// In this order no shell sees a job of its own stop.
pub(crate) fn freeze(scope: &str) -> Frozen {
    let mut frozen = Vec::new();
    let shells = live_shells();
    for &pid in &shells {
        stop(pid, &mut frozen);
    }
    let sessions: FxHashSet<i32> = shells.into_iter().collect();
    let mark = format!("{scope}/");
    for pid in sys::all_processes() {
        let Some(stat) = sys::stat(pid) else { continue };
        let ours = sessions.contains(&stat.session)
            || sys::scope_marker(pid)
                .is_some_and(|marker| marker.split(' ').any(|part| part.starts_with(&mark)));
        if ours && !stat.zombie && !sessions.contains(&pid) {
            stop(pid, &mut frozen);
        }
    }
    Frozen(frozen)
}

fn stop(pid: i32, frozen: &mut Vec<i32>) {
    let stopped = sys::stat(pid).is_some_and(|stat| stat.stopped);
    if !stopped
        && let Some(raw) = Pid::from_raw(pid)
        && kill_process(raw, Signal::STOP).is_ok()
    {
        frozen.push(pid);
    }
}

impl Frozen {
    /// Lets them go on, the shells last.
    pub(crate) fn thaw(self) {
        for pid in self.0.into_iter().rev().filter_map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::CONT);
        }
    }
}
