//! What a run says while it runs: the one stream that console, JSON lines, summary and editors are made from.
//!
//! The serialised form is a public interface: one JSON object per line, told apart by `type`. Fields are only added;
//! `version` in the first event changes when one is removed or changes its meaning.

use serde::{Deserialize, Serialize};

/// Version of the serialised form.
pub const VERSION: u32 = 2;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The first event.
    RunStarted {
        /// [`VERSION`].
        version: u32,
        /// Eight letters.
        run_id: String,
        /// Name of the suite.
        suite: String,
        /// RFC 3339, UTC.
        started_at: String,
        /// Absolute path of the suite's directory.
        root: String,
        /// Absolute path of the directory with the results.
        run_dir: String,
        /// Number of selected tests.
        tests: usize,
        /// How many of them run at once.
        jobs: usize,
    },
    /// An attempt at a test begins.
    TestStarted {
        /// Id of the test.
        id: String,
        /// Name as written.
        name: String,
        /// The name in the test's header.
        place: Place,
        /// Counted from 1.
        attempt: u32,
    },
    /// What a running test does.
    Progress {
        /// Id of the test.
        id: String,
        /// Kind of step.
        step: Step,
        /// `effect Db`, `shell client`, the text of `annotate` …
        text: String,
    },
    /// An attempt failed and another one follows.
    AttemptFailed {
        /// Id of the test.
        id: String,
        /// Counted from 1.
        attempt: u32,
        /// How many there may be at most.
        attempts: u32,
        /// How long it took.
        duration_ms: u64,
        /// Why.
        failure: Failure,
    },
    /// The result of a test.
    TestFinished(TestResult),
    /// What the run does at this moment, because somebody asked.
    Status(Status),
    /// The run is to end before its end: by a signal, or because its time is up.
    Stopping {
        /// Why.
        stop: RunStop,
        /// How many tests are under way.
        running: usize,
        /// Their cleanups run; if not, they are killed.
        cleanups: bool,
    },
    /// The last event.
    RunFinished(Summary),
}

/// Kind of a step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// An effect is being set up.
    Effect,
    /// A shell block begins.
    Shell,
    /// A cleanup block begins.
    Cleanup,
    /// `annotate(…)`.
    Annotate,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything held at once.
    Passed,
    /// Everything held, but only on a retry: see [`TestResult::earlier`].
    Flaky,
    /// Something did not hold.
    Failed,
    /// It was stopped from outside before it had an outcome of its own.
    Cancelled,
    /// It did not run, by a marker or because the run ended before its turn.
    Skipped,
    /// It cannot run: its files have errors.
    Invalid,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// `<file below relux/tests>/<slug>`.
    pub id: String,
    /// Name as written.
    pub name: String,
    /// Path of the file below the suite root.
    pub file: String,
    /// The name in the test's header; `None` for invalid tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How it ended.
    pub outcome: Outcome,
    /// When its first attempt began, since the run did; `None` if it did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_ms: Option<u64>,
    /// All attempts together, with cleanup.
    pub duration_ms: u64,
    /// Attempts made; 0 if it did not run.
    pub attempts: u32,
    /// Skipped because the run ended before its turn, and not by a marker.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_run: bool,
    /// Why it was skipped or cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why it failed; of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Box<Failure>>,
    /// Why it is invalid: one line per error.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// Failed cleanups and the like, which did not change the outcome.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Failure>,
    /// Processes that the last attempt left running outside of its shells' foreground jobs, and that had to be killed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaks: Vec<Leak>,
    /// The attempts before the last one, in order: all of them failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierAttempt>,
    /// Directory with logs and artifacts of the last attempt, below the run's directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_dir: Option<String>,
    /// The page about what did not go well in it, below the run's directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

impl TestResult {
    /// Passed, but not at once.
    pub fn is_flaky(&self) -> bool {
        self.outcome == Outcome::Flaky
    }
}

/// A process that outlived its test. It has been killed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leak {
    /// Its id.
    pub pid: i32,
    /// Program and arguments; long ones are cut, with an ellipsis.
    pub command: String,
    /// How long it had been running when its test ended.
    pub age_ms: u64,
    /// The shell that started it; `None` if that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<String>,
    /// What was sent to that shell last before the process began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// The line that sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What a run does at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Tests with a result.
    pub finished: usize,
    /// All tests of the run.
    pub total: usize,
    /// Those under way, in declaration order.
    pub tests: Vec<TestStatus>,
}

/// What a test does at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestStatus {
    /// Id of the test.
    pub id: String,
    /// Counted from 1.
    pub attempt: u32,
    /// How long this attempt has been running.
    pub running_ms: u64,
    /// What is left of its time; missing once it ends its shells and cleans up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
    /// What it executes; more than one while effects are set up or ended, none while processes are ended.
    pub activities: Vec<Activity>,
}

/// A statement under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// What it does or waits for.
    pub what: String,
    /// The statement.
    pub place: Place,
    /// How long it has been waiting; missing if it does not wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<u64>,
    /// How long it will wait at most; missing if only the test's own time ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
    /// The shell in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<String>,
    /// The end of its output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<OutputTail>,
}

