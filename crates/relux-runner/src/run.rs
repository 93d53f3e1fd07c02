//! A run from its request to its report: what its tests share, and the tasks in which they run.
//!
//! What is decided while they run is the dispatcher's business.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use relux_model::plan::{Jobs, Program, RunSettings, TestEntry};
use relux_model::reports::ReportFormat;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::capacity::{Capacity, Needs};
use crate::dispatcher::Dispatcher;
use crate::env::HostEnv;
use crate::event::{Event, RunReport, RunStop, TestResult};
use crate::names;
use crate::output::{RunDir, RunFacts, test_dirs};
use crate::ports::Ports;
use crate::report::Reporter;
use crate::request::{RunError, RunRequest};
use crate::secrets::Secrets;
use crate::shell::{Leaked, PatternCache, note_bystanders, sweep_run};
use crate::signals::Signals;
use crate::status::Board;
use crate::store::Store;
use crate::unit::Unit;
use crate::{supervisor, sys};

/// What all tests of a run share.
pub(crate) struct RunCtx {
    pub(crate) program: Arc<Program>,
    pub(crate) settings: RunSettings,
    pub(crate) run_id: String,
    /// `<boot>/<run>`: in front of the marks of its processes.
    pub(crate) scope: String,
    pub(crate) dir: RunDir,
    pub(crate) host_env: HostEnv,
    pub(crate) inputrc: String,
    pub(crate) relux_exe: PathBuf,
    pub(crate) multiplier: f64,
    pub(crate) match_timeout: Duration,
    pub(crate) test_timeout: Duration,
    pub(crate) flaky_retries: u32,
    pub(crate) patterns: PatternCache,
    /// What runs at this moment, and the clock.
    pub(crate) board: Arc<Board>,
    pub(crate) ports: Arc<Ports>,
    pub(crate) capacity: Arc<Capacity>,
    pub(crate) wants_progress: bool,
    /// This process runs one test after the other and nothing else: what is left without a mark is the last one's.
    pub(crate) one_by_one: bool,
    /// Bytes of output per read at most, if it matters.
    pub(crate) read_size: Option<usize>,
    pub(crate) secrets: Secrets,
    /// Whether tests that do not simply pass get a page.
    pub(crate) pages: bool,
    /// When the run did.
    pub(crate) began: Instant,
    notes: Mutex<Notes>,
    messages: mpsc::UnboundedSender<Message>,
}

/// What is to be said about the run as a whole.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// Makes the run fail.
    pub(crate) errors: Vec<String>,
    /// Changes nothing.
    pub(crate) warnings: Vec<String>,
    /// Processes that outlived tests of which nobody can tell which.
    pub(crate) leaked: usize,
}

impl Notes {
    /// Processes that outlived tests of which nobody can tell which.
    fn take_leaks(&mut self, leaks: &[Leaked], fail: bool) {
        self.leaked = leaks.len();
        let told = leaks.iter().map(|leak| {
            let (pid, command) = (leak.pid, &leak.command);
            format!("process {pid} (`{command}`) outlived its test, and which one that was cannot be told")
        });
        if fail {
            self.errors.extend(told);
        } else {
            self.warnings.extend(told);
        }
    }
}

impl RunCtx {
    /// Tells the dispatcher. It listens until all tests are finished.
    pub(crate) fn tell(&self, message: Message) {
        let _ = self.messages.send(message);
    }

    /// Notes something that makes the run fail without being the fault of a test.
    pub(crate) fn note_error(&self, error: String) {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .errors
            .push(error);
    }

