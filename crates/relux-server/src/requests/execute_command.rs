//! `workspace/executeCommand`: starting and cancelling test runs, and the effect graph. Runs are answered by the state
//! thread, which knows what is open and what runs; the answer comes at once, the results follow as notifications.

use relux_ide::Cancellable;
use relux_ide::effect_graph::Picture;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{ExecuteCommandParams, Uri};

use crate::reply::Answer;
use crate::requests::rename::refused;
use crate::requests::status;
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::uri::path_of;

/// Runs tests of a file, or of the suite or directory that `uri` names: those of `test`, `tests` and `ids`, or all of
/// them without names and ids. Answers `{"run": id}`.
pub(crate) const RUN_TESTS: &str = "relux.runTests";
/// Cancels a run, `[{"run": id}]`, or all of them without arguments. Answers `{"cancelled": number}`.
pub(crate) const CANCEL_RUN: &str = "relux.cancelRun";

/// The effect graph of a file's suite, `[{"uri": …}]`, or of one of its tests or effects, `"name": …`; `"format"` is
/// `"mermaid"` or `"dot"`. Answers `{"format": …, "text": …}`.
pub(crate) const SHOW_EFFECT_GRAPH: &str = "relux.showEffectGraph";

/// How the server is doing, as `relux/status`.
pub(crate) const STATUS: &str = "relux.status";

/// All commands, for the capabilities.
pub(crate) const COMMANDS: [&str; 4] = [RUN_TESTS, CANCEL_RUN, SHOW_EFFECT_GRAPH, STATUS];

/// The argument of [`RUN_TESTS`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RunTests {
    /// The file, the root of a suite, or another directory.
    pub(crate) uri: Uri,
    /// Name of a test as written in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) test: Option<String>,
    /// Names of more tests; all tests of the file if there is no name at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tests: Vec<String>,
    /// Ids of tests, as `relux/tests` gives them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ids: Vec<String>,
    /// How many tests run at once; otherwise as the manifest has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jobs: Option<Jobs>,
    /// No message about the result, because the client shows it in its own way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) quiet: bool,
}

/// A number of jobs, as `relux run -j` takes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Value", untagged)]
pub(crate) enum Jobs {
    /// That many.
    Number(std::num::NonZero<u16>),
    /// A number that the machine or the suite decides.
    Named(JobsName),
}

/// The names that stand for a number of jobs.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum JobsName {
    /// One job per processor.
    NumCpus,
    /// All tests at once.
    All,
}

impl TryFrom<Value> for Jobs {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let number = value.as_u64().and_then(|it| u16::try_from(it).ok());
        match value.as_str() {
            Some("num-cpus") => Ok(Self::Named(JobsName::NumCpus)),
            Some("all") => Ok(Self::Named(JobsName::All)),
            _ => number
                .and_then(std::num::NonZero::new)
                .map(Self::Number)
                .ok_or_else(|| {
                    format!("`jobs` is {value}, but should be a number from 1 on, \"num-cpus\" or \"all\"")
                }),
        }
    }
}

impl std::fmt::Display for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Named(JobsName::NumCpus) => f.write_str("num-cpus"),
            Self::Named(JobsName::All) => f.write_str("all"),
        }
    }
}

#[derive(Deserialize)]
struct CancelRun {
    run: String,
}

/// What [`SHOW_EFFECT_GRAPH`] is asked for.
#[derive(Deserialize)]
struct ShowEffectGraph {
    uri: Uri,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Mermaid,
    Dot,
}

/// Whether a command changes nothing, and is therefore answered like any other question.
pub(crate) fn only_reads(params: &ExecuteCommandParams) -> bool {
    [SHOW_EFFECT_GRAPH, STATUS].contains(&params.command.as_str())
}

/// The answer to a command that only reads.
pub(crate) fn answer(snapshot: &Snapshot, params: &ExecuteCommandParams) -> Cancellable<Answer> {
    if params.command == STATUS {
        return Ok(status::answer(snapshot, &Value::Null)?.ok_or_else(Error::internal_error));
    }
    let first = params.arguments.first().cloned().unwrap_or_default();
    let wanted: ShowEffectGraph = match argument(first) {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Err(error)),
    };
    let form = match wanted.format {
        Format::Mermaid => Picture::Mermaid,
        Format::Dot => Picture::Dot,
    };
    let path = path_of(&wanted.uri);
    let graph = snapshot
        .analysis
        .effect_graph(&path, wanted.name.as_deref(), form)?;
    Ok(graph
        .map(|text| json!({ "format": wanted.format, "text": text }))
        .map_err(refused))
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
