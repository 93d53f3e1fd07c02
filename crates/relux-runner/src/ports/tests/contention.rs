//! Many processes lease at the same time, some are killed, and a map in shared memory knows who has what.
//!
//! The processes are this test binary: [`worker`] does nothing unless it is told to.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use rustix::mm::{MapFlags, ProtFlags, mmap};

use super::*;

const PROCESSES: usize = 4;
const THREADS: usize = 8;
/// `nobody` on most hosts.
const OTHER_USER: u32 = 65534;
const MAP: &str = "RELUX_TEST_PORT_MAP";
const LEASES: &str = "RELUX_TEST_PORT_LEASES";
/// Crowded: 32 threads, some of which hold several, and 256 ports.
const RANGE: (u16, u16) = (28_000, 28_255);

/// A process id per port, 0 for nobody.
struct Map(*mut AtomicU32);

// SAFETY: it is only used as a slice of atomics, and never unmapped.
#[expect(unsafe_code, reason = "a shared mapping")]
unsafe impl Sync for Map {}

impl Map {
    fn open(path: &Path) -> Self {
        let size = 65536 * size_of::<AtomicU32>();
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .expect("a map");
        file.set_len(size as u64).expect("space");
        // SAFETY: a fresh mapping of a file that is as long as the mapping.
        #[expect(unsafe_code, reason = "a shared mapping")]
        let map = unsafe {
            mmap(
                std::ptr::null_mut(),
                size,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::SHARED,
                &file,
                0,
            )
        };
        Self(map.expect("memory").cast())
    }

    fn at(&self, port: u16) -> &AtomicU32 {
        // SAFETY: the mapping has an entry per port.
        #[expect(unsafe_code, reason = "a shared mapping")]
        unsafe {
            &*self.0.add(usize::from(port))
        }
    }
}

fn is_alive(pid: u32) -> bool {
    crate::sys::stat(pid.cast_signed()).is_some_and(|stat| !stat.zombie)
}

/// One of the processes; ends well if it has never met another owner.
#[test]
fn worker() {
    let Some(map) = std::env::var_os(MAP).map(PathBuf::from) else {
        return;
    };
    let leases: usize = std::env::var(LEASES).expect("set").parse().expect("a number");
    let ports = scratch(map.parent().expect("a directory"), Some(RANGE));
    let map = Map::open(&map);
    let (map, me) = (&map, std::process::id());
    let done = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut held = Vec::new();
                for _ in 0..leases {
                    let Ok(port) = ports.try_lease(&holder()) else {
                        held.clear();
                        continue;
                    };
                    let lease = Lease {
                        port,
                        ports: Arc::clone(&ports),
                    };
                    let before = map.at(port).swap(me, Ordering::SeqCst);
                    assert!(
                        before == 0 || before != me && !is_alive(before),
                        "{port} belongs to {before}"
                    );
                    done.fetch_add(1, Ordering::Relaxed);
                    held.push(Marked { map, lease });
                    if held.len() > fastrand::usize(..4) {
                        held.swap_remove(fastrand::usize(..held.len()));
                    }
                }
            });
        }
    });
    assert!(done.into_inner() > leases, "hardly any lease was possible");
}

/// Takes its mark away before the lease ends.
struct Marked<'a> {
    map: &'a Map,
    lease: Lease,
}

impl Drop for Marked<'_> {
    fn drop(&mut self) {
        let before = self.map.at(self.lease.port()).swap(0, Ordering::SeqCst);
        assert_eq!(before, std::process::id(), "{} was taken", self.lease.port());
    }
}

fn start(dir: &Path, leases: usize, other_user: bool) -> Child {
    let path = module_path!().split_once("::").expect("a crate").1;
    let mut command = Command::new(std::env::current_exe().expect("a path"));
    if other_user {
        command.uid(OTHER_USER);
    }
    command
        .args(["--exact", &format!("{path}::worker"), "--nocapture"])
        .env(MAP, dir.join("map"))
        .env(LEASES, leases.to_string())
        .stdout(Stdio::null())
        .spawn()
        .expect("this binary")
}

/// Root can act as somebody else, if they may run this binary.
fn may_be_another_user() -> bool {
    rustix::process::geteuid().is_root()
        && Command::new(std::env::current_exe().expect("a path"))
            .uid(OTHER_USER)
            .arg("--list")
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
}

/// Runs the processes to their end, and kills and replaces one of them so many times on the way.
fn contend(leases: usize, kills: usize) {
    let dir = tempfile::tempdir().expect("a directory");
    let map = Map::open(&dir.path().join("map"));
    for path in [dir.path().to_owned(), dir.path().join("map")] {
        std::fs::set_permissions(path, Permissions::from_mode(0o777)).expect("ours");
    }
    let others = may_be_another_user();
    let mut doomed: Vec<Child> = (0..kills).map(|_| start(dir.path(), usize::MAX, false)).collect();
    let workers: Vec<Child> = (0..PROCESSES)
        .map(|number| start(dir.path(), leases, others && number % 2 == 1))
        .collect();
    for child in &mut doomed {
        // In the middle of it: it holds something at this moment.
        while !(RANGE.0..=RANGE.1).any(|port| map.at(port).load(Ordering::SeqCst) == child.id()) {
            std::thread::yield_now();
        }
        child.kill().expect("ours");
        child.wait().expect("ours");
    }
    for mut worker in workers {
        assert!(worker.wait().expect("ours").success(), "two owners");
    }
    // Nothing that was held is lost, also not by those that were killed.
    let ports = scratch(dir.path(), Some(RANGE));
    let usable = (RANGE.0..=RANGE.1).filter(|&port| is_free(port)).count();
    let leases = std::iter::from_fn(|| ports.try_lease(&holder()).ok()).count();
    assert!(leases >= usable.saturating_sub(8), "{leases} of {usable}");
}

#[test]
fn no_port_has_two_owners() {
    contend(150, 2);
}

/// `cargo test --release -p relux-runner --lib -- --ignored million`: some minutes.
#[test]
#[ignore = "takes minutes"]
fn no_port_has_two_owners_in_three_million_leases() {
    contend(100_000, 20);
}
