//! One test of a run: markers, attempts, retries. Always ends with exactly one result.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use relux_model::plan::{TestEntry, TestPlan};
use tokio::sync::{mpsc, oneshot};

use crate::attempt::{Attempt, AttemptSpec, Verdict, make_dir, marker_env};
use crate::control::{Control, Stop};
use crate::env::Env;
use crate::event::{EarlierAttempt, Event, Failure, Leak, Outcome, TestResult};
use crate::markers::{Decision, decide};
use crate::ports::TestPorts;
use crate::report::{AttemptPage, TestPage, test_page, write_whole};
use crate::run::{Message, Request, RunCtx};
use crate::shell::sweep_run;
use crate::vm::{Halt, place};

/// Name of the page about a test, in its directory.
const PAGE_FILE: &str = "report.html";

/// A test in its turn.
pub(crate) struct Unit {
    ctx: Arc<RunCtx>,
    index: usize,
    entry: TestEntry,
    /// Its directory below the run's.
    dir: PathBuf,
    ports: Arc<TestPorts>,
}

/// How the attempts ended.
struct Ended {
    outcome: Outcome,
    attempts: u32,
    reason: Option<String>,
    failure: Option<Failure>,
    warnings: Vec<Failure>,
    leaks: Vec<Leak>,
    dir: Option<PathBuf>,
    /// When the first attempt began.
    began: Option<Instant>,
    /// How long the last attempt took.
    took: Duration,
    earlier: Vec<EarlierAttempt>,
    /// Records of the attempts that did not pass.
    records: Vec<AttemptPage>,
}

impl Ended {
    fn of(result: Result<(), Halt>, attempts: u32) -> Self {
        match result {
            Ok(()) if attempts > 1 => Self::new(Outcome::Flaky, attempts),
            Ok(()) => Self::new(Outcome::Passed, attempts),
            Err(Halt::Failed(failure)) => {
                let mut ended = Self::new(Outcome::Failed, attempts);
                ended.failure = Some((*failure).clone());
                ended
            }
            Err(Halt::Cancelled(reason)) => {
                let mut ended = Self::new(Outcome::Cancelled, attempts);
                ended.reason = Some(reason.to_string());
                ended
            }
        }
    }

    fn new(outcome: Outcome, attempts: u32) -> Self {
        Self {
            outcome,
            attempts,
            reason: None,
            failure: None,
            warnings: Vec::new(),
            leaks: Vec::new(),
            dir: None,
            began: None,
            took: Duration::ZERO,
            earlier: Vec::new(),
            records: Vec::new(),
        }
    }

    /// All failed attempts so far, when another one has begun.
    fn followed(mut self) -> (Option<Instant>, Vec<EarlierAttempt>, Vec<AttemptPage>) {
        if let (Some(failure), Some(dir)) = (self.failure, self.dir) {
            self.earlier.push(EarlierAttempt {
                attempt: self.attempts,
                duration_ms: millis(self.took),
                failure: Box::new(failure),
                warnings: self.warnings,
                leaks: self.leaks,
                log_dir: dir.to_string_lossy().into_owned(),
            });
        }
        (self.began, self.earlier, self.records)
    }
}

impl Unit {
    /// The test at this position.
    pub(crate) fn new(ctx: &Arc<RunCtx>, index: usize, entry: TestEntry, dir: PathBuf) -> Self {
        let test = match &entry {
            TestEntry::Invalid(test) => &test.id,
            TestEntry::Ready(plan) => &plan.id,
        };
        Self {
            ports: TestPorts::new(&ctx.ports, test),
            ctx: Arc::clone(ctx),
            index,
            entry,
            dir,
        }
    }

    /// Runs it. A panic of the runner in it is its failure, and the run goes on.
    pub(crate) async fn run(self) -> TestResult {
        let if_lost = lost(&self.entry);
        or_lost(self.proceed(), if_lost).await
    }

    async fn proceed(self) -> TestResult {
        match &self.entry {
            TestEntry::Invalid(test) => TestResult {
                outcome: Outcome::Invalid,
                errors: test.errors.clone(),
                failure: None,
                ..lost(&self.entry)
            },
            TestEntry::Ready(plan) => {
                let began = Instant::now();
                let mut ended = self.attempts(plan).await;
                let records = std::mem::take(&mut ended.records);
                let result = self.result(plan, ended, began.elapsed());
                self.with_page(result, &records)
            }
        }
    }

