//! The dispatcher: owner of everything that the user sees. Tests run in tasks of their own and only tell it.
//!
//! It answers each start, so that nothing begins after a cancel, and it alone talks to reporters, signals and clocks.
//! It never waits without listening to signals.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use relux_model::reports::ReportTarget;
use rustc_hash::FxHashMap;
use tokio::sync::mpsc;

use crate::event::Status;
use crate::event::{Event, Outcome, RunReport, RunStop, Summary, TestResult};
use crate::journal::Journal;
use crate::keys::Keys;
use crate::output::RunFacts;
use crate::report::{Reporter, Told, write_all};
use crate::request::Strategy;
use crate::run::{Message, Notes, Request, RunCtx, Spawner};
use crate::shell::freeze;
use crate::shell::kill_everything;
use crate::signals::{Signals, Wish};
use crate::status::Board;
use crate::store::Store;
use crate::sys;

/// Decides what happens while tests run.
pub(crate) struct Dispatcher {
    ctx: Arc<RunCtx>,
    journal: Journal,
    reporter: Reporter,
    signals: Option<Signals>,
    keys: Keys,
    board: Arc<Board>,
    /// When the run went on after it had stood still.
    continued: Option<Instant>,
    strategy: Strategy,
    running: FxHashMap<usize, mpsc::UnboundedSender<Request>>,
    results: Vec<Option<TestResult>>,
    stopped: Option<RunStop>,
    signals_seen: u32,
    signal: Option<i32>,
    /// What went wrong with the run itself.
    errors: Vec<String>,
    /// The reader of the report has been given up.
    unread: bool,
}

/// Two signals to suspend the run within this time are one.
const ONE_WISH: Duration = Duration::from_millis(100);

/// How long the reader of a report may take after a signal.
const PATIENCE: Duration = Duration::from_secs(2);

/// What somebody wants next, by a signal or by a key.
async fn next(signals: &mut Option<Signals>, keys: &mut Keys) -> Wish {
    let signal = async {
        match signals {
            Some(signals) => signals.next().await,
            None => std::future::pending().await,
        }
    };
    let key = async {
        while !matches!(keys.next().await, b't' | b'T') {}
        Wish::Status
    };
    tokio::select! {
        wish = signal => wish,
        wish = key => wish,
    }
}

/// The number of the next signal that is to end the run.
async fn end(signals: &mut Option<Signals>, keys: &mut Keys) -> i32 {
    loop {
        if let Wish::End(number) = next(signals, keys).await {
            return number;
        }
    }
}

