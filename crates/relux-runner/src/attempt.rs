//! One attempt at one test: its environment, directory, shells, effects and verdict.
//!
//! Whatever happens in it, its end is the same: fail patterns are disarmed, the test's shells end, its cleanup runs,
//! effects end in reverse order, and nothing that it started lives on.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use relux_model::plan::{TestPlan, Timeout, TimeoutKind};

use crate::cleanup::{end_effects, end_scope};
use crate::clock::FOREVER;
use crate::control::{Control, Stop};
use crate::effects::{Registry, Starter};
use crate::env::Env;
use crate::event::{Event, Failure, FailureKind, Leak, Step};
use crate::leaks;
use crate::names::mnemonic;
use crate::output::{bounded_name, fresh_log};
use crate::ports::{TestPorts, name_holders};
use crate::run::{Message, RunCtx};
use crate::shell::{
    LostLog, Reached, Shell, ShellLog, StartError, StartSpec, Survivor, start, sweep_attempt,
};
use crate::status::Progress;
use crate::trace::Trace;
use crate::vm::{Halt, Scope, Vm, shortened, stack_entry};

/// Characters of what was sent or matched that the test's log shows; the shells' logs have all.
const LOGGED_CHARS: usize = 500;

/// An attempt in progress.
pub(crate) struct Attempt {
    /// The run it is part of.
    pub(crate) run: Arc<RunCtx>,
    plan: Arc<TestPlan>,
    /// Position among the tests of the run.
    index: usize,
    /// `-m` times the factor of retries.
    factor: f64,
    base: Env,
    number: u32,
    /// What it does at this moment.
    pub(crate) progress: Progress,
    dir: PathBuf,
    /// `<boot>/<run>/<test>.<attempt>`: in front of the marks of its processes.
    mark: String,
    log: Mutex<Option<File>>,
    /// Why logs of this attempt are incomplete, if they are.
    lost_log: LostLog,
    began: Instant,
    shells: AtomicU32,
    /// What `available_port` has given to the test.
    pub(crate) ports: Arc<TestPorts>,
    /// Its effect instances.
    pub(crate) effects: Registry,
    warnings: Mutex<Vec<Failure>>,
    /// What it does.
    pub(crate) trace: Trace,
    /// Processes that outlived its shells.
    pub(crate) leaks: Mutex<Vec<Leak>>,
}

impl std::fmt::Debug for Attempt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attempt")
            .field("mark", &self.mark)
            .finish_non_exhaustive()
    }
}

/// The verdict of an attempt.
pub(crate) struct Verdict {
    /// `Ok` if everything held.
    pub(crate) result: Result<(), Halt>,
    /// What went wrong without changing it.
    pub(crate) warnings: Vec<Failure>,
    /// Processes that had to be killed, which is a failure if the settings say so.
    pub(crate) leaks: Vec<Leak>,
}

/// Which attempt at which test.
pub(crate) struct AttemptSpec {
    /// The test.
    pub(crate) plan: Arc<TestPlan>,
    /// Position among the tests of the run.
    pub(crate) index: usize,
    /// Counted from 1.
    pub(crate) number: u32,
    /// Of retries; 1 at first.
    pub(crate) factor: f64,
    /// Its directory, which exists.
    pub(crate) dir: PathBuf,
    /// Those of the test, which outlive its attempts.
    pub(crate) ports: Arc<TestPorts>,
}

impl Attempt {
    /// Prepares an attempt.
    pub(crate) fn new(run: &Arc<RunCtx>, spec: AttemptSpec) -> Arc<Self> {
        let base = base_env(run, &spec.plan, &spec.dir);
        for (name, value) in &*spec.plan.dot_env {
            run.secrets.learn(name, value);
        }
        // Markers are evaluated before there is a directory.
        let log = spec.dir.is_absolute().then(|| spec.dir.join("test.log"));
        let log = log.map(|path| OpenOptions::new().create(true).append(true).open(path));
        let lost_log = Arc::new(OnceLock::new());
        let log = log.and_then(|log| note_lost(&lost_log, log));
        Arc::new(Self {
            lost_log,
            run: Arc::clone(run),
            factor: run.multiplier * spec.factor,
            base: Env::new(base),
            mark: format!("{}/{}.{}", run.scope, spec.index, spec.number),
            number: spec.number,
            progress: Progress::new(run.board.clock.now()),
            dir: spec.dir,
            index: spec.index,
            plan: spec.plan,
            log: Mutex::new(log),
            began: Instant::now(),
            shells: AtomicU32::new(0),
            ports: spec.ports,
            effects: Registry::default(),
            warnings: Mutex::default(),
            trace: Trace::new(),
            leaks: Mutex::default(),
        })
    }

