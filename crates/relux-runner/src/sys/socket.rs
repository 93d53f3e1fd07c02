//! A socket that no shell inherits.

use std::io;
use std::os::fd::OwnedFd;

use rustix::net::{AddressFamily, SocketType, ipproto};

/// A fresh TCP socket, closed on exec.
#[cfg(not(target_vendor = "apple"))]
pub(crate) fn tcp_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    use rustix::net::{SocketFlags, socket_with};
    let flags = SocketFlags::CLOEXEC;
    Ok(socket_with(
        family,
        SocketType::STREAM,
        flags,
        Some(ipproto::TCP),
    )?)
}

/// The same where the flag can only be set afterwards.
#[cfg(target_vendor = "apple")]
pub(crate) fn tcp_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    let socket = rustix::net::socket(family, SocketType::STREAM, Some(ipproto::TCP))?;
    rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
    Ok(socket)
}
