//! What is left when a run is killed together with its supervisor, and who may take care of that.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::ends::END_WAYS;
use crate::escapes::ESCAPES;
use crate::oracle::Oracle;

/// A run of which only one process is left, and its id.
fn killed() -> (Oracle, String) {
    let oracle = Oracle::new();
    let way = END_WAYS
        .iter()
        .find(|way| way.name == "kill_of_both")
        .expect("a way to end");
    let escape = ESCAPES
        .iter()
        .find(|escape| escape.name == "session")
        .expect("a way to escape");
    // In the background, so that the terminal's end does not end it as well.
    let mut run = oracle.start(way, &[escape]);
    oracle.wait_until_all_run(1);
    let name = run.name();
    way.end(&run);
    run.wait();
    oracle.wait_for_count(1);
    (oracle, name)
}

#[test]
fn a_dry_run_tells_and_ends_nothing() {
    let (oracle, run) = killed();
    let told = |what: &str| format!("run {run} in SUITE: {what} PID (`sleep WORD`)\n");
    for _ in 0..2 {
        let (code, output, messages) = oracle.other(&["clean", "--dry-run"]);
        assert_eq!(
            (code, output.as_str(), messages.as_str()),
            (Some(0), told("would end").as_str(), "")
        );
        assert_eq!(oracle.count(), 1);
    }
    let (code, output, messages) = oracle.other(&["clean"]);
    assert_eq!(
        (code, output.as_str(), messages.as_str()),
        (Some(0), told("ended").as_str(), "")
    );
    assert_eq!(oracle.count(), 0);
    let (code, output, messages) = oracle.other(&["clean"]);
    assert_eq!((code, output.as_str()), (Some(0), ""));
    assert_eq!(messages, "nothing is left of killed runs\n");
}

#[test]
fn the_next_run_ends_what_is_left_and_says_so() {
    let (oracle, run) = killed();
    oracle.write(
        "relux/tests/t.relux",
        "test \"t\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n",
    );
    let (code, _, messages) = oracle.other(&["run"]);
    assert_eq!(code, Some(0), "{messages}");
    let note = format!("note: ended 1 process that the killed run {run} had left\n");
    assert!(messages.starts_with(&note), "{messages}");
    assert_eq!(oracle.count(), 0);
}

#[test]
fn a_live_run_is_left_alone() {
    let oracle = Oracle::new();
    let way = END_WAYS
        .iter()
        .find(|way| way.name == "terminate")
        .expect("a way to end");
    let run = oracle.start(way, &[]);
    oracle.wait_until_all_run(1);
    let (code, output, messages) = oracle.other(&["clean"]);
    assert_eq!((code, output.as_str()), (Some(0), ""));
    assert_eq!(messages, "nothing is left of killed runs\n");
    assert_eq!(oracle.count(), 1);
    way.end(&run);
    oracle.ended(way, run, &[]);
}

/// Who may write there could make this program end the processes of others.
#[test]
fn a_directory_that_others_may_write_to_is_not_believed() {
    for is_link in [false, true] {
        let (oracle, run) = killed();
        let (runs, real) = (oracle.runtime().join("relux"), oracle.runtime().join("real"));
        if is_link {
            fs::rename(&runs, &real).expect("moving it");
            symlink(&real, &runs).expect("a link");
        } else {
            fs::set_permissions(&runs, fs::Permissions::from_mode(0o777)).expect("its mode");
        }
        let (code, output, messages) = oracle.other(&["clean"]);
        assert_eq!((code, output.as_str()), (Some(2), ""), "{is_link}");
        assert_eq!(
            messages,
            "error: cannot look for killed runs: SUITE/runtime/relux is not a private directory of this user\n",
            "{is_link}"
        );
        assert_eq!(oracle.count(), 1, "{is_link}: {run}");
    }
}
