//! What a caller asks for: the tests, the settings and the choices of the command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use relux_model::plan::{Jobs, Program, RunSettings, TestEntry};
use relux_model::reports::ReportTarget;

use crate::report::Output;

/// A run to be done.
pub struct RunRequest {
    /// What the tests share.
    pub program: Arc<Program>,
    /// The selected tests in declaration order.
    pub tests: Vec<TestEntry>,
    /// How many of the selected files have errors: a run of what is left of them is never green.
    pub broken_files: usize,
    /// From `Relux.toml`.
    pub settings: RunSettings,
    /// From the command line.
    pub options: RunOptions,
    /// The environment of the process that was asked to run. `__RELUX*` variables in it are ignored. Shells get it
    /// byte for byte; tests see U+FFFD where it is not UTF-8.
    pub host_env: Vec<(OsString, OsString)>,
    /// Absolute path of the `relux` binary, for `__RELUX`.
    pub relux_exe: PathBuf,
}

/// Choices of the command line. `None` leaves the choice to the settings.
#[derive(Debug, Default)]
pub struct RunOptions {
    /// `-j`.
    pub jobs: Option<Jobs>,
    /// `-m`: factor for tolerance timeouts and all defaults but that of cleanups. 1 if `None`; must be positive.
    pub multiplier: Option<f64>,
    /// `--strategy`.
    pub strategy: Strategy,
    /// `--flaky-retries`.
    pub flaky_retries: Option<u32>,
    /// `--timeout`: instead of `[timeout] match`.
    pub match_timeout: Option<Duration>,
    /// `--test-timeout`: instead of `[timeout] test`.
    pub test_timeout: Option<Duration>,
    /// `--suite-timeout`: instead of `[timeout] suite`.
    pub suite_timeout: Option<Duration>,
    /// `--report`: reports beside those of the settings. Relative paths are those of the suite.
    pub reports: Vec<ReportTarget>,
    /// Where the report of what happens goes and what it looks like.
    pub output: Output,
    /// For tests of the runner: how many bytes of output are read at once at most.
    #[doc(hidden)]
    pub read_size: Option<usize>,
}

/// What the first failure does to the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strategy {
    /// All tests run.
    #[default]
    All,
    /// Tests under way finish, the others are skipped.
    FailFast,
}

/// Why a run could not even begin; nothing ran.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The directory for results is not usable.
    #[error("cannot write results to {path}")]
    Output {
        /// What could not be written.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The runtime did not start.
    #[error("cannot start the runtime")]
    Runtime(#[source] std::io::Error),
    /// A factor that is no factor.
    #[error("the timeout multiplier must be a positive number, not {0}")]
    Multiplier(f64),
}
