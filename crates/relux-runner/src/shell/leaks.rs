//! What outlived its test: which processes count, and which line started them.
//!
//! A shell and its foreground job end with the test, and so do background jobs that go when they are asked (HUP, TERM).
//! What left the session of its shell, and what does not go, is a leak. Descendants of the foreground job never count:
//! services put their workers into sessions of their own.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use relux_model::plan::Loc;
use rustc_hash::FxHashSet;

use super::Shell;
use crate::sys;

/// Sends that are remembered per shell.
const SENDS: usize = 64;
/// Characters of a command line or of a send that are told.
const TOLD: usize = 200;
/// Start times of processes are that coarse.
const TICK: Duration = Duration::from_millis(20);

/// A process that outlived its test.
#[derive(Debug, Clone)]
pub(crate) struct Leaked {
    pub(crate) pid: i32,
    pub(crate) command: String,
    pub(crate) age: Duration,
    /// Who started it, if that can be told.
    pub(crate) origin: Option<Origin>,
}

/// Where a process comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Name of the shell.
    pub(crate) shell: String,
    /// What was sent to it last before the process began.
    pub(crate) sent: Option<(Loc, String)>,
}

/// What a shell remembers for the case that something outlives it.
#[derive(Debug, Default)]
pub(super) struct Trace {
    sent: Mutex<VecDeque<(Instant, Loc, String)>>,
    /// Processes of the foreground job at the end and their descendants, by id and start time.
    foreground: Mutex<FxHashSet<(i32, u64)>>,
}

impl Trace {
    /// A line is being sent.
    pub(super) fn note_sent(&self, loc: Loc, text: &str) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() == SENDS {
            sent.pop_front();
        }
        sent.push_back((Instant::now(), loc, shortened(text)));
    }

    /// What was sent last before a process began; of those that may be meant, rather one that names the program.
    fn sent_before(&self, began: Instant, program: &str) -> Option<(Loc, String)> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = sent.iter().rev().filter(|(at, ..)| *at <= began + TICK);
        let naming = before.clone().find(|(.., text)| text.contains(program));
        let (_, loc, text) = naming.or_else(|| before.next())?;
        Some((*loc, text.clone()))
    }

    fn foreground(&self) -> std::sync::MutexGuard<'_, FxHashSet<(i32, u64)>> {
        self.foreground.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Remembers the foreground job of a shell that is about to end.
pub(super) fn note_foreground(shell: &Shell, group: i32) {
    // Whether a process is part of the job is handed down, also to those in other groups.
    let mut queue: Vec<(i32, bool)> = sys::children(shell.pid)
        .into_iter()
        .chain(sys::orphans())
        .map(|pid| (pid, false))
        .collect();
    let mut known = shell.trace.foreground();
    while let Some((pid, inherited)) = queue.pop() {
        let Some(stat) = sys::stat(pid) else { continue };
        let is_part = inherited || stat.group == group;
        if is_part {
            known.insert((pid, stat.started));
        }
        if is_part || stat.session == shell.pid {
            queue.extend(sys::children(pid).into_iter().map(|child| (child, is_part)));
        }
    }
}

/// Whether a process belongs to the foreground job of one of the shells, or did when it began.
pub(super) fn is_foreground(shells: &[Arc<Shell>], pid: i32, stat: &sys::ProcessStat) -> bool {
    shells
        .iter()
        .any(|shell| shell.trace.foreground().contains(&(pid, stat.started)))
}

/// Whether any of the shells had a foreground job.
pub(super) fn had_foreground(shells: &[Arc<Shell>]) -> bool {
    shells.iter().any(|shell| !shell.trace.foreground().is_empty())
}

/// All that can be told about a process while it is still there.
pub(super) fn describe(shells: &[Arc<Shell>], pid: i32, stat: &sys::ProcessStat) -> Leaked {
    let command = sys::command_line(pid).unwrap_or_else(|| "?".to_owned());
    let age = Duration::from_millis(sys::age_ms(stat).unwrap_or(0));
    let began = Instant::now().checked_sub(age).unwrap_or_else(Instant::now);
    let mark = sys::scope_marker(pid);
    let shell = shells.iter().find(|shell| {
        let marked = |mark: &String| mark.split(' ').any(|part| part == shell.scope);
        shell.pid == stat.session || mark.as_ref().is_some_and(marked)
    });
    let origin = shell.map(|shell| {
        let program = command.split(' ').next().unwrap_or_default();
        let program = program.rsplit('/').next().unwrap_or_default();
        Origin {
            shell: shell.name.clone(),
            sent: shell.trace.sent_before(began, program),
        }
    });
    Leaked {
        pid,
        command: shortened(&command),
        age,
        origin,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TOLD) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use relux_model::plan::FileId;
    use relux_syntax::TextRange;

    use super::*;

    fn loc(at: u32) -> Loc {
        Loc {
            file: FileId(0),
            range: TextRange::new(at, at + 1),
        }
    }

    #[test]
    fn the_last_line_before_a_process_began_has_started_it() {
        let trace = Trace::default();
        trace.note_sent(loc(1), "setsid server &");
        trace.note_sent(loc(2), "echo ready");
        let now = Instant::now();
        trace.note_sent(loc(3), "much later");
        assert_eq!(
            trace.sent_before(now, "server"),
            Some((loc(1), "setsid server &".to_owned()))
        );
        let long_ago = now
            .checked_sub(Duration::from_secs(60))
            .expect("the machine runs for longer");
        assert_eq!(trace.sent_before(long_ago, "server"), None);
        assert!(
            trace
                .sent_before(now + Duration::from_secs(60), "daemon")
                .is_some_and(|sent| sent.0 == loc(3))
        );
    }

    #[test]
    fn not_all_sends_are_remembered() {
        let trace = Trace::default();
        for number in 0..1000 {
            trace.note_sent(loc(number), &"x".repeat(1000));
        }
        let sent = trace.sent.lock().expect("nobody panicked");
        assert_eq!(sent.len(), SENDS);
        assert!(sent.iter().all(|(.., text)| text.chars().count() <= TOLD + 1));
    }
}
