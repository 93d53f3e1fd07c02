//! Test runs for editors: the server starts the bundled runner as a child and tells the client what happens.
//!
//! A client with no code of its own gets progress that can be cancelled, a message with the result, and the failure as
//! a diagnostic at its line. Clients that announce a test explorer also get `relux/testEvent`, see [`TestEvent`].

mod child;
mod events;
pub(crate) mod explorer;
mod failure;
mod progress;
mod report;
mod results;
mod state;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use camino::Utf8PathBuf;
use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};
use tower_lsp_server::ls_types::{DiagnosticRelatedInformation, Location, ProgressToken};

use crate::event::Queue;
use crate::outbox::Outbox;

pub(crate) use child::CLEAN_UP;
pub(crate) use results::{Results, TestResult};
pub(crate) use state::RunEvent;

/// What is to be run.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// Id of the run, as clients name it.
    pub(crate) run: String,
    /// Where the runner is started: the suite's root.
    pub(crate) root: Utf8PathBuf,
    /// The file or directory, as the client named it.
    pub(crate) target: Utf8PathBuf,
    /// Names or ids of tests; all if empty.
    pub(crate) tests: Vec<String>,
    /// How many run at once, as `-j` takes it; the manifest decides if there is none.
    pub(crate) jobs: Option<String>,
    /// The client shows the result in its own way.
    pub(crate) quiet: bool,
    /// The client wants [`TestEvent`]s.
    pub(crate) tells: bool,
    /// Progress of the client that the server is to use.
    pub(crate) token: Option<ProgressToken>,
    /// The client can show progress that the server starts.
    pub(crate) progress: bool,
}

/// What clients are told about a run, as parameters of `relux/testEvent`. Fields that say nothing are left out.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestEvent {
    /// Id of the run, as `relux.runTests` answered it.
    pub(crate) run: String,
    /// `started`, `testStarted`, `output`, `testFinished` or `finished`.
    pub(crate) kind: &'static str,
    /// The file of the test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) uri: Option<String>,
    /// The runner's id of the test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The test's name as written in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) test: Option<String>,
    /// `passed`, `failed`, `skipped`, `invalid` or `cancelled`; of a whole run `passed`, `failed` or `cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    /// Passed, but not at the first attempt.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) flaky: bool,
    /// Why, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// What the test does at the moment, a line or several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    /// How long it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration_ms: Option<u64>,
    /// Where it failed, in the text that the client has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<Location>,
    /// Other places, with what is to be seen there: what called what, innermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related: Vec<DiagnosticRelatedInformation>,
    /// The page about it that the runner wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) log: Option<String>,
}

impl TestEvent {
    fn of(order: &Order, kind: &'static str) -> Self {
        Self {
            run: order.run.clone(),
            kind,
            ..Self::default()
        }
    }

    fn into_json(self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The runs that are going on.
pub(crate) struct Runs {
    runtime: Handle,
    runner: PathBuf,
    queue: Queue,
    outbox: Outbox,
    going_on: FxHashMap<String, Running>,
    count: u64,
    alive: Tracker,
}

/// Knows how many runs have not ended yet, from any thread.
#[derive(Clone)]
pub(crate) struct Tracker(Arc<watch::Sender<usize>>);

impl Tracker {
    fn enter(&self) -> Alive {
        self.0.send_modify(|count| *count += 1);
        Alive(self.clone())
    }

    /// Waits until no run is left, but no longer than `limit`.
    pub(crate) async fn wait(&self, limit: Duration) {
        let mut count = self.0.subscribe();
        let _ = tokio::time::timeout(limit, count.wait_for(|count| *count == 0)).await;
    }
}

/// One run that has not ended.
struct Alive(Tracker);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

struct Running {
    token: ProgressToken,
    cancel: mpsc::Sender<()>,
}

impl Runs {
    /// No run yet. `runner` is the `relux` program.
    pub(crate) fn new(runtime: Handle, runner: PathBuf, queue: Queue, outbox: Outbox) -> Self {
        Self {
            runtime,
            runner,
            queue,
            outbox,
            going_on: FxHashMap::default(),
            count: 0,
            alive: Tracker(Arc::new(watch::Sender::new(0))),
        }
    }

    /// Where things wait for the client.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Tells when all runs are over.
    pub(crate) fn tracker(&self) -> Tracker {
        self.alive.clone()
    }

    /// The id of the next run.
    pub(crate) fn next_id(&mut self) -> String {
        self.count += 1;
        self.count.to_string()
    }

    /// Starts a run in the background.
    pub(crate) fn start(&mut self, order: Order) {
        let (cancel, cancelled) = mpsc::channel(1);
        let token = order
            .token
            .clone()
            .unwrap_or_else(|| ProgressToken::String(format!("relux/run/{}", order.run)));
        let running = Running {
            token: token.clone(),
            cancel,
        };
        self.going_on.insert(order.run.clone(), running);
        let shared = child::Shared {
            runner: self.runner.clone(),
            queue: self.queue.clone(),
            outbox: self.outbox.clone(),
        };
        let alive = self.alive.enter();
        self.runtime.spawn(async move {
            child::run(shared, order, token, cancelled).await;
            drop(alive);
        });
    }

    /// Asks a run, or all of them, to stop. Returns how many are going on.
    pub(crate) fn cancel(&mut self, run: Option<&str>) -> usize {
        let wanted = |id: &str| run.is_none_or(|run| run == id);
        let runs = self.going_on.iter().filter(|(id, _)| wanted(id));
        runs.map(|(_, running)| {
            // A full channel means that it was asked before.
            let _ = running.cancel.try_send(());
        })
        .count()
    }

    /// Somebody cancelled the progress of a run.
    pub(crate) fn cancel_progress(&mut self, token: &ProgressToken) {
        for running in self.going_on.values().filter(|running| running.token == *token) {
            let _ = running.cancel.try_send(());
        }
    }

    /// A run is over.
    pub(crate) fn ended(&mut self, run: &str) {
        self.going_on.remove(run);
    }
}
