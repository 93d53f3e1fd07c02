//! Splitting the process in two, and the signals of its older half. For the supervisor, which has no runtime.
//!
//! Only sound while the process has one thread; who calls this checks that first.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitOptions, WaitStatus, waitpid};

/// Which half of the process this is.
pub(crate) enum Half {
    /// The younger half.
    Child,
    /// The older half, with the id of the younger one.
    Parent(i32),
}

/// Splits the process. Signals wait until each half has let them through again.
#[expect(unsafe_code, reason = "fork has no safe wrapper")]
pub(crate) fn fork() -> io::Result<Half> {
    // SAFETY: there is one thread, as the callers make sure, so that no lock can be held by another one.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(Half::Child),
        pid => Ok(Half::Parent(pid)),
    }
}

/// Holds these signals back or lets them through.
#[expect(unsafe_code, reason = "signal masks have no safe wrapper")]
pub(crate) fn hold_signals(signals: &[i32], held: bool) {
    let mut set = std::mem::MaybeUninit::uninit();
    let how = if held { libc::SIG_BLOCK } else { libc::SIG_UNBLOCK };
    // SAFETY: the set is initialised by the first call and lives until the last one.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for &signal in signals {
            libc::sigaddset(set.as_mut_ptr(), signal);
        }
        libc::pthread_sigmask(how, set.as_ptr(), std::ptr::null_mut());
    }
}

/// Whether whoever started this process wants the signal to be ignored, as `nohup` does.
#[expect(unsafe_code, reason = "signal dispositions have no safe wrapper")]
pub(crate) fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only asks; the result is plain data that the call fills in.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

static SIGNALS: AtomicI32 = AtomicI32::new(-1);

#[expect(unsafe_code, reason = "a signal handler")]
extern "C" fn write_down(signal: libc::c_int) {
    let byte = u8::try_from(signal).unwrap_or(0);
    // SAFETY: `write` may be called in handlers; the buffer is one byte. The number of the last error is put back.
    unsafe {
        let errno = errno();
        let before = *errno;
        libc::write(SIGNALS.load(Ordering::Relaxed), (&raw const byte).cast(), 1);
        *errno = before;
    }
}

#[cfg(not(target_vendor = "apple"))]
#[expect(unsafe_code, reason = "the last error of the C library")]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: has no preconditions.
    unsafe { libc::__errno_location() }
}

#[cfg(target_vendor = "apple")]
#[expect(unsafe_code, reason = "the last error of the C library")]
unsafe fn errno() -> *mut libc::c_int {
    // SAFETY: has no preconditions.
    unsafe { libc::__error() }
}

/// From now on each of these signals is one byte, its number, to read from the pipe. Once per process.
#[expect(unsafe_code, reason = "signal handlers have no safe wrapper")]
pub(crate) fn signals_into_pipe(signals: &[i32]) -> io::Result<OwnedFd> {
    let (read, write) = rustix::pipe::pipe()?;
    for end in [&read, &write] {
        rustix::io::ioctl_fionbio(end, true)?;
        rustix::io::fcntl_setfd(end, rustix::io::FdFlags::CLOEXEC)?;
    }
    SIGNALS.store(write.as_raw_fd(), Ordering::Relaxed);
    // It has to stay open as long as there are handlers: for ever.
    std::mem::forget(write);
    for &signal in signals {
        // SAFETY: the handler does only what handlers may do; the rest of the structure is valid as zeros.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = write_down as extern "C" fn(libc::c_int) as usize;
            action.sa_flags = libc::SA_RESTART;
            if libc::sigaction(signal, &raw const action, std::ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
    }
    Ok(read)
}

/// What happened to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChildNews {
    /// It has ended and is reaped.
    Ended(super::ExitStatus),
    /// It was stopped by this signal.
    Stopped(i32),
    /// It goes on.
    Continued,
}

/// The next piece of news about any child, without waiting.
pub(crate) fn child_news() -> Option<(i32, ChildNews)> {
    let options = WaitOptions::NOHANG | WaitOptions::UNTRACED | WaitOptions::CONTINUED;
    loop {
        match rustix::process::wait(options) {
            Ok(Some((pid, status))) => return Some((pid.as_raw_nonzero().get(), news(status))),
            Err(rustix::io::Errno::INTR) => {}
            Ok(None) | Err(_) => return None,
        }
    }
}

fn news(status: WaitStatus) -> ChildNews {
    if let Some(signal) = status.stopping_signal() {
        ChildNews::Stopped(signal)
    } else if status.continued() {
        ChildNews::Continued
    } else {
        ChildNews::Ended(ended(status))
    }
}

fn ended(status: WaitStatus) -> super::ExitStatus {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => super::ExitStatus::Code(code),
        (None, signal) => super::ExitStatus::Signal(signal.unwrap_or(0)),
    }
}

/// Waits until these processes have ended, whoever reaps them, but no longer than this. Children are reaped.
pub(crate) fn wait_until_gone(pids: impl IntoIterator<Item = i32>, limit: Duration) {
    let deadline = Instant::now() + limit;
    for pid in pids {
        super::wait_for_end(pid, deadline.saturating_duration_since(Instant::now()));
        if let Some(pid) = Pid::from_raw(pid) {
            // Not a child, or reaped by somebody else: fine.
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }
}
