//! Ports that no other live test on this host has.
//!
//! Ports are leased in blocks; a block belongs to whoever holds the lock of its file, and the kernel frees the lock
//! with its holder, however that ends. The range lies outside of the one from which the kernel serves connections,
//! and each port is tried before it is given out: a lock says nothing about programs that are not relux.

mod in_use;
mod of_test;
mod probe;
mod registry;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

pub(crate) use in_use::name_holders;
pub(crate) use of_test::TestPorts;
use probe::{default_range, is_free};
use registry::{Lock, Registry};

/// Ports per lock.
const BLOCK: u16 = 16;
/// How long an exhausted range may take to get a port free.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether another run has given a block back, which nobody tells.
const RETRY: Duration = Duration::from_millis(100);
/// Holders that a failure names.
const MOST_NAMED: usize = 5;

/// The ports of a run.
pub(crate) struct Ports {
    state: Mutex<State>,
    freed: Notify,
    /// Those who found nothing wait in line: one of them looks, not all.
    line: tokio::sync::Mutex<()>,
    registry: Registry,
    first: u16,
    last: u16,
}

struct State {
    blocks: Vec<Block>,
    /// Where the search for the next block begins; moves on, so that freed ports rest.
    next_block: u16,
    /// Why blocks could not be locked, if one could not.
    trouble: Option<String>,
    /// Who leases what.
    holders: BTreeMap<u16, Arc<str>>,
}

struct Block {
    number: u16,
    /// Port `n` of the block is leased if bit `n` is set.
    leased: u16,
    /// The same for ports that were leased before; they rest as long as there are others.
    spent: u16,
    /// Held as long as this process leases from the block; `None` on a host that cannot lock.
    lock: Option<File>,
}

impl Block {
    /// Chosen so that a service which starts on the port of one that has just ended is rare.
    fn free(&self, spent_too: bool) -> impl Iterator<Item = u16> + use<> {
        let taken = if spent_too {
            self.leased
        } else {
            self.leased | self.spent
        };
        let base = self.number * BLOCK;
        (0..BLOCK)
            .filter(move |offset| taken & (1 << offset) == 0)
            .map(move |offset| base + offset)
    }

    fn bit(port: u16) -> u16 {
        1 << (port % BLOCK)
    }
}

/// What kept a lease from being made.
struct Taken {
    /// Blocks that other processes hold.
    foreign: Vec<u16>,
}

/// No port could be leased.
#[derive(Debug, thiserror::Error)]
#[error("no port between {first} and {last} is free: {who}")]
pub(crate) struct Exhausted {
    first: u16,
    last: u16,
    who: String,
}

/// A leased port; free again when dropped.
pub(crate) struct Lease {
    port: u16,
    ports: Arc<Ports>,
}

impl Lease {
    /// Its number.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.ports.lock();
        state.holders.remove(&self.port);
        let number = self.port / BLOCK;
        if let Some(block) = state.blocks.iter_mut().find(|block| block.number == number) {
            block.leased &= !Block::bit(self.port);
            block.spent |= Block::bit(self.port);
        }
        // Another run may be waiting for it.
        state
            .blocks
            .retain(|block| block.number != number || block.leased != 0);
        drop(state);
        self.ports.freed.notify_waiters();
    }
}

impl Ports {
    /// Ports from the range, or from what the kernel leaves free. `owner` tells other runs who holds them.
    pub(crate) fn new(range: Option<(u16, u16)>, owner: String) -> Arc<Self> {
        Self::in_registry(range, Registry::of_host(owner))
    }

    fn in_registry(range: Option<(u16, u16)>, registry: Registry) -> Arc<Self> {
        let (first, last) = range.unwrap_or_else(default_range);
        let (low, high) = (first / BLOCK, last / BLOCK);
        Arc::new(Self {
            state: Mutex::new(State {
                blocks: Vec::new(),
                next_block: fastrand::u16(low..=high.max(low)),
                trouble: None,
                holders: BTreeMap::new(),
            }),
            freed: Notify::new(),
            line: tokio::sync::Mutex::default(),
            registry,
            first,
            last,
        })
    }

