//! Starting a process on a terminal without forking the runner's memory.
//!
//! `posix_spawn` creates the session; *opening* the slave as descriptor 0 then makes it the controlling terminal
//! (crates that fork and run code in the child cost more the bigger the parent is).

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;

#[cfg(not(target_vendor = "apple"))]
const SETSID: libc::c_int = libc::POSIX_SPAWN_SETSID as libc::c_int;
/// `POSIX_SPAWN_SETSID` of `<spawn.h>`, which the bindings lack.
#[cfg(target_vendor = "apple")]
const SETSID: libc::c_int = 0x0400;

/// What to start.
pub(crate) struct Command<'a> {
    /// Absolute path of the program.
    pub(crate) program: &'a CStr,
    /// All arguments, the program's name first.
    pub(crate) args: &'a [CString],
    /// `NAME=value` each.
    pub(crate) env: &'a [CString],
    /// Start directory.
    pub(crate) directory: &'a CStr,
    /// Path of the terminal.
    pub(crate) terminal: &'a CStr,
}

/// Starts the command as leader of a new session on its terminal, with default signals and no other descriptors than
/// the terminal as 0, 1 and 2. Returns the process id, which is also the session and the group.
#[expect(
    unsafe_code,
    reason = "posix_spawn has no safe wrapper that can open the controlling terminal"
)]
pub(crate) fn spawn_on_tty(command: &Command<'_>) -> io::Result<i32> {
    let argv = pointers(command.args);
    let envp = pointers(command.env);
    let mut pid: libc::pid_t = 0;
    let actions = Actions::new(command)?;
    let attributes = Attributes::new()?;
    // SAFETY: all pointers live until the call returns; the two vectors end with a null pointer.
    let result = unsafe {
        libc::posix_spawn(
            &raw mut pid,
            command.program.as_ptr(),
            &raw const actions.0,
            &raw const attributes.0,
            argv.as_ptr(),
            envp.as_ptr(),
        )
    };
    check(result)?;
    Ok(pid)
}

fn pointers(strings: &[CString]) -> Vec<*mut libc::c_char> {
    strings
        .iter()
        .map(|s| s.as_ptr().cast_mut())
        .chain(std::iter::once(std::ptr::null_mut()))
        .collect()
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 {
        Ok(())
    } else {
        Err(io::Error::from_raw_os_error(result))
    }
}

struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    #[expect(unsafe_code, reason = "part of posix_spawn")]
    fn new(command: &Command<'_>) -> io::Result<Self> {
        let mut raw = MaybeUninit::uninit();
        // SAFETY: `raw` is initialised by the call, and the strings are copied by it or outlive the spawn.
        unsafe {
            check(libc::posix_spawn_file_actions_init(raw.as_mut_ptr()))?;
            let mut actions = Self(raw.assume_init());
            let raw = &raw mut actions.0;
            check(libc::posix_spawn_file_actions_addopen(
                raw,
                0,
                command.terminal.as_ptr(),
                libc::O_RDWR,
                0,
            ))?;
            check(libc::posix_spawn_file_actions_adddup2(raw, 0, 1))?;
            check(libc::posix_spawn_file_actions_adddup2(raw, 0, 2))?;
            check(libc::posix_spawn_file_actions_addchdir_np(
                raw,
                command.directory.as_ptr(),
            ))?;
            Ok(actions)
        }
    }
}

impl Drop for Actions {
    #[expect(unsafe_code, reason = "part of posix_spawn")]
    fn drop(&mut self) {
        // SAFETY: initialised by `new`, destroyed once.
        unsafe {
            libc::posix_spawn_file_actions_destroy(&raw mut self.0);
        }
    }
}

struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    #[expect(unsafe_code, reason = "part of posix_spawn")]
    fn new() -> io::Result<Self> {
        let mut raw = MaybeUninit::uninit();
        let mut signals = MaybeUninit::uninit();
        let flags = SETSID | libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK;
        // SAFETY: `raw` and `signals` are initialised by the calls before they are read.
        unsafe {
            check(libc::posix_spawnattr_init(raw.as_mut_ptr()))?;
            let mut attributes = Self(raw.assume_init());
            let raw = &raw mut attributes.0;
            check(libc::posix_spawnattr_setflags(raw, flags as libc::c_short))?;
            libc::sigfillset(signals.as_mut_ptr());
            check(libc::posix_spawnattr_setsigdefault(raw, signals.as_ptr()))?;
            libc::sigemptyset(signals.as_mut_ptr());
            check(libc::posix_spawnattr_setsigmask(raw, signals.as_ptr()))?;
            Ok(attributes)
        }
    }
}

impl Drop for Attributes {
    #[expect(unsafe_code, reason = "part of posix_spawn")]
    fn drop(&mut self) {
        // SAFETY: initialised by `new`, destroyed once.
        unsafe {
            libc::posix_spawnattr_destroy(&raw mut self.0);
        }
    }
}
