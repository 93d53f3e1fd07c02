//! Processes on unixes without pidfds, subreapers and `/proc`: what can be done with sessions and groups alone.
//!
//! Descendants that leave their session cannot be found here.

use std::io;

use rustix::process::{Pid, WaitOptions, waitpid};
use tokio::signal::unix::{SignalKind, signal};

use super::{ExitStatus, ProcessStat};

/// There is none.
pub(crate) fn become_subreaper() {}

/// Tells when a child has ended.
pub(crate) struct ExitWatch {
    pid: Pid,
}

impl ExitWatch {
    /// Watches a process.
    pub(crate) fn new(pid: i32) -> io::Result<Self> {
        let pid = Pid::from_raw(pid).ok_or(io::ErrorKind::NotFound)?;
        Ok(Self { pid })
    }

    /// Cannot be known for processes that are not children: does not wait.
    pub(crate) async fn ended(&self) {}

    /// Waits until the child has ended and reaps it.
    pub(crate) async fn reap(&self) -> ExitStatus {
        let Ok(mut child_signals) = signal(SignalKind::child()) else {
            return ExitStatus::Code(-1);
        };
        loop {
            match waitpid(Some(self.pid), WaitOptions::NOHANG) {
                Ok(Some((_, status))) => {
                    return match (status.exit_status(), status.terminating_signal()) {
                        (Some(code), _) => ExitStatus::Code(code),
                        (None, Some(signal)) => ExitStatus::Signal(signal),
                        (None, None) => continue,
                    };
                }
                Ok(None) | Err(rustix::io::Errno::INTR) => {
                    let _ = child_signals.recv().await;
                }
                Err(_) => return ExitStatus::Code(-1),
            }
        }
    }
}

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
        parent: 0,
        group: number(rustix::process::getpgid(Some(pid)).ok()?),
        session: number(rustix::process::getsid(Some(pid)).ok()?),
        zombie: false,
    })
}

/// Unknown.
pub(crate) fn scope_marker(_: i32) -> Option<String> {
    None
}

/// Unknown.
pub(crate) fn all_processes() -> Vec<i32> {
    Vec::new()
}

/// Nothing to do: orphans belong to the init process.
pub(crate) fn reap_zombie(_: i32) {}
