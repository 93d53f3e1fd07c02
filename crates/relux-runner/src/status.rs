//! What runs at this moment and what it waits for, for somebody who asks.
//!
//! Interpreters write down what they do as they go, which must cost next to nothing; a snapshot is made only on demand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use relux_model::plan::{Loc, Program};
use tokio::time::Instant;

use crate::attempt::Attempt;
use crate::clock::Clock;
use crate::event::{Activity, TestStatus};
use crate::shell::Shell;
use crate::vm::{output_tail, place};

/// Lines of output that a snapshot shows per shell.
const TAIL_LINES: usize = 5;
/// Bytes of output that a snapshot shows per shell at most.
const TAIL_BYTES: usize = 1024;

fn lock<T>(field: &Mutex<T>) -> MutexGuard<'_, T> {
    field.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What one interpreter does.
#[derive(Debug, Clone)]
struct Doing {
    loc: Loc,
    /// `None` between waits.
    wait: Option<Wait>,
    shell: Option<Arc<Shell>>,
}

#[derive(Debug, Clone)]
struct Wait {
    what: WaitsFor,
    since: Instant,
    until: Option<Instant>,
}

/// What a statement waits for.
#[derive(Debug, Clone)]
pub(crate) enum WaitsFor {
    /// A pattern, as reports show it.
    Pattern(String),
    /// All of some patterns.
    Patterns(Vec<String>),
    /// The first prompt of a shell.
    Prompt(String),
    /// The terminal to take what is sent.
    Send,
    /// `sleep`.
    Sleep,
    /// A free port.
    Port,
    /// A shell that somebody else uses.
    Turn,
    /// An effect that somebody else sets up.
    Effect(String),
    /// Another start whose values this one reads.
    Start,
}

impl std::fmt::Display for WaitsFor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pattern(pattern) => write!(f, "waits for `{pattern}`"),
            Self::Patterns(patterns) => write!(f, "waits for {}", patterns.join(", ")),
            Self::Prompt(shell) => write!(f, "waits for the first prompt of shell `{shell}`"),
            Self::Send => f.write_str("sends, and the terminal is full"),
            Self::Sleep => f.write_str("sleeps"),
            Self::Port => f.write_str("waits for a free port"),
            Self::Turn => f.write_str("waits for a shell that another effect uses"),
            Self::Effect(name) => write!(f, "waits for effect `{name}`, which is being set up"),
            Self::Start => f.write_str("waits for another effect whose values it reads"),
        }
    }
}

/// Where an interpreter writes down what it does.
#[derive(Debug, Default)]
pub(crate) struct Slot(Mutex<Option<Doing>>);

impl Slot {
    /// It executes this statement.
    pub(crate) fn at(&self, loc: Loc, shell: Option<&Arc<Shell>>) {
        *lock(&self.0) = Some(Doing {
            loc,
            wait: None,
            shell: shell.map(Arc::clone),
        });
    }

    /// The statement waits, until an instant of the clock if there is one.
    pub(crate) fn waits(
        &self,
        what: WaitsFor,
        loc: Loc,
        shell: Option<&Arc<Shell>>,
        since: Instant,
        until: Option<Instant>,
    ) {
        *lock(&self.0) = Some(Doing {
            loc,
            wait: Some(Wait { what, since, until }),
            shell: shell.map(Arc::clone),
        });
    }

    fn activity(&self, program: &Program, now: Instant) -> Option<Activity> {
        let doing = lock(&self.0).clone()?;
        let wait = doing.wait.as_ref();
        Some(Activity {
            what: wait.map_or_else(|| "executes this".to_owned(), |wait| wait.what.to_string()),
            place: place(program, doing.loc),
            since_ms: wait.map(|wait| millis(now.saturating_duration_since(wait.since))),
            left_ms: wait
                .and_then(|wait| wait.until)
                .map(|until| millis(until.saturating_duration_since(now))),
            shell: doing.shell.as_ref().map(|shell| shell.name.clone()),
            tail: doing
                .shell
                .map(|shell| output_tail(&shell.view().tail_of(TAIL_LINES, TAIL_BYTES))),
        })
    }
}

/// What one attempt does, in all its interpreters.
#[derive(Debug)]
pub(crate) struct Progress {
    slots: Mutex<Vec<Weak<Slot>>>,
    began: Instant,
    /// When its time is up; nothing after its body.
    until: Mutex<Option<Instant>>,
}

impl Progress {
    /// An attempt that begins now.
    pub(crate) fn new(began: Instant) -> Self {
        Self {
            slots: Mutex::default(),
            began,
            until: Mutex::default(),
        }
    }

    /// A place for one more interpreter, as long as it lives.
    pub(crate) fn slot(&self) -> Arc<Slot> {
        let slot = Arc::new(Slot::default());
        let mut slots = lock(&self.slots);
        slots.retain(|slot| slot.strong_count() > 0);
        slots.push(Arc::downgrade(&slot));
        slot
    }

    /// When the time of the body is up.
    pub(crate) fn ends(&self, until: Option<Instant>) {
        *lock(&self.until) = until;
    }
}

/// The attempts under way, and the time in which they live.
#[derive(Debug, Default)]
pub(crate) struct Board {
    /// The time in which timeouts count.
    pub(crate) clock: Clock,
    attempts: Mutex<BTreeMap<usize, Weak<Attempt>>>,
}

impl Board {
    /// One more, in the place of an earlier one at the same test.
    pub(crate) fn enter(&self, attempt: &Arc<Attempt>) {
        lock(&self.attempts).insert(attempt.index(), Arc::downgrade(attempt));
    }

    /// What they do, in declaration order.
    pub(crate) fn snapshot(&self) -> Vec<TestStatus> {
        let mut attempts = lock(&self.attempts);
        attempts.retain(|_, attempt| attempt.strong_count() > 0);
        let now = self.clock.now();
        attempts
            .values()
            .filter_map(Weak::upgrade)
            .map(|attempt| {
                let progress = &attempt.progress;
                let until = *lock(&progress.until);
                let slots: Vec<Arc<Slot>> = lock(&progress.slots).iter().filter_map(Weak::upgrade).collect();
                TestStatus {
                    id: attempt.id().to_owned(),
                    attempt: attempt.number(),
                    running_ms: millis(now.saturating_duration_since(progress.began)),
                    left_ms: until.map(|until| millis(until.saturating_duration_since(now))),
                    activities: slots
                        .iter()
                        .filter_map(|slot| slot.activity(&attempt.run.program, now))
                        .collect(),
                }
            })
            .collect()
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
