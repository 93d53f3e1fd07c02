//! Real suites, run by the built binary: the example, the same in the other edition, and one test for every kind of
//! statement. Green is not enough: nothing that a run started may live on.

mod containers;
mod failures;
mod survivors;

use std::process::Command;

use relux_e2e::{Scratch, relux_bin, repository};
use survivors::survivors;

/// Runs a suite of the repository in place, with output below a directory of its own.
fn run_in_place(suite: &str, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(relux_bin())
        .args([&["run"], args].concat())
        .current_dir(repository().join(suite))
        .env_remove("SMOKE")
        .output()
        .expect("the program starts");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn every_statement_of_2026_04_works() {
    let (code, told) = run_in_place("tests/fixtures/statements/2026-04", &["-j", "4"]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn every_statement_of_2026_08_works() {
    let (code, told) = run_in_place("tests/fixtures/statements/2026-08", &["-j", "4"]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn the_example_is_green_and_leaves_nothing_behind() {
    let suite = Scratch::copy_of("examples/tasks");
    let outcome = suite.relux(&["run", "-j", "4"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert_eq!(
        survivors(suite.path()),
        Vec::<String>::new(),
        "processes outlived the run"
    );
}

#[test]
fn the_example_of_2026_08_is_green() {
    let (code, told) = run_in_place("tests/fixtures/tasks-2026-08", &["-j", "4"]);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn smoke_runs_skip_the_error_paths() {
    let suite = Scratch::copy_of("examples/tasks");
    let mut command = suite.command(&["run", "-j", "4"]);
    let output = command.env("SMOKE", "1").output().expect("the program starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("skipped"), "{told}");
}
