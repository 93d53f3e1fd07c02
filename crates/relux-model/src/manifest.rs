//! `Relux.toml`: typed settings, with every error at its place.
//!
//! A value that cannot be used is an error and leaves the default in force; a key that means nothing is a warning. What
//! the keys are stands in one table; [`RunSettings`] is what the runner sees.

mod exclude;
mod keys;
mod read;
mod syntax;

use std::time::Duration;

use relux_syntax::{Diagnostic, Severity};

pub use exclude::Excluded;
pub use keys::{Key, Kind, MOST_JOBS, TABLES, Table};
pub use read::parse_manifest;
pub(crate) use read::why_no_duration;

use crate::db::{Db, Suite};
use crate::edition::Edition;
use crate::plan::{Jobs, RunSettings};
use crate::reports::{ReportSettings, ReportTarget, StoreSettings};

/// The settings of a suite. `None` means that the manifest says nothing usable.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Manifest {
    /// `name`
    pub name: Option<String>,
    /// `edition`
    pub edition: Option<Edition>,
    /// `[shell] command`, split into words
    pub shell_command: Option<Vec<String>>,
    /// `[shell] prompt`
    pub prompt: Option<String>,
    /// `[shell] term`
    pub term: Option<String>,
    /// `[shell] settle`
    pub settle: Option<Duration>,
    /// `[timeout] match`
    pub match_timeout: Option<Duration>,
    /// `[timeout] test`
    pub test_timeout: Option<Duration>,
    /// `[timeout] suite`
    pub suite_timeout: Option<Duration>,
    /// `[timeout] shell`
    pub shell_timeout: Option<Duration>,
    /// `[timeout] cleanup`
    pub cleanup_timeout: Option<Duration>,
    /// `[run] jobs`
    pub jobs: Option<Jobs>,
    /// `[run] cleanup-failure = "fail"`
    pub cleanup_failure_fails: Option<bool>,
    /// `[run] leaks = "fail"`
    pub leaks_fail: Option<bool>,
    /// `[flaky] max_retries`
    pub flaky_retries: Option<u32>,
    /// `[flaky] timeout_multiplier`
    pub flaky_multiplier: Option<f64>,
    /// `[available_ports] range_start`
    pub port_start: Option<u16>,
    /// `[available_ports] range_end`
    pub port_end: Option<u16>,
    /// `[report] write`
    pub report_write: Option<Vec<ReportTarget>>,
    /// `[report] mask`
    pub report_mask: Vec<String>,
    /// `[store] keep-runs`
    pub keep_runs: Option<u32>,
    /// `[store] keep-failed`
    pub keep_failed: Option<u32>,
    /// `[store] keep-for`
    pub keep_for: Option<Duration>,
    /// `[fmt] exclude`
    pub fmt_exclude: Vec<String>,
    /// `[lints]`, sorted by code
    pub lints: Vec<(String, LintLevel)>,
    /// What is wrong with the manifest, in order.
    pub diagnostics: Vec<Diagnostic>,
}

/// What `[lints]` makes of a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// Reported with this severity.
    Report(Severity),
}

impl Manifest {
    /// What the runner needs, with defaults filled in. `root` is the absolute path of the suite.
    pub fn run_settings(&self, root: &str) -> RunSettings {
        let directory = root.trim_end_matches('/').rsplit('/').next();
        let or = |value: Option<Duration>, default: Duration| value.unwrap_or(default);
        RunSettings {
            suite_name: (self.name.clone()).unwrap_or_else(|| directory.unwrap_or_default().to_owned()),
            root: root.to_owned(),
            shell_command: (self.shell_command.clone()).unwrap_or_else(|| vec!["/bin/sh".to_owned()]),
            prompt: self.prompt.clone().unwrap_or_else(|| "relux> ".to_owned()),
            term: self.term.clone().unwrap_or_else(|| "dumb".to_owned()),
            settle: or(self.settle, Duration::from_millis(20)),
            match_timeout: or(self.match_timeout, Duration::from_secs(5)),
            test_timeout: or(self.test_timeout, Duration::from_secs(300)),
            suite_timeout: or(self.suite_timeout, Duration::from_secs(600)),
            shell_timeout: or(self.shell_timeout, Duration::from_secs(5)),
            cleanup_timeout: or(self.cleanup_timeout, Duration::from_secs(30)),
            jobs: self.jobs.unwrap_or(Jobs::Count(1)),
            cleanup_failure_fails: self.cleanup_failure_fails.unwrap_or(false),
            leaks_fail: self.leaks_fail.unwrap_or(true),
            flaky_retries: self.flaky_retries.unwrap_or(0),
            flaky_multiplier: self.flaky_multiplier.unwrap_or(1.5),
            port_range: self.port_range(),
            reports: self.reports(),
            store: self.store(),
        }
    }

    fn reports(&self) -> ReportSettings {
        let default = ReportSettings::default();
        ReportSettings {
            write: self.report_write.clone().unwrap_or(default.write),
            mask: self.report_mask.clone(),
        }
    }

    fn store(&self) -> StoreSettings {
        let default = StoreSettings::default();
        StoreSettings {
            keep_runs: self.keep_runs.unwrap_or(default.keep_runs),
            keep_failed: self.keep_failed.unwrap_or(default.keep_failed),
            keep_for: self.keep_for,
        }
    }

    /// One given bound is completed with the usual other one: 1024, and 32767 below Linux' ephemeral ports.
    fn port_range(&self) -> Option<(u16, u16)> {
        match (self.port_start, self.port_end) {
            (None, None) => None,
            (start, end) => {
                let start = start.unwrap_or(1024);
                Some((start, end.unwrap_or_else(|| 32_767.max(start))))
            }
        }
    }

    /// What `[lints]` says about a code.
    pub fn lint(&self, code: &str) -> Option<LintLevel> {
        self.lints
            .iter()
            .find(|(name, _)| name == code)
            .map(|(_, level)| *level)
    }

    /// Whether the manifest has errors, so that nothing should run.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// The manifest of a suite; all defaults in single-file mode.
#[salsa::tracked(returns(ref))]
pub fn manifest(db: &dyn Db, suite: Suite) -> Manifest {
    let Some(file) = suite.manifest_file(db) else {
        return Manifest::default();
    };
    if let Some(problem) = file.problem(db) {
        return Manifest {
            diagnostics: vec![problem.diagnostic()],
            ..Manifest::default()
        };
    }
    parse_manifest(file.text(db))
}
