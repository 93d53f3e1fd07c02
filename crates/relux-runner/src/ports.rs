//! Ports that no other live test on this host has.
//!
//! Ports are leased in blocks; a block belongs to whoever holds the lock of its file, and the kernel frees the lock
//! with its holder, however that ends. The range lies outside of the one from which the kernel serves connections,
//! and each port is tried on IPv4 and IPv6 before it is given out.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::net::{AddressFamily, bind, sockopt};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::sys;

/// The directory that all relux processes of a host share.
const REGISTRY: &str = "/tmp/relux-ports";
/// Ports per lock.
const BLOCK: u16 = 16;
/// How long an exhausted range may take to get a port free.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked whether another run has given a block back, which nobody tells.
const RETRY: Duration = Duration::from_millis(100);
/// Where the kernel's own range begins if it does not say.
const EPHEMERAL: u16 = 32768;

/// The ports of a run.
pub(crate) struct Ports {
    state: Mutex<State>,
    freed: Notify,
    registry: PathBuf,
    first: u16,
    last: u16,
}

struct State {
    blocks: Vec<Block>,
    /// Where the search for the next block begins; moves on, so that freed ports rest.
    next_block: u16,
    /// Why blocks could not be locked, if one could not.
    trouble: Option<String>,
}

struct Block {
    base: u16,
    /// Port `base + n` is leased if bit `n` is set.
    leased: u16,
    /// The port to try first, relative to `base`.
    next: u16,
    /// Held as long as this process leases from the block.
    _lock: Lock,
}

/// The lock of a block.
enum Lock {
    /// Ours as long as the file is open.
    Held(#[expect(dead_code, reason = "held, never looked at")] File),
    /// Somebody else's.
    Foreign,
    /// This host cannot lock files, which leaves only the probe.
    Unavailable(String),
}

/// No port could be leased.
#[derive(Debug, thiserror::Error)]
#[error(
    "no port between {first} and {last} is free: {own} are leased by this run, {foreign} blocks of 16 by other runs, and the rest is in use"
)]
pub(crate) struct Exhausted {
    first: u16,
    last: u16,
    own: u32,
    foreign: usize,
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
        let base = self.port / BLOCK * BLOCK;
        let mut state = self.ports.lock();
        if let Some(block) = state.blocks.iter_mut().find(|block| block.base == base) {
            block.leased &= !(1 << (self.port % BLOCK));
        }
        // Another run may be waiting for it.
        state
            .blocks
            .retain(|block| block.base != base || block.leased != 0);
        drop(state);
        self.ports.freed.notify_waiters();
    }
}

impl Ports {
    /// Ports from the range, or from what the kernel leaves free.
    pub(crate) fn new(range: Option<(u16, u16)>) -> Arc<Self> {
        Self::in_registry(range, Path::new(REGISTRY))
    }

    fn in_registry(range: Option<(u16, u16)>, registry: &Path) -> Arc<Self> {
        let (first, last) = range.unwrap_or_else(default_range);
        let (low, high) = (first / BLOCK, last / BLOCK);
        Arc::new(Self {
            state: Mutex::new(State {
                blocks: Vec::new(),
                next_block: fastrand::u16(low..=high.max(low)),
                trouble: None,
            }),
            freed: Notify::new(),
            registry: registry.to_owned(),
            first,
            last,
        })
    }

