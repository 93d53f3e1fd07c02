//! Ways to end a run × ways to escape from it: whatever happens, nothing that a test started lives on, and nobody else
//! is hurt. All through the built binary, with an oracle outside of it.
//!
//! The default run takes each way to end once, with all escapes in one test. `cargo test -p relux-e2e --test matrix --
//! --ignored` takes every pair by itself and random trees of processes. The oracle reads `/proc`, so this is for Linux.

#![cfg(target_os = "linux")]

mod ends;
mod escapes;
mod leftovers;
mod oracle;
mod trees;

use ends::{END_WAYS, EndWay};
use escapes::{ESCAPES, Escape};
use oracle::Oracle;

/// One run with these escapes that ends in this way.
fn nothing_is_left(way: &EndWay, escapes: &[&Escape]) {
    let oracle = Oracle::new();
    let run = oracle.start(way, escapes);
    oracle.wait_until_all_run(escapes.len());
    way.end(&run);
    oracle.ended(way, run, escapes);
}

fn all_at_once(name: &str) {
    let way = END_WAYS
        .iter()
        .find(|way| way.name == name)
        .expect("a way to end");
    let escapes: Vec<&Escape> = ESCAPES.iter().filter(|escape| way.finds(escape)).collect();
    nothing_is_left(way, &escapes);
}

macro_rules! ways {
    ($($name:ident)*) => {
        /// Each of them has a test.
        const TESTED: &[&str] = &[$(stringify!($name)),*];
        $(#[test] fn $name() { all_at_once(stringify!($name)); })*
    };
}

ways! {
    passes fails test_timeout suite_timeout fail_fast
    interrupt interrupt_twice interrupt_three_times interrupt_of_the_group
    terminate hang_up terminal_closed interrupt_key quit abort_of_the_runner
    kill_of_the_runner kill_of_the_supervisor kill_of_both
    terminate_while_the_runner_is_stopped stop_and_continue
}

#[test]
fn every_way_to_end_has_a_test() {
    let names: Vec<&str> = END_WAYS.iter().map(|way| way.name).collect();
    assert_eq!(names, TESTED);
}

#[test]
#[ignore = "takes minutes; the tests beside take all escapes at once"]
fn every_pair() {
    let mut pairs = 0;
    for way in END_WAYS {
        for escape in ESCAPES.iter().filter(|escape| way.finds(escape)) {
            nothing_is_left(way, &[escape]);
            pairs += 1;
        }
    }
    assert!(pairs > 150, "{pairs}");
}