    /// Id of the test.
    pub(crate) fn id(&self) -> &str {
        &self.plan.id
    }

    /// Position of the test in the run.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Which attempt at the test; counted from 1.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// How long something may take with all factors.
    pub(crate) fn scaled(&self, timeout: Timeout) -> Duration {
        match timeout.kind {
            TimeoutKind::Assertion => timeout.duration,
            TimeoutKind::Tolerance => {
                Duration::try_from_secs_f64(timeout.duration.as_secs_f64() * self.factor)
                    .unwrap_or(Duration::MAX)
            }
        }
    }

    /// Tells what the test is doing.
    pub(crate) fn step(&self, step: Step, text: String) {
        if self.run.wants_progress {
            self.run.tell(Message::Event(Event::Progress {
                id: self.plan.id.clone(),
                step,
                text,
            }));
        }
    }

    /// The environment of the test.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        self.base.all().into_iter().collect()
    }

    /// Writes a line to the test's log.
    pub(crate) fn log_line(&self, shell: Option<&Arc<Shell>>, what: &str, text: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &mut *log {
            let shell = shell.map_or("-", |shell| shell.name.as_str());
            let at = self.began.elapsed();
            let line = format!(
                "[+{}.{:03}s] {shell} {what} {}\n",
                at.as_secs(),
                at.subsec_millis(),
                shortened(text, LOGGED_CHARS).escape_debug()
            );
            if self.noted(file.write_all(line.as_bytes())).is_none() {
                *log = None;
            }
        }
    }

    /// The value; an error is remembered as the reason why logs are incomplete.
    fn noted<T>(&self, result: io::Result<T>) -> Option<T> {
        note_lost(&self.lost_log, result)
    }

    /// Notes something that went wrong without changing the verdict.
    pub(crate) fn warn(&self, failure: Failure) {
        self.warnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(failure);
    }

    /// Notes a process that could not be ended, at the header of the test or effect that left it.
    pub(crate) fn warn_of(&self, survivor: &Survivor, scope: &Scope) {
        let mut failure = Failure::internal(format!("{survivor} was left running"));
        failure.kind = FailureKind::Runtime;
        failure.place = scope.origin.first().map(|entry| entry.place.clone());
        failure.stack.clone_from(&scope.origin);
        self.warn(failure);
    }

    /// Starts a process for a shell of this scope. Where the machine has no room for another one, other tests end first.
    pub(crate) async fn start_shell(
        &self,
        scope: &Scope,
        name: &str,
        patience: Duration,
    ) -> Result<Arc<Shell>, StartError> {
        let error = match self.try_start_shell(scope, name) {
            Err(error) if error.is_shortage() => error,
            other => return other,
        };
        let mut shortage = Err(error);
        let stuck = self.run.capacity.stuck(self.index, patience);
        while matches!(&shortage, Err(error) if error.is_shortage()) && stuck.relief().await {
            shortage = self.try_start_shell(scope, name);
        }
        shortage
    }

    fn try_start_shell(&self, scope: &Scope, name: &str) -> Result<Arc<Shell>, StartError> {
        let settings = &self.run.settings;
        let number = self.shells.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}/{number}", self.mark);
        let mut env = scope.env.all();
        let outer = &self.run.host_env.outer_scope;
        let scope_value = if outer.is_empty() {
            mark.clone()
        } else {
            format!("{outer} {mark}")
        };
        for (name, value) in [
            ("TERM", settings.term.as_str()),
            ("PS1", &settings.prompt),
            ("PS2", ""),
            ("PROMPT_COMMAND", ""),
            ("ENV", ""),
            // A shell that is hung up would add the test's commands to the user's history.
            ("HISTFILE", ""),
            ("INPUTRC", &self.run.inputrc),
            ("__RELUX_SCOPE", &scope_value),
        ] {
            env.insert(name.to_owned(), value.to_owned());
        }
        let shown = format!("{}{name}", scope.prefix);
        let log = self.noted(self.shell_log(&shown, number));
        let (log, path) = log.map_or((None, None), |(log, path)| (Some(log), Some(path)));
        let shell = start(StartSpec {
            name: name.to_owned(),
            command: settings.shell_command.clone(),
            env: self.run.host_env.restore(env),
            directory: PathBuf::from(&settings.root),
            scope: mark,
            settle: settings.settle,
            read_size: self.run.read_size,
            log,
            on_lost_log: Arc::clone(&self.lost_log),
        })?;
        if let Some(path) = path {
            self.trace.shell(shown, shell.pid, path);
        }
        Ok(shell)
    }

    fn shell_log(&self, name: &str, number: u32) -> io::Result<(ShellLog, PathBuf)> {
        let name: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || "._-".contains(c) {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        let (file, path) = fresh_log(&self.dir, &bounded_name(&name), number)?;
        Ok((ShellLog::new(file, path.clone()), path))
    }

    /// Runs the test and ends everything that it started. `stop` ends the body, `kill` also the cleanups.
    pub(crate) async fn run(self: Arc<Self>, stop: Control, kill: Control) -> Verdict {
        let header = stack_entry(
            &self.run.program,
            format!("test {:?}", self.plan.name),
            self.plan.loc,
        );
        let scope = Arc::new(Scope {
            env: self.base.clone(),
            origin: vec![header],
            ..Scope::default()
        });
        let limit = self.plan.timeout.unwrap_or(Timeout {
            kind: TimeoutKind::Tolerance,
            duration: self.run.test_timeout,
        });
        let limit = self.scaled(limit);
        let clock = &self.run.board.clock;
        let until = clock.now() + limit.min(FOREVER);
        self.progress.ends(Some(until));
        self.run.board.enter(&self);
        let (mut result, begun) = {
            let body = self.body(&scope, &stop);
            tokio::pin!(body);
            tokio::select! {
                done = &mut body => done,
                () = clock.sleep_until(until) => {
                    stop.stop(Stop::TestTimeout(limit));
                    body.await
                }
            }
        };
        self.progress.ends(None);
        // A part that failed behind the back of the body, like a fail pattern during its last statement, counts.
        if result.is_ok()
            && let Err(Stop::Failed(failure)) = stop.check()
        {
            result = Err(Halt::Failed(failure));
        }
        if let Err(Halt::Failed(failure)) = &mut result {
            self.name_port_holders(&scope, Arc::make_mut(failure));
        }
        let cleanup = self.plan.cleanup.as_ref().filter(|_| begun);
        end_scope(&self, &scope, cleanup, &kill).await;
        end_effects(&self, &kill).await;
        self.take_in(sweep_attempt(&self.mark, self.run.one_by_one).await, &scope);
        self.ports.attempt_over();
        if let Some(error) = self.lost_log.get() {
            let what = format!("the logs of {} are not complete: {error}", self.plan.id);
            self.run.note_error(what);
        }
        let mut warnings = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        if result.is_ok() && self.run.settings.cleanup_failure_fails && !warnings.is_empty() {
            result = Err(Halt::Failed(Arc::new(warnings.remove(0))));
        }
        let mut leaks = std::mem::take(&mut *self.leaks.lock().unwrap_or_else(PoisonError::into_inner));
        // Whose cleanup was cut short has not had its chance.
        if matches!(result, Err(Halt::Cancelled(_))) || kill.check().is_err() {
            leaks.clear();
        }
        if result.is_ok() && self.run.settings.leaks_fail && !leaks.is_empty() {
            let failure = leaks::failure(&leaks, scope.origin.first());
            result = Err(Halt::Failed(Arc::new(failure)));
        }
        Verdict {
            result,
            warnings,
            leaks,
        }
    }

    /// While its shells are still there: a service that found its port taken may have failed the test elsewhere.
    fn name_port_holders(&self, scope: &Scope, failure: &mut Failure) {
        let tails: Vec<String> = self
            .effects
            .shells()
            .iter()
            .chain(&*Scope::lock(&scope.shells))
            .map(|shell| shell.view().tail().text)
            .collect();
        name_holders(failure, &tails, &self.ports, &self.mark);
    }

    /// The test proper; also whether it got so far that its cleanup has to run.
    async fn body(self: &Arc<Self>, scope: &Arc<Scope>, control: &Control) -> (Result<(), Halt>, bool) {
        let mut vm = Vm::new(self, scope, control);
        if let Err(halt) = vm.preamble(&self.plan.preamble).await {
            return (Err(halt), false);
        }
        let starter = Starter {
            att: Arc::clone(self),
            scope: Arc::clone(scope),
            control: control.clone(),
            instance: None,
        };
        if let Err(halt) = starter.start_all(&self.plan.starts).await {
            return (Err(halt), true);
        }
        for block in &self.plan.blocks {
            if let Err(halt) = vm.block(block).await {
                return (Err(halt), true);
            }
        }
        if let Err(stop) = self.last_sends(scope, control).await {
            return (Err(vm.halted(stop, self.plan.loc)), true);
        }
        self.conclude_watches(scope).await;
        (Ok(()), true)
    }

    /// Waits until every shell has begun what was sent to it last.
    async fn last_sends(&self, scope: &Scope, control: &Control) -> Result<(), Stop> {
        let mut shells = self.effects.shells();
        shells.extend(Scope::lock(&scope.shells).iter().map(Arc::clone));
        for shell in shells {
            tokio::select! {
                () = shell.last_send(&self.run.settings.prompt, Reached::Begun) => {}
                stop = control.stopped() => return Err(stop),
            }
        }
        Ok(())
    }

    /// Fail patterns have the last word on everything that was printed so far, in every shell.
    async fn conclude_watches(&self, scope: &Scope) {
        let mut shells = self.effects.shells();
        shells.extend(Scope::lock(&scope.shells).iter().map(Arc::clone));
        for shell in shells {
            shell.conclude_watch().await;
        }
    }
}

