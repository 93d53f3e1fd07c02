//! Real suites, run by the built binary: the example, the same in the other edition, and one test for every kind of
//! statement. Green is not enough: nothing that a run started may live on.

mod actions;
mod containers;
mod failures;
mod language;
mod limits;
mod migrations;
mod processors;
mod survivors;

use relux_e2e::Scratch;
use survivors::survivors;

/// Runs a copy of a suite of the repository; it must be green.
fn is_green(suite: &str) {
    let outcome = Scratch::copy_of(suite).relux(&["run", "-j", "4"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
}

#[test]
fn every_statement_of_2026_04_works() {
    is_green("tests/fixtures/statements/2026-04");
}

#[test]
fn every_statement_of_2026_08_works() {
    is_green("tests/fixtures/statements/2026-08");
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
    // It starts the services of the other one.
    let directory = "tests/fixtures/tasks-2026-08";
    let scratch = Scratch::copy_of_all(&[directory, "examples/tasks/services"]);
    let manifest = format!("{directory}/Relux.toml");
    let outcome = scratch.relux(&["run", "-j", "4", "--manifest", &manifest]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
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