    /// Notes what is worth knowing about the run.
    pub(crate) fn note_warnings(&self, warnings: impl IntoIterator<Item = String>) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.warnings.extend(warnings);
    }

    fn take_notes(&self) -> Notes {
        let mut notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        notes.warnings.extend(self.ports.trouble());
        notes
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
    note_bystanders();
    sys::mark_inherited_descriptors_close_on_exec();
    // Without signal handlers a run is still a run.
    let mut signals = Signals::listen().ok();
    let began = Instant::now();
    let started_at = Timestamp::now();
    let output = std::mem::take(&mut request.options.output);
    if let Some(signals) = signals.as_mut().filter(|_| output.is_for_program()) {
        signals.also_for_reader();
    }
    let reporter = Reporter::new(output, Arc::clone(&request.program)).map_err(RunError::Runtime)?;
    let tests = std::mem::take(&mut request.tests);
    let count = tests.len();
    let strategy = request.options.strategy;
    let broken_files = request.broken_files;
    let jobs = jobs(request.options.jobs.unwrap_or(request.settings.jobs), count);
    let mut reports = request.settings.reports.write.clone();
    reports.append(&mut request.options.reports);
    let suite_timeout = request
        .options
        .suite_timeout
        .unwrap_or(request.settings.suite_timeout);
    let (messages, inbox) = mpsc::unbounded_channel();
    let mut ctx = context(request, started_at, reporter.wants_progress(), messages)?;
    ctx.one_by_one = jobs == 1 && supervisor::is_supervised(&ctx.run_id);
    let ctx = Arc::new(ctx);
    let supervised = supervisor::begin(&ctx.run_id, &ctx.scope);
    if let Some(signals) = &mut signals {
        signals.also_from(supervised.signals);
    }
    ctx.note_warnings(supervised.trouble);
    let mut dispatcher = Dispatcher::new(&ctx, reporter, signals, strategy, count);
    dispatcher.tell(run_started(&ctx, started_at, count, jobs));
    if let Err(error) = ctx.dir.write_selected(&tests) {
        ctx.note_error(format!("cannot write down which tests were selected: {error}"));
    }
    ACTIVE.fetch_add(1, Ordering::SeqCst);
    let spawner = spawn_all(&ctx, tests, jobs);
    let limit = suite_timeout.as_secs_f64() * ctx.multiplier;
    let limit = Duration::try_from_secs_f64(limit).unwrap_or(Duration::MAX);
    dispatcher.work(inbox, spawner, limit).await;
    if let Ok(left) = dispatcher.attend(prune(&ctx, started_at)).await {
        ctx.note_warnings(left);
    }
    let alone = ACTIVE.load(Ordering::SeqCst) == 1;
    let left = dispatcher.attend(sweep_run(&ctx.scope, alone)).await;
    ACTIVE.fetch_sub(1, Ordering::SeqCst);
    supervisor::end(&ctx.run_id);
    let facts = RunFacts {
        run_id: &ctx.run_id,
        suite: &ctx.settings.suite_name,
        root: &ctx.settings.root,
        started_at,
        jobs,
    };
    let survivors = left.survivors.iter();
    let survivors = survivors.map(|survivor| format!("{survivor} outlived the run"));
    let mut notes = ctx.take_notes();
    notes.errors.extend(survivors);
    notes.take_leaks(&left.leaks, ctx.settings.leaks_fail);
    // The order in which tests end must not show.
    notes.errors.sort();
    Ok(dispatcher
        .conclude(&ctx, &facts, &reports, broken_files, notes, began)
        .await)
}

/// Removes old runs. Not before the tests are over: for some seconds after files were removed, ext4 takes several times as
/// long to make new ones.
fn prune(ctx: &RunCtx, now: Timestamp) -> JoinHandle<Vec<String>> {
    let store = Store::of(ctx.settings.root.as_ref());
    let (settings, current) = (ctx.settings.store.clone(), ctx.dir.name());
    tokio::task::spawn_blocking(move || store.prune(&settings, &current, now))
}

fn run_started(ctx: &RunCtx, now: Timestamp, tests: usize, jobs: usize) -> Event {
    Event::RunStarted {
        version: crate::event::VERSION,
        run_id: ctx.run_id.clone(),
        suite: ctx.settings.suite_name.clone(),
        started_at: now.to_string(),
        root: ctx.settings.root.clone(),
        run_dir: ctx.dir.path().to_string_lossy().into_owned(),
        tests,
        jobs,
    }
}

/// What the tests share; makes the directory of the run.
fn context(
    request: RunRequest,
    now: Timestamp,
    wants_progress: bool,
    messages: mpsc::UnboundedSender<Message>,
) -> Result<RunCtx, RunError> {
    let multiplier = request.options.multiplier.unwrap_or(1.0);
    if !(multiplier.is_finite() && multiplier > 0.0) {
        return Err(RunError::Multiplier(multiplier));
    }
    let run_id = supervisor::take_run_id().unwrap_or_else(names::run_id);
    let dir = RunDir::create(request.settings.root.as_ref(), &run_id, now)?;
    let mut errors = Vec::new();
    let trouble = |error: std::io::Error| format!("cannot write down which runs there are: {error}");
    let store = Store::of(request.settings.root.as_ref());
    // A run that begins at the same moment has its turn before or after, with the link as with the order.
    let entered = store.register(&dir.name(), || dir.point_latest().err());
    let warnings = match entered {
        Ok(warning) => warning,
        Err(error) => {
            errors.push(trouble(error));
            dir.point_latest().err()
        }
    };
    let mut ctx = context_in(dir, run_id, request, messages);
    ctx.multiplier = multiplier;
    ctx.wants_progress = wants_progress;
    ctx.notes = Mutex::new(Notes {
        errors,
        warnings: warnings.into_iter().collect(),
        ..Notes::default()
    });
    Ok(ctx)
}

