//! How many shells can live at once on this machine, and who waits when there is no room for another one.
//!
//! A test is admitted once there is room for all shells that it can ever have, so tests never wait for each other
//! half way. What others on the machine use cannot be planned: a shell that cannot start for that reason waits until
//! tests end, and fails only when nothing else can end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use relux_model::plan::{EffectId, Program, ShellBlock, ShellRef, Start, TestEntry};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// How often it is looked whether other programs have given something back, which nobody tells.
const RETRY: Duration = Duration::from_millis(50);

/// Room for shells.
pub(crate) struct Capacity {
    room: Arc<Semaphore>,
    total: u32,
    ended: Notify,
    state: Mutex<State>,
}

struct State {
    /// Attempts under way.
    running: usize,
    /// Those of them, by position of their tests, that cannot go on before a shell starts; with how many such shells.
    stuck: HashMap<usize, u32>,
    /// When something last gave room back, or was about to.
    relief: Instant,
}

impl Capacity {
    /// Room for so many shells, as far as the limits of this process tell.
    pub(crate) fn new(shells: usize) -> Self {
        let most = Semaphore::MAX_PERMITS.min(u32::MAX as usize);
        let total = u32::try_from(shells.clamp(1, most)).unwrap_or(u32::MAX);
        Self {
            room: Arc::new(Semaphore::new(total as usize)),
            total,
            ended: Notify::new(),
            state: Mutex::new(State {
                running: 0,
                stuck: HashMap::new(),
                relief: Instant::now(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a test of so many shells can have them. One that wants more than there is gets all.
    pub(crate) async fn admit(self: &Arc<Self>, shells: u32) -> Option<Admitted> {
        let wanted = shells.clamp(1, self.total);
        // The semaphore is never closed.
        let room = Arc::clone(&self.room).acquire_many_owned(wanted).await.ok()?;
        self.state().running += 1;
        Some(Admitted {
            capacity: Arc::clone(self),
            _room: room,
        })
    }

    /// For the test at this position, which cannot go on because a shell found no room.
    pub(crate) fn stuck(&self, test: usize, patience: Duration) -> Stuck<'_> {
        let mut state = self.state();
        *state.stuck.entry(test).or_default() += 1;
        state.relief = state.relief.max(Instant::now());
        Stuck {
            capacity: self,
            test,
            patience,
        }
    }
}

/// A test under way; gives its room back when dropped.
pub(crate) struct Admitted {
    capacity: Arc<Capacity>,
    _room: OwnedSemaphorePermit,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut state = self.capacity.state();
        state.running -= 1;
        state.relief = Instant::now();
        drop(state);
        self.capacity.ended.notify_waiters();
    }
}

/// An attempt that waits for room.
pub(crate) struct Stuck<'a> {
    capacity: &'a Capacity,
    test: usize,
    patience: Duration,
}

impl Stuck<'_> {
    /// Waits until it is worth another try. False if nothing gives room back: every other test waits as well, and has
    /// for the whole time that a shell may take to start.
    pub(crate) async fn relief(&self) -> bool {
        let now = Instant::now();
        let hopeless_at = {
            let mut state = self.capacity.state();
            let others_go_on = state.stuck.len() < state.running;
            let at = state.relief + self.patience;
            if others_go_on {
                state.relief = now;
            } else if at <= now {
                // This one's end makes room for the others.
                state.relief = now;
                return false;
            }
            at
        };
        let ended = self.capacity.ended.notified();
        tokio::select! {
            () = ended => {}
            () = sleep_until(hopeless_at.clamp(now, now + RETRY)) => {}
        }
        true
    }
}

impl Drop for Stuck<'_> {
    fn drop(&mut self) {
        let mut state = self.capacity.state();
        if let Some(shells) = state.stuck.get_mut(&self.test) {
            *shells -= 1;
            if *shells == 0 {
                state.stuck.remove(&self.test);
            }
        }
    }
}

/// Shells that tests can have at the same time.
pub(crate) struct Needs<'a> {
    program: &'a Program,
    effects: HashMap<EffectId, u32>,
}

impl<'a> Needs<'a> {
    /// Of tests of this program.
    pub(crate) fn new(program: &'a Program) -> Self {
        Self {
            program,
            effects: HashMap::new(),
        }
    }

    /// The most that the test can have, if no two of its effects are the same instance.
    pub(crate) fn of(&mut self, entry: &TestEntry) -> u32 {
        match entry {
            TestEntry::Invalid(_) => 0,
            TestEntry::Ready(plan) => {
                let own = own_shells(&plan.blocks, plan.cleanup.is_some());
                self.starts(&plan.starts).saturating_add(own)
            }
        }
    }

    fn starts(&mut self, starts: &[Start]) -> u32 {
        starts.iter().fold(0, |sum, start| {
            let shells = self.effect(start.effect);
            sum.saturating_add(shells)
        })
    }

    fn effect(&mut self, id: EffectId) -> u32 {
        if let Some(&known) = self.effects.get(&id) {
            return known;
        }
        // Effects that start each other never run; this ends the search there.
        self.effects.insert(id, 0);
        let Some(effect) = self.program.effects.get(id.0 as usize) else {
            return 0;
        };
        let own = own_shells(&effect.blocks, effect.cleanup.is_some());
        let shells = self.starts(&effect.starts).saturating_add(own);
        self.effects.insert(id, shells);
        shells
    }
}

fn own_shells(blocks: &[ShellBlock], cleanup: bool) -> u32 {
    let names: std::collections::HashSet<&str> = blocks
        .iter()
        .filter_map(|block| match &block.shell {
            ShellRef::Own(name) => Some(name.as_str()),
            ShellRef::Exposed { .. } => None,
        })
        .collect();
    u32::try_from(names.len())
        .unwrap_or(u32::MAX)
        .saturating_add(u32::from(cleanup))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_test_waits_until_there_is_room_for_all_of_its_shells() {
        let capacity = Arc::new(Capacity::new(4));
        let first = capacity.admit(3).await;
        let second = tokio::spawn({
            let capacity = Arc::clone(&capacity);
            async move { capacity.admit(2).await.is_some() }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.expect("no panic"));
        // More than there will ever be: it gets everything, and may fail.
        assert!(capacity.admit(1000).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_shell_without_room_waits_as_long_as_another_test_goes_on() {
        let capacity = Arc::new(Capacity::new(4));
        let (_one, other) = (capacity.admit(1).await, capacity.admit(1).await);
        let patience = Duration::from_secs(5);
        let stuck = capacity.stuck(0, patience);
        for _ in 0..1000 {
            assert!(stuck.relief().await);
        }
        drop(other);
        let alone_since = Instant::now();
        while stuck.relief().await {}
        assert!(alone_since.elapsed() >= patience);
    }

    #[tokio::test(start_paused = true)]
    async fn of_tests_that_wait_for_each_other_one_fails_at_a_time() {
        let capacity = Arc::new(Capacity::new(4));
        let _tests = (capacity.admit(1).await, capacity.admit(1).await);
        let stuck = [0, 1].map(|test| capacity.stuck(test, Duration::from_secs(5)));
        let given_up = async |stuck: &Stuck<'_>| {
            while stuck.relief().await {}
            Instant::now()
        };
        let (one, other) = tokio::join!(given_up(&stuck[0]), given_up(&stuck[1]));
        assert!(one.max(other) - one.min(other) >= Duration::from_secs(5));
    }
}