    fn result(&self, plan: &TestPlan, ended: Ended, took: Duration) -> TestResult {
        TestResult {
            id: plan.id.clone(),
            name: plan.name.clone(),
            file: plan.file.clone(),
            place: Some(place(&self.ctx.program, plan.loc)),
            outcome: ended.outcome,
            started_ms: ended.began.map(|began| millis(began - self.ctx.began)),
            not_run: false,
            duration_ms: millis(took),
            attempts: ended.attempts,
            reason: ended.reason,
            failure: ended.failure.map(Box::new),
            errors: Vec::new(),
            warnings: ended.warnings,
            leaks: ended.leaks,
            earlier: ended.earlier,
            page: None,
            log_dir: ended.dir.map(|dir| dir.to_string_lossy().into_owned()),
        }
    }

    /// The result with a page about what did not go well.
    fn with_page(&self, mut result: TestResult, attempts: &[AttemptPage]) -> TestResult {
        if attempts.is_empty() || !self.ctx.pages {
            return result;
        }
        let ctx = &self.ctx;
        ctx.secrets.result(&mut result);
        let page = test_page(&TestPage {
            result: &result,
            attempts,
            program: &ctx.program,
            secrets: &ctx.secrets,
            run_dir: ctx.dir.path(),
            dir: &self.dir,
        });
        let path = self.dir.join(PAGE_FILE);
        match write_whole(&ctx.dir.path().join(&path), page.as_bytes()) {
            Ok(()) => result.page = Some(path.to_string_lossy().into_owned()),
            Err(error) => ctx.note_error(format!("cannot write the page of {}: {error}", result.id)),
        }
        result
    }

    async fn attempts(&self, plan: &Arc<TestPlan>) -> Ended {
        let flaky = match self.decision(plan).await {
            Ok(Decision::Run { flaky }) => flaky,
            Ok(Decision::Skip(reason)) => {
                let mut ended = Ended::new(Outcome::Skipped, 0);
                ended.reason = Some(reason);
                return ended;
            }
            Err(halt) => return Ended::of(Err(halt), 0),
        };
        let most = 1 + if flaky { self.ctx.flaky_retries } else { 0 };
        let mut last = Ended::new(Outcome::Skipped, 0);
        for number in 1..=most {
            let dir = if number == 1 {
                self.dir.clone()
            } else {
                self.dir.join(format!("attempt-{number}"))
            };
            let Some(requests) = self.ask(plan, number).await else {
                // The run ends: what the last attempt showed stays.
                return last;
            };
            let began = Instant::now();
            let (verdict, record) = self.attempt(plan, number, dir.clone(), requests).await;
            let (first, earlier, records) = last.followed();
            last = Ended::of(verdict.result, number);
            last.warnings = verdict.warnings;
            last.leaks = verdict.leaks;
            last.dir = Some(dir);
            last.took = began.elapsed();
            last.began = first.or(Some(began));
            last.earlier = earlier;
            last.records = records;
            last.records
                .extend(record.filter(|_| !matches!(last.outcome, Outcome::Passed | Outcome::Flaky)));
            if last.outcome != Outcome::Failed || number == most {
                break;
            }
            if let Some(failure) = &last.failure {
                self.ctx.tell(Message::Event(Event::AttemptFailed {
                    id: plan.id.clone(),
                    attempt: number,
                    attempts: most,
                    duration_ms: millis(last.took),
                    failure: failure.clone(),
                }));
            }
        }
        last
    }

    async fn decision(&self, plan: &Arc<TestPlan>) -> Result<Decision, Halt> {
        if plan.markers.is_empty() {
            return Ok(Decision::Run { flaky: false });
        }
        let env = Env::new(marker_env(&self.ctx, plan));
        let att = Attempt::new(&self.ctx, self.spec(plan, 0, PathBuf::new()));
        decide(&att, plan, env, &Control::new()).await
    }

    fn spec(&self, plan: &Arc<TestPlan>, number: u32, dir: PathBuf) -> AttemptSpec {
        let retries = number.saturating_sub(1);
        AttemptSpec {
            plan: Arc::clone(plan),
            index: self.index,
            number,
            factor: self
                .ctx
                .settings
                .flaky_multiplier
                .powi(retries.try_into().unwrap_or(i32::MAX)),
            dir,
            ports: Arc::clone(&self.ports),
        }
    }

    /// Asks the dispatcher for leave to begin.
    async fn ask(&self, plan: &TestPlan, attempt: u32) -> Option<mpsc::UnboundedReceiver<Request>> {
        let (answer, answered) = oneshot::channel();
        self.ctx.tell(Message::Start {
            index: self.index,
            event: Event::TestStarted {
                id: plan.id.clone(),
                name: plan.name.clone(),
                place: place(&self.ctx.program, plan.loc),
                attempt,
            },
            answer,
        });
        answered.await.ok()
    }

