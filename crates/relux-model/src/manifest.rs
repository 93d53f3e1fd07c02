//! `Relux.toml`: typed settings, with every error at its place.
//!
//! A value that cannot be used is an error and leaves the default in force; a key that means nothing is a warning. This
//! module decides what the keys are; [`RunSettings`] is what the runner sees.

use std::time::Duration;

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes;
use crate::db::{Db, Suite};
use crate::edition::Edition;
use crate::plan::{Jobs, RunSettings};
use relux_syntax::nearest::nearest;

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
    /// `[flaky] max_retries`
    pub flaky_retries: Option<u32>,
    /// `[flaky] timeout_multiplier`
    pub flaky_multiplier: Option<f64>,
    /// `[available_ports] range_start`
    pub port_start: Option<u16>,
    /// `[available_ports] range_end`
    pub port_end: Option<u16>,
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
            flaky_retries: self.flaky_retries.unwrap_or(0),
            flaky_multiplier: self.flaky_multiplier.unwrap_or(1.5),
            port_range: self.port_range(),
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

/// Reads the text of a manifest.
pub fn parse_manifest(text: &str) -> Manifest {
    let mut reader = Reader::default();
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or_default().into();
        let message = error.message().lines().next().unwrap_or_default().to_owned();
        reader.error(range, format!("not valid TOML: {message}"));
    }
    reader.table(root.get_ref(), "", ROOT);
    let mut manifest = reader.manifest;
    if let (Some(start), Some(end)) = (manifest.port_start, manifest.port_end)
        && start > end
    {
        let range = reader.port_range;
        let message = format!("`range_start` ({start}) must not exceed `range_end` ({end})");
        manifest
            .diagnostics
            .push(Diagnostic::error(codes::INVALID_MANIFEST, range, message));
        (manifest.port_start, manifest.port_end) = (None, None);
    }
    manifest.lints.sort_by(|a, b| a.0.cmp(&b.0));
    manifest
        .diagnostics
        .sort_by_key(|it| (it.range.start, it.range.end));
    manifest
}

/// How the value of a key is read.
type Read = fn(&mut Reader, &Spanned<DeValue<'_>>);

/// A key of a table, or a table itself.
enum Key {
    Value(Read),
    Table(&'static [(&'static str, Key)]),
    /// `[lints]`: any code.
    Lints,
}

const ROOT: &[(&str, Key)] = &[
    ("name", Key::Value(|r, v| r.manifest.name = r.string(v))),
    ("edition", Key::Value(|r, v| r.manifest.edition = r.edition(v))),
    (
        "shell",
        Key::Table(&[
            (
                "command",
                Key::Value(|r, v| r.manifest.shell_command = r.command(v)),
            ),
            ("prompt", Key::Value(|r, v| r.manifest.prompt = r.prompt(v))),
            ("term", Key::Value(|r, v| r.manifest.term = r.nonempty(v))),
            ("settle", Key::Value(|r, v| r.manifest.settle = r.duration(v))),
        ]),
    ),
    (
        "timeout",
        Key::Table(&[
            (
                "match",
                Key::Value(|r, v| r.manifest.match_timeout = r.timeout(v)),
            ),
            ("test", Key::Value(|r, v| r.manifest.test_timeout = r.timeout(v))),
            (
                "suite",
                Key::Value(|r, v| r.manifest.suite_timeout = r.timeout(v)),
            ),
            (
                "shell",
                Key::Value(|r, v| r.manifest.shell_timeout = r.timeout(v)),
            ),
            (
                "cleanup",
                Key::Value(|r, v| r.manifest.cleanup_timeout = r.timeout(v)),
            ),
        ]),
    ),
    (
        "run",
        Key::Table(&[
            ("jobs", Key::Value(|r, v| r.manifest.jobs = r.jobs(v))),
            (
                "cleanup-failure",
                Key::Value(|r, v| r.manifest.cleanup_failure_fails = r.cleanup_failure(v)),
            ),
        ]),
    ),
    (
        "flaky",
        Key::Table(&[
            (
                "max_retries",
                Key::Value(|r, v| r.manifest.flaky_retries = r.integer(v, 0, u32::MAX)),
            ),
            (
                "timeout_multiplier",
                Key::Value(|r, v| r.manifest.flaky_multiplier = r.multiplier(v)),
            ),
        ]),
    ),
    (
        "available_ports",
        Key::Table(&[
            (
                "range_start",
                Key::Value(|r, v| r.manifest.port_start = r.port(v)),
            ),
            ("range_end", Key::Value(|r, v| r.manifest.port_end = r.port(v))),
        ]),
    ),
    ("lints", Key::Lints),
];

