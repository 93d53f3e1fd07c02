//! Processes on unixes without pidfds, subreapers and `/proc`: what can be done with sessions and groups alone.
//!
//! Descendants that leave their session cannot be found here.

use rustix::process::Pid;

use super::ProcessStat;
use super::by_pid::ByPid;

/// There is none.
pub(crate) fn become_subreaper() {}

/// Tells when a process has ended, as [`ByPid`] does.
pub(crate) type ExitWatch = ByPid;

/// Unknown.
pub(crate) fn children(_: i32) -> Vec<i32> {
    Vec::new()
}

/// Unknown.
pub(crate) fn orphans() -> Vec<i32> {
    Vec::new()
}

/// What can be asked for: group and session.
pub(crate) fn stat(pid: i32) -> Option<ProcessStat> {
    let pid = Pid::from_raw(pid)?;
    let number = |pid: Pid| i32::from(pid.as_raw_nonzero());
    Some(ProcessStat {
        group: number(rustix::process::getpgid(Some(pid)).ok()?),
        session: number(rustix::process::getsid(Some(pid)).ok()?),
        zombie: false,
        stopped: false,
        started: 0,
    })
}

/// Unknown.
pub(crate) fn scope_marker(_: i32) -> Option<String> {
    None
}

/// Unknown.
pub(crate) fn command_line(_: i32) -> Option<String> {
    None
}

/// Unknown.
pub(crate) fn all_processes() -> Vec<i32> {
    Vec::new()
}

/// Nothing to do: orphans belong to the init process.
pub(crate) fn reap_zombie(_: i32) {}

/// Waits until a process has ended, but no longer than this. Blocks.
pub(crate) fn wait_for_end(pid: i32, limit: std::time::Duration) {
    super::by_pid::look_for_end(pid, limit);
}

/// There is no such signal; whether the parent is still there.
pub(crate) fn signal_on_death_of(parent: i32, _: rustix::process::Signal) -> bool {
    rustix::process::getppid().is_some_and(|pid| pid.as_raw_nonzero().get() == parent)
}

/// Unknown; the callers come first in the program.
pub(crate) fn has_one_thread() -> bool {
    true
}

/// Unknown.
pub(crate) fn boot() -> &'static str {
    "0"
}

/// There is only one.
pub(crate) fn pid_namespace() -> String {
    String::new()
}

/// Nothing to set.
pub(crate) fn set_name(_: &std::ffi::CStr) {}

/// Unknown.
pub(crate) fn age_ms(_: &ProcessStat) -> Option<u64> {
    None
}

/// Unknown.
pub(crate) fn handles(_: i32, _: i32) -> bool {
    false
}
