//! A directory that every user of the host can write to.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

use super::*;

const RANGE: Option<(u16, u16)> = Some((27_000, 27_255));

fn lease(ports: &Arc<Ports>) -> Lease {
    runtime().block_on(ports.lease(&holder())).expect("a port")
}

/// The file of the lease's block.
fn file_of(dir: &Path, lease: &Lease) -> std::path::PathBuf {
    dir.join("ports").join((lease.port() / BLOCK).to_string())
}

#[test]
fn every_user_can_take_part_and_none_can_take_away() {
    let dir = tempfile::tempdir().expect("a directory");
    let ports = scratch(dir.path(), RANGE);
    let lease = lease(&ports);
    let mode = |path: &Path| path.metadata().expect("it is there").mode() & 0o7777;
    assert_eq!(mode(&dir.path().join("ports")), 0o1777);
    assert_eq!(mode(&file_of(dir.path(), &lease)), 0o666);
    let text = std::fs::read_to_string(file_of(dir.path(), &lease)).expect("readable");
    assert_eq!(text, "process 1, run x of /suite");
    assert_eq!(ports.trouble(), None);
}

#[test]
fn a_removed_lock_file_is_noticed_before_the_next_lease() {
    let dir = tempfile::tempdir().expect("a directory");
    let (one, other) = (scratch(dir.path(), RANGE), scratch(dir.path(), RANGE));
    let first = lease(&one);
    let file = file_of(dir.path(), &first);
    std::fs::remove_file(&file).expect("ours");
    // The other run now may get the block, and then the next lease of the first one must not come from there.
    let number = first.port() / BLOCK;
    let taken = match other.registry.lock(number) {
        Lock::Held(file) => file,
        Lock::Foreign | Lock::Unavailable(_) => panic!("nobody holds the new file"),
    };
    for _ in 0..4 {
        let lease = lease(&one);
        assert_ne!(lease.port() / BLOCK, number);
    }
    drop(taken);
    // Removed again while nobody has it: the first run takes it back.
    std::fs::remove_file(&file).expect("ours");
    let _second = lease(&one);
    assert!(matches!(other.registry.lock(number), Lock::Foreign));
}

#[test]
fn a_directory_that_was_removed_is_made_again() {
    let dir = tempfile::tempdir().expect("a directory");
    let (one, other) = (
        scratch(dir.path(), Some((27_008, 27_009))),
        scratch(dir.path(), Some((27_008, 27_009))),
    );
    let _first = lease(&one);
    std::fs::remove_dir_all(dir.path().join("ports")).expect("ours");
    let _second = lease(&one);
    assert!(
        other.try_lease(&holder()).is_err(),
        "the block is locked in the new directory"
    );
}

#[test]
fn links_and_other_surprises_are_not_followed() {
    let dir = tempfile::tempdir().expect("a directory");
    let victim = dir.path().join("victim");
    std::fs::write(&victim, "precious").expect("writable");
    let registry = dir.path().join("ports");
    std::fs::create_dir(&registry).expect("writable");
    let (low, high) = (RANGE.expect("set").0 / BLOCK, RANGE.expect("set").1 / BLOCK);
    for number in low..high {
        let path = registry.join(number.to_string());
        match number % 3 {
            0 => symlink(&victim, path).expect("writable"),
            1 => std::fs::create_dir(path).expect("writable"),
            _ => {
                let made = Command::new("mkfifo").arg(path).status().expect("mkfifo");
                assert!(made.success());
            }
        }
    }
    let ports = scratch(dir.path(), RANGE);
    drop(lease(&ports));
    assert_eq!(std::fs::read_to_string(&victim).expect("there"), "precious");

    // The directory itself may be a link into somebody's home.
    std::fs::remove_dir_all(&registry).expect("ours");
    let home = dir.path().join("home");
    std::fs::create_dir(&home).expect("writable");
    symlink(&home, &registry).expect("writable");
    let fallback = dir.path().join("own");
    let ports = Ports::in_registry(
        RANGE,
        Registry::new(vec![registry, fallback.clone()], String::new()),
    );
    let _lease = lease(&ports);
    assert_eq!(std::fs::read_dir(&home).expect("there").count(), 0);
    assert_eq!(std::fs::read_dir(&fallback).expect("made").count(), 1);
    let trouble = ports.trouble().expect("others do not take part");
    assert!(
        trouble.contains("of other users") && trouble.contains("ports: "),
        "{trouble}"
    );
}

#[test]
fn a_directory_that_is_not_everybodys_is_not_used() {
    let dir = tempfile::tempdir().expect("a directory");
    // Not ours to open to everybody; running as root, everything is.
    if rustix::process::geteuid().is_root() {
        let closed = dir.path().join("closed");
        std::fs::create_dir(&closed).expect("writable");
        std::os::unix::fs::chown(&closed, Some(12345), None).expect("root may");
        std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o755)).expect("root may");
        let ports = Ports::in_registry(RANGE, Registry::new(vec![closed], String::new()));
        let _lease = lease(&ports);
        let trouble = ports.trouble().expect("no locks");
        assert!(trouble.contains("not open to all users"), "{trouble}");
    }
}

#[test]
fn a_registry_that_cannot_be_used_is_told_once_something_was_leased() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let ports = scratch(&file.path().join("below a file"), RANGE);
    assert_eq!(ports.trouble(), None);
    drop(lease(&ports));
    let trouble = ports.trouble().expect("no locks");
    assert!(trouble.contains("below a file"), "{trouble}");
}

#[test]
fn a_process_that_outlives_the_run_does_not_keep_its_ports() {
    let dir = tempfile::tempdir().expect("a directory");
    let (one, other) = (scratch(dir.path(), RANGE), scratch(dir.path(), RANGE));
    let first = lease(&one);
    let number = first.port() / BLOCK;
    assert!(matches!(other.registry.lock(number), Lock::Foreign));
    let mut child = Command::new("sleep")
        .arg("1000")
        .stdout(Stdio::null())
        .spawn()
        .expect("sleep");
    drop(first);
    drop(one);
    // Tests beside this one start processes, which have everything for the moment before their program begins.
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    let mut lock = other.registry.lock(number);
    while matches!(lock, Lock::Foreign) && std::time::Instant::now() < deadline {
        std::thread::yield_now();
        lock = other.registry.lock(number);
    }
    child.kill().expect("ours");
    child.wait().expect("ours");
    assert!(matches!(lock, Lock::Held(_)), "the child has the lock");
}