#[derive(Default)]
struct Reader {
    manifest: Manifest,
    /// The last port bound, where a contradiction between both is shown.
    port_range: TextRange,
}

impl Reader {
    fn error(&mut self, range: TextRange, message: String) {
        self.manifest
            .diagnostics
            .push(Diagnostic::error(codes::INVALID_MANIFEST, range, message));
    }

    fn error_with_help(&mut self, range: TextRange, message: String, help: &str) {
        let diagnostic = Diagnostic::error(codes::INVALID_MANIFEST, range, message).with_help(help);
        self.manifest.diagnostics.push(diagnostic);
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, keys: &'static [(&'static str, Key)]) {
        for (name, value) in table {
            let written: &str = name.get_ref();
            let Some((_, key)) = keys.iter().find(|(known, _)| *known == written) else {
                self.unknown(name.span().into(), written, value, path, keys);
                continue;
            };
            match (key, value.get_ref()) {
                (Key::Value(read), _) => read(self, value),
                (Key::Table(inner), DeValue::Table(table)) => self.table(table, written, inner),
                (Key::Lints, DeValue::Table(table)) => self.lints(table),
                (Key::Table(_) | Key::Lints, _) => {
                    self.error(
                        range_of(value),
                        format!("`{written}` must be a table: write `[{written}]`"),
                    );
                }
            }
        }
    }

    fn unknown(
        &mut self,
        range: TextRange,
        written: &str,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        keys: &'static [(&'static str, Key)],
    ) {
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" in `[{path}]`")
        };
        let what = if value.get_ref().is_table() {
            "table"
        } else {
            "key"
        };
        let mut diagnostic = Diagnostic::new(
            codes::UNKNOWN_MANIFEST_KEY,
            Severity::Warning,
            range,
            format!("unknown {what} `{written}`{place}"),
        );
        if let Some(near) = nearest(written, keys.iter().map(|(known, _)| *known)) {
            diagnostic = diagnostic
                .with_help(format!("the nearest known {what} is `{near}`"))
                .with_fix(Fix::needs_a_look(format!("Change to `{near}`"), range, near));
        } else {
            let known: Vec<String> = keys.iter().map(|(known, _)| format!("`{known}`")).collect();
            diagnostic = diagnostic.with_help(format!("known here: {}", known.join(", ")));
        }
        self.manifest.diagnostics.push(diagnostic);
    }

    fn lints(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            let code: &str = name.get_ref();
            if codes::rule(code).is_none() {
                let mut diagnostic = Diagnostic::new(
                    codes::UNKNOWN_MANIFEST_KEY,
                    Severity::Warning,
                    name.span().into(),
                    format!("there is no diagnostic `{code}`"),
                );
                if let Some(near) = nearest(code, codes::all()) {
                    diagnostic = diagnostic
                        .with_help(format!("the nearest one is `{near}`"))
                        .with_fix(Fix::needs_a_look(
                            format!("Change to `{near}`"),
                            name.span().into(),
                            near,
                        ));
                }
                self.manifest.diagnostics.push(diagnostic);
            }
            let level = match value.get_ref().as_str() {
                Some("allow") => LintLevel::Allow,
                Some("info") => LintLevel::Report(Severity::Info),
                Some("warn") => LintLevel::Report(Severity::Warning),
                Some("error") => LintLevel::Report(Severity::Error),
                _ => {
                    let message = format!("the level of `{code}` cannot be {}", shown(value));
                    self.error_with_help(
                        range_of(value),
                        message,
                        "write \"allow\", \"info\", \"warn\" or \"error\"",
                    );
                    continue;
                }
            };
            if codes::is_always_error(code) && level != LintLevel::Report(Severity::Error) {
                let refused = crate::diagnostics::cannot_be_allowed(code, range_of(value));
                self.manifest.diagnostics.push(refused);
            } else {
                self.manifest.lints.push((code.to_owned(), level));
            }
        }
    }

    fn string(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        self.error(
            range_of(value),
            format!("expected a string, found {}", shown(value)),
        );
        None
    }

    fn nonempty(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.string(value)?;
        if text.is_empty() {
            self.error(range_of(value), "must not be empty".to_owned());
            return None;
        }
        Some(text)
    }

    fn prompt(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.string(value)?;
        if text.trim().is_empty() || text.contains(['\n', '\r']) {
            let message = "the prompt must be one line with something to see in it".to_owned();
            self.error(range_of(value), message);
            return None;
        }
        Some(text)
    }

    fn edition(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Edition> {
        let text = self.string(value)?;
        let found = Edition::ALL.into_iter().find(|edition| edition.as_str() == text);
        if found.is_none() {
            let message = format!("there is no edition `{text}`");
            self.error_with_help(range_of(value), message, "write \"2026-04\" or \"2026-08\"");
        }
        found
    }

    fn command(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let words = match value.get_ref() {
            DeValue::Array(items) => {
                let words: Vec<Option<String>> = items.iter().map(|item| self.string(item)).collect();
                words.into_iter().collect::<Option<Vec<String>>>()?
            }
            DeValue::String(text) => {
                let Some(words) = shlex::split(text) else {
                    self.error(
                        range_of(value),
                        "a quotation mark is not closed in the command".to_owned(),
                    );
                    return None;
                };
                words
            }
            _ => {
                let message = format!("expected a string or an array of strings, found {}", shown(value));
                self.error(range_of(value), message);
                return None;
            }
        };
        if words.first().is_none_or(String::is_empty) {
            self.error(range_of(value), "the command must name a program".to_owned());
            return None;
        }
        Some(words)
    }

    fn duration(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Duration> {
        let help = "write a string like \"5s\", \"250ms\" or \"1m 30s\"";
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("expected a duration, found {}", shown(value));
            self.error_with_help(range_of(value), message, help);
            return None;
        };
        match humantime::parse_duration(text) {
            Ok(duration) => Some(duration),
            Err(error) => {
                self.error_with_help(
                    range_of(value),
                    format!("`{text}` is not a duration: {error}"),
                    help,
                );
                None
            }
        }
    }

    fn timeout(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Duration> {
        let duration = self.duration(value)?;
        if duration.is_zero() {
            self.error(
                range_of(value),
                "a timeout of zero would stop everything at once".to_owned(),
            );
            return None;
        }
        Some(duration)
    }

    fn integer<T>(&mut self, value: &Spanned<DeValue<'_>>, least: T, most: T) -> Option<T>
    where
        T: TryFrom<i64> + PartialOrd + Copy + std::fmt::Display,
    {
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok())
            .and_then(|number| T::try_from(number).ok())
            .filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let message = format!(
                "expected a whole number from {least} to {most}, found {}",
                shown(value)
            );
            self.error(range_of(value), message);
        }
        number
    }

    fn port(&mut self, value: &Spanned<DeValue<'_>>) -> Option<u16> {
        self.port_range = range_of(value);
        self.integer(value, 1024, u16::MAX)
    }

    fn multiplier(&mut self, value: &Spanned<DeValue<'_>>) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(it) => it.as_str().parse::<f64>().ok(),
            DeValue::Float(it) => it.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite() && *number >= 1.0);
        if number.is_none() {
            let message = format!("expected a number of at least 1.0, found {}", shown(value));
            self.error(range_of(value), message);
        }
        number
    }

    fn jobs(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Jobs> {
        match value.get_ref() {
            DeValue::String(text) if text == "num-cpus" => Some(Jobs::NumCpus),
            DeValue::String(text) if text == "all" => Some(Jobs::All),
            DeValue::Integer(_) => self
                .integer(value, 1, 10_000)
                .map(|n: u32| Jobs::Count(n as usize)),
            _ => {
                let message = format!("expected a number of jobs, found {}", shown(value));
                self.error_with_help(
                    range_of(value),
                    message,
                    "write a number from 1 on, \"num-cpus\" or \"all\"",
                );
                None
            }
        }
    }

    fn cleanup_failure(&mut self, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        match value.get_ref().as_str() {
            Some("fail") => Some(true),
            Some("warn") => Some(false),
            _ => {
                let message = format!("expected \"warn\" or \"fail\", found {}", shown(value));
                self.error(range_of(value), message);
                None
            }
        }
    }
}

fn range_of(value: &Spanned<DeValue<'_>>) -> TextRange {
    value.span().into()
}

/// A value in the words of a message.
fn shown(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("the string {text:?}"),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => format!("`{truth}`"),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
