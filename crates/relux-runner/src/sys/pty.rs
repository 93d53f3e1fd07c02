//! Pseudo-terminals: opening a pair and waiting for its master side.
//!
//! Nothing here reads or writes: who does is decided by the shell that owns the master.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcgetpgrp, tcsetwinsize};
use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};

/// So wide that no shell breaks a line.
const SIZE: Winsize = Winsize {
    ws_row: 24,
    ws_col: 65535,
    ws_xpixel: 0,
    ws_ypixel: 0,
};

/// A fresh pseudo-terminal whose slave nobody has opened yet.
pub(crate) struct Pty {
    master: OwnedFd,
    /// Path of the slave.
    pub(crate) slave: CString,
}

impl Pty {
    /// Opens a pair; the master is non-blocking and closed on exec.
    pub(crate) fn open() -> io::Result<Self> {
        let master = open_master()?;
        grantpt(&master)?;
        unlockpt(&master)?;
        rustix::io::ioctl_fionbio(&master, true)?;
        tcsetwinsize(&master, SIZE)?;
        let slave = ptsname(&master, Vec::new())?;
        Ok(Self { master, slave })
    }

    /// Registers the master with the runtime.
    pub(crate) fn into_async(self) -> io::Result<AsyncTty> {
        AsyncTty::new(self.master)
    }
}

#[cfg(not(target_vendor = "apple"))]
fn open_master() -> io::Result<OwnedFd> {
    Ok(openpt(
        OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC,
    )?)
}

/// Where the flag can only be set afterwards.
#[cfg(target_vendor = "apple")]
fn open_master() -> io::Result<OwnedFd> {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC)?;
    Ok(master)
}

/// A descriptor that the runtime watches.
pub(crate) struct AsyncTty(AsyncFd<OwnedFd>);

impl AsyncTty {
    pub(super) fn new(fd: OwnedFd) -> io::Result<Self> {
        // SAFETY: the descriptor is owned by the `AsyncFd`, which never gives it away or replaces it.
        #[expect(
            unsafe_code,
            reason = "registering a descriptor asserts that it stays open while registered"
        )]
        let registered = unsafe { AsyncFd::register(fd) };
        registered.map(Self).map_err(|error| error.into_parts().1)
    }

    /// Waits until a read would not block.
    pub(crate) async fn readable(&self) -> io::Result<AsyncFdReadyGuard<'_, OwnedFd>> {
        self.0.readable().await
    }

    /// Waits until a write would not block.
    pub(crate) async fn writable(&self) -> io::Result<AsyncFdReadyGuard<'_, OwnedFd>> {
        self.0.writable().await
    }

    /// Reads what is there; `WouldBlock` if nothing is, 0 or an error when the last slave is closed.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(self.0.get_ref(), bytes)?)
    }

    /// Writes what fits.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(self.0.get_ref(), bytes)?)
    }

    /// Whether the terminal collects lines; only then is their length limited.
    pub(crate) fn is_canonical(&self) -> bool {
        tcgetattr(self.0.get_ref()).is_ok_and(|modes| modes.local_modes.contains(LocalModes::ICANON))
    }

    /// The group that has the terminal.
    pub(crate) fn foreground_group(&self) -> Option<i32> {
        tcgetpgrp(self.0.get_ref())
            .ok()
            .map(rustix::process::Pid::as_raw_nonzero)
            .map(i32::from)
    }
}

/// Bytes that were sent to a terminal and that nobody has read, as far as it tells. `slave` is its path.
pub(crate) fn unread_input(slave: &CStr) -> Option<u64> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let terminal = rustix::fs::open(slave, flags, Mode::empty()).ok()?;
    rustix::io::ioctl_fionread(&terminal).ok()
}
