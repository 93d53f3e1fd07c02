//! Reads `Relux.toml` key by key. A value that cannot be used is an error at its place and leaves the default in force.

use std::time::Duration;

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, Fix, Severity, TextRange};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::exclude::check_pattern;
use super::keys::{FIRST_PORT, MOST_JOBS, TABLES, Table, table};
use super::syntax::{line_start, toml_error};
use super::{LintLevel, Manifest};
use crate::codes;
use crate::edition::Edition;
use crate::plan::Jobs;
use crate::reports::ReportTarget;

/// The table whose keys are codes.
const LINTS: &str = "lints";

/// Reads the text of a manifest.
pub fn parse_manifest(text: &str) -> Manifest {
    let mut reader = Reader::default();
    let (root, errors) = DeTable::parse_recoverable(text);
    reader.root(root.get_ref());
    reader.syntax(text, &errors);
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

#[derive(Default)]
pub(super) struct Reader {
    pub(super) manifest: Manifest,
    /// The last port bound, where a contradiction between both is shown.
    port_range: TextRange,
}

impl Reader {
    /// Adds the mistakes in the syntax, and takes back what follows from them.
    fn syntax(&mut self, text: &str, errors: &[toml::de::Error]) {
        let found = &mut self.manifest.diagnostics;
        let broken = errors.iter().map(|error| {
            let range: TextRange = error.span().unwrap_or_default().into();
            toml_error(text, range, error.message().lines().next().unwrap_or_default())
        });
        for (at, error) in broken.enumerate() {
            let line = line_start(text, error.range);
            if at == 0 {
                // A broken header makes keys of another table of those below it.
                found.retain(|it| it.code != codes::UNKNOWN_MANIFEST_KEY || it.range.end <= line);
            }
            let told = |it: &Diagnostic| it.severity == Severity::Error && line_start(text, it.range) == line;
            if !found.iter().any(told) {
                found.push(error);
            }
        }
    }

    fn error(&mut self, range: TextRange, message: String) {
        self.manifest
            .diagnostics
            .push(Diagnostic::error(codes::INVALID_MANIFEST, range, message));
    }

    fn error_with_help(&mut self, range: TextRange, message: String, help: &str) {
        let diagnostic = Diagnostic::error(codes::INVALID_MANIFEST, range, message).with_help(help);
        self.manifest.diagnostics.push(diagnostic);
    }

    /// The keys at the top, and the tables.
    fn root(&mut self, root: &DeTable<'_>) {
        let top = table("").map_or(&[][..], |table| table.keys);
        for (name, value) in root {
            let written: &str = name.get_ref();
            if let Some(key) = top.iter().find(|key| key.name == written) {
                (key.read)(self, value);
                continue;
            }
            let known = table(written);
            match value.get_ref() {
                DeValue::Table(inner) if written == LINTS => self.lints(inner),
                DeValue::Table(inner) if known.is_some() => self.table(inner, written, known),
                _ if written == LINTS || known.is_some() => {
                    let message = format!("`{written}` must be a table: write `[{written}]`");
                    self.error(range_of(value), message);
                }
                _ => {
                    let keys = top.iter().map(|key| key.name);
                    let tables = TABLES
                        .iter()
                        .map(|table| table.name)
                        .filter(|name| !name.is_empty());
                    let known: Vec<&str> = keys.chain(tables).chain([LINTS]).collect();
                    self.unknown(name.span().into(), written, value, "", &known);
                }
            }
        }
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, known: Option<&'static Table>) {
        let keys = known.map_or(&[][..], |known| known.keys);
        for (name, value) in table {
            let written: &str = name.get_ref();
            if let Some(key) = keys.iter().find(|key| key.name == written) {
                (key.read)(self, value);
            } else {
                let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                self.unknown(name.span().into(), written, value, path, &known);
            }
        }
    }

    fn unknown(
        &mut self,
        range: TextRange,
        written: &str,
        value: &Spanned<DeValue<'_>>,
        path: &str,
        known: &[&'static str],
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
        if let Some(near) = nearest(written, known.iter().copied()) {
            diagnostic = diagnostic
                .with_help(format!("the nearest known {what} is `{near}`"))
                .with_fix(Fix::needs_a_look(format!("Change to `{near}`"), range, near));
        } else {
            let known: Vec<String> = known.iter().map(|known| format!("`{known}`")).collect();
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
                let refused = crate::allow::cannot_be_allowed(code, range_of(value));
                self.manifest.diagnostics.push(refused);
            } else {
                self.manifest.lints.push((code.to_owned(), level));
            }
        }
    }

    pub(super) fn string(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        if let Some(text) = value.get_ref().as_str() {
            return Some(text.to_owned());
        }
        self.error_with_help(
            range_of(value),
            format!("expected a string, found {}", shown(value)),
            "write it in double quotes",
        );
        None
    }

    pub(super) fn nonempty(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.string(value)?;
        if text.is_empty() {
            self.error(range_of(value), "must not be empty".to_owned());
            return None;
        }
        Some(text)
    }

    pub(super) fn prompt(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = self.string(value)?;
        if text.trim().is_empty() || text.contains(['\n', '\r']) {
            let message = "the prompt must be one line with something to see in it".to_owned();
            self.error(range_of(value), message);
            return None;
        }
        Some(text)
    }

    pub(super) fn edition(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Edition> {
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("an edition is a string, not {}", shown(value));
            self.error_with_help(range_of(value), message, "write \"2026-04\" or \"2026-08\"");
            return None;
        };
        let found = Edition::ALL.into_iter().find(|edition| edition.as_str() == text);
        if found.is_none() {
            let message = format!("there is no edition `{text}`");
            self.error_with_help(range_of(value), message, "write \"2026-04\" or \"2026-08\"");
        }
        found
    }

    pub(super) fn command(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
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

    pub(super) fn patterns(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("expected an array of patterns, found {}", shown(value));
            self.error_with_help(range_of(value), message, "write [\"relux/tests/generated/\"]");
            return Vec::new();
        };
        let mut patterns = Vec::new();
        for item in items {
            let Some(pattern) = self.string(item) else {
                continue;
            };
            match check_pattern(&pattern) {
                Ok(()) => patterns.push(pattern),
                Err(reason) => self.error(range_of(item), format!("not a pattern: {reason}")),
            }
        }
        patterns
    }

    pub(super) fn reports(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<ReportTarget>> {
        let items = self.list(value, "reports", "write [\"html\", \"junit\"]")?;
        let mut targets = Vec::new();
        for item in items {
            let Some(text) = self.string(item) else {
                continue;
            };
            match text.parse() {
                Ok(target) => targets.push(target),
                Err(reason) => self.error(range_of(item), reason),
            }
        }
        Some(targets)
    }

    pub(super) fn names(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let items = self.list(value, "names", "write [\"*_DSN\"]").unwrap_or_default();
        items.iter().filter_map(|item| self.nonempty(item)).collect()
    }

    fn list<'v, 'i>(
        &mut self,
        value: &'v Spanned<DeValue<'i>>,
        of: &str,
        help: &str,
    ) -> Option<&'v [Spanned<DeValue<'i>>]> {
        if let DeValue::Array(items) = value.get_ref() {
            return Some(items);
        }
        let message = format!("expected an array of {of}, found {}", shown(value));
        self.error_with_help(range_of(value), message, help);
        None
    }

    pub(super) fn duration(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Duration> {
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
                    format!("`{text}` is not a duration: {}", why_no_duration(&error)),
                    help,
                );
                None
            }
        }
    }

    pub(super) fn timeout(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Duration> {
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

    pub(super) fn integer<T>(&mut self, value: &Spanned<DeValue<'_>>, least: T, most: T) -> Option<T>
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
            let help = format!("write a number from {least} to {most}, without quotes");
            self.error_with_help(range_of(value), message, &help);
        }
        number
    }

    pub(super) fn port(&mut self, value: &Spanned<DeValue<'_>>) -> Option<u16> {
        self.port_range = range_of(value);
        self.integer(value, FIRST_PORT, u16::MAX)
    }

    pub(super) fn multiplier(&mut self, value: &Spanned<DeValue<'_>>) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(it) => it.as_str().parse::<f64>().ok(),
            DeValue::Float(it) => it.as_str().parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| number.is_finite() && *number >= 1.0);
        if number.is_none() {
            let message = format!("expected a number of at least 1.0, found {}", shown(value));
            self.error_with_help(range_of(value), message, "1.0 leaves it as it is; 2.0 doubles it");
        }
        number
    }

    pub(super) fn jobs(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Jobs> {
        match value.get_ref() {
            DeValue::String(text) if text == "num-cpus" => Some(Jobs::NumCpus),
            DeValue::String(text) if text == "all" => Some(Jobs::All),
            DeValue::Integer(_) => self
                .integer(value, 1, MOST_JOBS)
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

    pub(super) fn warn_or_fail(&mut self, value: &Spanned<DeValue<'_>>) -> Option<bool> {
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
/// What the library says, but for its examples, which are not those of our help.
pub(crate) fn why_no_duration(error: &humantime::DurationError) -> String {
    match error {
        humantime::DurationError::UnknownUnit { unit, .. } if unit.is_empty() => {
            "a number in it has no unit".to_owned()
        }
        other => other.to_string(),
    }
}
