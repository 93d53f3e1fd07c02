//! Runs on disk: order without a clock, history without a summary, and nothing removed that is in use.

use std::time::Duration;

use jiff::Timestamp;
use relux_model::reports::StoreSettings;

use super::*;
use crate::event::{Event, Outcome, TestResult};
use crate::journal::Journal;

fn result(id: &str, outcome: Outcome) -> TestResult {
    let text = format!(
        r#"{{"id": "{id}", "name": "{id}", "file": "a.relux", "outcome": "passed", "duration_ms": 1, "attempts": 1}}"#
    );
    let mut result: TestResult = serde_json::from_str(&text).expect("a result");
    result.outcome = outcome;
    result
}

struct Bench {
    dir: tempfile::TempDir,
    store: Store,
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::of(dir.path());
        fs::create_dir_all(&store.out).expect("writable");
        Self { dir, store }
    }

    /// A run that begins; it is alive as long as the journal.
    fn begin(&self, name: &str, selected: &[&str]) -> Journal {
        let dir = self.store.out.join(name);
        fs::create_dir_all(&dir).expect("writable");
        let selected: String = selected.iter().flat_map(|id| [id, "\n"]).collect();
        fs::write(dir.join(SELECTED_FILE), selected).expect("writable");
        let journal = Journal::create(&dir);
        self.store.register(name, || ()).expect("writable");
        journal
    }

    /// A run that ends well.
    fn run(&self, name: &str, code: i32, results: &[TestResult]) {
        let _journal = self.begin(name, &[]);
        self.store.record(name, code, results).expect("writable");
    }

    fn names(&self) -> Vec<String> {
        self.store.order().expect("readable")
    }

    fn wanted<'a>(&self, ids: &[&'a str]) -> Vec<&'a str> {
        let outstanding = outstanding(self.dir.path()).expect("readable");
        ids.iter().copied().filter(|id| outstanding.wants(id)).collect()
    }
}

fn keep(keep_runs: u32, keep_failed: u32) -> StoreSettings {
    StoreSettings {
        keep_runs,
        keep_failed,
        keep_for: None,
    }
}

#[test]
fn order_does_not_depend_on_the_clock() {
    let bench = Bench::new();
    let early = "run-2026-01-01-00-00-00-second";
    for name in [
        "run-2030-01-01-00-00-00-first",
        early,
        "run-2028-01-01-00-00-00-third",
    ] {
        bench.run(name, 0, &[]);
    }
    assert_eq!(bench.names()[1], early);
    let gone = bench.store.prune(
        &keep(2, 0),
        "run-2028-01-01-00-00-00-third",
        Timestamp::UNIX_EPOCH,
    );
    assert!(gone.is_empty(), "{gone:?}");
    assert_eq!(bench.names(), [early, "run-2028-01-01-00-00-00-third"]);
    // A clock that jumped back makes no run old.
    let settings = StoreSettings {
        keep_for: Some(Duration::from_secs(1)),
        ..keep(9, 0)
    };
    bench.store.prune(&settings, "other", Timestamp::UNIX_EPOCH);
    assert_eq!(bench.names().len(), 2);
}

#[test]
fn a_run_of_some_tests_forgets_nothing_about_the_others() {
    use Outcome::{Failed, Flaky, Passed, Skipped};
    let bench = Bench::new();
    assert_eq!(bench.wanted(&["a", "b"]), ["a", "b"]);
    let mut not_run = result("d", Skipped);
    not_run.not_run = true;
    let all = [
        result("a", Passed),
        result("b", Failed),
        result("c", Failed),
        not_run,
        result("e", Skipped),
    ];
    bench.run("run-1", 1, &all);
    let ids = ["a", "b", "c", "d", "e", "new"];
    assert_eq!(bench.wanted(&ids), ["b", "c", "d", "new"]);
    bench.run("run-2", 0, &[result("b", Flaky)]);
    assert_eq!(bench.wanted(&ids), ["c", "d", "new"]);
    // Runs go, what is known stays.
    bench.store.prune(&keep(1, 0), "run-2", Timestamp::UNIX_EPOCH);
    assert_eq!(bench.names(), ["run-2"]);
    assert_eq!(bench.wanted(&ids), ["c", "d", "new"]);
}

#[test]
fn a_killed_run_counts_as_far_as_it_came() {
    let bench = Bench::new();
    bench.run("run-1", 0, &["a", "b", "c"].map(|id| result(id, Outcome::Passed)));
    let mut journal = bench.begin("run-2", &["a", "b"]);
    journal.event(&Event::TestFinished(result("a", Outcome::Passed)));
    assert!(bench.wanted(&["a", "b", "c"]).is_empty(), "it is alive");
    drop(journal);
    assert_eq!(bench.wanted(&["a", "b", "c"]), ["b"]);
    let events = bench.store.out.join("run-2").join(EVENTS_FILE);
    let mut torn = OpenOptions::new().append(true).open(events).expect("a file");
    torn.write_all(b"{\"type\": \"test-fin").expect("writable");
    assert_eq!(bench.wanted(&["a", "b", "c"]), ["b"]);
}

#[test]
fn what_is_alive_or_the_latest_stays() {
    let bench = Bench::new();
    let alive = bench.begin("run-1", &[]);
    for name in ["run-2", "run-3", "run-4"] {
        bench.run(name, 0, &[]);
    }
    fs::create_dir_all(bench.store.out.join("run-of-somebody-else")).expect("writable");
    std::os::unix::fs::symlink("run-3", bench.store.out.join("latest")).expect("links");
    bench.store.prune(&keep(1, 0), "run-4", Timestamp::UNIX_EPOCH);
    assert_eq!(bench.names(), ["run-1", "run-3", "run-4"]);
    assert!(bench.store.out.join("run-of-somebody-else").exists());
    drop(alive);
    bench.store.prune(&keep(1, 0), "run-4", Timestamp::UNIX_EPOCH);
    assert_eq!(bench.names(), ["run-3", "run-4"]);
}

#[test]
fn runs_at_the_same_time_do_not_hurt_each_other() {
    const RUNS: usize = 8;
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for run in 0..RUNS {
            let bench = &bench;
            scope.spawn(move || {
                for round in 0..10 {
                    let name = format!("run-{run}-{round}");
                    let journal = bench.begin(&name, &[]);
                    let gone = bench.store.prune(&keep(3, 0), &name, Timestamp::UNIX_EPOCH);
                    assert!(gone.is_empty(), "{gone:?}");
                    let id = format!("t{run}");
                    bench
                        .store
                        .record(&name, 0, &[result(&id, Outcome::Failed)])
                        .expect("writable");
                    assert!(bench.store.out.join(&name).exists(), "it is alive");
                    drop(journal);
                }
            });
        }
    });
    let ids: Vec<String> = (0..RUNS).map(|run| format!("t{run}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(bench.wanted(&ids), ids);
}
