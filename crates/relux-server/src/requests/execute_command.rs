//! `workspace/executeCommand`: starting and cancelling test runs. Answered by the state thread, which knows what is
//! open and what runs; the answer comes at once, the results follow as notifications.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{ExecuteCommandParams, Uri};

use crate::reply::Answer;
use crate::state::State;

/// Runs tests of one file: `[{"uri": …, "test": name}]`, or `tests` with several names, or all of them without names.
/// Answers `{"run": id}`.
pub(crate) const RUN_TESTS: &str = "relux.runTests";
/// Cancels a run, `[{"run": id}]`, or all of them without arguments. Answers `{"cancelled": number}`.
pub(crate) const CANCEL_RUN: &str = "relux.cancelRun";

/// All commands, for the capabilities.
pub(crate) const COMMANDS: [&str; 2] = [RUN_TESTS, CANCEL_RUN];

/// The argument of [`RUN_TESTS`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RunTests {
    /// The file.
    pub(crate) uri: Uri,
    /// Name of a test as written in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) test: Option<String>,
    /// Names of more tests; all tests of the file if there is no name at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tests: Vec<String>,
}

#[derive(Deserialize)]
struct CancelRun {
    run: String,
}

/// Carries the command out as far as that takes no time, and answers.
pub(crate) fn execute(state: &mut State, params: ExecuteCommandParams) -> Answer {
    let mut arguments = params.arguments.into_iter();
    let first = arguments.next();
    match params.command.as_str() {
        RUN_TESTS => {
            let wanted: RunTests = argument(first.unwrap_or_default())?;
            let run = state.start_run(wanted, params.work_done_progress_params.work_done_token)?;
            Ok(json!({ "run": run }))
        }
        CANCEL_RUN => {
            let run = first.map(argument::<CancelRun>).transpose()?.map(|it| it.run);
            Ok(json!({ "cancelled": state.runs.cancel(run.as_deref()) }))
        }
        other => Err(Error::invalid_params(format!("there is no command `{other}`"))),
    }
}

fn argument<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| Error::invalid_params(error.to_string()))
}
