//! The session of this process. `rustix` has no value for a leader outside of the PID namespace, which is what every
//! process has that was put into a container (`docker exec`, `unshare --pid`).

/// Id of the session of this process; 0 if its leader is outside of this PID namespace.
#[expect(unsafe_code, reason = "the safe wrapper cannot return 0")]
pub(crate) fn own_session() -> i32 {
    // SAFETY: takes a number, touches no memory; it cannot fail for the calling process.
    unsafe { libc::getsid(0) }
}
