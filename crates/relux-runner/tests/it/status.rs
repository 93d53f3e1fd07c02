//! How a run tells what it does, how it stands still, and how it leaves the terminal.

use std::fs::{self, File};
use std::io::Write;
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

use rustix::process::{Pid, WaitOptions, waitpid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::signals::{LIVE, Reader, Run, SUITE, mkfifo, start_child};
use crate::suite::{redact_marks, unique};

/// A test that tells when it waits, and ends when it is told to.
fn source(word: &str) -> String {
    format!(
        r#"
effect Db {{
    expose shell srv
    shell srv {{
        > echo listening
        <? ^listening$
        match_ok()
    }}
}}
test "asks" {{
    start Db as db
    shell s {{
        > sh -c 'kill -STOP $$$$; : {word} '
        match_prompt()
        > sleep {word} &
        match_ok()
        > echo running > running; read line < go; echo "got $$line"
        <~5s? ^got (it)$
        match_prompt()
        > jobs
        <? \[1\].*Stopped
        match_ok()
    }}
    cleanup {{
        > echo cleaning > cleaning; sleep 1000
        <? ^never$
    }}
}}
test "next" {{
    shell s {{
        > true
    }}
}}
"#
    )
}

fn scratch() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let word = unique();
    fs::write(dir.path().join("source"), source(&word)).unwrap();
    for fifo in ["running", "go", "cleaning"] {
        mkfifo(dir.path(), fifo);
    }
    (dir, word)
}

/// States of the processes with this word, as the process table shows them.
fn states(word: &str) -> Vec<String> {
    let output = Command::new("ps").args(["-eo", "stat=,args="]).output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter(|line| line.split_ascii_whitespace().any(|part| part == word))
        .map(|line| line.trim_start()[..1].to_owned())
        .collect()
}

fn wait_until_stopped(run: &Run) {
    let pid = Pid::from_child(&run.child);
    let (_, status) = waitpid(Some(pid), WaitOptions::UNTRACED).unwrap().unwrap();
    assert!(status.stopped(), "{status:?}");
}

#[test]
fn a_signal_asks_for_the_status_and_the_first_one_to_end_is_acknowledged() {
    let (dir, word) = scratch();
    mkfifo(dir.path(), "report");
    let mut run = Run {
        child: start_child(dir.path()),
        dir,
        word,
    };
    let mut report = Reader::open(&run.dir.path().join("report"));
    run.wait_for("running");
    // The shell tells before the test waits.
    let mut status = String::new();
    while !status.contains("waits for `^got (it)$`") {
        run.signal("USR1");
        status = report.until("echo running > running");
    }
    insta::assert_snapshot!(redacted(&status, &run.word));
    run.signal("INT");
    let said = report.until("SIGINT");
    assert!(
        said.contains("SIGINT: cancelling 1 running test and cleaning up; a second one skips"),
        "{said}"
    );
    run.wait_for("cleaning");
    run.signal("INT");
    let said = report.until("killing");
    assert!(said.contains("a third one exits"), "{said}");
    assert_eq!(run.end().code(), Some(130));
}

/// Without times and the number that makes the test's processes unique.
fn redacted(text: &str, word: &str) -> String {
    let text = redact_marks(text).replace(word, "[word]");
    let mut out = String::new();
    let mut words = text.split_inclusive([' ', '\n', ',']).peekable();
    while let Some(part) = words.next() {
        let is_number = part.trim_end().parse::<f64>().is_ok();
        let unit = words.peek().map(|next| next.trim_end_matches([' ', '\n', ',']));
        if is_number && matches!(unit, Some("s" | "ms" | "min")) {
            out.push_str("[n] ");
        } else {
            out.push_str(part);
        }
    }
    out.replace("[n] min [n] s", "[n] s").replace(" ms", " s")
}

#[test]
fn a_suspended_run_stands_still_with_its_processes_and_its_clocks() {
    let (dir, word) = scratch();
    let mut run = Run {
        child: start_child(dir.path()),
        dir,
        word,
    };
    run.wait_for("running");
    run.signal("TSTP");
    wait_until_stopped(&run);
    assert_eq!(
        states(&run.word),
        ["T", "T"],
        "one had been stopped by the test, the other by the run"
    );
    // Longer than the wait of the test may take.
    std::thread::sleep(std::time::Duration::from_millis(5200));
    run.signal("CONT");
    fs::write(run.dir.path().join("go"), "it\n").unwrap();
    run.wait_for("cleaning");
    run.signal("TERM");
    run.signal("INT");
    assert!(matches!(run.end().code(), Some(143 | 130)));
    let outcome = &run.summary()["tests"][0]["outcome"];
    // It had passed when its cleanup was interrupted.
    assert_eq!(outcome, "passed", "{}", run.summary());
}

#[test]
fn a_key_asks_for_the_status_and_the_terminal_is_always_given_back() {
    let (dir, word) = scratch();
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let slave = File::options().read(true).write(true).open(path).unwrap();
    let stream = |slave: &File| Stdio::from(slave.try_clone().unwrap());
    let child = Command::new("setsid")
        .arg("--ctty")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(SUITE, dir.path())
        .env(LIVE, "yes")
        .env("TERM", "xterm")
        .stdin(stream(&slave))
        .stdout(stream(&slave))
        .stderr(stream(&slave))
        .spawn()
        .unwrap();
    let mut run = Run { dir, child, word };
    let mut terminal = File::from(master);
    let cooked = |terminal: &File| {
        let modes = tcgetattr(terminal.as_fd()).unwrap().local_modes;
        (
            modes.contains(LocalModes::ICANON),
            modes.contains(LocalModes::ECHO),
        )
    };
    run.wait_for("running");
    assert_eq!(cooked(&terminal), (false, false));
    let mut screen = Reader::of(terminal.try_clone().unwrap());
    terminal.write_all(b"xt").unwrap();
    screen.until_word("status: 1 test running, 0 of 2 finished");
    // As Ctrl-Z does it.
    terminal.write_all(b"\x1a").unwrap();
    wait_until_stopped(&run);
    assert_eq!(cooked(&terminal), (true, true));
    run.signal("CONT");
    terminal.write_all(b"t").unwrap();
    screen.until_word("status: 1 test running, 0 of 2 finished");
    assert_eq!(cooked(&terminal), (false, false));
    // Ctrl-C, until the process exits without waiting for anything.
    terminal.write_all(b"\x03").unwrap();
    screen.until_word("a second one skips the cleanups");
    run.wait_for("cleaning");
    terminal.write_all(b"\x03\x03").unwrap();
    let code = run.end().code();
    assert_eq!(cooked(&terminal), (true, true));
    assert_eq!(code, Some(130));
}
