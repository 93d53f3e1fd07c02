//! The supervisor: passes signals on, stops and goes on with the runner, and kills what the runner has left.
//!
//! One thread, no runtime. It decides nothing about tests.

use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;

use super::SIGNALS;
use super::kill::{kill_group, kill_until_gone, marked, send};
use super::link::{BEGIN, CLOSED, END, NOTE, OPENED};
use super::state::RunState;
use crate::shell::is_bystander;
use crate::sys::{self, ChildNews, ExitStatus};

/// How long a runner may take to end after it has closed its end of the link, or after the signal that makes it exit at
/// once.
const PATIENCE: Duration = Duration::from_secs(2);
/// The runner exits at once when it gets so many signals that end a run.
const LAST_SIGNAL: u32 = 3;

/// What it knows.
pub(super) struct Parent {
    runner: i32,
    run: String,
    state: std::io::Result<RunState>,
    link: Option<UnixStream>,
    /// Half a note.
    unread: Vec<u8>,
    /// Sessions of the runner's shells.
    sessions: FxHashSet<i32>,
    began: bool,
    /// The runner has ended all that it started.
    over: bool,
    /// Somebody asked this process to stop, as Ctrl-Z does.
    asked_to_stop: bool,
    ending_signals: u32,
    deadline: Option<Instant>,
}

impl Parent {
    pub(super) fn new(runner: i32, run: String, state: std::io::Result<RunState>, link: UnixStream) -> Self {
        Self {
            runner,
            run,
            state,
            link: Some(link),
            unread: Vec::new(),
            sessions: FxHashSet::default(),
            began: false,
            over: false,
            asked_to_stop: false,
            ending_signals: 0,
            deadline: None,
        }
    }

    /// Until the runner is gone and all that it left; what to exit with.
    pub(super) fn watch(mut self) -> i32 {
        sys::set_name(c"relux-supervise");
        // What `nohup` wants to be ignored stays ignored.
        let heard = SIGNALS
            .into_iter()
            .filter(|&it| it != libc::SIGHUP || !sys::is_ignored(it));
        let signals = sys::signals_into_pipe(&heard.collect::<Vec<i32>>());
        sys::hold_signals(&SIGNALS, false);
        if let Ok(state) = &self.state {
            // Without it the lock still says the most important thing.
            let _ = state.describe(&self.run, self.runner);
        }
        if let Some(link) = &self.link {
            let _ = link.set_nonblocking(true);
        }
        let status = loop {
            if let Some(status) = self.children() {
                break status;
            }
            self.wait(signals.as_ref().ok());
        };
        if matches!(status, ExitStatus::Signal(_)) {
            // Killed while it listened to keys.
            sys::restore_terminal();
        }
        self.read_notes();
        let killed = self.kill_rest(status);
        if let Ok(state) = &self.state {
            state.remove();
        }
        conclude(status, self.began && !self.over, killed)
    }

