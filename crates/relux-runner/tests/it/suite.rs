//! Running plans in a scratch suite and looking at what came out.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use relux_model::plan::{Jobs, RunSettings, TestEntry};
use relux_model::reports::{ReportSettings, StoreSettings};
use relux_runner::event::{Event, Outcome, TestResult};
use relux_runner::{Format, Output, RunError, RunOptions, RunReport, RunRequest, run};

use crate::lower::lower;

static RUNS: std::sync::RwLock<()> = std::sync::RwLock::new(());

/// A scratch suite with one file of tests.
#[derive(Debug)]
pub(crate) struct Suite {
    /// Removes the directory in the end.
    dir: Option<tempfile::TempDir>,
    pub(crate) settings: RunSettings,
    pub(crate) options: RunOptions,
    pub(crate) host_env: Vec<(String, String)>,
    pub(crate) raw_env: Vec<(OsString, OsString)>,
    pub(crate) dot_env: Vec<(String, String)>,
    pub(crate) broken_files: usize,
    /// Where the report goes besides, as it comes.
    pub(crate) tee: Option<fs::File>,
    /// The report goes to the standard streams instead.
    pub(crate) live: bool,
    source: String,
    extra: Vec<TestEntry>,
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) report: RunReport,
    /// The report as text or JSON lines.
    pub(crate) output: String,
    pub(crate) suite: Suite,
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>, Option<Arc<fs::File>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        if let Some(file) = &self.1 {
            // Whoever reads it may have seen enough.
            let _ = (&**file).write_all(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A suite with this file, in a directory of its own.
pub(crate) fn suite(source: &str) -> Suite {
    let dir = tempfile::tempdir().unwrap();
    suite_in(dir.path(), source).with(|suite| suite.dir = Some(dir))
}

/// A suite in a directory that somebody else removes.
pub(crate) fn suite_in(dir: &Path, source: &str) -> Suite {
    let root = dir.to_string_lossy().into_owned();
    Suite {
        dir: None,
        settings: RunSettings {
            suite_name: "scratch".to_owned(),
            root,
            shell_command: vec!["/bin/dash".to_owned()],
            prompt: "relux> ".to_owned(),
            term: "dumb".to_owned(),
            settle: Duration::from_millis(20),
            match_timeout: Duration::from_secs(10),
            test_timeout: Duration::from_secs(60),
            suite_timeout: Duration::from_secs(120),
            shell_timeout: Duration::from_secs(20),
            cleanup_timeout: Duration::from_secs(20),
            jobs: Jobs::Count(1),
            cleanup_failure_fails: false,
            leaks_fail: true,
            flaky_retries: 0,
            flaky_multiplier: 1.5,
            port_range: None,
            reports: ReportSettings::default(),
            store: StoreSettings::default(),
        },
        options: RunOptions::default(),
        host_env: vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap()),
            ("HOME".to_owned(), "/nonexistent".to_owned()),
        ],
        raw_env: Vec::new(),
        dot_env: Vec::new(),
        broken_files: 0,
        tee: None,
        live: false,
        source: source.to_owned(),
        extra: Vec::new(),
    }
}

impl Suite {
    /// The same with another shell.
    pub(crate) fn shell(mut self, command: &[&str]) -> Self {
        self.settings.shell_command = command.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// The same with changed settings.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Other tests with the same settings.
    pub(crate) fn replace_source(&mut self, source: &str) {
        source.clone_into(&mut self.source);
    }

    /// The same with one more test.
    pub(crate) fn extra(mut self, entry: TestEntry) -> Self {
        self.extra.push(entry);
        self
    }

    /// A path in the suite's directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.settings.root).join(name)
    }

    /// Runs all tests.
    pub(crate) fn run(self) -> Ran {
        let _side_by_side = RUNS.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.run_now()
    }

    /// Runs all tests while nothing else runs in this process.
    pub(crate) fn run_alone(self) -> Ran {
        let _alone = RUNS.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.run_now()
    }

    fn run_now(self) -> Ran {
        self.try_run().unwrap()
    }