fn note_lost<T>(lost: &LostLog, result: io::Result<T>) -> Option<T> {
    result.map_err(|error| lost.set(error.to_string())).ok()
}

/// The environment that every statement of the test sees, without overlays.
fn base_env(run: &RunCtx, plan: &TestPlan, dir: &Path) -> BTreeMap<String, String> {
    let mut env = marker_env(run, plan);
    let root = Path::new(&run.settings.root);
    let test_root = root.join(&plan.file);
    let test_root = test_root.parent().unwrap_or(root);
    let path = |path: &Path| path.to_string_lossy().into_owned();
    for (name, value) in [
        ("__RELUX", path(&run.relux_exe)),
        ("__RELUX_RUN_ID", run.run_id.clone()),
        ("__RELUX_RUN_ARTIFACTS", path(&run.dir.artifacts())),
        ("__RELUX_SHELL_PROMPT", run.settings.prompt.clone()),
        ("__RELUX_SUITE_ROOT", run.settings.root.clone()),
        ("__RELUX_TEST_ROOT", path(test_root)),
        ("__RELUX_TEST_ARTIFACTS", path(&dir.join("artifacts"))),
        ("__RELUX_TEST_ID", mnemonic(&plan.id)),
    ] {
        env.insert(name.to_owned(), value);
    }
    env
}

/// The environment that markers see: the host's under the `.env` stack.
pub(crate) fn marker_env(run: &RunCtx, plan: &TestPlan) -> BTreeMap<String, String> {
    let mut env = run.host_env.text.clone();
    let own = plan
        .dot_env
        .iter()
        .filter(|(name, _)| !name.starts_with("__RELUX"));
    env.extend(own.cloned());
    env
}

/// Makes the directory of an attempt, with an empty one for artifacts.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    // All but the first test of a file find the directory above.
    if fs::create_dir(dir).is_err() {
        fs::create_dir_all(dir)?;
    }
    fs::create_dir_all(dir.join("artifacts"))
}
