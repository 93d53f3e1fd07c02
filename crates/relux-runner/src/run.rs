//! The dispatcher: owner of everything that the user sees. Tests run in tasks of their own and only tell it.
//!
//! It answers each start, so that nothing begins after a cancel, and it alone talks to reporters, signals and clocks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use relux_model::plan::{Jobs, Program, RunSettings, TestEntry};
use rustc_hash::FxHashMap;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::event::{Event, Outcome, RunReport, RunStop, Summary, TestResult};
use crate::names::run_id;
use crate::output::{RunDir, RunFacts, test_dirs};
use crate::ports::Ports;
use crate::report::Reporter;
use crate::request::{RunError, RunRequest, Strategy};
use crate::shell::{PatternCache, kill_everything, sweep_run};
use crate::signals::Signals;
use crate::sys;
use crate::unit::Unit;

/// What all tests of a run share.
pub(crate) struct RunCtx {
    pub(crate) program: Arc<Program>,
    pub(crate) settings: RunSettings,
    pub(crate) run_id: String,
    pub(crate) dir: RunDir,
    pub(crate) host_env: BTreeMap<String, String>,
    /// `__RELUX_SCOPE` of a run around this one.
    pub(crate) outer_scope: String,
    pub(crate) inputrc: String,
    pub(crate) relux_exe: PathBuf,
    pub(crate) multiplier: f64,
    pub(crate) match_timeout: Duration,
    pub(crate) test_timeout: Duration,
    pub(crate) flaky_retries: u32,
    pub(crate) patterns: PatternCache,
    pub(crate) ports: Arc<Ports>,
    pub(crate) wants_progress: bool,
    messages: mpsc::UnboundedSender<Message>,
}

impl RunCtx {
    /// Tells the dispatcher. It listens until all tests are finished.
    pub(crate) fn tell(&self, message: Message) {
        let _ = self.messages.send(message);
    }
}

/// What a test tells the dispatcher.
pub(crate) enum Message {
    /// An attempt wants to begin; without an answer it must not.
    Start {
        index: usize,
        event: Event,
        answer: oneshot::Sender<mpsc::UnboundedReceiver<Request>>,
    },
    /// Something to report.
    Event(Event),
    /// A test is over.
    Finished { index: usize, result: TestResult },
}

/// What the dispatcher wants of a running attempt.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    /// Stop the test, run its cleanups.
    Cancel(RunStop),
    /// End at once, without cleanups.
    Kill(RunStop),
}

/// Runs of this process at this moment; decides whether unmarked orphans can be somebody else's.
static ACTIVE: AtomicUsize = AtomicUsize::new(0);

/// Runs the tests and waits for everything that belongs to them.
pub(crate) async fn run(mut request: RunRequest) -> Result<RunReport, RunError> {
    sys::become_subreaper();
    sys::mark_inherited_descriptors_close_on_exec();
    let began = Instant::now();
    let started_at = Timestamp::now();
    let output = std::mem::take(&mut request.options.output);
    let mut reporter = Reporter::new(output, Arc::clone(&request.program));
    let tests = std::mem::take(&mut request.tests);
    let count = tests.len();
    let strategy = request.options.strategy;
    let jobs = jobs(request.options.jobs.unwrap_or(request.settings.jobs), count);
    let suite_timeout = request
        .options
        .suite_timeout
        .unwrap_or(request.settings.suite_timeout);
    let (messages, inbox) = mpsc::unbounded_channel();
    let ctx = Arc::new(context(request, started_at, reporter.wants_progress(), messages)?);
    reporter.event(&Event::RunStarted {
        version: crate::event::VERSION,
        run_id: ctx.run_id.clone(),
        suite: ctx.settings.suite_name.clone(),
        root: ctx.settings.root.clone(),
        run_dir: ctx.dir.path().to_string_lossy().into_owned(),
        tests: count,
        jobs,
    });
    let mut dispatcher = Dispatcher {
        run_id: ctx.run_id.clone(),
        reporter,
        strategy,
        running: FxHashMap::default(),
        results: vec![None; count],
        stopped: None,
        signals_seen: 0,
        signal: None,
    };
    ACTIVE.fetch_add(1, Ordering::SeqCst);
    spawn_all(&ctx, tests, jobs);
    let limit = suite_timeout.as_secs_f64() * ctx.multiplier;
    let limit = Duration::try_from_secs_f64(limit).unwrap_or(Duration::MAX);
    dispatcher.work(inbox, limit).await;
    sweep_run(&ctx.run_id, ACTIVE.load(Ordering::SeqCst) == 1).await;
    ACTIVE.fetch_sub(1, Ordering::SeqCst);
    let facts = RunFacts {
        run_id: &ctx.run_id,
        suite: &ctx.settings.suite_name,
        started_at,
        jobs,
    };
    Ok(dispatcher.conclude(&ctx, &facts, began))
}

