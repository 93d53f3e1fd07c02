//! Signals: the first cancels and cleans up, the second kills, and nothing is left either way.
//!
//! The run is a process of its own, this test binary with other arguments, so that signals reach nobody else. Fifos
//! tell when it has come so far.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::suite::{alive, suite_in, unique};

pub(crate) const SUITE: &str = "RELUX_RUNNER_TEST_SUITE";
/// Set: the report goes to the standard streams.
pub(crate) const LIVE: &str = "RELUX_RUNNER_TEST_LIVE";

/// Entry of the child process; does nothing in an ordinary test run.
#[test]
#[ignore = "runs in a process of its own, started by the tests beside"]
fn child() {
    let dir = std::env::var(SUITE).expect("only started by the tests beside");
    let source = fs::read_to_string(Path::new(&dir).join("source")).unwrap();
    let dir = Path::new(&dir);
    let suite = suite_in(dir, &source).with(|suite| {
        suite.live = std::env::var_os(LIVE).is_some();
        suite.tee = OpenOptions::new().write(true).open(dir.join("report")).ok();
    });
    let report = suite.try_run().unwrap().report;
    // The harness would turn this into its own idea of an exit status.
    std::process::exit(report.exit_code());
}

#[test]
fn shells_get_the_limits_and_only_the_descriptors_that_they_should() {
    let dir = tempfile::tempdir().unwrap();
    let source = r#"
test "t" {
    shell s {
        > echo "limit $$(ulimit -S -n) fds $$(ls /proc/$$$$/fd | tr '\n' ' ')"
        <? ^limit 300 fds [0-6 ]*$
        match_ok()
    }
}
"#;
    fs::write(dir.path().join("source"), source).unwrap();
    let status = Command::new("sh")
        .args(["-c", "ulimit -S -n 300; exec 7</dev/null; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(SUITE, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let summary = fs::read_to_string(
        dir.path()
            .join("relux/out/latest")
            .join(relux_runner::SUMMARY_FILE),
    )
    .unwrap();
    assert_eq!(status.code(), Some(0), "{summary}");
}

/// Non-interactive shells start background jobs like this: `relux run &`.
#[test]
fn a_run_that_ignores_interrupts_has_shells_that_do_not() {
    let dir = tempfile::tempdir().unwrap();
    // 32 and 33 belong to the C library. Many times, because what is looked for would be a race.
    let interrupts =
        "> sh -c 'echo started; exec sleep 60'\n<? ^started$\nctrl_c()\nmatch_not_ok(130)\n".repeat(25);
    let source = format!(
        "test \"t\" {{\n    shell s {{\n> grep SigIgn /proc/self/status\n<? ^SigIgn:\\s[0-9a-f]{{8}}[08]0000000$\nmatch_ok()\n{interrupts}    }}\n}}\n"
    );
    fs::write(dir.path().join("source"), source).unwrap();
    let status = Command::new("sh")
        .args(["-c", "trap '' INT QUIT; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(SUITE, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let summary = dir
        .path()
        .join("relux/out/latest")
        .join(relux_runner::SUMMARY_FILE);
    assert_eq!(status.code(), Some(0), "{}", fs::read_to_string(summary).unwrap());
}

/// Reads what comes from a fifo or terminal; waits long, but not for ever.
pub(crate) struct Reader {
    file: File,
    seen: String,
}

impl Reader {
    /// A fifo that may not have a writer yet.
    pub(crate) fn open(path: &Path) -> Self {
        Self::of(OpenOptions::new().read(true).write(true).open(path).unwrap())
    }

    pub(crate) fn of(file: File) -> Self {
        Self {
            file,
            seen: String::new(),
        }
    }

    fn read(&mut self) {
        let limit = Timespec {
            tv_sec: 60,
            tv_nsec: 0,
        };
        let mut polled = [PollFd::new(&self.file, PollFlags::IN)];
        assert_eq!(
            poll(&mut polled, Some(&limit)).unwrap(),
            1,
            "nothing came after:\n{}",
            self.seen
        );
        let mut bytes = [0; 4096];
        let count = self.file.read(&mut bytes).unwrap();
        assert!(count > 0, "nothing more comes after:\n{}", self.seen);
        self.seen += &String::from_utf8_lossy(&bytes[..count]);
    }

    /// Reads until the text and its line have come; everything up to there.
    pub(crate) fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.seen.find(text)
                && let Some(end) = self.seen[at..].find('\n')
            {
                let rest = self.seen.split_off(at + end + 1);
                return std::mem::replace(&mut self.seen, rest);
            }
            self.read();
        }
    }

    /// The same on a terminal, where nothing has to be a line.
    pub(crate) fn until_word(&mut self, text: &str) {
        loop {
            if let Some(at) = self.seen.find(text) {
                self.seen.drain(..at + text.len());
                return;
            }
            self.read();
        }
    }
}

pub(crate) struct Run {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) child: Child,
    pub(crate) word: String,
}

