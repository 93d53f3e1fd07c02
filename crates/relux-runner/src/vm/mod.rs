//! The interpreter of plans: one `Vm` runs the statements of one test, effect or cleanup, one after the other.
//!
//! It holds what names mean at this point. Waiting, matching and reporting stand in the files beside; shells and
//! effects are other rooms.

mod builtins;
mod expr;
mod failure;
mod near_miss;
mod pure;
mod search;
mod stmt;
mod wait;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use relux_model::plan::{Loc, Piece, ShellBlock, ShellRef, Stmt, Text, Timeout};
use rustc_hash::FxHashMap;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::attempt::Attempt;
use crate::control::{Control, Stop};
use crate::effects::Instance;
use crate::env::Env;
use crate::event::{Failure, FailureKind, RunStop, StackEntry, Step};
use crate::shell::{Compiled, Shell};
use crate::status::{Slot, WaitsFor};
use crate::trace::StepId;

pub(crate) use failure::{output_tail, place, shortened, stack_entry, visible};

/// Why statements do not go on.
#[derive(Debug, Clone)]
pub(crate) enum Halt {
    /// Something did not hold.
    Failed(Arc<Failure>),
    /// The run ends.
    Cancelled(RunStop),
}

/// Variables by name.
pub(crate) type Vars = FxHashMap<String, String>;

/// A test or an effect instance while it lives: what its statements share.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// `Db.` for effects; goes in front of the names of logs.
    pub(crate) prefix: String,
    /// `let`s at its level.
    pub(crate) lets: Mutex<Vars>,
    /// Environment in force.
    pub(crate) env: Env,
    /// Instances by alias.
    pub(crate) aliases: Mutex<FxHashMap<String, Arc<Instance>>>,
    /// Own shells by name.
    pub(crate) sessions: Mutex<BTreeMap<String, SharedSession>>,
    /// All processes that were started for it, for its end.
    pub(crate) shells: Mutex<Vec<Arc<Shell>>>,
    /// Who started it, innermost first.
    pub(crate) origin: Vec<StackEntry>,
}

impl Scope {
    /// Locks one of the maps; a panic elsewhere leaves them usable.
    pub(crate) fn lock<T>(field: &Mutex<T>) -> MutexGuard<'_, T> {
        field.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A shell with its state; blocks of several owners take turns.
pub(crate) type SharedSession = Arc<tokio::sync::Mutex<Session>>;

/// The state of a shell that statements change.
#[derive(Debug)]
pub(crate) struct Session {
    /// The live shell.
    pub(crate) shell: Arc<Shell>,
    vars: Vars,
    captures: Vec<String>,
    timeout: Option<Timeout>,
    fail: Option<FailPattern>,
    /// Bytes sent since the last line feed.
    unfinished: usize,
    /// What no program prints by chance: stands around the status that the shell is asked for.
    mark: String,
}

impl Session {
    /// A fresh shell.
    pub(crate) fn new(shell: Arc<Shell>) -> Self {
        Self {
            shell,
            vars: Vars::default(),
            captures: Vec::new(),
            timeout: None,
            fail: None,
            unfinished: 0,
            mark: mark(),
        }
    }

    /// What changes when an effect hands its shell out: variables and captures go, the rest stays.
    pub(crate) fn hand_over(&mut self) {
        self.vars.clear();
        self.captures.clear();
    }
}

/// Six random letters.
fn mark() -> String {
    (0..6).map(|_| fastrand::lowercase()).collect()
}

/// A fail pattern that is set.
#[derive(Debug, Clone)]
struct FailPattern {
    pattern: Arc<Compiled>,
    /// The failure as it will be reported, but for the output.
    failure: Arc<Failure>,
    control: Control,
}

/// A function call in progress.
struct Frame {
    vars: Vars,
    env: Env,
    captures: Vec<String>,
    timeout: Option<Timeout>,
    /// What the call did to its caller's fail pattern.
    callers_fail: CallersFail,
}

/// The fail pattern that is to be set again when a call returns.
enum CallersFail {
    /// The call has not touched it.
    InForce,
    /// The call has set another one or none.
    Replaced(Option<FailPattern>),
}

/// The interpreter.
pub(crate) struct Vm {
    att: Arc<Attempt>,
    scope: Arc<Scope>,
    control: Control,
    session: Option<OwnedMutexGuard<Session>>,
    /// Captures outside of shells.
    captures: Vec<String>,
    frames: Vec<Frame>,
    /// What is being executed below the scope, outermost first.
    calls: Vec<StackEntry>,
    slot: Arc<Slot>,
    /// The statement under way.
    step: StepId,
}

impl Vm {
    /// An interpreter for statements of this scope.
    pub(crate) fn new(att: &Arc<Attempt>, scope: &Arc<Scope>, control: &Control) -> Self {
        Self {
            att: Arc::clone(att),
            scope: Arc::clone(scope),
            control: control.clone(),
            session: None,
            captures: Vec::new(),
            frames: Vec::new(),
            calls: Vec::new(),
            slot: att.progress.slot(),
            step: StepId::default(),
        }
    }