/// The same for what only asks: nothing is written, nobody listens.
pub(crate) fn unwritten_context(request: RunRequest) -> RunCtx {
    let (messages, _) = mpsc::unbounded_channel();
    let run_id = names::run_id();
    let dir = RunDir::unwritten(request.settings.root.as_ref(), &run_id);
    context_in(dir, run_id, request, messages)
}

fn context_in(
    dir: RunDir,
    run_id: String,
    request: RunRequest,
    messages: mpsc::UnboundedSender<Message>,
) -> RunCtx {
    let (options, settings) = (request.options, request.settings);
    let host_env = HostEnv::new(request.host_env);
    let secrets = Secrets::new(settings.reports.mask.clone());
    for (name, value) in &host_env.text {
        secrets.learn(name, value);
    }
    let mut reports = settings.reports.write.iter().chain(&options.reports);
    RunCtx {
        secrets,
        pages: reports.any(|report| report.format == ReportFormat::Html),
        program: request.program,
        host_env,
        inputrc: dir.inputrc().to_string_lossy().into_owned(),
        relux_exe: request.relux_exe,
        multiplier: 1.0,
        match_timeout: options.match_timeout.unwrap_or(settings.match_timeout),
        test_timeout: options.test_timeout.unwrap_or(settings.test_timeout),
        flaky_retries: options.flaky_retries.unwrap_or(settings.flaky_retries),
        patterns: PatternCache::default(),
        ports: Ports::new(
            settings.port_range,
            format!(
                "process {}, run {run_id} of {}",
                std::process::id(),
                settings.root
            ),
        ),
        capacity: Arc::new(Capacity::new(sys::shell_limit())),
        board: Arc::default(),
        wants_progress: false,
        one_by_one: false,
        read_size: options.read_size,
        began: Instant::now(),
        notes: Mutex::default(),
        messages,
        scope: format!("{}/{run_id}", sys::boot()),
        run_id,
        dir,
        settings,
    }
}

fn jobs(wanted: Jobs, tests: usize) -> usize {
    let wanted = match wanted {
        Jobs::Count(count) => count,
        Jobs::NumCpus => std::thread::available_parallelism().map_or(1, usize::from),
        Jobs::All => tests,
    };
    wanted.min(tests).clamp(1, sys::shell_limit())
}

/// The task that starts the tests.
pub(crate) struct Spawner {
    /// How many it has started.
    pub(crate) started: Arc<AtomicUsize>,
    pub(crate) task: JoinHandle<()>,
}

/// Starts a task per test, as many at once as there are jobs, in declaration order.
fn spawn_all(ctx: &Arc<RunCtx>, tests: Vec<TestEntry>, jobs: usize) -> Spawner {
    let ctx = Arc::clone(ctx);
    let started = Arc::new(AtomicUsize::new(0));
    let number = Arc::clone(&started);
    let task = tokio::spawn(async move {
        let dirs = test_dirs(&tests);
        let slots = Arc::new(Semaphore::new(jobs));
        let program = Arc::clone(&ctx.program);
        let mut needs = Needs::new(&program);
        for (index, (entry, dir)) in tests.into_iter().zip(dirs).enumerate() {
            // The semaphore is never closed.
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                return;
            };
            let Some(room) = ctx.capacity.admit(needs.of(&entry)).await else {
                return;
            };
            let unit = Unit::new(&ctx, index, entry, dir);
            let ctx = Arc::clone(&ctx);
            tokio::spawn(async move {
                let result = unit.run().await;
                ctx.tell(Message::Finished { index, result });
                drop((slot, room));
            });
            number.fetch_add(1, Ordering::SeqCst);
        }
    });
    Spawner { started, task }
}
