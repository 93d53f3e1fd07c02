//! Suspending this process.

use std::io;

/// Stops this process and returns when it continues.
#[expect(
    unsafe_code,
    reason = "a signal for this very thread, so that it does not run on before it takes effect"
)]
pub(crate) fn stop_self() -> io::Result<()> {
    // SAFETY: takes a number, touches no memory.
    if unsafe { libc::raise(libc::SIGSTOP) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}