    /// What is wrong with the registry, if anything was leased without it.
    pub(crate) fn trouble(&self) -> Option<String> {
        let reason = self.lock().trouble.clone()?;
        Some(format!(
            "ports are not safe from other runs on this host: cannot use {}: {reason}",
            self.registry.display()
        ))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leases a port; waits for one if all are taken.
    pub(crate) async fn lease(self: &Arc<Self>) -> Result<Lease, Exhausted> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            let exhausted = match self.try_lease() {
                Ok(port) => {
                    return Ok(Lease {
                        port,
                        ports: Arc::clone(self),
                    });
                }
                Err(exhausted) => exhausted,
            };
            let now = Instant::now();
            if now >= deadline {
                return Err(exhausted);
            }
            let _ = timeout_at(deadline.min(now + RETRY), freed).await;
        }
    }

    fn try_lease(&self) -> Result<u16, Exhausted> {
        let mut state = self.lock();
        for block in &mut state.blocks {
            if let Some(port) = self.port_in(block) {
                return Ok(port);
            }
        }
        let (low, high) = (self.first / BLOCK, self.last / BLOCK);
        let count = usize::from(high.saturating_sub(low)) + 1;
        let mut foreign = 0;
        for _ in 0..count {
            let number = state.next_block;
            state.next_block = if number >= high { low } else { number + 1 };
            let base = number * BLOCK;
            if state.blocks.iter().any(|block| block.base == base) {
                continue;
            }
            let lock = self.lock_block(number);
            match &lock {
                Lock::Held(_) => {}
                Lock::Foreign => {
                    foreign += 1;
                    continue;
                }
                Lock::Unavailable(reason) => {
                    state.trouble.get_or_insert_with(|| reason.clone());
                }
            }
            let mut block = Block {
                base,
                leased: 0,
                next: fastrand::u16(..BLOCK),
                _lock: lock,
            };
            if let Some(port) = self.port_in(&mut block) {
                state.blocks.push(block);
                return Ok(port);
            }
        }
        Err(Exhausted {
            first: self.first,
            last: self.last,
            own: state.blocks.iter().map(|block| block.leased.count_ones()).sum(),
            foreign,
        })
    }

    fn port_in(&self, block: &mut Block) -> Option<u16> {
        for _ in 0..BLOCK {
            let offset = block.next;
            block.next = (offset + 1) % BLOCK;
            let port = block.base + offset;
            let usable = (self.first..=self.last).contains(&port) && block.leased & (1 << offset) == 0;
            if usable && is_free(port) {
                block.leased |= 1 << offset;
                return Some(port);
            }
        }
        None
    }

    fn lock_block(&self, number: u16) -> Lock {
        let locked = open_lock(&self.registry, number).map(|file| match file.try_lock() {
            Ok(()) => Lock::Held(file),
            Err(fs::TryLockError::WouldBlock) => Lock::Foreign,
            Err(fs::TryLockError::Error(error)) => Lock::Unavailable(error.to_string()),
        });
        locked.unwrap_or_else(|error| Lock::Unavailable(error.to_string()))
    }
}

fn open_lock(registry: &Path, number: u16) -> io::Result<File> {
    if !registry.is_dir() {
        let _ = DirBuilder::new().mode(0o777).create(registry);
        // Every user of the host takes part; the sticky bit keeps them from removing each other's files.
        let _ = fs::set_permissions(registry, Permissions::from_mode(0o1777));
    }
    let path = registry.join(number.to_string());
    let mut options = OpenOptions::new();
    options
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC)
        .mode(0o666);
    // A lock needs no write access, which users without ownership may not have.
    options.open(&path).or_else(|_| {
        let file = options.write(true).create(true).open(&path)?;
        let _ = file.set_permissions(Permissions::from_mode(0o666));
        Ok(file)
    })
}

/// Whether nobody uses the port, by a plain bind on all addresses of both families.
fn is_free(port: u16) -> bool {
    let free = |family, address: SocketAddr, only_v6: bool| {
        let Ok(socket) = sys::tcp_socket(family) else {
            // This family does not exist here.
            return true;
        };
        if only_v6 {
            let _ = sockopt::set_ipv6_v6only(&socket, true);
        }
        !matches!(
            bind(&socket, &address),
            Err(rustix::io::Errno::ADDRINUSE | rustix::io::Errno::ACCESS)
        )
    };
    free(
        AddressFamily::INET,
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
        false,
    ) && free(
        AddressFamily::INET6,
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
        true,
    )
}