    /// What is wrong with the registry, if anything was leased without it.
    pub(crate) fn trouble(&self) -> Option<String> {
        if let Some(reason) = self.lock().trouble.clone() {
            return Some(format!(
                "ports are not safe from other runs on this host: {reason}"
            ));
        }
        let reason = self.registry.trouble()?;
        Some(format!(
            "ports are not safe from runs of other users on this host: {reason}"
        ))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leases a port for `holder`; waits for one if all are taken.
    pub(crate) async fn lease(self: &Arc<Self>, holder: &Arc<str>) -> Result<Lease, Exhausted> {
        let lease = |port| Lease {
            port,
            ports: Arc::clone(self),
        };
        let deadline = Instant::now() + PATIENCE;
        if let Ok(port) = self.try_lease(holder) {
            return Ok(lease(port));
        }
        let turn = timeout_at(deadline, self.line.lock()).await;
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            let taken = match self.try_lease(holder) {
                Ok(port) => return Ok(lease(port)),
                Err(taken) => taken,
            };
            let now = Instant::now();
            if now >= deadline || turn.is_err() {
                return Err(self.exhausted(&taken));
            }
            let _ = timeout_at(deadline.min(now + RETRY), freed).await;
        }
    }

    fn try_lease(&self, holder: &Arc<str>) -> Result<u16, Taken> {
        let mut state = self.lock();
        let found = match self.take_held(&mut state, false) {
            Some(port) => Ok(port),
            None => match self.take_new(&mut state) {
                Ok(port) => Ok(port),
                Err(taken) => self.take_held(&mut state, true).ok_or(taken),
            },
        };
        if let Ok(port) = found {
            state.holders.insert(port, Arc::clone(holder));
        }
        found
    }

    /// A port of a block that this process has.
    fn take_held(&self, state: &mut State, spent_too: bool) -> Option<u16> {
        let State { blocks, trouble, .. } = state;
        blocks.iter_mut().find_map(|block| {
            block.free(spent_too).next()?;
            self.keep_locked(block, trouble)
                .then(|| self.port_in(block, spent_too))?
        })
    }

    /// Locks a block again whose file somebody has removed. False if another run was faster.
    fn keep_locked(&self, block: &mut Block, trouble: &mut Option<String>) -> bool {
        if let Some(lock) = &block.lock
            && self.registry.is_in_force(block.number, lock)
        {
            return true;
        }
        match self.registry.lock(block.number) {
            Lock::Held(file) => block.lock = Some(file),
            Lock::Foreign => return false,
            Lock::Unavailable(reason) => drop(trouble.get_or_insert(reason)),
        }
        true
    }

    /// A port of the next block that nobody has.
    fn take_new(&self, state: &mut State) -> Result<u16, Taken> {
        let (low, high) = (self.first / BLOCK, self.last / BLOCK);
        let mut foreign = Vec::new();
        for _ in low..=high {
            let number = state.next_block;
            state.next_block = if number >= high { low } else { number + 1 };
            if state.blocks.iter().any(|block| block.number == number) {
                continue;
            }
            let lock = match self.registry.lock(number) {
                Lock::Held(file) => Some(file),
                Lock::Foreign => {
                    foreign.push(number);
                    continue;
                }
                Lock::Unavailable(reason) => {
                    state.trouble.get_or_insert(reason);
                    None
                }
            };
            let mut block = Block {
                number,
                leased: 0,
                spent: 0,
                lock,
            };
            if let Some(port) = self.port_in(&mut block, false) {
                state.blocks.push(block);
                return Ok(port);
            }
        }
        Err(Taken { foreign })
    }

    fn port_in(&self, block: &mut Block, spent_too: bool) -> Option<u16> {
        let port = block
            .free(spent_too)
            .find(|&port| (self.first..=self.last).contains(&port) && is_free(port))?;
        block.leased |= Block::bit(port);
        Some(port)
    }

    fn exhausted(&self, taken: &Taken) -> Exhausted {
        let own = counted(self.lock().holders.values().map(ToString::to_string));
        let foreign = counted(taken.foreign.iter().map(|&number| {
            let owner = self.registry.owner(number).filter(|owner| !owner.is_empty());
            owner.unwrap_or_else(|| "an unknown process".to_owned())
        }));
        let mut who = String::new();
        if let Some((count, names)) = own {
            let _ = write!(who, "{count} are leased by this run ({names}), ");
        }
        if let Some((count, names)) = foreign {
            let _ = write!(who, "{count} blocks of {BLOCK} by other runs ({names}), ");
        }
        who.push_str("the rest is in use by other programs");
        Exhausted {
            first: self.first,
            last: self.last,
            who,
        }
    }
}

/// How many there are, and the names with most first.
fn counted(names: impl Iterator<Item = String>) -> Option<(usize, String)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let total = counts.values().sum();
    let mut all: Vec<(String, usize)> = counts.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut text: Vec<String> = all
        .iter()
        .take(MOST_NAMED)
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    if all.len() > MOST_NAMED {
        text.push(format!("and {} more", all.len() - MOST_NAMED));
    }
    (total > 0).then(|| (total, text.join(", ")))
}
