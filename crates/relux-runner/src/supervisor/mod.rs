//! The process that outlives the runner, so that nothing of a run outlives both.
//!
//! `relux run` splits itself before it does anything else. The older half, whose id the user knows, supervises: it
//! passes signals on, and when the runner is gone, however it went, it kills what the runner has not. The younger half is
//! the runner, which does the same when the supervisor is gone. A locked file says that a run is alive; what both left
//! when both were killed is found by the next run, or by [`clean`].

mod janitor;
mod kill;
mod link;
mod parent;
mod state;

use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

use rustix::process::Signal;

pub use janitor::{Cleaned, Process, clean};
pub(crate) use kill::kill_until_gone;
use link::Link;
pub(crate) use link::{begin, end, is_supervised, shell_closed, shell_opened, take_run_id};
use state::RunState;

use crate::names::run_id;
use crate::shell::note_bystanders;
use crate::sys::{self, Half};

/// Signals that the supervisor passes on or answers.
const SIGNALS: [i32; 8] = [
    libc::SIGINT,
    libc::SIGTERM,
    libc::SIGQUIT,
    libc::SIGHUP,
    libc::SIGUSR1,
    libc::SIGCONT,
    libc::SIGTSTP,
    libc::SIGCHLD,
];

/// What this process is to a supervisor; empty if there is none.
static LINK: OnceLock<Link> = OnceLock::new();

/// Splits the process and returns in the half that is to run the tests; the other half never returns. Does nothing in a
/// process that has several threads, or cannot be split: a run without a supervisor is a run all the same.
///
/// To be called before anything else; ends first what runs that were killed have left.
pub fn supervise() {
    if !sys::has_one_thread() || LINK.get().is_some() {
        return;
    }
    sys::become_subreaper();
    note_bystanders();
    janitor::tidy_up();
    let run = run_id();
    let state = RunState::create(&run);
    let Ok((ours, theirs)) = UnixStream::pair() else {
        return;
    };
    sys::hold_signals(&SIGNALS, true);
    let me = std::process::id();
    match sys::fork() {
        Ok(Half::Parent(runner)) => {
            drop(theirs);
            sys::remember_terminal();
            let code = parent::Parent::new(runner, run, state, ours).watch();
            std::process::exit(code);
        }
        Ok(Half::Child) => {
            drop(ours);
            // A runner that is stopped when its supervisor dies must go on to see it.
            if !sys::signal_on_death_of(i32::try_from(me).unwrap_or(0), Signal::CONT) {
                std::process::exit(128 + libc::SIGKILL);
            }
            sys::hold_signals(&SIGNALS, false);
            let _ = LINK.set(Link::new(run, state, theirs));
        }
        Err(_) => sys::hold_signals(&SIGNALS, false),
    }
}
