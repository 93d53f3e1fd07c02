//! Processes on Linux: pidfds, the subreaper, and the process table under `/proc`.

use std::fs;
use std::sync::OnceLock;

use rustix::process::{
    Pid, PidfdFlags, WaitId, WaitIdOptions, WaitOptions, getpid, pidfd_open, set_child_subreaper, waitid,
    waitpid,
};

use super::by_pid::ByPid;
use super::{AsyncTty, ExitStatus, ProcessStat};

/// Orphaned descendants come back to this process from now on, so that they can be found.
pub(crate) fn become_subreaper() {
    // An old kernel without it only loses the orphans that also drop their session and their environment.
    let _ = set_child_subreaper(Some(getpid()));
}

/// Tells when a process has ended. With a pidfd it is immune to the reuse of process ids.
pub(crate) enum ExitWatch {
    Pidfd(i32, AsyncTty),
    /// Where the kernel has no pidfds, forbids them, or has no descriptor left.
    ByPid(ByPid),
}

impl ExitWatch {
    /// Watches a process, a child or any other.
    pub(crate) fn new(pid: i32) -> Self {
        let pidfd = Pid::from_raw(pid)
            .and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok())
            .and_then(|pidfd| AsyncTty::new(pidfd).ok());
        pidfd.map_or_else(|| Self::ByPid(ByPid::new(pid)), |pidfd| Self::Pidfd(pid, pidfd))
    }

    /// Waits until the process has ended; it may still be a zombie.
    pub(crate) async fn ended(&self) {
        match self {
            // The error case is a runtime that shuts down: nobody waits any more.
            Self::Pidfd(_, pidfd) => drop(pidfd.readable().await),
            Self::ByPid(watch) => watch.ended().await,
        }
    }

    /// Waits until the child has ended and reaps it.
    pub(crate) async fn reap(&self) -> ExitStatus {
        let (pid, pidfd) = match self {
            Self::Pidfd(pid, pidfd) => (Pid::from_raw(*pid), pidfd),
            Self::ByPid(watch) => return watch.reap().await,
        };
        loop {
            let Ok(mut ready) = pidfd.readable().await else {
                return ExitStatus::Signal(libc::SIGKILL);
            };
            // By its id, which a child keeps until it is reaped: not every kernel with pidfds can wait by them.
            match waitpid(pid, WaitOptions::NOHANG) {
                Ok(Some((_, status))) => {
                    return match (status.exit_status(), status.terminating_signal()) {
                        (Some(code), _) => ExitStatus::Code(code),
                        (None, Some(signal)) => ExitStatus::Signal(signal),
                        (None, None) => ExitStatus::Signal(0),
                    };
                }
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) | Ok(None) => ready.clear_ready(),
                Err(_) => return ExitStatus::Code(-1),
            }
        }
    }
}

/// Whether `/proc` speaks of the processes that this one can signal. In a PID namespace with the `/proc` of another one
/// its numbers mean other processes, and acting on them would hit strangers.
fn proc_is_ours() -> bool {
    static OURS: OnceLock<bool> = OnceLock::new();
    *OURS.get_or_init(|| {
        let me = getpid().as_raw_nonzero().to_string();
        fs::read_link("/proc/self").is_ok_and(|link| link.as_os_str() == me.as_str())
    })
}

/// Direct children of a process, those of all its threads.
pub(crate) fn children(pid: i32) -> Vec<i32> {
    let own = children_of_thread(pid, pid);
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return own;
    };
    let mut all = own;
    for thread in threads.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok()) {
        if thread != pid {
            all.extend(children_of_thread(pid, thread));
        }
    }
    all
}

/// Children of this process that it did not start on another thread than the first: the kernel hands orphans to the
/// first thread of the subreaper.
pub(crate) fn orphans() -> Vec<i32> {
    let me = i32::from(getpid().as_raw_nonzero());
    children_of_thread(me, me)
}

fn children_of_thread(pid: i32, thread: i32) -> Vec<i32> {
    if !proc_is_ours() {
        return Vec::new();
    }
    fs::read_to_string(format!("/proc/{pid}/task/{thread}/children"))
        .map(|text| {
            text.split_ascii_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect()
        })
        .unwrap_or_default()
}

