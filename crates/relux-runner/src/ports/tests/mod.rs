//! Leases of one run and of several: that they never meet, wait where they must, and are told.

mod contention;
mod registry;

use std::collections::BTreeSet;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;

use relux_model::plan::{FileId, Loc};
use relux_syntax::TextRange;

use super::*;

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime")
}

pub(super) fn scratch(dir: &Path, range: Option<(u16, u16)>) -> Arc<Ports> {
    let owner = "process 1, run x of /suite".to_owned();
    Ports::in_registry(range, Registry::new(vec![dir.join("ports")], owner))
}

pub(super) fn call(line: u32) -> Loc {
    Loc {
        file: FileId(0),
        range: TextRange::new(line, line + 1),
    }
}

fn holder() -> Arc<str> {
    "a.relux/one".into()
}

/// A range of so many ports that nobody uses at this moment.
fn free_range(from: u16, count: u16) -> (u16, u16) {
    let first = (from..from + 900).find(|&first| (first..first + count).all(is_free));
    let first = first.expect("free ports");
    (first, first + count - 1)
}

#[test]
fn live_leases_of_two_runs_never_meet() {
    let dir = tempfile::tempdir().expect("a directory");
    let runs: Vec<Arc<Ports>> = (0..2)
        .map(|_| scratch(dir.path(), Some((20_000, 20_255))))
        .collect();
    runtime().block_on(async {
        let mut leases = Vec::new();
        let mut seen = BTreeSet::new();
        for _ in 0..40 {
            for run in &runs {
                let lease = run.lease(&holder()).await.expect("a port");
                assert!(seen.insert(lease.port()), "{} twice", lease.port());
                leases.push(lease);
            }
        }
    });
}

#[test]
fn a_port_in_use_is_not_leased_whoever_uses_it() {
    let dir = tempfile::tempdir().expect("a directory");
    for address in ["127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"] {
        let holders: [(u16, Box<dyn std::any::Any>); 2] = [
            match TcpListener::bind(address) {
                Ok(it) => (it.local_addr().expect("an address").port(), Box::new(it)),
                // A host without IPv6.
                Err(_) => continue,
            },
            match UdpSocket::bind(address) {
                Ok(it) => (it.local_addr().expect("an address").port(), Box::new(it)),
                Err(_) => continue,
            },
        ];
        for (port, holder_of_port) in holders {
            let ports = scratch(dir.path(), Some((port, port)));
            assert!(ports.try_lease(&holder()).is_err(), "{address}");
            drop(holder_of_port);
            assert_eq!(
                ports.try_lease(&holder()).ok(),
                Some(port),
                "{address}: free again"
            );
        }
    }
}

#[test]
fn an_exhausted_range_waits_for_a_lease_to_end() {
    let dir = tempfile::tempdir().expect("a directory");
    let range = free_range(21_000, 1);
    let ports = scratch(dir.path(), Some(range));
    runtime().block_on(async {
        let first = ports.lease(&holder()).await.expect("the only port");
        let waiter = tokio::spawn({
            let ports = Arc::clone(&ports);
            async move { ports.lease(&holder()).await.map(|lease| lease.port()) }
        });
        tokio::task::yield_now().await;
        drop(first);
        assert_eq!(waiter.await.expect("no panic").expect("freed"), range.0);
    });
}

#[test]
fn an_exhausted_range_says_who_holds_what() {
    let dir = tempfile::tempdir().expect("a directory");
    // Two blocks, one for each run.
    let start = free_range(22_000, 48).0.next_multiple_of(BLOCK);
    let range = (start, start + 2 * BLOCK - 1);
    let runs: Vec<Arc<Ports>> = (0..2).map(|_| scratch(dir.path(), Some(range))).collect();
    runtime().block_on(async {
        let _foreign = runs[1].lease(&holder()).await.expect("a port");
        let mut own = Vec::new();
        let error = loop {
            let holder: Arc<str> = if own.is_empty() { "b.relux/two".into() } else { holder() };
            match runs[0].lease(&holder).await {
                Ok(lease) => own.push(lease),
                Err(error) => break error,
            }
        };
        let text = error.to_string();
        let text = text.replace(&range.0.to_string(), "[first]").replace(&range.1.to_string(), "[last]");
        insta::assert_snapshot!(text, @"no port between [first] and [last] is free: 16 are leased by this run (a.relux/one: 15, b.relux/two: 1), 1 blocks of 16 by other runs (process 1, run x of /suite: 1), the rest is in use by other programs");
    });
}

#[test]
fn a_port_of_another_run_is_waited_for() {
    let dir = tempfile::tempdir().expect("a directory");
    let range = free_range(23_000, 1);
    let runs: Vec<Arc<Ports>> = (0..2).map(|_| scratch(dir.path(), Some(range))).collect();
    runtime().block_on(async {
        let first = runs[0].lease(&holder()).await.expect("the only port");
        let waiter = tokio::spawn({
            let ports = Arc::clone(&runs[1]);
            async move { ports.lease(&holder()).await.map(|lease| lease.port()) }
        });
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        drop(first);
        assert_eq!(waiter.await.expect("no panic").expect("given back"), range.0);
    });
}

#[test]
fn a_port_rests_as_long_as_there_are_others() {
    let dir = tempfile::tempdir().expect("a directory");
    let start = free_range(25_000, 31).0.next_multiple_of(BLOCK);
    let ports = scratch(dir.path(), Some((start, start + BLOCK - 1)));
    runtime().block_on(async {
        let _keeps_the_block = ports.lease(&holder()).await.expect("a port");
        let mut seen = BTreeSet::new();
        for _ in 1..BLOCK {
            let port = ports.lease(&holder()).await.expect("a port").port();
            assert!(seen.insert(port), "{port} came back early");
        }
        // All have been given out once.
        let again = ports.lease(&holder()).await.expect("a port").port();
        assert!(seen.contains(&again));
    });
}

#[test]
fn a_retry_gets_the_ports_of_the_attempt_before_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let ports = scratch(dir.path(), Some(free_range(26_000, 40)));
    runtime().block_on(async {
        let test = TestPorts::new(&ports, "a.relux/one");
        let first = [
            test.port(call(1)).await.ok(),
            test.port(call(1)).await.ok(),
            test.port(call(2)).await.ok(),
        ];
        assert_eq!(
            first.iter().flatten().collect::<BTreeSet<_>>().len(),
            3,
            "{first:?}"
        );
        test.attempt_over();
        // In another order, as parallel effects have it.
        let third = test.port(call(2)).await.ok();
        assert_eq!(
            [
                test.port(call(1)).await.ok(),
                test.port(call(1)).await.ok(),
                third
            ],
            first
        );
        test.attempt_over();
        // What the last attempt left there is no help for the next one.
        let left =
            TcpListener::bind(("127.0.0.1", first[2].expect("a port"))).expect("the port was kept for it");
        let other = test.port(call(2)).await.ok();
        assert!(other.is_some() && !first.contains(&other), "{other:?}");
        drop(left);
    });
}