    async fn attempt(
        &self,
        plan: &Arc<TestPlan>,
        number: u32,
        dir: PathBuf,
        requests: mpsc::UnboundedReceiver<Request>,
    ) -> (Verdict, Option<AttemptPage>) {
        let below = dir.to_string_lossy().into_owned();
        let dir = self.ctx.dir.path().join(dir);
        if let Err(error) = make_dir(&dir) {
            let message = format!("cannot make {}: {error}", dir.display());
            return (internal(message), None);
        }
        let attempt = Attempt::new(&self.ctx, self.spec(plan, number, dir));
        let verdict = self.attend(Arc::clone(&attempt), number, requests).await;
        let page = AttemptPage {
            number,
            record: attempt.trace.take(),
            env: attempt.environment(),
            dir: below,
        };
        (verdict, Some(page))
    }

    /// Runs an attempt and passes on what the dispatcher wants of it.
    async fn attend(
        &self,
        attempt: Arc<Attempt>,
        number: u32,
        mut requests: mpsc::UnboundedReceiver<Request>,
    ) -> Verdict {
        let (stop, kill) = (Control::new(), Control::new());
        // A panic in it is the failure of this test and of no other.
        let task = caught(attempt.run(stop.clone(), kill.clone()));
        tokio::pin!(task);
        loop {
            tokio::select! {
                done = &mut task => {
                    return match done {
                        Ok(verdict) => verdict,
                        Err(panic) => {
                            sweep_run(&format!("{}/{}.{number}", self.ctx.scope, self.index), false).await;
                            internal(format!("the runner failed: {panic}"))
                        }
                    };
                }
                Some(request) = requests.recv() => match request {
                    Request::Cancel(reason) => stop.stop(Stop::Cancelled(reason)),
                    Request::Kill(reason) => {
                        stop.stop(Stop::Cancelled(reason.clone()));
                        kill.stop(Stop::Cancelled(reason));
                    }
                },
            }
        }
    }
}

/// The result of a task, or this one if it panics.
async fn or_lost(task: impl Future<Output = TestResult>, mut lost: TestResult) -> TestResult {
    caught(task).await.unwrap_or_else(|panic| {
        lost.failure = Some(Box::new(Failure::internal(format!("the runner failed: {panic}"))));
        lost
    })
}

/// What a task makes, or the text of its panic. A task of the runtime would do the same for the price of a switch between
/// threads.
async fn caught<T>(task: impl Future<Output = T>) -> Result<T, String> {
    let mut task = Box::pin(task);
    poll_fn(move |context| {
        // What the panic interrupted is dropped and never polled again.
        match catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(words(&*panic))),
        }
    })
    .await
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it panicked").to_owned()
}

/// A failure without anything known but the test.
fn lost(entry: &TestEntry) -> TestResult {
    let (id, name, file) = match entry {
        TestEntry::Invalid(test) => (&test.id, &test.name, &test.file),
        TestEntry::Ready(plan) => (&plan.id, &plan.name, &plan.file),
    };
    TestResult {
        id: id.clone(),
        name: name.clone(),
        file: file.clone(),
        place: None,
        outcome: Outcome::Failed,
        started_ms: None,
        not_run: false,
        duration_ms: 0,
        attempts: 0,
        reason: None,
        failure: None,
        errors: Vec::new(),
        warnings: Vec::new(),
        leaks: Vec::new(),
        earlier: Vec::new(),
        page: None,
        log_dir: None,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn internal(message: String) -> Verdict {
    Verdict {
        result: Err(Halt::Failed(Arc::new(Failure::internal(message)))),
        warnings: Vec::new(),
        leaks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use relux_model::plan::InvalidTest;

    use super::*;
    use crate::event::FailureKind;

    fn entry() -> TestEntry {
        TestEntry::Invalid(InvalidTest {
            id: "a.relux:one".to_owned(),
            name: "one".to_owned(),
            file: "a.relux".to_owned(),
            errors: Vec::new(),
        })
    }

    #[tokio::test]
    async fn a_panic_is_the_failure_of_its_test() {
        let result = or_lost(async { panic!("a bug") }, lost(&entry())).await;
        assert_eq!((result.outcome, &*result.id), (Outcome::Failed, "a.relux:one"));
        let failure = result.failure.expect("a failure");
        assert_eq!(failure.kind, FailureKind::Internal);
        assert!(
            failure.message.starts_with("the runner failed: ") && failure.message.contains("a bug"),
            "{}",
            failure.message
        );
    }
}
