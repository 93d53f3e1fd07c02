//! How long things take: per method for `relux/status`, and line by line for `--log FILE`.
//!
//! It only counts and writes. A log that cannot be written is no reason to stop serving.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// An answer that takes longer is written to the log, and so is a turn of the state thread.
pub(crate) const SLOW: Duration = Duration::from_millis(100);
/// Upper ends of the classes in which answers are counted, in milliseconds.
const CLASSES: [u128; 7] = [1, 3, 10, 30, 100, 300, 1000];

/// What is counted.
pub(crate) struct Stats {
    started: Instant,
    version: String,
    methods: Mutex<BTreeMap<String, Timing>>,
    log: Option<Mutex<File>>,
}

#[derive(Default)]
struct Timing {
    answers: u64,
    errors: u64,
    total: Duration,
    longest: Duration,
    classes: [u64; CLASSES.len() + 1],
    /// Computations that go on now.
    running: u64,
    /// Computations that ended early, because the client cancelled them or an edit made them worthless.
    stopped: u64,
}

/// A computation that goes on until this is dropped.
pub(crate) struct Running {
    stats: Arc<Stats>,
    method: String,
}

impl Running {
    /// It ended early.
    pub(crate) fn stopped(&self) {
        self.stats.timing(&self.method, |timing| timing.stopped += 1);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stats.timing(&self.method, |timing| timing.running -= 1);
    }
}

impl Stats {
    /// Nothing counted yet. The log is written behind what the file holds.
    pub(crate) fn new(version: String, log: Option<&Path>) -> io::Result<Self> {
        let open = |path: &Path| {
            let opened = File::options().create(true).append(true).open(path);
            opened.map_err(|why| {
                io::Error::new(
                    why.kind(),
                    format!("cannot write its log {}: {why}", path.display()),
                )
            })
        };
        let stats = Self {
            started: Instant::now(),
            version,
            methods: Mutex::default(),
            log: log.map(open).transpose()?.map(Mutex::new),
        };
        stats.line(&format!("relux lsp {} begins", stats.version));
        Ok(stats)
    }

    /// A computation for a request begins.
    pub(crate) fn begins(self: &Arc<Self>, method: &str) -> Running {
        self.timing(method, |timing| timing.running += 1);
        Running {
            stats: Arc::clone(self),
            method: method.to_owned(),
        }
    }

    fn timing(&self, method: &str, change: impl FnOnce(&mut Timing)) {
        change(lock(&self.methods).entry(method.to_owned()).or_default());
    }

    /// A request was answered.
    pub(crate) fn answered(&self, method: &str, took: Duration, well: bool) {
        self.timing(method, |timing| {
            timing.answers += 1;
            timing.errors += u64::from(!well);
            timing.total += took;
            timing.longest = timing.longest.max(took);
            let class = CLASSES.iter().position(|most| took.as_millis() < *most);
            timing.classes[class.unwrap_or(CLASSES.len())] += 1;
        });
        if took >= SLOW {
            let how = if well { "" } else { ", with an error" };
            self.line(&format!(
                "{method} was answered after {} ms{how}",
                took.as_millis()
            ));
        }
    }

    /// Writes a line to the log: seconds since the start, and the text.
    pub(crate) fn line(&self, text: &str) {
        if let Some(log) = &self.log {
            let since = self.started.elapsed().as_secs_f64();
            // There is nowhere to complain.
            let _ = writeln!(lock(log), "{since:10.3} {}", text.replace('\n', "\n           "));
        }
    }

    /// All figures.
    pub(crate) fn report(&self) -> Value {
        let methods: serde_json::Map<String, Value> = lock(&self.methods)
            .iter()
            .map(|(method, timing)| (method.clone(), timing.report()))
            .collect();
        json!({
            "version": self.version,
            "uptimeMs": millis(self.started.elapsed()),
            "residentKib": resident_kib(),
            "methods": methods,
        })
    }
}

impl Timing {
    fn report(&self) -> Value {
        let mean = self
            .total
            .checked_div(u32::try_from(self.answers).unwrap_or(u32::MAX));
        json!({
            "answers": self.answers,
            "errors": self.errors,
            "meanMs": mean.map_or(0.0, millis),
            "longestMs": millis(self.longest),
            "belowMs": CLASSES,
            "counts": self.classes,
            "running": self.running,
            "stopped": self.stopped,
        })
    }
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

/// Resident memory of this process, where the system tells.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_answers_are_in_the_log_and_all_are_counted() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("log");
        let stats = Stats::new("1.2.3".to_owned(), Some(&path)).expect("a log");
        stats.answered("a/b", Duration::from_millis(2), true);
        stats.answered("a/b", Duration::from_millis(250), false);
        let written = std::fs::read_to_string(&path).expect("the log");
        assert!(written.contains("relux lsp 1.2.3 begins"), "{written}");
        assert!(
            written.contains("a/b was answered after 250 ms, with an error"),
            "{written}"
        );
        assert_eq!(written.lines().count(), 2, "{written}");
        let method = &stats.report()["methods"]["a/b"];
        assert_eq!((&method["answers"], &method["errors"]), (&json!(2), &json!(1)));
        assert_eq!(method["counts"], json!([0, 1, 0, 0, 0, 1, 0, 0]));
    }
}
