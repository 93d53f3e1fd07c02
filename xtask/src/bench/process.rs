//! Runs a program to its end and says what it used.
//!
//! The kernel's own account of one child (wait4(2)), with that of the children it waited for.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

/// What a process used.
#[derive(Clone, Copy, Serialize, Debug)]
pub(super) struct Usage {
    /// Its exit code; none if a signal ended it.
    pub(super) code: Option<i32>,
    /// From start to end, in seconds.
    pub(super) wall: f64,
    /// Processor time outside the kernel, in seconds.
    pub(super) user: f64,
    /// Processor time inside the kernel, in seconds.
    pub(super) system: f64,
    /// The most memory that it held at any time, in KiB; of its children, the largest counts.
    pub(super) peak_kib: u32,
}

/// Runs the command with nothing to read and nobody to read what it prints.
#[expect(
    unsafe_code,
    reason = "the standard library waits without telling what was used"
)]
pub(super) fn measure(command: &mut Command) -> io::Result<Usage> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let child = command.spawn()?;
    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    // SAFETY: rusage consists of integers, for which zero is a value.
    let mut used: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers lead to variables that outlive the call, and the process is a child of this one that
        // nobody else waits for.
        let ended = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut used) };
        if ended == pid {
            break;
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    let wall = start.elapsed().as_secs_f64();
    let per_kib = if cfg!(target_os = "macos") { 1024 } else { 1 };
    Ok(Usage {
        code: libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)),
        wall,
        user: seconds(used.ru_utime),
        system: seconds(used.ru_stime),
        peak_kib: u32::try_from(used.ru_maxrss / per_kib).unwrap_or(u32::MAX),
    })
}

fn seconds(time: libc::timeval) -> f64 {
    let whole = Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or_default());
    let rest = Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or_default());
    (whole + rest).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_measured() {
        let usage = measure(Command::new("sh").args(["-c", "exit 3"])).expect("a shell starts");
        assert_eq!(usage.code, Some(3));
        assert!(usage.wall > 0.0);
        assert!(usage.peak_kib > 0);
    }

    #[test]
    fn a_signal_is_no_exit_code() {
        let usage = measure(Command::new("sh").args(["-c", "kill -KILL $$"])).expect("a shell starts");
        assert_eq!(usage.code, None);
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        assert!(measure(&mut Command::new("/nowhere/at/all")).is_err());
    }
}