/// Starts a run whose test and cleanup tell when they are there, and then wait long.
fn start(cleanup: &str) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let word = unique();
    let source = format!(
        r#"
test "long" {{
    shell s {{
        > sh -c "trap '' HUP TERM; sleep {word}" & setsid sleep {word} &
        match_ok()
        > echo running > running; sleep {word}
        <? ^never$
    }}
    cleanup {{
        {cleanup}
    }}
}}
test "next" {{
    shell s {{
        > true
    }}
}}
"#
    );
    fs::write(dir.path().join("source"), source).unwrap();
    for fifo in ["running", "cleaning"] {
        mkfifo(dir.path(), fifo);
    }
    Run {
        child: start_child(dir.path()),
        dir,
        word,
    }
}

pub(crate) fn mkfifo(dir: &Path, name: &str) {
    assert!(
        Command::new("mkfifo")
            .arg(dir.join(name))
            .status()
            .unwrap()
            .success()
    );
}

pub(crate) fn start_child(suite: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(SUITE, suite)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Run {
    /// Blocks until a shell has written to the fifo.
    pub(crate) fn wait_for(&self, fifo: &str) {
        Reader::open(&self.dir.path().join(fifo)).read();
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", name, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    pub(crate) fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        // Processes that were killed by a runner that is gone belong to init, which may take a moment.
        for _ in 0..1000 {
            if alive(&self.word).is_empty() {
                break;
            }
            std::thread::yield_now();
        }
        assert_eq!(alive(&self.word), Vec::<String>::new());
        status
    }

    pub(crate) fn summary(&self) -> serde_json::Value {
        let path = self
            .dir
            .path()
            .join("relux/out/latest")
            .join(relux_runner::SUMMARY_FILE);
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }
}

#[test]
fn the_first_signal_cancels_cleans_up_and_reports() {
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let mut run = start("> touch cleaned\n        match_ok()");
        run.wait_for("running");
        run.signal(name);
        assert_eq!(run.end().code(), Some(128 + number));
        assert!(run.dir.path().join("cleaned").exists());
        let summary = run.summary();
        assert_eq!(summary["tests"][0]["outcome"], "cancelled");
        assert_eq!(summary["tests"][1]["outcome"], "skipped");
        assert_eq!(summary["summary"]["stopped"]["number"], number);
    }
}

#[test]
fn the_second_signal_skips_the_cleanup() {
    let mut run = start("> echo cleaning > cleaning\n        sleep(\"1000s\")");
    run.wait_for("running");
    run.signal("INT");
    run.wait_for("cleaning");
    run.signal("INT");
    assert_eq!(run.end().code(), Some(130));
    assert_eq!(run.summary()["tests"][0]["outcome"], "cancelled");
}

#[test]
fn the_third_signal_exits_at_once_and_leaves_nothing() {
    let mut run = start("> echo cleaning > cleaning\n        sleep(\"1000s\")");
    run.wait_for("running");
    run.signal("INT");
    run.wait_for("cleaning");
    // The second one begins to end processes, some of which take the whole grace period; the third one does not wait.
    run.signal("INT");
    run.signal("TERM");
    run.signal("INT");
    let code = run.end().code();
    assert!(code == Some(130) || code == Some(143), "{code:?}");
}

#[test]
fn a_signal_ends_a_run_whose_effects_wait_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let source = crate::effects::CYCLE.replace(
        "effect Hen {\n    start Egg",
        "effect Nest {\n    shell s {\n        > echo x > running\n        match_ok()\n    }\n}\neffect Hen {\n    start Egg\n    start Nest",
    );
    fs::write(dir.path().join("source"), source).unwrap();
    mkfifo(dir.path(), "running");
    let mut run = Run {
        child: start_child(dir.path()),
        dir,
        word: unique(),
    };
    run.wait_for("running");
    run.signal("TERM");
    assert_eq!(run.end().code(), Some(143));
    assert_eq!(run.summary()["tests"][0]["outcome"], "cancelled");
}