/// What the process table says; `None` if the process is gone.
pub(crate) fn stat(pid: i32) -> Option<ProcessStat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, so fields are counted from its end.
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    let mut number = || fields.next()?.parse().ok();
    let _parent = number()?;
    let (group, session) = (number()?, number()?);
    // The 22nd field of the line, of which six are read.
    let started = fields.nth(15)?.parse().ok()?;
    Some(ProcessStat {
        group,
        session,
        zombie: matches!(state, "Z" | "X"),
        stopped: matches!(state, "T" | "t"),
        started,
    })
}

/// What it was started as; its short name if it has replaced that.
pub(crate) fn command_line(pid: i32) -> Option<String> {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    let text = String::from_utf8_lossy(&arguments).replace('\0', " ");
    if text.trim().is_empty() {
        return fs::read_to_string(format!("/proc/{pid}/comm"))
            .ok()
            .map(|name| name.trim().to_owned());
    }
    Some(text.trim().to_owned())
}

/// The value of `__RELUX_SCOPE` in the environment with which a process was started.
pub(crate) fn scope_marker(pid: i32) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    environment
        .split(|&byte| byte == 0)
        .find_map(|entry| entry.strip_prefix(b"__RELUX_SCOPE="))
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

/// All process ids.
pub(crate) fn all_processes() -> Vec<i32> {
    if !proc_is_ours() {
        return Vec::new();
    }
    fs::read_dir("/proc")
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
                .collect()
        })
        .unwrap_or_default()
}

/// Waits for a child that has ended, without blocking.
pub(crate) fn reap_zombie(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
    }
}

/// Waits until a process has ended, perhaps as a zombie, but no longer than this. Blocks.
pub(crate) fn wait_for_end(pid: i32, limit: std::time::Duration) {
    let pidfd = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    let Some(pidfd) = pidfd else {
        super::by_pid::look_for_end(pid, limit);
        return;
    };
    let timeout = rustix::event::Timespec::try_from(limit).ok();
    let mut wanted = [rustix::event::PollFd::new(&pidfd, rustix::event::PollFlags::IN)];
    // A signal that comes in between ends the wait early, and whoever waits looks again anyway.
    let _ = rustix::event::poll(&mut wanted, timeout.as_ref());
}

/// Gets a signal when the parent dies. Whether the parent is still there.
pub(crate) fn signal_on_death_of(parent: i32, signal: rustix::process::Signal) -> bool {
    let _ = rustix::process::set_parent_process_death_signal(Some(signal));
    // A parent outside of this PID namespace is none.
    rustix::process::getppid().is_none_or(|pid| pid.as_raw_nonzero().get() == parent)
}

/// Whether nothing else runs in this process.
pub(crate) fn has_one_thread() -> bool {
    fs::read_dir("/proc/self/task").map_or(true, |threads| threads.count() == 1)
}

/// What tells this boot of the machine from others, in eight letters.
pub(crate) fn boot() -> &'static str {
    static BOOT: OnceLock<String> = OnceLock::new();
    BOOT.get_or_init(|| {
        let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let short: String = id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
        if short.is_empty() { "0".to_owned() } else { short }
    })
}

/// The world in which process ids mean something.
pub(crate) fn pid_namespace() -> String {
    fs::read_link("/proc/self/ns/pid")
        .map_or_else(|_| String::new(), |link| link.to_string_lossy().into_owned())
}

/// What a process is called in lists of processes.
pub(crate) fn set_name(name: &std::ffi::CStr) {
    let _ = rustix::thread::set_name(name);
}

/// How long a process has been running, in milliseconds.
pub(crate) fn age_ms(stat: &ProcessStat) -> Option<u64> {
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, _) = uptime.split_once(' ')?;
    let (whole, hundredths) = seconds.split_once('.')?;
    let now = whole.parse::<u64>().ok()? * 1000 + hundredths.parse::<u64>().ok()? * 10;
    let ticks = rustix::param::clock_ticks_per_second();
    Some(now.saturating_sub(stat.started.saturating_mul(1000) / ticks.max(1)))
}

/// Whether a process has a handler of its own for a signal, so that it may take its time to end.
pub(crate) fn handles(pid: i32, signal: i32) -> bool {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| (1..=64).contains(&signal) && mask & (1 << (signal - 1)) != 0)
}