impl Dispatcher {
    /// For a run of so many tests, none of which has begun.
    pub(crate) fn new(
        ctx: &Arc<RunCtx>,
        reporter: Reporter,
        signals: Option<Signals>,
        strategy: Strategy,
        tests: usize,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            journal: Journal::create(ctx.dir.path()),
            keys: Keys::listen(reporter.is_live()),
            board: Arc::clone(&ctx.board),
            continued: None,
            reporter,
            signals,
            strategy,
            running: FxHashMap::default(),
            results: vec![None; tests],
            stopped: None,
            signals_seen: 0,
            signal: None,
            errors: Vec::new(),
            unread: false,
        }
    }

    /// Until every test has a result.
    pub(crate) async fn work(
        &mut self,
        mut inbox: mpsc::UnboundedReceiver<Message>,
        mut spawner: Spawner,
        suite_timeout: Duration,
    ) {
        let board = Arc::clone(&self.board);
        let deadline = board.clock.sleep(suite_timeout);
        tokio::pin!(deadline);
        let mut timed_out = false;
        let mut all_spawned = false;
        let mut missing = self.results.len();
        while missing > 0 {
            tokio::select! {
                Some(message) = inbox.recv() => {
                    missing -= usize::from(matches!(message, Message::Finished { .. }));
                    self.message(message);
                }
                wish = next(&mut self.signals, &mut self.keys) => self.wished(wish),
                () = &mut deadline, if !timed_out => {
                    timed_out = true;
                    if self.signal.is_none() {
                        let limit_ms = u64::try_from(suite_timeout.as_millis()).unwrap_or(u64::MAX);
                        self.cancel(RunStop::SuiteTimeout { limit_ms });
                    }
                }
                done = &mut spawner.task, if !all_spawned => {
                    all_spawned = true;
                    if let Err(error) = done {
                        let never = self.results.len() - spawner.started.load(Ordering::SeqCst);
                        missing = missing.saturating_sub(never);
                        self.errors.push(format!("the runner failed, and {never} tests did not run: {error}"));
                    }
                }
            }
        }
    }

    /// Waits for something else and stays attentive to signals.
    pub(crate) async fn attend<T>(&mut self, what: impl Future<Output = T>) -> T {
        tokio::pin!(what);
        loop {
            tokio::select! {
                done = &mut what => return done,
                wish = next(&mut self.signals, &mut self.keys) => self.wished(wish),
            }
        }
    }

    /// Writes an event down and reports it, without secrets.
    pub(crate) fn tell(&mut self, mut event: Event) {
        self.ctx.secrets.event(&mut event);
        self.journal.event(&event);
        self.reporter.event(event);
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Start { index, event, answer } => {
                let retry = matches!(event, Event::TestStarted { attempt, .. } if attempt > 1);
                if self.may_begin(retry) {
                    let (sender, requests) = mpsc::unbounded_channel();
                    if answer.send(requests).is_ok() {
                        self.running.insert(index, sender);
                        self.tell(event);
                    }
                }
            }
            Message::Event(event) => self.tell(event),
            Message::Finished { index, result } => self.finished(index, result),
        }
    }

    /// A retry belongs to a test under way, which fail-fast lets finish.
    fn may_begin(&self, retry: bool) -> bool {
        match &self.stopped {
            None => true,
            Some(RunStop::FailFast { .. }) => retry,
            Some(RunStop::SuiteTimeout { .. } | RunStop::Signal { .. }) => false,
        }
    }

    fn finished(&mut self, index: usize, mut result: TestResult) {
        self.running.remove(&index);
        if result.outcome == Outcome::Skipped
            && result.reason.is_none()
            && let Some(stopped) = &self.stopped
        {
            result.reason = Some(stopped.to_string());
            result.not_run = true;
        }
        let failed = matches!(result.outcome, Outcome::Failed | Outcome::Invalid);
        if failed && self.strategy == Strategy::FailFast && self.stopped.is_none() {
            // Nothing new starts; what is under way has its own outcome.
            self.stopped = Some(RunStop::FailFast {
                test: result.id.clone(),
            });
        }
        self.ctx.secrets.result(&mut result);
        if let Some(slot) = self.results.get_mut(index) {
            *slot = Some(result.clone());
        }
        self.tell(Event::TestFinished(result));
    }

    /// Nothing new starts, and what is under way stops.
    fn cancel(&mut self, reason: RunStop) {
        self.tell_stopping(&reason, true);
        for running in self.running.values() {
            let _ = running.send(Request::Cancel(reason.clone()));
        }
        self.stopped = Some(reason);
    }

    fn tell_stopping(&mut self, stop: &RunStop, cleanups: bool) {
        self.tell(Event::Stopping {
            stop: stop.clone(),
            running: self.running.len(),
            cleanups,
        });
    }

    fn wished(&mut self, wish: Wish) {
        match wish {
            Wish::End(number) => self.signalled(number),
            Wish::Suspend => self.suspend(),
            Wish::Continued => self.keys.resume(),
            Wish::Status => self.tell(Event::Status(Status {
                finished: self.results.iter().flatten().count(),
                total: self.results.len(),
                tests: self.board.snapshot(),
            })),
        }
    }

    /// Stands still with everything that runs, until somebody continues this process.
    fn suspend(&mut self) {
        // The supervisor passes on what the terminal has sent to both; the copy may be noticed only afterwards.
        if self.continued.is_some_and(|at| at.elapsed() < ONE_WISH) {
            return;
        }
        self.board.clock.stop();
        self.keys.suspend();
        let frozen = freeze(&self.ctx.scope);
        // If it cannot stop, it just goes on.
        let _ = sys::stop_self();
        frozen.thaw();
        self.keys.resume();
        self.board.clock.go_on();
        self.continued = Some(Instant::now());
    }

    fn signalled(&mut self, number: i32) {
        self.signals_seen += 1;
        self.signal.get_or_insert(number);
        let reason = RunStop::Signal { number };
        match self.signals_seen {
            1 => self.cancel(reason),
            2 => {
                self.tell_stopping(&reason, false);
                for running in self.running.values() {
                    let _ = running.send(Request::Kill(reason.clone()));
                }
            }
            _ => {
                self.reporter.abandon();
                self.keys.suspend();
                kill_everything(&self.ctx.scope);
                std::process::exit(128 + number);
            }
        }
    }

    /// Writes the results down. Whatever cannot be written makes the run fail.
    pub(crate) async fn conclude(
        mut self,
        ctx: &RunCtx,
        facts: &RunFacts<'_>,
        reports: &[ReportTarget],
        broken_files: usize,
        notes: Notes,
        began: Instant,
    ) -> RunReport {
        let unwritten = self.drained().await;
        let results: Vec<TestResult> = std::mem::take(&mut self.results).into_iter().flatten().collect();
        let mut summary = count(&results);
        summary.broken_files = broken_files;
        summary.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        summary.leaked += notes.leaked;
        summary.warnings = notes.warnings;
        summary.report_errors = notes.errors;
        summary.report_errors.append(&mut self.errors);
        summary.report_errors.extend(unwritten);
        self.judge(&mut summary);
        let written = write_all(&told(ctx, facts, &summary, &results), reports);
        summary.report_errors.extend(written.errors);
        summary.report_errors.extend(self.journal.error());
        self.judge(&mut summary);
        self.write_summary(ctx, facts, &mut summary, &results);
        let store = Store::of(facts.root.as_ref());
        if let Err(error) = store.record(&ctx.dir.name(), summary.exit_code, &results) {
            let error = format!("cannot write down the results for `--rerun`: {error}");
            summary.report_errors.push(error);
            self.judge(&mut summary);
            self.write_summary(ctx, facts, &mut summary, &results);
        }
        self.reporter.print(written.stdout);
        self.tell(Event::RunFinished(summary.clone()));
        if let Some(error) = self.drained().await
            && !summary.report_errors.contains(&error)
        {
            summary.report_errors.push(error);
        }
        let told = summary.exit_code;
        self.judge(&mut summary);
        if summary.exit_code != told {
            self.write_summary(ctx, facts, &mut summary, &results);
        }
        RunReport {
            run_id: facts.run_id.to_owned(),
            run_dir: ctx.dir.path().to_owned(),
            results,
            summary,
        }
    }

    fn judge(&self, summary: &mut Summary) {
        summary.stopped = match self.signal {
            Some(number) => Some(RunStop::Signal { number }),
            None => self.stopped.clone(),
        };
        summary.exit_code = exit_code(summary);
    }

    fn write_summary(
        &self,
        ctx: &RunCtx,
        facts: &RunFacts<'_>,
        summary: &mut Summary,
        results: &[TestResult],
    ) {
        let written = ctx.dir.write_summary(&told(ctx, facts, summary, results));
        if let Err(error) = written {
            summary.report_errors.push(format!(
                "cannot write {}: {error}",
                ctx.dir.path().join(crate::output::SUMMARY_FILE).display()
            ));
            self.judge(summary);
        }
    }

    /// Waits until the report is written, or a signal says that nobody waits for it. What could not be written.
    async fn drained(&mut self) -> Option<String> {
        if !self.unread {
            // A run that was told to end does not wait for its reader for long.
            let patience = async {
                match self.signal {
                    Some(_) => tokio::time::sleep(PATIENCE).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                error = self.reporter.drained() => return error,
                () = patience => {}
                number = end(&mut self.signals, &mut self.keys) => {
                    self.signal.get_or_insert(number);
                }
            }
            self.unread = true;
        }
        Some("cannot write the report: nobody reads it".to_owned())
    }
}

