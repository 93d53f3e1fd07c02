//! What no runner can beat: the same number of shells on terminals, with nobody who looks at what they print.
//!
//! `cargo xtask floor SHELLS AT_ONCE [LINE]` opens a terminal, starts `/bin/sh` on it, waits for its prompt, sends the
//! line and `exit`, and waits for its end; so many times, so many at once.

use std::fs::File;
use std::io::{self, Read, Write};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail};
use rustix::io::FdFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

#[cfg(not(target_vendor = "apple"))]
const SETSID: libc::c_int = libc::POSIX_SPAWN_SETSID as libc::c_int;
/// As `<spawn.h>` has it; the bindings lack it.
#[cfg(target_vendor = "apple")]
const SETSID: libc::c_int = 0x0400;

const PROMPT: &[u8] = b"relux> ";

/// The subcommand.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let [shells, at_once, words @ ..] = arguments else {
        bail!("usage: cargo xtask floor SHELLS AT_ONCE [LINE]");
    };
    let (shells, at_once): (usize, usize) = (shells.parse()?, at_once.parse()?);
    let line = words.join(" ");
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || -> io::Result<()> {
            while next.fetch_add(1, Ordering::Relaxed) < shells {
                one(&line)?;
            }
            Ok(())
        };
        let lanes: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
        for lane in lanes {
            lane.join()
                .unwrap_or_else(|_| Err(io::Error::other("a lane failed")))
                .context("a shell")?;
        }
        Ok(())
    })
}

fn one(line: &str) -> io::Result<()> {
    let (mut master, pid) = spawn()?;
    let mut seen = Vec::new();
    let mut bytes = [0; 4096];
    while !seen.windows(PROMPT.len()).any(|part| part == PROMPT) {
        match master.read(&mut bytes)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => seen.extend_from_slice(&bytes[..count]),
        }
    }
    writeln!(master, "{line}")?;
    master.write_all(b"exit\n")?;
    // Ends with an error once no slave is open.
    while master.read(&mut bytes).is_ok_and(|count| count > 0) {}
    let mut status = 0;
    // SAFETY: the pointer leads to a variable that outlives the call.
    #[expect(unsafe_code, reason = "the process was not started by the standard library")]
    let waited = unsafe { libc::waitpid(pid, &raw mut status, 0) };
    if waited == pid {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// A shell in a session of its own, on a fresh terminal.
#[expect(unsafe_code, reason = "the raw calls are what is measured")]
fn spawn() -> io::Result<(File, libc::pid_t)> {
    let environment = [
        c"PS1=relux> ".as_ptr(),
        c"PATH=/usr/bin:/bin".as_ptr(),
        c"TERM=dumb".as_ptr(),
        std::ptr::null(),
    ];
    let arguments = [c"/bin/sh".as_ptr(), std::ptr::null()];
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    rustix::io::fcntl_setfd(&master, FdFlags::CLOEXEC)?;
    grantpt(&master)?;
    unlockpt(&master)?;
    let slave = ptsname(&master, Vec::new())?;
    let mut pid = 0;
    // SAFETY: everything that is passed lives until the calls return, the vectors end with null pointers, and what is
    // initialised is destroyed once.
    unsafe {
        let mut actions = MaybeUninit::uninit();
        check(libc::posix_spawn_file_actions_init(actions.as_mut_ptr()))?;
        let mut actions = actions.assume_init();
        libc::posix_spawn_file_actions_addopen(&raw mut actions, 0, slave.as_ptr(), libc::O_RDWR, 0);
        libc::posix_spawn_file_actions_adddup2(&raw mut actions, 0, 1);
        libc::posix_spawn_file_actions_adddup2(&raw mut actions, 0, 2);
        let mut attributes = MaybeUninit::uninit();
        check(libc::posix_spawnattr_init(attributes.as_mut_ptr()))?;
        let mut attributes = attributes.assume_init();
        libc::posix_spawnattr_setflags(&raw mut attributes, SETSID as libc::c_short);
        let result = libc::posix_spawn(
            &raw mut pid,
            c"/bin/sh".as_ptr(),
            &raw const actions,
            &raw const attributes,
            arguments.as_ptr().cast(),
            environment.as_ptr().cast(),
        );
        libc::posix_spawn_file_actions_destroy(&raw mut actions);
        libc::posix_spawnattr_destroy(&raw mut attributes);
        check(result)?;
        Ok((File::from(master), pid))
    }
}

fn check(result: libc::c_int) -> io::Result<()> {
    match result {
        0 => Ok(()),
        -1 => Err(io::Error::last_os_error()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}
