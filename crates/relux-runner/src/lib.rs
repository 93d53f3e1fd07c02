//! Shells, effects and the scheduler that runs plans.
//!
//! Invariant: this crate executes [`relux_model::plan`]s and never looks at syntax. When [`run`] returns, every process
//! that its tests started has ended, and everything that ran has a result on disk.

mod attempt;
mod capacity;
mod cleanup;
mod clock;
mod control;
mod dispatcher;
mod effects;
mod env;
pub mod event;
mod journal;
mod keys;
mod leaks;
mod markers;
mod names;
mod output;
mod ports;
mod report;
mod request;
mod run;
mod secrets;
mod shell;
mod signals;
mod status;
mod store;
mod supervisor;
mod sys;
mod trace;
mod unit;
mod verdicts;
mod vm;

pub use event::RunReport;
pub use journal::EVENTS_FILE;
pub use output::SUMMARY_FILE;
pub use report::{Color, Format, Output, Progress};
pub use request::{RunError, RunOptions, RunRequest, Strategy};
pub use store::{Outstanding, outstanding};
pub use supervisor::{Cleaned, Process, clean, supervise};
pub use verdicts::{Verdict, VerdictRequest, verdicts};

/// A place of a plan as events tell it.
pub fn place(program: &relux_model::plan::Program, loc: relux_model::plan::Loc) -> event::Place {
    vm::place(program, loc)
}

/// Runs tests on a runtime of its own and blocks until everything is over. Reports go where
/// [`RunOptions::output`] says; the first signal cancels, the second kills, the third exits the process.
pub fn run(request: RunRequest) -> Result<RunReport, RunError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Enough for the deepest calls; unused memory costs nothing.
        .thread_stack_size(8 << 20)
        .build()
        .map_err(RunError::Runtime)?;
    // On a thread of the runtime, so that the tests need not wake another one to be heard.
    let run = runtime.spawn(run::run(request));
    runtime
        .block_on(run)
        .unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(RunError::Runtime(error.into())),
        })
}