    /// Runs statements outside of shells.
    pub(crate) async fn preamble(&mut self, statements: &[Stmt]) -> Result<(), Halt> {
        self.body(statements).await.map(drop)
    }

    /// Runs a shell block.
    pub(crate) async fn block(&mut self, block: &ShellBlock) -> Result<(), Halt> {
        let step = self.begin_step(block.loc);
        let result = self.block_body(block).await;
        self.att.trace.end(step, result.is_ok().then_some(""));
        result
    }

    /// Notes that a statement begins.
    fn begin_step(&self, loc: Loc) -> StepId {
        let shell = self.shell().map(|shell| shell.pid);
        let depth = self.calls.len();
        self.att.trace.begin(loc, &self.scope.prefix, depth, shell)
    }

    async fn block_body(&mut self, block: &ShellBlock) -> Result<(), Halt> {
        let name = match &block.shell {
            ShellRef::Own(name) => name.clone(),
            ShellRef::Exposed { alias, name } => format!("{alias}.{name}"),
        };
        self.calls
            .push(stack_entry(self.program(), format!("shell {name}"), block.loc));
        self.att.step(Step::Shell, format!("shell {name}"));
        self.checked(block.loc)?;
        let session = match &block.shell {
            ShellRef::Own(name) => self.own_session(name, block.loc).await?,
            ShellRef::Exposed { alias, name } => self.exposed_session(alias, name, block.loc)?,
        };
        self.run_in(session, &block.body, block.loc).await?;
        self.calls.pop();
        Ok(())
    }

    /// Runs a cleanup block in a shell of its own.
    pub(crate) async fn cleanup(&mut self, body: &[Stmt], loc: Loc) -> Result<(), Halt> {
        self.calls
            .push(stack_entry(self.program(), "cleanup".to_owned(), loc));
        self.att.step(Step::Cleanup, "cleanup".to_owned());
        let session = self.own_session("cleanup block", loc).await?;
        self.run_in(session, body, loc).await
    }

    /// Text with its variables filled in.
    pub(crate) fn filled_in(&self, text: &Text) -> String {
        self.text(text)
    }

    /// A failure here.
    pub(crate) fn problem(&self, kind: FailureKind, message: String, loc: Loc) -> Halt {
        self.failed(kind, message, loc)
    }

    async fn run_in(&mut self, session: SharedSession, body: &[Stmt], loc: Loc) -> Result<(), Halt> {
        // Another effect may be using the shell at this moment; its turn ends by itself or with the test.
        let control = self.control.clone();
        self.waits(WaitsFor::Turn, None, loc);
        let guard = tokio::select! {
            guard = session.lock_owned() => guard,
            stop = control.stopped() => return Err(self.halted(stop, loc)),
        };
        self.session = Some(guard);
        let result = self.body(body).await;
        self.session = None;
        self.frames.clear();
        result.map(drop)
    }

    async fn own_session(&mut self, name: &str, loc: Loc) -> Result<SharedSession, Halt> {
        let existing = Scope::lock(&self.scope.sessions).get(name).map(Arc::clone);
        if let Some(session) = existing {
            return Ok(session);
        }
        let shell = self.start_shell(name, loc).await?;
        let session = Arc::new(tokio::sync::Mutex::new(Session::new(shell)));
        Scope::lock(&self.scope.sessions).insert(name.to_owned(), Arc::clone(&session));
        Ok(session)
    }

    fn exposed_session(&self, alias: &str, name: &str, loc: Loc) -> Result<SharedSession, Halt> {
        let instance = Scope::lock(&self.scope.aliases).get(alias).map(Arc::clone);
        instance
            .and_then(|instance| instance.exposed_shell(name))
            .ok_or_else(|| {
                let message = format!("`{alias}` exposes no shell `{name}`");
                self.failed(FailureKind::Runtime, message, loc)
            })
    }

    fn program(&self) -> &relux_model::plan::Program {
        &self.att.run.program
    }

    fn shell(&self) -> Option<&Arc<Shell>> {
        self.session.as_ref().map(|session| &session.shell)
    }

