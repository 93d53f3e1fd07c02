//! Waiting for processes by their id alone, where there are no pidfds: old kernels, seccomp filters, other unixes, and
//! processes that are out of descriptors.

use std::time::Duration;

use rustix::process::{Pid, WaitOptions, test_kill_process, waitpid};
use tokio::signal::unix::{SignalKind, signal};

use super::ExitStatus;

/// How often the process table is looked at for a process that is not a child of this one.
const LOOK: Duration = Duration::from_millis(5);
/// How often a child is looked at if its signal cannot be heard.
const LOOK_FOR_CHILD: Duration = Duration::from_millis(50);

/// Tells when a process has ended. A child keeps its id until it is reaped; others may be mistaken for a successor.
pub(crate) struct ByPid(i32);

impl ByPid {
    /// Watches a process, a child or any other.
    pub(crate) fn new(pid: i32) -> Self {
        Self(pid)
    }

    /// Waits until the process has ended; it may still be a zombie.
    pub(crate) async fn ended(&self) {
        let Some(pid) = Pid::from_raw(self.0) else { return };
        while test_kill_process(pid) != Err(rustix::io::Errno::SRCH)
            && super::stat(self.0).is_some_and(|stat| !stat.zombie)
        {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the child has ended and reaps it.
    pub(crate) async fn reap(&self) -> ExitStatus {
        let mut child_signals = signal(SignalKind::child()).ok();
        loop {
            match waitpid(Pid::from_raw(self.0), WaitOptions::NOHANG) {
                Ok(Some((_, status))) => match (status.exit_status(), status.terminating_signal()) {
                    (Some(code), _) => return ExitStatus::Code(code),
                    (None, Some(signal)) => return ExitStatus::Signal(signal),
                    (None, None) => {}
                },
                Ok(None) | Err(rustix::io::Errno::INTR) => match &mut child_signals {
                    Some(signals) => drop(signals.recv().await),
                    None => tokio::time::sleep(LOOK_FOR_CHILD).await,
                },
                Err(_) => return ExitStatus::Code(-1),
            }
        }
    }
}

/// Blocks until a process has ended, but no longer than this.
pub(super) fn look_for_end(pid: i32, limit: Duration) {
    let deadline = std::time::Instant::now() + limit;
    let Some(known) = Pid::from_raw(pid) else { return };
    while std::time::Instant::now() < deadline
        && test_kill_process(known) != Err(rustix::io::Errno::SRCH)
        && super::stat(pid).is_some_and(|stat| !stat.zombie)
    {
        std::thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[tokio::test]
    async fn a_child_is_reaped_with_its_status() {
        for (code, expected) in [
            ("exit 7", ExitStatus::Code(7)),
            ("kill -9 $$", ExitStatus::Signal(9)),
            ("sleep 0.1; exit 3", ExitStatus::Code(3)),
        ] {
            #[expect(clippy::zombie_processes, reason = "reaped by what is tested")]
            let child = Command::new("sh").args(["-c", code]).spawn().expect("sh starts");
            let pid = i32::try_from(child.id()).expect("a process id");
            assert_eq!(ByPid::new(pid).reap().await, expected, "{code}");
        }
    }

    #[tokio::test]
    async fn the_end_of_a_process_is_seen_before_and_after_it() {
        let mut child = Command::new("sleep").arg("1000").spawn().expect("sleep starts");
        let pid = i32::try_from(child.id()).expect("a process id");
        let waiting = tokio::spawn(async move { ByPid::new(pid).ended().await });
        child.kill().expect("ours");
        // As a zombie.
        waiting.await.expect("no panic");
        child.wait().expect("ours");
        ByPid::new(pid).ended().await;
    }
}
