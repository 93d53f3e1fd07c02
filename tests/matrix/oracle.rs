//! Who is alive, seen from outside of the run: this process adopts whatever escapes from it, looks for words that nobody
//! else has in its arguments, and waits for the end of processes themselves.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use relux_e2e::{Scratch, relux_bin};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, set_child_subreaper};

use crate::ends::EndWay;
use crate::escapes::Escape;

/// What may be alive for so long after the end of a run at most. A promise, not a measurement: it is only waited for if
/// something is alive. On a machine with more work than processors it is stretched accordingly.
const PROMISE: Duration = Duration::from_secs(2);
/// Nothing takes so long.
const HANGS: Duration = Duration::from_secs(60);

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// One run, its suite, and processes beside it that must live.
pub(crate) struct Oracle {
    scratch: Scratch,
    /// The argument of every sleep of the run.
    word: String,
    bystander: Child,
    bystanders_word: String,
}

/// A run under way.
pub(crate) struct Run {
    supervisor: Child,
    runner: i32,
    directory: PathBuf,
    /// The other end of its terminal, if it has one.
    terminal: RefCell<Option<fs::File>>,
}

/// A number of seconds that nobody else sleeps for.
fn unique() -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("9{:06}.{}", number, std::process::id())
}

/// Waits for something that is about to happen.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < HANGS, "never: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Processes with this word among their arguments.
pub(crate) fn alive(word: &str) -> Vec<(i32, String)> {
    fs::read_dir("/proc")
        .expect("listing processes")
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let bytes = fs::read(entry.path().join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&bytes).replace('\0', " ");
            line.split(' ').any(|part| part == word).then_some((pid, line))
        })
        .collect()
}

/// How many processes want each processor, at least 1: where they queue, so do those that have to be killed.
fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = text
        .split(' ')
        .next()
        .and_then(|load| load.parse().ok())
        .unwrap_or(1.0);
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (load / f64::from(u32::try_from(processors).unwrap_or(u32::MAX))).clamp(1.0, 20.0)
}

/// The letter of the state of a process; `Z` if it is gone.
fn state(pid: i32) -> String {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.get(..1));
    state.unwrap_or("Z").to_owned()
}

fn send(pid: i32, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, "--", &pid.to_string()])
        .status();
    assert!(status.expect("kill starts").success(), "kill -{name} {pid}");
}

/// Waits until all these processes have ended; those that have not when the time is up.
pub(crate) fn survivors_after(word: &str, limit: Duration) -> Vec<String> {
    let deadline = Instant::now() + limit;
    loop {
        let left = alive(word);
        let Some(&(first, _)) = left.first() else {
            return Vec::new();
        };
        let time = deadline.saturating_duration_since(Instant::now());
        if time.is_zero() {
            return left
                .into_iter()
                .map(|(pid, line)| format!("{pid}: {line}"))
                .collect();
        }
        let pidfd = Pid::from_raw(first).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        if let Some(pidfd) = pidfd {
            let time = Timespec::try_from(time).expect("a short time");
            // Whatever it says, the next look tells.
            let _ = poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&time));
        }
    }
}

impl Oracle {
    pub(crate) fn new() -> Self {
        static ADOPTS: OnceLock<()> = OnceLock::new();
        ADOPTS.get_or_init(|| set_child_subreaper(Some(rustix::process::getpid())).expect("Linux"));
        let bystanders_word = unique();
        // It looks as much like a process of a run as possible.
        let bystander = Command::new("sleep")
            .arg(&bystanders_word)
            .env("__RELUX_SCOPE", "00000000/bystand/0.1/0")
            .spawn()
            .expect("sleep starts");
        Self {
            scratch: Scratch::new(""),
            word: unique(),
            bystander,
            bystanders_word,
        }
    }

    /// Starts a run in which these processes try to escape; its runtime directory is its own.
    pub(crate) fn start(&self, way: &EndWay, escapes: &[&Escape]) -> Run {
        let commands: Vec<&str> = escapes.iter().map(|escape| escape.command).collect();
        self.start_with(way, &commands)
    }