/// An attempt that failed and was followed by another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EarlierAttempt {
    /// Counted from 1.
    pub attempt: u32,
    /// How long it took, with cleanup.
    pub duration_ms: u64,
    /// Why it failed.
    pub failure: Box<Failure>,
    /// Failed cleanups and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Failure>,
    /// Processes that it left running and that had to be killed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leaks: Vec<Leak>,
    /// Directory with its logs and artifacts, below the run's directory.
    pub log_dir: String,
}

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// A pattern was not printed in time.
    MatchTimeout,
    /// Some patterns of a multimatch were not printed in time.
    MultiMatch,
    /// A fail pattern was printed.
    FailPattern,
    /// A value was not what it must be.
    PureMatch,
    /// A command ended with another status.
    ExitStatus,
    /// A shell ended while it was needed.
    ShellExited,
    /// A shell did not start or showed no prompt.
    ShellStart,
    /// Text could not be sent.
    Send,
    /// An argument of a built-in function is not valid.
    Argument,
    /// A pattern is not valid after its variables were filled in.
    Pattern,
    /// A variable cannot be assigned, a shell is not there, and the like.
    Runtime,
    /// The test took too long.
    TestTimeout,
    /// Processes outlived the test: see [`TestResult::leaks`].
    Leak,
    /// The runner itself went wrong.
    Internal,
}

/// Why something failed, with everything that is needed to understand it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of thing.
    pub kind: FailureKind,
    /// One sentence without a full stop.
    pub message: String,
    /// Short text at the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// More lines that explain it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The line that failed; `None` only for internal failures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The shell in question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<String>,
    /// The end of its output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<OutputTail>,
    /// What called what, innermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stack: Vec<StackEntry>,
    /// Variables in scope, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vars: Vec<Variable>,
}

impl Failure {
    /// A failure of the runner itself, which has no line.
    pub(crate) fn internal(message: String) -> Self {
        Self {
            kind: FailureKind::Internal,
            message,
            label: None,
            notes: Vec::new(),
            place: None,
            shell: None,
            tail: None,
            stack: Vec::new(),
            vars: Vec::new(),
        }
    }
}

/// A place in a source file, in every unit that somebody needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path below the suite root.
    pub file: String,
    /// Offset of the first byte in UTF-8.
    pub start_byte: u32,
    /// Offset behind the last byte in UTF-8.
    pub end_byte: u32,
    /// Line of the start, counted from 1.
    pub line: u32,
    /// Column of the start in characters, counted from 1.
    pub column: u32,
    /// The same range as editors count: lines from 0 and UTF-16 units from 0.
    pub range: Utf16Range,
}

/// A range as the language server protocol writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utf16Range {
    /// First position.
    pub start: Utf16Position,
    /// Position behind the last character.
    pub end: Utf16Position,
}

/// A position as the language server protocol writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utf16Position {
    /// Line, counted from 0.
    pub line: u32,
    /// UTF-16 units in the line, counted from 0.
    pub character: u32,
}

/// The end of a shell's output. Carriage returns are gone, other control characters are visible as escapes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputTail {
    /// What earlier matches had read.
    pub read: String,
    /// What no match had read yet; follows directly.
    pub unread: String,
}

/// One level of what called what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackEntry {
    /// `fn probe(port="80")`, `shell client`, `effect Db (as db)`, `test "name"` …
    pub what: String,
    /// The call, the block's header, the start …
    pub place: Place,
}

/// A variable and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Name.
    pub name: String,
    /// Value; the long ones are cut, with an ellipsis.
    pub value: String,
}

/// The whole run in figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Passed, with the flaky ones.
    pub passed: usize,
    /// Passed on a retry.
    pub flaky: usize,
    /// Failed.
    pub failed: usize,
    /// Stopped from outside.
    pub cancelled: usize,
    /// Not run.
    pub skipped: usize,
    /// Not runnable.
    pub invalid: usize,
    /// Selected files with errors; they may hold tests that nobody recognises any more. Makes the exit code 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub broken_files: usize,
    /// Wall time.
    pub duration_ms: u64,
    /// Sum over all tests.
    pub tests_duration_ms: u64,
    /// Processes that outlived their tests, with those of which nobody can tell the test.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub leaked: usize,
    /// Why the run ended before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<RunStop>,
    /// What is worth knowing about the run and changes nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What could not be written, and processes that could not be ended. Makes the exit code 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub report_errors: Vec<String>,
    /// What the process that ran it exits with.
    pub exit_code: i32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What ended a run before its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum RunStop {
    /// A test failed and the strategy is fail-fast.
    FailFast {
        /// Id of that test.
        test: String,
    },
    /// The suite timeout.
    SuiteTimeout {
        /// The limit.
        limit_ms: u64,
    },
    /// A signal.
    Signal {
        /// Its number.
        number: i32,
    },
}

impl std::fmt::Display for RunStop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FailFast { test } => write!(f, "fail-fast after {test}"),
            Self::SuiteTimeout { limit_ms } => {
                let limit = std::time::Duration::from_millis(*limit_ms);
                write!(f, "suite timeout of {}", humantime::format_duration(limit))
            }
            Self::Signal { number } => write!(f, "signal {}", signal_name(*number)),
        }
    }
}

fn signal_name(number: i32) -> String {
    match number {
        libc::SIGINT => "SIGINT".to_owned(),
        libc::SIGTERM => "SIGTERM".to_owned(),
        libc::SIGHUP => "SIGHUP".to_owned(),
        libc::SIGQUIT => "SIGQUIT".to_owned(),
        libc::SIGPIPE => "SIGPIPE".to_owned(),
        other => other.to_string(),
    }
}

/// What is left when a run is over.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// Eight letters.
    pub run_id: String,
    /// Where results, logs and artifacts are.
    pub run_dir: std::path::PathBuf,
    /// In declaration order.
    pub results: Vec<TestResult>,
    /// In figures.
    pub summary: Summary,
}

impl RunReport {
    /// 0: all passed or were skipped; 1: something failed, was cancelled or is invalid, a selected file has errors, or
    /// a report could not be written; 4: nothing was selected; 128 + n: ended by signal n.
    pub fn exit_code(&self) -> i32 {
        self.summary.exit_code
    }
}
