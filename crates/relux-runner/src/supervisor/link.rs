//! The runner's end of the link to its supervisor.
//!
//! What comes are signals that the supervisor got, a byte each; the end of the stream means that the supervisor is dead,
//! and then everything ends. What goes are notes about the run and its shells.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use tokio::sync::mpsc;

use super::LINK;
use super::state::RunState;
use crate::shell::kill_everything;

/// Says that shells may be started from now on.
pub(super) const BEGIN: i32 = 1;
/// Says that nothing is left of the run.
pub(super) const END: i32 = 2;
/// A shell leads this session from now on.
pub(super) const OPENED: i32 = 3;
/// It is gone.
pub(super) const CLOSED: i32 = 4;
/// Bytes of a note: what, and the number of a process, both in the order of bytes of the machine.
pub(super) const NOTE: usize = 8;

/// What the runner knows of its supervisor.
#[derive(Debug)]
pub(crate) struct Link {
    run: String,
    stream: UnixStream,
    state: std::io::Result<RunState>,
    /// The id has been given to a run of this process.
    taken: AtomicBool,
    /// One of the states below.
    stage: AtomicU8,
}

/// The run goes on.
const GOING: u8 = 0;
/// It has ended in order, and left nothing.
const OVER: u8 = 1;
/// The supervisor is dead, and whatever the run has started is being killed.
const EMERGENCY: u8 = 2;

impl Link {
    pub(super) fn new(run: String, state: std::io::Result<RunState>, stream: UnixStream) -> Self {
        Self {
            run,
            stream,
            state,
            taken: AtomicBool::new(false),
            stage: AtomicU8::new(GOING),
        }
    }

    fn note(&self, what: i32, pid: i32) {
        let mut bytes = [0; NOTE];
        bytes[..4].copy_from_slice(&what.to_ne_bytes());
        bytes[4..].copy_from_slice(&pid.to_ne_bytes());
        // A supervisor that is gone shows elsewhere.
        let _ = (&self.stream).write_all(&bytes);
    }

    /// Passes on what comes until the supervisor is gone.
    fn listen(&self, scope: &str, signals: &mpsc::UnboundedSender<i32>) {
        let mut bytes = [0; 16];
        loop {
            match (&self.stream).read(&mut bytes) {
                Ok(0) => break,
                Ok(count) => {
                    for &byte in &bytes[..count] {
                        // Whoever listened may have finished.
                        let _ = signals.send(i32::from(byte));
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        if self.enter(EMERGENCY) {
            self.emergency(scope);
        }
    }

    /// Leaves `GOING` for another stage; which of the two comes first stays.
    fn enter(&self, stage: u8) -> bool {
        let entered = self
            .stage
            .compare_exchange(GOING, stage, Ordering::SeqCst, Ordering::SeqCst);
        entered.is_ok()
    }

    #[expect(clippy::print_stderr, reason = "the report has no end any more")]
    fn emergency(&self, scope: &str) {
        kill_everything(scope);
        if let Ok(state) = &self.state {
            state.remove();
        }
        eprintln!(
            "error: the supervisor of this run was killed; everything that the run had started was ended"
        );
        std::process::exit(128 + libc::SIGKILL);
    }
}

/// What a run gets from its supervisor.
#[derive(Debug, Default)]
pub(crate) struct Supervised {
    /// Signals that the supervisor got; `None` without one.
    pub(crate) signals: Option<mpsc::UnboundedReceiver<i32>>,
    /// What does not work as it should.
    pub(crate) trouble: Option<String>,
}

/// The id that a run has from its supervisor. The first one that asks gets it.
pub(crate) fn take_run_id() -> Option<String> {
    let link = LINK.get()?;
    (!link.taken.swap(true, Ordering::SeqCst)).then(|| link.run.clone())
}

/// Whether this run has a process of its own, with a supervisor.
pub(crate) fn is_supervised(run: &str) -> bool {
    LINK.get().is_some_and(|link| link.run == run)
}

/// A run with this scope, `<boot>/<run>`, is about to start shells. Its signal handlers are there.
pub(crate) fn begin(run: &str, scope: &str) -> Supervised {
    let Some(link) = LINK.get().filter(|link| link.run == run) else {
        return Supervised::default();
    };
    let (sender, signals) = mpsc::unbounded_channel();
    let scope = scope.to_owned();
    let listening = std::thread::Builder::new()
        .name("supervisor".to_owned())
        .spawn(move || link.listen(&scope, &sender));
    link.note(BEGIN, 0);
    let trouble = match (&link.state, listening) {
        (_, Err(error)) => Some(format!("the supervisor of this run is not heard: {error}")),
        (Err(error), Ok(_)) => Some(format!(
            "no file says that this run is alive ({error}); if it is killed together with its supervisor, `relux clean` \
             will not find what it leaves"
        )),
        (Ok(_), Ok(_)) => None,
    };
    Supervised {
        signals: Some(signals),
        trouble,
    }
}

/// Everything that the run started has ended.
pub(crate) fn end(run: &str) {
    if let Some(link) = LINK.get().filter(|link| link.run == run) {
        if !link.enter(OVER) {
            // Tests whose shells were killed are over soon, but this process must not be gone before the killing is.
            // Whoever does it makes this process exit.
            loop {
                std::thread::park();
            }
        }
        link.note(END, 0);
    }
}

/// A shell leads this session.
pub(crate) fn shell_opened(pid: i32) {
    if let Some(link) = LINK.get() {
        link.note(OPENED, pid);
    }
}

/// A shell is gone and its id may be somebody else's soon.
pub(crate) fn shell_closed(pid: i32) {
    if let Some(link) = LINK.get() {
        link.note(CLOSED, pid);
    }
}
