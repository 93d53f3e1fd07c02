//! What the machine allows: descriptors and terminals, and so the number of shells at once.

use std::os::fd::BorrowedFd;
use std::sync::OnceLock;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Terminals that others on this machine may want at the same time; of few, a quarter.
const RESERVE: u64 = 256;
/// What a run needs whatever it runs: standard streams, runtime, reports, locks of ports.
const OWN_FILES: u64 = 64;
/// Terminal, process, logs, and what its teardown reads.
const FILES_PER_SHELL: u64 = 6;

/// The soft limit of open files before it was raised.
static INHERITED: OnceLock<Option<u64>> = OnceLock::new();

/// Raises the soft limit of open files to the hard one and tells how many shells may live at once: each needs a few
/// descriptors and a terminal.
pub(crate) fn shell_limit() -> usize {
    let limits = getrlimit(Resource::Nofile);
    let _ = INHERITED.set(limits.current);
    let wanted = limits.maximum.unwrap_or(1 << 20);
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(wanted),
            maximum: limits.maximum,
        },
    );
    let files = if raised.is_ok() {
        wanted
    } else {
        limits.current.unwrap_or(wanted)
    };
    let by_files = files.saturating_sub(OWN_FILES) / FILES_PER_SHELL;
    let by_terminals = free_terminals().unwrap_or(u64::MAX);
    usize::try_from(by_files.min(by_terminals).max(1)).unwrap_or(usize::MAX)
}

/// A shell gets the limit of open files that the runner was started with.
#[cfg(target_os = "linux")]
pub(crate) fn lower_for(pid: i32) {
    use rustix::process::{Pid, prlimit};
    if let (Some(&current), Some(pid)) = (INHERITED.get(), Pid::from_raw(pid)) {
        let maximum = getrlimit(Resource::Nofile).maximum;
        let _ = prlimit(Some(pid), Resource::Nofile, Rlimit { current, maximum });
    }
}

/// Elsewhere shells see the raised limit.
#[cfg(not(target_os = "linux"))]
pub(crate) fn lower_for(_: i32) {}

fn free_terminals() -> Option<u64> {
    let number = |file: &str| {
        std::fs::read_to_string(file)
            .ok()
            .and_then(|text| text.trim().parse::<u64>().ok())
    };
    let most = number("/proc/sys/kernel/pty/max")?;
    let used = number("/proc/sys/kernel/pty/nr")?;
    let free = most.saturating_sub(used);
    Some(free - RESERVE.min(free / 4))
}

/// Descriptors that the runner itself inherited must not reach the shells.
pub(crate) fn mark_inherited_descriptors_close_on_exec() {
    let Ok(entries) = std::fs::read_dir("/dev/fd") else {
        return;
    };
    let numbers: Vec<i32> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|&fd| fd > 2)
        .collect();
    for fd in numbers {
        // SAFETY: the number was just listed as open; if it has been closed meanwhile the call fails harmlessly.
        #[expect(unsafe_code, reason = "borrowing inherited descriptors by number")]
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        if let Ok(flags) = rustix::io::fcntl_getfd(fd) {
            let _ = rustix::io::fcntl_setfd(fd, flags | rustix::io::FdFlags::CLOEXEC);
        }
    }
}
