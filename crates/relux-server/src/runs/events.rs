//! The runner's JSON lines as far as an editor needs them. Unknown events and fields are skipped and most fields may be
//! missing, so that runner and server may differ in age.

use serde::Deserialize;

/// One line of `relux run --message-format json-lines`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(super) enum RunnerEvent {
    /// The run begins.
    RunStarted {
        /// Number of selected tests.
        #[serde(default)]
        tests: usize,
        /// Where results go.
        #[serde(default)]
        run_dir: Option<String>,
    },
    /// An attempt at a test begins.
    TestStarted(TestStarted),
    /// A running test does something.
    Progress {
        /// The test.
        #[serde(default)]
        id: String,
        /// What.
        #[serde(default)]
        text: String,
    },
    /// An attempt failed, and another follows.
    AttemptFailed {
        /// The test.
        id: String,
        /// From 1.
        #[serde(default)]
        attempt: u32,
        /// Why.
        #[serde(default)]
        failure: Option<Failure>,
    },
    /// A test has its result.
    TestFinished(Box<TestFinished>),
    /// Anything else.
    #[serde(other)]
    Other,
}

/// A test begins.
#[derive(Debug, Deserialize)]
pub(super) struct TestStarted {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) place: Option<Place>,
    /// From 1.
    #[serde(default)]
    pub(super) attempt: u32,
}

/// How a test ended.
#[derive(Debug, Deserialize)]
pub(super) struct TestFinished {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    /// Path below the suite root.
    #[serde(default)]
    pub(super) file: String,
    pub(super) outcome: String,
    #[serde(default)]
    pub(super) duration_ms: Option<u64>,
    /// Why it was skipped or cancelled.
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) failure: Option<Failure>,
    /// Why it cannot run.
    #[serde(default)]
    pub(super) errors: Vec<String>,
    /// What went wrong without changing the outcome.
    #[serde(default)]
    pub(super) warnings: Vec<Failure>,
    /// Page about it below the directory of the run.
    #[serde(default)]
    pub(super) page: Option<String>,
}

/// Why a test failed, and where.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    #[serde(default)]
    pub(super) message: String,
    #[serde(default)]
    pub(super) notes: Vec<String>,
    #[serde(default)]
    pub(super) place: Option<Place>,
    #[serde(default)]
    pub(super) shell: Option<String>,
    #[serde(default)]
    pub(super) tail: Option<Tail>,
    /// What called what, innermost first.
    #[serde(default)]
    pub(super) stack: Vec<Caller>,
}

/// The end of a shell's output.
#[derive(Debug, Deserialize)]
pub(super) struct Tail {
    /// What earlier matches had read.
    #[serde(default)]
    pub(super) read: String,
    /// What no match had read; follows directly.
    #[serde(default)]
    pub(super) unread: String,
}

/// One level of what called what.
#[derive(Debug, Deserialize)]
pub(super) struct Caller {
    #[serde(default)]
    pub(super) what: String,
    pub(super) place: Place,
}

/// A place in a file, in bytes of UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Place {
    /// Path below the suite root.
    pub(super) file: String,
    pub(super) start_byte: usize,
    pub(super) end_byte: usize,
    /// From 1.
    pub(super) line: u32,
}