/// What the tests share; makes the directory of the run.
fn context(
    request: RunRequest,
    now: Timestamp,
    wants_progress: bool,
    messages: mpsc::UnboundedSender<Message>,
) -> Result<RunCtx, RunError> {
    let (options, settings) = (request.options, request.settings);
    let multiplier = options.multiplier.unwrap_or(1.0);
    if !(multiplier.is_finite() && multiplier > 0.0) {
        return Err(RunError::Multiplier(multiplier));
    }
    let run_id = run_id();
    let dir = RunDir::create(settings.root.as_ref(), &run_id, now)?;
    let outer_scope = request.host_env.iter().find(|(name, _)| name == "__RELUX_SCOPE");
    Ok(RunCtx {
        program: request.program,
        outer_scope: outer_scope.map_or(String::new(), |(_, value)| value.clone()),
        host_env: request
            .host_env
            .into_iter()
            .filter(|(name, _)| !name.starts_with("__RELUX"))
            .collect(),
        inputrc: dir.inputrc().to_string_lossy().into_owned(),
        relux_exe: request.relux_exe,
        multiplier,
        match_timeout: options.match_timeout.unwrap_or(settings.match_timeout),
        test_timeout: options.test_timeout.unwrap_or(settings.test_timeout),
        flaky_retries: options.flaky_retries.unwrap_or(settings.flaky_retries),
        patterns: PatternCache::default(),
        ports: Ports::new(settings.port_range),
        wants_progress,
        messages,
        run_id,
        dir,
        settings,
    })
}

fn jobs(wanted: Jobs, tests: usize) -> usize {
    let wanted = match wanted {
        Jobs::Count(count) => count,
        Jobs::NumCpus => std::thread::available_parallelism().map_or(1, usize::from),
        Jobs::All => tests,
    };
    wanted.clamp(1, sys::job_limit())
}

/// Starts a task per test, as many at once as there are jobs, in declaration order.
fn spawn_all(ctx: &Arc<RunCtx>, tests: Vec<TestEntry>, jobs: usize) {
    let dirs = test_dirs(&tests);
    let ctx = Arc::clone(ctx);
    tokio::spawn(async move {
        let slots = Arc::new(Semaphore::new(jobs));
        for (index, (entry, dir)) in tests.into_iter().zip(dirs).enumerate() {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                return;
            };
            let unit = Unit::new(&ctx, index, entry, dir);
            let ctx = Arc::clone(&ctx);
            tokio::spawn(async move {
                let result = unit.run().await;
                ctx.tell(Message::Finished { index, result });
                drop(slot);
            });
        }
    });
}

struct Dispatcher {
    run_id: String,
    reporter: Reporter,
    strategy: Strategy,
    running: FxHashMap<usize, mpsc::UnboundedSender<Request>>,
    results: Vec<Option<TestResult>>,
    stopped: Option<RunStop>,
    signals_seen: u32,
    signal: Option<i32>,
}