    pub(crate) fn start_with(&self, way: &EndWay, commands: &[&str]) -> Run {
        let sleep = format!("sleep {}", self.word);
        let sends = commands
            .iter()
            .map(|command| command.replace("SLEEP", &sleep))
            .chain(["touch ready".to_owned()])
            .fold(String::new(), |sends, command| {
                sends + "        > " + &command + "\n        match_ok()\n"
            });
        let body = way.body.replace("SLEEP", &sleep);
        let source = format!(
            "test \"escapes\" {{\n    shell s {{\n{sends}        {body}\n    }}\n    cleanup {{\n        \
             > touch cleaning\n        match_ok()\n    }}\n}}\n"
        );
        self.scratch.write("relux/tests/t.relux", source);
        self.scratch
            .write("Relux.toml", format!("name = \"matrix\"\n{}", way.manifest));
        let args = [&["run"], way.args].concat();
        let log = fs::File::create(self.scratch.path().join("output")).expect("a log");
        // Whoever started this test may ignore some signals, and that would be handed down.
        let mut command = self.relux("env", &[]);
        command.arg("--default-signal=HUP,INT,QUIT,TERM,TSTP");
        let terminal = way.on_terminal.then(|| {
            let (ours, theirs) = terminal();
            // It becomes the leader of the terminal's session, as what a terminal emulator starts is.
            command.args(["setsid", "--ctty"]).stdin(theirs);
            ours
        });
        if terminal.is_none() {
            command.process_group(0);
        }
        command.arg(relux_bin()).args(args).stderr(log);
        let supervisor = command.spawn().expect("the program starts");
        let id = i32::try_from(supervisor.id()).expect("a process id");
        let mut runner = 0;
        wait_until("the runner starts", || {
            let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
            let first = children.split_whitespace().next();
            runner = first.and_then(|pid| pid.parse().ok()).unwrap_or(0);
            runner != 0 || state(id) == "Z"
        });
        Run {
            supervisor,
            runner,
            directory: self.scratch.path().to_owned(),
            terminal: RefCell::new(terminal),
        }
    }

    /// Writes a file beside the suite, with the sleep in it.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let text = text.replace("SLEEP", &format!("sleep {}", self.word));
        self.scratch.write(name, text);
    }

    fn relux(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Command {
        let runtime = self.scratch.path().join("runtime");
        fs::create_dir_all(&runtime).expect("a directory");
        let mut command = self.scratch.command_of(program);
        command
            .args(args)
            .env("XDG_RUNTIME_DIR", runtime)
            .stdout(Stdio::null());
        command
    }

    /// Waits until every escape has left at least one process, then lets the test go on.
    pub(crate) fn wait_until_all_run(&self, escapes: usize) {
        wait_until("the escapes run", || {
            let count = || {
                alive(&self.word)
                    .iter()
                    .filter(|(_, line)| line.starts_with("sleep "))
                    .count()
            };
            self.scratch.path().join("ready").exists() && count() >= escapes
                || fs::read_to_string(self.scratch.path().join("output"))
                    .is_ok_and(|text| text.contains("test result"))
        });
        self.scratch.write("seen", "");
    }

    /// Another command of this user in the same runtime directory: its exit code, output and messages. The sleep of the
    /// run, its id and those of processes have names in what comes back.
    pub(crate) fn other(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let output = self.relux(relux_bin(), args).stdout(Stdio::piped()).output();
        let output = output.expect("the program starts");
        let readable = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            let place = self.scratch.path().to_string_lossy().into_owned();
            let text = text.replace(&place, "SUITE").replace(&self.word, "WORD");
            let words = text.split_inclusive([' ', '\n']).map(|word| {
                let core = word.trim_end();
                if core.parse::<u32>().is_ok_and(|number| number > 2) {
                    word.replace(core, "PID")
                } else {
                    word.to_owned()
                }
            });
            words.collect()
        };
        (
            output.status.code(),
            readable(&output.stdout),
            readable(&output.stderr),
        )
    }

    /// Waits until so many processes of the run are left.
    pub(crate) fn wait_for_count(&self, count: usize) {
        wait_until("the others end", || self.count() == count);
    }

    /// How many processes of the run are alive.
    pub(crate) fn count(&self) -> usize {
        alive(&self.word).len()
    }

    /// The directory in which commands of [`other`](Self::other) look for dead runs.
    pub(crate) fn runtime(&self) -> PathBuf {
        self.scratch.path().join("runtime")
    }

    /// Waits for the end of the run; nothing may be left then, but for those who are not of the run.
    pub(crate) fn ended(mut self, way: &EndWay, mut run: Run, escapes: &[&Escape]) {
        let names: Vec<&str> = escapes.iter().map(|escape| escape.name).collect();
        let what = format!("{} of {}", way.name, names.join(", "));
        let status = run.supervisor.wait().expect("its status");
        if way.needs_janitor {
            assert!(
                !alive(&self.word).is_empty(),
                "{what}: nothing was left to be cleaned"
            );
            let mut janitor = self.relux(relux_bin(), &["clean"]);
            assert!(janitor.status().expect("the program starts").success(), "{what}");
        }
        let left = survivors_after(&self.word, PROMISE.mul_f64(load()));
        let lives = self.bystander.try_wait().expect("a child").is_none();
        self.bystander.kill().expect("ours");
        self.bystander.wait().expect("ours");
        self.end_all();
        let output = fs::read_to_string(self.scratch.path().join("output")).unwrap_or_default();
        assert_eq!(
            left,
            Vec::<String>::new(),
            "{what}: alive after the end\n{output}"
        );
        assert!(lives, "{what}: a bystander was killed ({})", self.bystanders_word);
        assert!(way.codes.contains(&code(status)), "{what}: {status}\n{output}");
        let cleaned = self.scratch.path().join("cleaning").exists();
        assert_eq!(cleaned, way.cleans, "{what}: the cleanup\n{output}");
        let runs = self.scratch.path().join("runtime/relux/runs");
        wait_until(&format!("{what}: the run is forgotten"), || {
            fs::read_dir(&runs).is_ok_and(|runs| runs.count() == 0)
        });
    }

    /// So that a failed test leaves nothing either.
    fn end_all(&self) {
        for (pid, _) in alive(&self.word) {
            if let Some(pid) = Pid::from_raw(pid) {
                // It may be gone by now.
                let _ = kill_process(pid, Signal::KILL);
            }
        }
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.end_all();
        // Already dead unless the test failed.
        let _ = self.bystander.kill();
        let _ = self.bystander.wait();
    }
}

