//! What one run has come to so far: counts, news for the client, failures for the state thread.

use camino::Utf8PathBuf;
use rustc_hash::FxHashMap;

use crate::event::{Event, Queue};
use crate::runs::child::{End, Shared};
use crate::runs::events::{RunnerEvent, TestFinished, TestStarted};
use crate::runs::failure::{At, callers, places, text};
use crate::runs::progress::Progress;
use crate::runs::state::{RunEvent, Tell};
use crate::runs::{Order, TestEvent, TestResult};
use crate::uri::uri_of;

/// Exit code of the runner when nothing was selected.
const NOTHING_SELECTED: i32 = 4;

/// Listens to one run.
pub(super) struct Report<'a> {
    order: &'a Order,
    queue: &'a Queue,
    /// Directory of the results.
    run_dir: Option<Utf8PathBuf>,
    /// File below the root and name of the tests that have begun, by id.
    begun: FxHashMap<String, (String, String)>,
    total: usize,
    passed: usize,
    skipped: usize,
    cancelled: usize,
    failed: Vec<String>,
}

impl<'a> Report<'a> {
    pub(super) fn new(shared: &'a Shared, order: &'a Order) -> Self {
        Self {
            order,
            queue: &shared.queue,
            run_dir: None,
            begun: FxHashMap::default(),
            total: 0,
            passed: 0,
            skipped: 0,
            cancelled: 0,
            failed: Vec::new(),
        }
    }

    /// Takes in an event of the runner.
    pub(super) fn take(&mut self, event: RunnerEvent, progress: &Progress) {
        match event {
            RunnerEvent::RunStarted { tests, run_dir } => {
                self.total = tests;
                self.run_dir = run_dir.map(Utf8PathBuf::from);
            }
            RunnerEvent::TestStarted(test) => self.started(test, progress),
            RunnerEvent::Progress { id, text } => {
                self.show(progress, &text);
                self.output(&id, text);
            }
            RunnerEvent::AttemptFailed { id, attempt, failure } => {
                let why = failure.as_ref().map(text).unwrap_or_default();
                self.output(&id, format!("attempt {attempt} failed: {why}"));
            }
            RunnerEvent::TestFinished(finished) => {
                self.finished(*finished);
                self.show(progress, "");
            }
            RunnerEvent::Other => {}
        }
    }

    fn started(&mut self, test: TestStarted, progress: &Progress) {
        self.show(progress, &test.name);
        // A retry goes on with the same test.
        if test.attempt <= 1 {
            let file = test.place.map(|place| place.file).unwrap_or_default();
            self.tell(self.event("testStarted", &file, &test.id, &test.name));
            self.begun.insert(test.id.clone(), (file, test.name));
            self.queue
                .send(Event::Run(RunEvent::TestStarted { test: test.id }));
        }
    }

    fn show(&self, progress: &Progress, now: &str) {
        let done = self.passed + self.skipped + self.cancelled + self.failed.len();
        let message = format!("{done}/{} {now}", self.total);
        progress.report(done, self.total, message.trim_end().to_owned());
    }

