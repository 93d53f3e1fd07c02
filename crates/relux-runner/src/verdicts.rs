//! What the markers of tests decide here and now, for lists. The same code decides in a run.
//!
//! Starts no shells and writes no files. Conditions may call functions, so each test has a limit.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use relux_model::plan::{Program, RunSettings, TestPlan};

use crate::attempt::{Attempt, AttemptSpec, marker_env};
use crate::control::{Control, Stop};
use crate::env::Env;
use crate::event::Failure;
use crate::markers::{Decision, decide};
use crate::ports::TestPorts;
use crate::request::{RunError, RunOptions, RunRequest};
use crate::run::{RunCtx, unwritten_context};
use crate::vm::Halt;

/// How long the markers of one test may take.
const TEST_LIMIT: Duration = Duration::from_secs(2);

/// How long all of them may take together.
const TOTAL_LIMIT: Duration = Duration::from_secs(30);

/// What a run would begin with.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// The test runs.
    Run,
    /// It runs, and is tried again where it fails.
    Flaky,
    /// It is skipped, for this reason.
    Skip(String),
    /// Its markers cannot be evaluated, so that it fails.
    Fails(Box<Failure>),
}

/// Tests whose verdicts are wanted.
pub struct VerdictRequest {
    /// What the plans share.
    pub program: Arc<Program>,
    /// The tests.
    pub plans: Vec<Arc<TestPlan>>,
    /// From `Relux.toml`.
    pub settings: RunSettings,
    /// As in [`RunRequest::host_env`].
    pub host_env: Vec<(OsString, OsString)>,
}

/// The verdict of each test, in order.
pub fn verdicts(request: VerdictRequest) -> Result<Vec<Verdict>, RunError> {
    // The second worker keeps the clock running while a condition computes.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(RunError::Runtime)?;
    let plans = request.plans;
    let ctx = Arc::new(unwritten_context(RunRequest {
        program: request.program,
        tests: Vec::new(),
        broken_files: 0,
        settings: request.settings,
        options: RunOptions::default(),
        host_env: request.host_env,
        relux_exe: PathBuf::new(),
    }));
    let decided = runtime.block_on(all(&ctx, plans));
    runtime.shutdown_background();
    Ok(decided)
}

async fn all(ctx: &Arc<RunCtx>, plans: Vec<Arc<TestPlan>>) -> Vec<Verdict> {
    let end = tokio::time::Instant::now() + TOTAL_LIMIT;
    let mut verdicts = Vec::with_capacity(plans.len());
    for (index, plan) in plans.into_iter().enumerate() {
        verdicts.push(if plan.markers.is_empty() {
            Verdict::Run
        } else {
            let limit = TEST_LIMIT.min(end.saturating_duration_since(tokio::time::Instant::now()));
            one(ctx, index, plan, limit).await
        });
    }
    verdicts
}

async fn one(ctx: &Arc<RunCtx>, index: usize, plan: Arc<TestPlan>, limit: Duration) -> Verdict {
    let env = Env::new(marker_env(ctx, &plan));
    let spec = AttemptSpec {
        plan: Arc::clone(&plan),
        index,
        number: 0,
        factor: 1.0,
        dir: PathBuf::new(),
        ports: TestPorts::new(&ctx.ports, &plan.id),
    };
    let attempt = Attempt::new(ctx, spec);
    let control = Control::new();
    let task = {
        let control = control.clone();
        tokio::spawn(async move { decide(&attempt, &plan, env, &control).await })
    };
    tokio::pin!(task);
    let decision = tokio::select! {
        decision = &mut task => decision,
        () = tokio::time::sleep(limit) => {
            control.stop(Stop::TestTimeout(limit));
            task.abort();
            return late();
        }
    };
    match decision {
        Ok(Ok(Decision::Run { flaky: false })) => Verdict::Run,
        Ok(Ok(Decision::Run { flaky: true })) => Verdict::Flaky,
        Ok(Ok(Decision::Skip(reason))) => Verdict::Skip(reason),
        Ok(Err(Halt::Failed(failure))) => Verdict::Fails(Box::new((*failure).clone())),
        Ok(Err(Halt::Cancelled(reason))) => internal(reason.to_string()),
        Err(error) => internal(format!("the runner failed: {error}")),
    }
}

fn late() -> Verdict {
    internal("it takes too long to evaluate the markers".to_owned())
}

fn internal(message: String) -> Verdict {
    Verdict::Fails(Box::new(Failure::internal(message)))
}
