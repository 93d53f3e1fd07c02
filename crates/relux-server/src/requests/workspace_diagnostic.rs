//! `workspace/diagnostic`: what is wrong anywhere in the suites, for clients that ask.
//!
//! Answered in parts where the client takes parts. A question whose answer would be that nothing is new stays open
//! until something is, so that a client which asks again and again costs nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::{Analysis, Cancellable, Cancelled};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    FullDocumentDiagnosticReport, ProgressToken, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticParams, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::convert;
use crate::event::Event;
use crate::indexing::ROUND;
use crate::outbox::Outbox;
use crate::pool::Lane;
use crate::pulls::result_id;
use crate::reply::Reply;
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::uri::{path_of, uri_of};

/// Files in one part of an answer.
const PART: usize = 64;

/// A question that is not answered yet.
pub(crate) struct WorkspacePull {
    reply: Reply,
    /// What the client shows, by file.
    previous: FxHashMap<Utf8PathBuf, String>,
    /// Where parts of the answer go.
    parts: Option<ProgressToken>,
    /// Whether a part has been sent: then there is something new for sure.
    begun: bool,
    /// Whether the last look at it came to an end before it knew the answer.
    interrupted: bool,
}

impl WorkspacePull {
    /// The question with nothing done for it yet.
    pub(crate) fn new(params: WorkspaceDiagnosticParams, reply: Reply) -> Self {
        let previous = params.previous_result_ids.into_iter();
        Self {
            reply,
            previous: previous.map(|it| (path_of(&it.uri), it.value)).collect(),
            parts: params.partial_result_params.partial_result_token,
            begun: false,
            interrupted: false,
        }
    }

    /// Whether somebody still waits for the answer.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.reply.is_cancelled()
    }
}

impl State {
    /// Looks for the answers of all open questions.
    pub(crate) fn pull_workspaces(&mut self) {
        let pulls: Vec<WorkspacePull> = self.workspace_pulls.drain(..).collect();
        for mut pull in pulls.into_iter().filter(WorkspacePull::is_wanted) {
            let snapshot = self.snapshot();
            pull.reply.computed_by(snapshot.analysis.cancel_handle());
            let (queue, outbox) = (self.queue.clone(), self.outbox.clone());
            self.pool.spawn(Lane::Diagnostics, move || {
                let running = pull.reply.computing();
                let found = catch_unwind(AssertUnwindSafe(|| look(&snapshot, &outbox, &mut pull)));
                pull.interrupted = matches!(found, Ok(Err(Cancelled)));
                let is_crowded = is_crowded(&snapshot.analysis);
                drop(snapshot);
                if pull.interrupted && !is_crowded {
                    running.stopped();
                }
                drop(running);
                match found {
                    Ok(Ok(Some(answer))) => pull.reply.send(Ok(answer)),
                    Ok(Ok(None) | Err(Cancelled)) => queue.send(Event::WorkspacePull(Box::new(pull))),
                    Err(_panic) => pull.reply.send(Err(Error::internal_error())),
                }
            });
        }
    }

    /// Takes back a question that nothing new is known for, or that was interrupted.
    pub(crate) fn pull_again(&mut self, pull: WorkspacePull) {
        if is_crowded(&self.host.analysis()) {
            self.drop_trees();
        }
        if pull.interrupted {
            self.look_soon();
        }
        self.workspace_pulls.push(pull);
    }
}

/// Whether so many trees were made that they must be dropped before a question about everything goes on.
fn is_crowded(analysis: &Analysis) -> bool {
    analysis.trees_made() >= ROUND
}

/// The answer; none if it would be that nothing has changed.
fn look(snapshot: &Snapshot, outbox: &Outbox, pull: &mut WorkspacePull) -> Cancellable<Option<Value>> {
    let mut items = Vec::new();
    let mut news = false;
    let files = snapshot.analysis.files();
    for path in &files {
        let open = snapshot.open.get(path);
        if open.is_some_and(|open| open.version.is_none()) {
            continue;
        }
        // What was found so far stays known, so that the next look finds it at once.
        if is_crowded(&snapshot.analysis) {
            return Err(Cancelled);
        }
        let Some(findings) = convert::findings(snapshot, path)? else {
            continue;
        };
        let previous = pull.previous.get(path);
        if findings.is_empty() && previous.is_none() {
            continue;
        }
        let Some(uri) = snapshot.uri(path) else { continue };
        let version = open.and_then(|open| open.version).map(i64::from);
        let result_id = result_id(&findings);
        if previous == Some(&result_id) {
            let report = UnchangedDocumentDiagnosticReport { result_id };
            items.push(WorkspaceDocumentDiagnosticReport::Unchanged(
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: report,
                },
            ));
        } else {
            news = true;
            let report = FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items: findings.to_vec(),
            };
            items.push(WorkspaceDocumentDiagnosticReport::Full(
                WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: report,
                },
            ));
        }
        if news && items.len() >= PART {
            send_part(outbox, pull, &mut items);
        }
    }
    for path in gone(pull, &files) {
        let Some(uri) = uri_of(&path) else { continue };
        news = true;
        items.push(WorkspaceDocumentDiagnosticReport::Full(
            WorkspaceFullDocumentDiagnosticReport {
                uri,
                version: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport::default(),
            },
        ));
    }
    if !news && !pull.begun && !pull.previous.is_empty() {
        return Ok(None);
    }
    send_part(outbox, pull, &mut items);
    Ok(Some(json!({ "items": items })))
}

/// Sends what there is, if the client takes parts, and remembers it: who is interrupted does not say it again.
fn send_part(outbox: &Outbox, pull: &mut WorkspacePull, items: &mut Vec<WorkspaceDocumentDiagnosticReport>) {
    let Some(token) = &pull.parts else { return };
    if items.is_empty() {
        return;
    }
    outbox.partial_result(&json!({ "token": token, "value": { "items": &*items } }));
    pull.begun = true;
    for item in items.drain(..) {
        if let WorkspaceDocumentDiagnosticReport::Full(report) = item {
            let path = path_of(&report.uri);
            match report.full_document_diagnostic_report.result_id {
                Some(id) => pull.previous.insert(path, id),
                None => pull.previous.remove(&path),
            };
        }
    }
}

/// Files that the client shows something for and that are no longer there.
fn gone(pull: &WorkspacePull, files: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
    let known = |path: &Utf8Path| files.binary_search_by(|it| it.as_path().cmp(path)).is_ok();
    let mut gone: Vec<Utf8PathBuf> = pull
        .previous
        .keys()
        .filter(|path| !known(path))
        .cloned()
        .collect();
    gone.sort();
    gone
}