    /// Waits for whatever comes next and answers it.
    fn wait(&mut self, signals: Option<&OwnedFd>) {
        let (mut has_signal, mut has_note) = (false, false);
        {
            let link = self.link.as_ref().map(AsFd::as_fd);
            let signals = signals.map(AsFd::as_fd);
            let both = [signals, link];
            let mut wanted: Vec<PollFd<'_>> = both
                .iter()
                .flatten()
                .map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN))
                .collect();
            let left = self
                .deadline
                .map(|at| at.saturating_duration_since(Instant::now()));
            // Without signals the end of the runner shows only in its link.
            let left = if signals.is_none() { Some(PATIENCE) } else { left };
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            if poll(&mut wanted, left.as_ref()).is_ok() {
                let mut ready = wanted.iter().map(|fd| !fd.revents().is_empty());
                has_signal = signals.is_some() && ready.next().unwrap_or(false);
                has_note = link.is_some() && ready.next().unwrap_or(false);
            }
        }
        if has_signal && let Some(signals) = signals {
            let mut bytes = [0; 64];
            let count = rustix::io::read(signals, &mut bytes).unwrap_or(0);
            for &byte in &bytes[..count] {
                self.signalled(i32::from(byte));
            }
        }
        if has_note {
            self.read_notes();
        }
        if self.deadline.is_some_and(|at| at <= Instant::now()) {
            send(self.runner, Signal::KILL);
        }
    }

    /// Passes a signal on. The runner may have got a copy of it from the terminal or as a member of the group; it knows
    /// which two are one.
    fn signalled(&mut self, number: i32) {
        match number {
            libc::SIGCHLD => {}
            libc::SIGTSTP => {
                self.asked_to_stop = true;
                send(self.runner, Signal::TSTP);
            }
            libc::SIGCONT => {
                self.asked_to_stop = false;
                send(self.runner, Signal::CONT);
            }
            _ => {
                self.pass_on(number);
                if number == libc::SIGUSR1 {
                    return;
                }
                self.ending_signals += 1;
                if self.ending_signals >= LAST_SIGNAL && self.deadline.is_none() {
                    self.deadline = Some(Instant::now() + PATIENCE);
                }
                // It may be stopped, which is not known here before the next look at the children.
                send(self.runner, Signal::CONT);
            }
        }
    }

    fn pass_on(&mut self, number: i32) {
        let byte = u8::try_from(number).unwrap_or(0);
        let written = self.began
            && self
                .link
                .as_mut()
                .is_some_and(|link| link.write_all(&[byte]).is_ok());
        // Before the run begins nobody listens there, and nothing has to be cleaned up.
        if !written
            && number != libc::SIGUSR1
            && let Some(signal) = Signal::from_named_raw(number)
        {
            send(self.runner, signal);
        }
    }

    fn read_notes(&mut self) {
        let Some(link) = &mut self.link else { return };
        let mut bytes = [0; 1024];
        loop {
            match link.read(&mut bytes) {
                Ok(0) => {
                    self.link = None;
                    self.deadline.get_or_insert(Instant::now() + PATIENCE);
                    break;
                }
                Ok(count) => self.unread.extend_from_slice(&bytes[..count]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let whole = self.unread.len() / NOTE * NOTE;
        for note in self.unread.drain(..whole).collect::<Vec<u8>>().chunks_exact(NOTE) {
            let number = |at: usize| {
                let mut bytes = [0; 4];
                bytes.copy_from_slice(&note[at..at + 4]);
                i32::from_ne_bytes(bytes)
            };
            match number(0) {
                BEGIN => self.began = true,
                END => self.over = true,
                OPENED => drop(self.sessions.insert(number(4))),
                CLOSED => drop(self.sessions.remove(&number(4))),
                _ => {}
            }
        }
    }

    /// Reaps children, the runner and orphans of processes from before; how the runner ended, if it has.
    fn children(&mut self) -> Option<ExitStatus> {
        while let Some((pid, news)) = sys::child_news() {
            if pid != self.runner {
                continue;
            }
            match news {
                ChildNews::Ended(status) => return Some(status),
                ChildNews::Continued => {}
                ChildNews::Stopped(signal) => {
                    if self.asked_to_stop || matches!(signal, libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU) {
                        self.asked_to_stop = false;
                        // Whoever waits for this process sees that the job is stopped.
                        send(i32::try_from(std::process::id()).unwrap_or(0), Signal::STOP);
                    }
                }
            }
        }
        None
    }

    /// Kills what is left of the run; how many processes that were.
    fn kill_rest(&self, status: ExitStatus) -> usize {
        let crashed = self.began && !self.over;
        if crashed {
            // Where nobody can look for processes, at least the groups of the shells are known.
            for &session in &self.sessions {
                kill_group(session);
            }
        }
        let scope = format!("{}/{}", sys::boot(), self.run);
        // A look at all processes takes longer, and a runner that has ended in order has done it.
        let everywhere = crashed || matches!(status, ExitStatus::Signal(_)) && self.began;
        kill_until_gone(|| {
            let mut found = own_descendants();
            if everywhere {
                found.extend(marked(&scope));
                found.sort_unstable();
                found.dedup();
            }
            found
        })
    }
}

/// Descendants of this process that were not there before the run. Zombies among them are reaped.
fn own_descendants() -> Vec<i32> {
    let me = i32::try_from(std::process::id()).unwrap_or(0);
    let mut found = Vec::new();
    let mut queue = vec![me];
    while let Some(parent) = queue.pop() {
        for pid in sys::children(parent) {
            let Some(stat) = sys::stat(pid) else { continue };
            if stat.zombie {
                sys::reap_zombie(pid);
            } else if !is_bystander(pid, &stat) {
                found.push(pid);
                queue.push(pid);
            }
        }
    }
    found
}

/// What to exit with, and what to say if the runner has not said it.
#[expect(clippy::print_stderr, reason = "the runner cannot tell any more")]
fn conclude(status: ExitStatus, crashed: bool, killed: usize) -> i32 {
    if crashed {
        let noun = if killed == 1 { "process" } else { "processes" };
        eprintln!(
            "error: the runner ended with {status} before its tests did; {killed} {noun} of its tests were ended"
        );
    }
    match status {
        ExitStatus::Code(code) => code,
        ExitStatus::Signal(signal) => 128 + signal,
    }
}