    fn finished(&mut self, finished: TestFinished) {
        match finished.outcome.as_str() {
            "passed" | "flaky" => self.passed += 1,
            "skipped" => self.skipped += 1,
            "cancelled" => self.cancelled += 1,
            _ => self.failed.push(finished.name.clone()),
        }
        for warning in &finished.warnings {
            self.output(&finished.id, format!("warning: {}", text(warning)));
        }
        let mut event = self.event("testFinished", &finished.file, &finished.id, &finished.name);
        let page = self.run_dir.as_ref().zip(finished.page.as_ref());
        let page = page.and_then(|(directory, page)| uri_of(&directory.join(page)));
        event.log = page.map(|uri| uri.as_str().to_owned());
        event.duration_ms = finished.duration_ms;
        event.flaky = finished.outcome == "flaky";
        event.message = finished.reason.or_else(|| {
            let errors = finished.errors.join("\n");
            (!errors.is_empty()).then_some(errors)
        });
        let (mut at, mut related) = (None, Vec::new());
        if let Some(failure) = &finished.failure {
            event.message = Some(text(failure));
            at = failure
                .place
                .as_ref()
                .map(|place| At::new(&self.order.root, place));
            related = callers(failure, &self.order.root);
            for place in places(failure, &finished.id, &self.order.root, &finished.file) {
                self.queue.send(Event::Run(RunEvent::Failed(place)));
            }
        }
        // Editors know how to show five outcomes; that it took a retry is a remark on the first.
        let outcome = if event.flaky {
            "passed".to_owned()
        } else {
            finished.outcome
        };
        let result = TestResult {
            outcome: outcome.clone(),
            flaky: event.flaky,
            duration_ms: event.duration_ms,
        };
        self.queue.send(Event::Run(RunEvent::Finished {
            file: self.path(&finished.file),
            test: finished.name,
            result,
        }));
        event.outcome = Some(outcome);
        self.send(Tell { event, at, related });
    }

    /// Something that a test says while it runs.
    fn output(&self, id: &str, mut text: String) {
        let Some((file, name)) = self.begun.get(id) else {
            return;
        };
        let mut event = self.event("output", file, id, name);
        text.push('\n');
        event.text = Some(text);
        self.tell(event);
    }

    /// Tells the client something without a place.
    pub(super) fn tell(&self, event: TestEvent) {
        self.send(Tell {
            event,
            at: None,
            related: Vec::new(),
        });
    }

    /// The state thread knows how the client counts, and keeps the order.
    fn send(&self, tell: Tell) {
        if self.order.tells {
            self.queue.send(Event::Run(RunEvent::Tell(Box::new(tell))));
        }
    }

    /// `file` is a path below the suite root; an old runner may leave it out.
    fn event(&self, kind: &'static str, file: &str, id: &str, test: &str) -> TestEvent {
        let path = self.path(file);
        let mut event = TestEvent::of(self.order, kind);
        event.test = Some(test.to_owned());
        event.id = Some(id.to_owned());
        event.uri = uri_of(&path).map(|uri| uri.as_str().to_owned());
        event
    }

    fn path(&self, file: &str) -> Utf8PathBuf {
        if file.is_empty() {
            self.order.target.clone()
        } else {
            self.order.root.join(file)
        }
    }

    /// `passed`, `failed` or `cancelled`.
    pub(super) fn outcome(end: &End) -> &'static str {
        match end {
            End::Cancelled => "cancelled",
            End::Exited(status, _) if status.success() => "passed",
            End::Exited(..) | End::Broken(_) => "failed",
        }
    }

    /// Whether it is bad news, and the sentence for people.
    pub(super) fn verdict(&self, end: &End) -> (bool, String) {
        let failed = match self.failed.as_slice() {
            [] => String::new(),
            [one] => format!(", failed: {one}"),
            many => format!(", {} failed: {}", many.len(), many.join(", ")),
        };
        let counted = |number: usize, what: &str| match number {
            0 => String::new(),
            _ => format!(", {number} {what}"),
        };
        let skipped = counted(self.skipped, "skipped");
        let cancelled = counted(self.cancelled, "cancelled");
        let counts = format!("{} passed{skipped}{cancelled}{failed}", self.passed);
        match end {
            End::Cancelled => (false, format!("Test run cancelled: {counts}")),
            End::Broken(reason) => (true, format!("Test run impossible: {reason}")),
            End::Exited(status, _) if status.success() => (false, counts),
            End::Exited(_, _) if !self.failed.is_empty() => (true, counts),
            End::Exited(status, _) if status.code() == Some(NOTHING_SELECTED) => {
                (true, "There is no such test in the saved file".to_owned())
            }
            End::Exited(status, complaint) => {
                (true, format!("Test run failed ({status}): {}", complaint.trim()))
            }
        }
    }
}