    /// Writes down for the status what it waits for, and until when at most.
    pub(crate) fn waits(&self, what: WaitsFor, until: Option<Instant>, loc: Loc) {
        let since = self.att.run.board.clock.now();
        self.slot.waits(what, loc, self.shell(), since, until);
    }

    /// Stops here if the test has to.
    fn checked(&self, loc: Loc) -> Result<(), Halt> {
        self.control.check().map_err(|stop| self.halted(stop, loc))
    }

    /// What it means here that the test has to stop.
    pub(crate) fn halted(&self, stop: Stop, loc: Loc) -> Halt {
        let took = |what: &str, limit| {
            let message = format!("{what} took longer than {}", humantime::format_duration(limit));
            self.failed(FailureKind::TestTimeout, message, loc)
        };
        match stop {
            Stop::Failed(failure) => Halt::Failed(failure),
            Stop::Cancelled(reason) => Halt::Cancelled(reason),
            Stop::TestTimeout(limit) => took("the test", limit),
            Stop::CleanupTimeout(limit) => took("the cleanup", limit),
        }
    }

    /// The value of a variable; unknown names are empty.
    fn var(&self, name: &str) -> String {
        if let Some(frame) = self.frames.last() {
            let value = frame.vars.get(name).map(String::as_str);
            return value
                .or_else(|| frame.env.get(name))
                .unwrap_or_default()
                .to_owned();
        }
        if let Some(value) = self.session.as_ref().and_then(|session| session.vars.get(name)) {
            return value.clone();
        }
        if let Some(value) = Scope::lock(&self.scope.lets).get(name) {
            return value.clone();
        }
        self.scope.env.get(name).unwrap_or_default().to_owned()
    }

    /// An exposed variable; functions do not see any.
    fn exposed_var(&self, alias: &str, name: &str) -> String {
        if !self.frames.is_empty() {
            return String::new();
        }
        let instance = Scope::lock(&self.scope.aliases).get(alias).map(Arc::clone);
        instance
            .and_then(|instance| instance.exposed_var(name))
            .unwrap_or_default()
    }

    fn captures_mut(&mut self) -> &mut Vec<String> {
        match (self.frames.last_mut(), &mut self.session) {
            (Some(frame), _) => &mut frame.captures,
            (None, Some(session)) => &mut session.captures,
            (None, None) => &mut self.captures,
        }
    }

    fn capture(&self, index: u32) -> String {
        let captures = match (self.frames.last(), &self.session) {
            (Some(frame), _) => &frame.captures,
            (None, Some(session)) => &session.captures,
            (None, None) => &self.captures,
        };
        captures.get(index as usize).cloned().unwrap_or_default()
    }

    fn text(&self, text: &Text) -> String {
        if let [Piece::Literal(only)] = text.pieces.as_slice() {
            return only.clone();
        }
        text.pieces.iter().fold(String::new(), |mut whole, piece| {
            match piece {
                Piece::Literal(literal) => whole.push_str(literal),
                Piece::Var(name) => whole.push_str(&self.var(name)),
                Piece::Exposed { alias, name } => whole.push_str(&self.exposed_var(alias, name)),
                Piece::Capture(index) => whole.push_str(&self.capture(*index)),
            }
            whole
        })
    }

    fn declare(&mut self, name: &str, value: String) {
        self.att.run.secrets.learn(name, &value);
        if let Some(frame) = self.frames.last_mut() {
            frame.vars.insert(name.to_owned(), value);
        } else if let Some(session) = &mut self.session {
            session.vars.insert(name.to_owned(), value);
        } else {
            Scope::lock(&self.scope.lets).insert(name.to_owned(), value);
        }
    }

    fn assign(&mut self, name: &str, value: String, loc: Loc) -> Result<(), Halt> {
        self.att.run.secrets.learn(name, &value);
        if let Some(frame) = self.frames.last_mut() {
            if let Some(slot) = frame.vars.get_mut(name) {
                *slot = value;
                return Ok(());
            }
        } else {
            if let Some(slot) = self
                .session
                .as_mut()
                .and_then(|session| session.vars.get_mut(name))
            {
                *slot = value;
                return Ok(());
            }
            if let Some(slot) = Scope::lock(&self.scope.lets).get_mut(name) {
                *slot = value;
                return Ok(());
            }
        }
        let env = self.frames.last().map_or(&self.scope.env, |frame| &frame.env);
        let message = if env.get(name).is_some() {
            format!("`{name}` is an environment variable and cannot be assigned; declare `let {name}` first")
        } else {
            format!("`{name}` is not declared here; declare it with `let {name}` first")
        };
        Err(self.failed(FailureKind::Runtime, message, loc))
    }
}