fn told<'a>(
    ctx: &'a RunCtx,
    facts: &'a RunFacts<'a>,
    summary: &'a Summary,
    tests: &'a [TestResult],
) -> Told<'a> {
    Told {
        facts,
        summary,
        tests,
        program: &ctx.program,
        run_dir: ctx.dir.path(),
    }
}

fn count(results: &[TestResult]) -> Summary {
    let number = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
    Summary {
        passed: number(Outcome::Passed) + number(Outcome::Flaky),
        flaky: number(Outcome::Flaky),
        failed: number(Outcome::Failed),
        cancelled: number(Outcome::Cancelled),
        skipped: number(Outcome::Skipped),
        invalid: number(Outcome::Invalid),
        leaked: results.iter().map(|result| result.leaks.len()).sum(),
        tests_duration_ms: results.iter().map(|result| result.duration_ms).sum(),
        ..Summary::default()
    }
}

fn exit_code(summary: &Summary) -> i32 {
    let selected = summary.passed + summary.failed + summary.cancelled + summary.skipped + summary.invalid;
    let bad = summary.failed + summary.cancelled + summary.invalid + summary.broken_files;
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
    use std::sync::Arc;

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
        assert_eq!(code(|s| (s.passed, s.broken_files) = (1, 1)), 1);
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

    #[tokio::test]
    async fn a_run_ends_although_its_tests_are_never_started() {
        let output = crate::report::Output {
            writer: Some(Box::new(std::io::sink())),
            ..Default::default()
        };
        let reporter = Reporter::new(output, Arc::default()).expect("a thread");
        let request = crate::request::RunRequest {
            program: Arc::default(),
            tests: Vec::new(),
            broken_files: 0,
            settings: relux_model::manifest::parse_manifest("").run_settings("/nonexistent"),
            options: crate::request::RunOptions::default(),
            host_env: Vec::new(),
            relux_exe: "/usr/bin/relux".into(),
        };
        let ctx = Arc::new(crate::run::unwritten_context(request));
        let mut dispatcher = Dispatcher::new(&ctx, reporter, None, Strategy::All, 3);
        let (_messages, inbox) = mpsc::unbounded_channel();
        let spawner = Spawner {
            started: Arc::default(),
            task: tokio::spawn(async { panic!("a bug") }),
        };
        dispatcher.work(inbox, spawner, Duration::from_secs(1000)).await;
        let error = dispatcher.errors.first().expect("told");
        assert!(
            error.contains("3 tests did not run") && error.contains("a bug"),
            "{error}"
        );
    }
}