    /// Runs all tests if the run can begin.
    pub(crate) fn try_run(mut self) -> Result<Ran, RunError> {
        let mut lowered = lower("relux/tests/t.relux", &self.source);
        for entry in &mut lowered.tests {
            if let TestEntry::Ready(plan) = entry {
                Arc::make_mut(plan).dot_env = self.dot_env.clone().into();
            }
        }
        let sink = Sink(Arc::default(), self.tee.take().map(Arc::new));
        let mut options = std::mem::take(&mut self.options);
        options.output = Output {
            writer: (!self.live).then(|| Box::new(sink.clone()) as Box<dyn Write + Send>),
            ..options.output
        };
        let report = run(RunRequest {
            program: Arc::new(lowered.program),
            tests: lowered.tests.into_iter().chain(self.extra.clone()).collect(),
            settings: self.settings.clone(),
            options,
            host_env: self
                .host_env
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .chain(self.raw_env.clone())
                .collect(),
            broken_files: self.broken_files,
            relux_exe: PathBuf::from("/usr/bin/relux"),
        })?;
        let output = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        Ok(Ran {
            report,
            output,
            suite: self,
        })
    }

    /// Runs with JSON lines.
    pub(crate) fn events(mut self) -> (Ran, Vec<Event>) {
        self.options.output.format = Format::JsonLines;
        let ran = self.run();
        let events = ran
            .output
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect();
        (ran, events)
    }
}

impl Ran {
    /// The only result.
    pub(crate) fn only(&self) -> &TestResult {
        assert_eq!(self.report.results.len(), 1, "{}", self.output);
        &self.report.results[0]
    }

    /// Outcomes in declaration order.
    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        self.report.results.iter().map(|result| result.outcome).collect()
    }

    /// Everything passed.
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.report.exit_code(), 0, "{}", self.output);
        self
    }

    /// The report without what differs from run to run.
    pub(crate) fn redacted(&self) -> String {
        let text = self.output.replace(&self.suite.settings.root, "[root]");
        let text = redact_durations(&text);
        let text = redact_marks(&text);
        text.replace(&self.report.run_id, "[id]")
            // The prompt behind the last command may not have been printed when the test failed.
            .replace("(`:` matched before, `|` not matched)", "(`:` matched before)")
            .lines()
            .filter(|line| line.trim() != "| relux>")
            .map(|line| match line.find("relux-ready-") {
                Some(at) => format!("{}relux-ready-[n]", &line[..at]),
                None => line.to_owned(),
            })
            .map(|line| match line.find("run-2") {
                Some(at) => format!("{}run-[time]{}", &line[..at], &line[at + 23..]),
                None => line,
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// The mark in `::abcdef:$?::` and its answer is random.
pub(crate) fn redact_marks(text: &str) -> String {
    text.split("::")
        .map(|part| match part.split_once(':') {
            Some((mark, status)) if mark.len() == 6 && mark.bytes().all(|b| b.is_ascii_lowercase()) => {
                format!("[mark]:{status}")
            }
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("::")
}

/// `(12 ms)` and `finished in 1.2 s` lose their figures.
fn redact_durations(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let next = ["(", "finished in "]
            .iter()
            .filter_map(|lead| rest.find(lead).map(|at| at + lead.len()))
            .min();
        let Some(at) = next else {
            out.push_str(rest);
            return out;
        };
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(0);
        let unit = [" ms", " s"]
            .iter()
            .find(|unit| rest[digits..].starts_with(**unit));
        if let (true, Some(unit)) = (digits > 0, unit) {
            out.push_str("[time]");
            rest = &rest[digits + unit.len()..];
        }
    }
}

/// A test entry of a kind that never runs.
pub(crate) fn invalid(id: &str) -> TestEntry {
    TestEntry::Invalid(relux_model::plan::InvalidTest {
        id: id.to_owned(),
        name: id.to_owned(),
        file: "relux/tests/t.relux".to_owned(),
        errors: vec!["relux/lib/a.relux:3:5: unexpected `}` [syntax-error]".to_owned()],
    })
}

/// Processes with this word among their arguments.
pub(crate) fn alive(word: &str) -> Vec<String> {
    with_word(word).into_iter().map(|(_, line)| line).collect()
}

/// Ends the processes with this word among their arguments.
pub(crate) fn kill(word: &str) {
    for (pid, _) in with_word(word) {
        // It may have ended by itself.
        let _ = std::process::Command::new("kill").args(["-KILL", &pid]).status();
    }
}

fn with_word(word: &str) -> Vec<(String, String)> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let bytes = fs::read(entry.path().join("cmdline")).ok()?;
            let line = String::from_utf8_lossy(&bytes).replace('\0', " ");
            Some((entry.file_name().to_string_lossy().into_owned(), line))
        })
        .filter(|(_, line)| line.split(' ').any(|part| part == word))
        .collect()
}

/// A number of seconds to sleep that nobody else uses.
pub(crate) fn unique() -> String {
    format!("9{:07}.{}", fastrand::u32(..10_000_000), std::process::id())
}