/// Both ends of a fresh terminal.
fn terminal() -> (fs::File, fs::File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let ours = openpt(flags).expect("a terminal");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("a terminal");
    let name = ptsname(&ours, Vec::new()).expect("its name");
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true);
    options.custom_flags(i32::try_from(OpenptFlags::NOCTTY.bits()).expect("a flag"));
    let theirs = options
        .open(name.to_str().expect("a path"))
        .expect("its other end");
    (fs::File::from(ours), theirs)
}

/// As a shell shows it.
fn code(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(-1)
}

impl Run {
    /// Its id, when it has one and is known to others.
    pub(crate) fn name(&self) -> String {
        let runs = self.directory.join("runtime/relux/runs");
        let mut names = fs::read_dir(&runs).expect("a directory").flatten();
        let name = names.next().expect("a run").file_name();
        name.to_string_lossy().into_owned()
    }

    /// Waits for the end, whatever it is like.
    pub(crate) fn wait(&mut self) {
        self.supervisor.wait().expect("its status");
    }

    fn id(&self) -> i32 {
        i32::try_from(self.supervisor.id()).expect("a process id")
    }

    pub(crate) fn signal(&self, name: &str) {
        send(self.id(), name);
    }

    pub(crate) fn signal_runner(&self, name: &str) {
        send(self.runner, name);
    }

    pub(crate) fn signal_group(&self, name: &str) {
        send(-self.id(), name);
    }

    /// Both at once, as far as that goes: neither can do anything between the two signals.
    pub(crate) fn signal_both(&self, name: &str) {
        self.signal_runner("STOP");
        self.signal("STOP");
        self.wait_until_both_are("T");
        self.signal_runner(name);
        self.signal(name);
    }

    /// What happens when somebody closes the window.
    pub(crate) fn close_terminal(&self) {
        drop(self.terminal.take().expect("a terminal"));
    }

    /// A key that sends this byte.
    pub(crate) fn press(&self, byte: u8) {
        let mut terminal = self.terminal.borrow_mut();
        let terminal = terminal.as_mut().expect("a terminal");
        terminal.write_all(&[byte]).expect("a key");
    }

    pub(crate) fn wait_until_runner_is(&self, wanted: &str) {
        wait_until("the runner's state", || state(self.runner) == wanted);
    }

    pub(crate) fn wait_until_both_are(&self, wanted: &str) {
        wait_until("the states of both", || {
            state(self.runner) == wanted && state(self.id()) == wanted
        });
    }

    pub(crate) fn wait_for_cleanup(&self) {
        let cleaning = self.directory.join("cleaning");
        let id = self.id();
        wait_until("the cleanup", || cleaning.exists() || state(id) == "Z");
    }
}