impl Dispatcher {
    /// Until every test has a result.
    async fn work(&mut self, mut inbox: mpsc::UnboundedReceiver<Message>, suite_timeout: Duration) {
        // Without signal handlers a run is still a run.
        let mut signals = Signals::listen().ok();
        let deadline = tokio::time::sleep(suite_timeout.min(Duration::from_secs(u64::from(u32::MAX))));
        tokio::pin!(deadline);
        let mut timed_out = false;
        let mut missing = self.results.len();
        while missing > 0 {
            let next_signal = async {
                match &mut signals {
                    Some(signals) => signals.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(Message::Finished { index, result }) => {
                        self.finished(index, result);
                        missing -= 1;
                    }
                    Some(message) => self.message(message),
                    None => return,
                },
                number = next_signal => self.signalled(number),
                () = &mut deadline, if !timed_out => {
                    timed_out = true;
                    if self.signal.is_none() {
                        let limit_ms = u64::try_from(suite_timeout.as_millis()).unwrap_or(u64::MAX);
                        self.cancel(RunStop::SuiteTimeout { limit_ms });
                    }
                }
            }
        }
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Start { index, event, answer } => {
                if self.stopped.is_none() {
                    let (sender, requests) = mpsc::unbounded_channel();
                    if answer.send(requests).is_ok() {
                        self.running.insert(index, sender);
                        self.reporter.event(&event);
                    }
                }
            }
            Message::Event(event) => self.reporter.event(&event),
            Message::Finished { index, result } => self.finished(index, result),
        }
    }

    fn finished(&mut self, index: usize, mut result: TestResult) {
        self.running.remove(&index);
        if result.outcome == Outcome::Skipped
            && result.reason.is_none()
            && let Some(stopped) = &self.stopped
        {
            result.reason = Some(stopped.to_string());
        }
        let failed = matches!(result.outcome, Outcome::Failed | Outcome::Invalid);
        if failed && self.strategy == Strategy::FailFast && self.stopped.is_none() {
            // Nothing new starts; what is under way has its own outcome.
            self.stopped = Some(RunStop::FailFast {
                test: result.id.clone(),
            });
        }
        let event = Event::TestFinished(result);
        self.reporter.event(&event);
        if let Event::TestFinished(result) = event
            && let Some(slot) = self.results.get_mut(index)
        {
            *slot = Some(result);
        }
    }

    /// Nothing new starts, and what is under way stops.
    fn cancel(&mut self, reason: RunStop) {
        for running in self.running.values() {
            let _ = running.send(Request::Cancel(reason.clone()));
        }
        self.stopped = Some(reason);
    }

    fn signalled(&mut self, number: i32) {
        self.signals_seen += 1;
        self.signal.get_or_insert(number);
        let reason = RunStop::Signal { number };
        match self.signals_seen {
            1 => self.cancel(reason),
            2 => {
                for running in self.running.values() {
                    let _ = running.send(Request::Kill(reason.clone()));
                }
            }
            _ => {
                self.reporter.abandon();
                kill_everything(&self.run_id);
                std::process::exit(128 + number);
            }
        }
    }

    fn conclude(mut self, ctx: &RunCtx, facts: &RunFacts<'_>, began: Instant) -> RunReport {
        let results: Vec<TestResult> = self.results.into_iter().flatten().collect();
        let mut summary = count(&results);
        summary.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        summary.stopped = match self.signal {
            Some(number) => Some(RunStop::Signal { number }),
            None => self.stopped,
        };
        summary.exit_code = exit_code(&summary);
        if let Err(error) = ctx.dir.write_summary(facts, &summary, &results) {
            summary.report_errors.push(format!(
                "cannot write {}: {error}",
                ctx.dir.path().join(crate::output::SUMMARY_FILE).display()
            ));
        }
        summary.report_errors.extend(self.reporter.error());
        summary.exit_code = exit_code(&summary);
        self.reporter.event(&Event::RunFinished(summary.clone()));
        RunReport {
            run_id: facts.run_id.to_owned(),
            run_dir: ctx.dir.path().to_owned(),
            results,
            summary,
        }
    }
}

fn count(results: &[TestResult]) -> Summary {
    let number = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
    Summary {
        passed: number(Outcome::Passed),
        flaky: results.iter().filter(|result| result.is_flaky()).count(),
        failed: number(Outcome::Failed),
        cancelled: number(Outcome::Cancelled),
        skipped: number(Outcome::Skipped),
        invalid: number(Outcome::Invalid),
        tests_duration_ms: results.iter().map(|result| result.duration_ms).sum(),
        ..Summary::default()
    }
}

fn exit_code(summary: &Summary) -> i32 {
    let selected = summary.passed + summary.failed + summary.cancelled + summary.skipped + summary.invalid;
    let bad = summary.failed + summary.cancelled + summary.invalid;
    match &summary.stopped {
        Some(RunStop::Signal { number }) => 128 + number,
        Some(RunStop::FailFast { .. } | RunStop::SuiteTimeout { .. }) => 1,
        None if bad > 0 || !summary.report_errors.is_empty() => 1,
        None if selected == 0 => 4,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(change: impl FnOnce(&mut Summary)) -> i32 {
        let mut summary = Summary::default();
        change(&mut summary);
        exit_code(&summary)
    }

    #[test]
    fn exit_codes() {
        assert_eq!(code(|_| {}), 4);
        assert_eq!(code(|s| s.passed = 1), 0);
        assert_eq!(code(|s| s.skipped = 1), 0);
        assert_eq!(code(|s| (s.passed, s.failed) = (3, 1)), 1);
        assert_eq!(code(|s| s.invalid = 1), 1);
        assert_eq!(code(|s| s.cancelled = 1), 1);
        let late = |s: &mut Summary| {
            s.passed = 1;
            s.stopped = Some(RunStop::SuiteTimeout { limit_ms: 1 });
        };
        assert_eq!(code(late), 1);
        assert_eq!(code(|s| s.stopped = Some(RunStop::Signal { number: 2 })), 130);
        assert_eq!(
            code(|s| (s.passed, s.report_errors) = (1, vec!["disk full".to_owned()])),
            1
        );
    }
}