/// Above the privileged ports and below those that the kernel gives to outgoing connections.
fn default_range() -> (u16, u16) {
    let number = |file: &str| -> Option<u16> {
        let text = fs::read_to_string(file).ok()?;
        text.split_ascii_whitespace().next()?.parse().ok()
    };
    let first = number("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        .unwrap_or(1024)
        .max(1024);
    let ephemeral = number("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or(EPHEMERAL);
    let end = if ephemeral > first.saturating_add(BLOCK) {
        ephemeral
    } else {
        EPHEMERAL.max(first.saturating_add(BLOCK))
    };
    (first, end - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::net::TcpListener;

    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime")
    }

    #[test]
    fn live_leases_of_two_runs_never_meet() {
        let dir = tempfile::tempdir().expect("a directory");
        let range = Some((20_000, 20_255));
        let runs: Vec<Arc<Ports>> = (0..2).map(|_| Ports::in_registry(range, dir.path())).collect();
        runtime().block_on(async {
            let mut leases = Vec::new();
            let mut seen = BTreeSet::new();
            for _ in 0..40 {
                for run in &runs {
                    let lease = run.lease().await.expect("a port");
                    assert!(seen.insert(lease.port()), "{} twice", lease.port());
                    leases.push(lease);
                }
            }
        });
    }

    #[test]
    fn a_port_in_use_is_not_leased() {
        let dir = tempfile::tempdir().expect("a directory");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let ports = Ports::in_registry(Some((port, port)), dir.path());
        assert!(ports.try_lease().is_err());
        drop(listener);
        assert_eq!(ports.try_lease().expect("free again"), port);
    }

    #[test]
    fn an_exhausted_range_waits_for_a_lease_to_end() {
        let dir = tempfile::tempdir().expect("a directory");
        let free = (21_000..22_000).find(|&port| is_free(port)).expect("a free port");
        let ports = Ports::in_registry(Some((free, free)), dir.path());
        runtime().block_on(async {
            let first = ports.lease().await.expect("the only port");
            let waiter = tokio::spawn({
                let ports = Arc::clone(&ports);
                async move { ports.lease().await.map(|lease| lease.port()) }
            });
            tokio::task::yield_now().await;
            drop(first);
            assert_eq!(waiter.await.expect("no panic").expect("freed"), free);
            let _held = ports.lease().await.expect("free again");
            let error = ports.lease().await.err().expect("exhausted").to_string();
            assert!(error.contains("1 are leased by this run"), "{error}");
        });
    }

    #[test]
    fn a_port_of_another_run_is_waited_for() {
        let dir = tempfile::tempdir().expect("a directory");
        let free = (22_000..23_000).find(|&port| is_free(port)).expect("a free port");
        let runs: Vec<Arc<Ports>> = (0..2)
            .map(|_| Ports::in_registry(Some((free, free)), dir.path()))
            .collect();
        runtime().block_on(async {
            let first = runs[0].lease().await.expect("the only port");
            let waiter = tokio::spawn({
                let ports = Arc::clone(&runs[1]);
                async move { ports.lease().await.map(|lease| lease.port()) }
            });
            tokio::task::yield_now().await;
            assert!(!waiter.is_finished());
            drop(first);
            assert_eq!(waiter.await.expect("no panic").expect("given back"), free);
        });
    }

    #[test]
    fn a_registry_that_cannot_be_used_is_told_once_something_was_leased() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let ports = Ports::in_registry(Some((23_000, 23_999)), &file.path().join("below a file"));
        assert_eq!(ports.trouble(), None);
        runtime().block_on(async { ports.lease().await.map(drop).expect("the probe is left") });
        let trouble = ports.trouble().expect("no locks");
        assert!(trouble.contains("below a file"), "{trouble}");
    }

    #[test]
    fn the_default_range_is_below_the_ephemeral_ports() {
        let (first, last) = default_range();
        assert!(first >= 1024 && last > first);
    }
}
