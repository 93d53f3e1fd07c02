//! How tests ended when they were run last, for lenses. It is what the last run saw, whatever was typed since.

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestResult {
    /// As [`TestEvent`](super::TestEvent) has it.
    pub(crate) outcome: String,
    /// Passed, but not at the first attempt.
    pub(crate) flaky: bool,
    /// How long it took.
    pub(crate) duration_ms: Option<u64>,
}

/// The results of all tests that were run, by file and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Results(FxHashMap<Utf8PathBuf, FxHashMap<String, TestResult>>);

impl Results {
    pub(crate) fn set(&mut self, file: Utf8PathBuf, test: String, result: TestResult) {
        self.0.entry(file).or_default().insert(test, result);
    }

    pub(crate) fn get(&self, file: &Utf8Path, test: &str) -> Option<&TestResult> {
        self.0.get(file)?.get(test)
    }
}

impl TestResult {
    /// What people read: `✔ passed in 1.2 s`.
    pub(crate) fn title(&self) -> String {
        let (mark, outcome) = match self.outcome.as_str() {
            "passed" if self.flaky => ("✔", "passed after a retry"),
            "passed" => ("✔", "passed"),
            "skipped" => ("–", "skipped"),
            "cancelled" => ("–", "cancelled"),
            other => ("✘", other),
        };
        let took = self
            .duration_ms
            .filter(|_| mark != "–" && outcome != "invalid")
            .map(took)
            .unwrap_or_default();
        format!("{mark} {outcome}{took}")
    }
}

fn took(ms: u64) -> String {
    match ms {
        0..1_000 => format!(" in {ms} ms"),
        1_000..60_000 => format!(" in {}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!(" in {} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::TestResult;

    #[test]
    fn results_are_short() {
        for (outcome, flaky, duration_ms, title) in [
            ("passed", false, Some(7), "✔ passed in 7 ms"),
            ("passed", true, Some(1_250), "✔ passed after a retry in 1.2 s"),
            ("failed", false, Some(61_000), "✘ failed in 1 min 1 s"),
            ("invalid", false, Some(0), "✘ invalid"),
            ("skipped", false, Some(0), "– skipped"),
        ] {
            let result = TestResult {
                outcome: outcome.to_owned(),
                flaky,
                duration_ms,
            };
            assert_eq!(result.title(), title);
        }
    }
}
