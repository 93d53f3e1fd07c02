//! However the client goes, the server goes too, and nothing is left of a run that was going on.
//!
//! The oracle is outside of the server: handles of its process, of the runner's and of the shells', all of which must
//! come to an end. A test that hangs has found a survivor.

use std::fs;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::Command;

use relux_e2e::Scratch;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use serde_json::json;

use crate::session::Session;

/// How long the end of a process is waited for before it counts as a survivor.
const SURVIVES: rustix::event::Timespec = rustix::event::Timespec {
    tv_sec: 60,
    tv_nsec: 0,
};

const SUITE: &str = "test \"waits\" {\n    shell s {\n        > sleep 1000 & echo $$$$ $$! > ready\n        \
                     <~600s? ^never$\n    }\n}\n";

/// A process that somebody else started.
struct Process {
    id: i32,
    handle: OwnedFd,
}

impl Process {
    fn new(id: i32) -> Self {
        let pid = Pid::from_raw(id).expect("the id of a process");
        let handle = pidfd_open(pid, PidfdFlags::empty()).expect("the process lives");
        Self { id, handle }
    }

    fn must_end(&self) {
        let mut wanted = [PollFd::new(&self.handle, PollFlags::IN)];
        let ended = poll(&mut wanted, Some(&SURVIVES)).expect("a handle can be waited for");
        assert_eq!(ended, 1, "process {} lives on", self.id);
    }
}

/// The processes below one, itself not among them.
fn below(id: u32, found: &mut Vec<i32>) {
    let threads = fs::read_dir(format!("/proc/{id}/task"))
        .into_iter()
        .flatten()
        .flatten();
    for thread in threads {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace() {
            let child: u32 = child.parse().expect("an id");
            found.push(i32::try_from(child).expect("a small number"));
            below(child, found);
        }
    }
}

/// A session with a run that waits for ever, and all processes that belong to it.
fn running(scratch: &Scratch, parent: Option<u32>) -> (Session, Vec<Process>) {
    let ready = scratch.path().join("ready");
    assert!(
        Command::new("mkfifo")
            .arg(&ready)
            .status()
            .expect("mkfifo is there")
            .success()
    );
    let mut session = Session::start_for(scratch, parent);
    let uri = session.uri("relux/tests/t.relux");
    session.client.open(&uri, SUITE);
    let params = json!({"command": "relux.runTests", "arguments": [{"uri": uri}]});
    session.client.ask("workspace/executeCommand", params);
    // Waits for the shell to write.
    let written = fs::read_to_string(&ready).expect("a shell writes");
    let mut ids: Vec<i32> = written
        .split_whitespace()
        .map(|id| id.parse().expect("an id"))
        .collect();
    assert_eq!(ids.len(), 2, "{written}");
    below(session.server_id(), &mut ids);
    ids.sort_unstable();
    ids.dedup();
    assert!(
        ids.len() >= 4,
        "a supervisor, a runner, a shell and its sleep: {ids:?}"
    );
    (session, ids.into_iter().map(Process::new).collect())
}

#[test]
fn a_client_that_closes_its_side_leaves_nothing() {
    let scratch = Scratch::new(SUITE);
    let (mut session, processes) = running(&scratch, None);
    session.client.hang_up();
    assert_eq!(session.wait().code(), Some(1));
    processes.iter().for_each(Process::must_end);
}

/// It cannot do anything any more, so the runner has to notice.
#[test]
fn a_server_that_is_killed_leaves_nothing() {
    let scratch = Scratch::new(SUITE);
    let (mut session, processes) = running(&scratch, None);
    session.kill();
    processes.iter().for_each(Process::must_end);
}

/// The streams stay open, as they do where something else has inherited them.
#[test]
fn a_client_whose_process_dies_leaves_nothing() {
    let scratch = Scratch::new(SUITE);
    let mut editor = Command::new("sleep").arg("1000").spawn().expect("sleep starts");
    let (mut session, processes) = running(&scratch, Some(editor.id()));
    editor.kill().expect("it can be killed");
    editor.wait().expect("it ends");
    assert_eq!(session.wait().code(), Some(1));
    processes.iter().for_each(Process::must_end);
}

#[test]
fn a_client_that_no_longer_reads_leaves_nothing() {
    let scratch = Scratch::new(SUITE);
    let (mut session, processes) = running(&scratch, None);
    // Questions without end whose answers nobody reads: the pipe is full, and then the client has gone.
    let uri = session.uri("relux/tests/t.relux");
    session.client.stop_reading();
    for _ in 0..5_000 {
        session.client.request(
            "textDocument/documentSymbol",
            json!({"textDocument": {"uri": uri}}),
        );
    }
    session.client.hang_up();
    assert_eq!(session.wait().code(), Some(1));
    processes.iter().for_each(Process::must_end);
    assert!(Path::new("/proc").exists(), "processes can be looked at here");
}
