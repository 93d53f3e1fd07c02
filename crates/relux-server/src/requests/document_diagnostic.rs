//! `textDocument/diagnostic`: what is wrong with an open document, for clients that ask.
//!
//! Found on the read pool, answered by the state thread, which remembers what the client shows: a new finding in the
//! statement that is being typed waits, and an answer that says nothing new is only "unchanged".

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::{Cancellable, Cancelled};
use serde_json::Value;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportKind,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri,
};

use crate::convert;
use crate::event::Event;
use crate::pool::Lane;
use crate::publisher::{Findings, TypedLines};
use crate::pulls::{Report, result_id};
use crate::reply::Reply;
use crate::requests::ClientRequest;
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::uri::path_of;

/// What was found for a pull, on its way to the state thread.
pub(crate) struct Pulled {
    /// What was asked.
    pub(crate) params: Box<DocumentDiagnosticParams>,
    /// Where the answer goes.
    pub(crate) reply: Reply,
    /// Number of edits to the document when it was asked first.
    pub(crate) edits: u64,
    /// The revision that was looked at.
    pub(crate) revision: u64,
    /// Of the document.
    pub(crate) findings: Findings,
    /// The lines of the statement that is being typed, if something was found.
    pub(crate) typed: Option<TypedLines>,
    /// Of files that are not open and decide what is wrong here: the manifest.
    pub(crate) related: Vec<(Utf8PathBuf, Findings)>,
}

impl State {
    /// Looks for what is wrong with a document.
    pub(crate) fn pull_document(&mut self, params: Box<DocumentDiagnosticParams>, reply: Reply, edits: u64) {
        let path = path_of(&params.text_document.uri);
        let related = self.related_to(&path);
        let typed_at = self.publisher.typed_at(&path, Instant::now());
        let snapshot = self.snapshot();
        reply.computed_by(snapshot.analysis.cancel_handle());
        let (queue, revision) = (self.queue.clone(), self.revision);
        self.pool.spawn(Lane::Diagnostics, move || {
            if reply.is_cancelled() {
                return;
            }
            let running = reply.computing();
            let found = catch_unwind(AssertUnwindSafe(|| look(&snapshot, &path, typed_at, related)));
            drop(snapshot);
            if matches!(found, Ok(Err(Cancelled))) {
                running.stopped();
            }
            drop(running);
            match found {
                Ok(Ok((findings, typed, related))) => queue.send(Event::Pulled(Box::new(Pulled {
                    params,
                    reply,
                    edits,
                    revision,
                    findings,
                    typed,
                    related,
                }))),
                Ok(Err(Cancelled)) => queue.send(Event::Interrupted {
                    request: ClientRequest::DocumentDiagnostic(params),
                    reply,
                    edits,
                }),
                Err(_panic) => {
                    queue.log(format!("internal error in {path}"));
                    reply.send(Err(Error::internal_error()));
                }
            }
        });
    }

    /// Answers with the errors that were found before the suite is known. When it is, the client is told to ask again if
    /// that has found more.
    pub(crate) fn answer_early(&mut self, params: &DocumentDiagnosticParams, reply: &Reply) {
        let path = path_of(&params.text_document.uri);
        let findings = self.early.get(&path).cloned().unwrap_or_default();
        let report = self
            .pulls
            .answer(&path, &findings, None, params.previous_result_id.as_deref());
        reply.send(serde_json::to_value(answer(report, None)).map_err(|_| Error::internal_error()));
    }

    /// The manifest, where the client takes its findings along and does not ask for them itself.
    fn related_to(&self, path: &Utf8Path) -> Vec<Utf8PathBuf> {
        if !self.session.related_documents {
            return Vec::new();
        }
        let manifest = self.manifest_of(path);
        manifest
            .filter(|it| it != path && self.documents.get(it).is_none())
            .into_iter()
            .collect()
    }

    /// Answers with what was found, unless the text has changed meanwhile.
    pub(crate) fn pulled(&mut self, pulled: Pulled) {
        let path = path_of(&pulled.params.text_document.uri);
        if pulled.revision != self.revision {
            let request = ClientRequest::DocumentDiagnostic(pulled.params);
            return self.again(request, pulled.reply, pulled.edits);
        }
        let findings = if self.is_in_step(&path) {
            pulled.findings
        } else {
            Findings::default()
        };
        if let Some(lines) = pulled.typed {
            self.publisher.statement(&path, lines);
        }
        let typing = self.publisher.typed(&path, Instant::now());
        let report = self.pulls.answer(
            &path,
            &findings,
            typing,
            pulled.params.previous_result_id.as_deref(),
        );
        let related = related_reports(pulled.related);
        pulled
            .reply
            .send(serde_json::to_value(answer(report, related)).map_err(|_| Error::internal_error()));
    }
}

type Looked = (Findings, Option<TypedLines>, Vec<(Utf8PathBuf, Findings)>);

fn look(
    snapshot: &Snapshot,
    path: &Utf8Path,
    typed_at: Option<usize>,
    related: Vec<Utf8PathBuf>,
) -> Cancellable<Looked> {
    let findings = convert::findings(snapshot, path)?.unwrap_or_default();
    let typed_at = typed_at.filter(|_| !findings.is_empty());
    let typed = convert::typed_lines(snapshot, path, typed_at)?;
    let mut others = Vec::new();
    for other in related {
        if let Some(findings) = convert::findings(snapshot, &other)? {
            others.push((other, findings));
        }
    }
    Ok((findings, typed, others))
}

fn related_reports(
    related: Vec<(Utf8PathBuf, Findings)>,
) -> Option<HashMap<Uri, DocumentDiagnosticReportKind>> {
    let reports: HashMap<Uri, DocumentDiagnosticReportKind> = related
        .into_iter()
        .filter_map(|(path, findings)| {
            let report = FullDocumentDiagnosticReport {
                result_id: Some(result_id(&findings)),
                items: findings.to_vec(),
            };
            Some((crate::uri::uri_of(&path)?, report.into()))
        })
        .collect();
    (!reports.is_empty()).then_some(reports)
}

fn answer(
    report: Report,
    related_documents: Option<HashMap<Uri, DocumentDiagnosticReportKind>>,
) -> DocumentDiagnosticReport {
    match report {
        Report::Unchanged(result_id) => RelatedUnchangedDocumentDiagnosticReport {
            related_documents,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        }
        .into(),
        Report::Full(result_id, items) => RelatedFullDocumentDiagnosticReport {
            related_documents,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items,
            },
        }
        .into(),
    }
}

/// The answer for a document of which nothing is known: nothing is wrong with it.
pub(crate) fn nothing() -> Value {
    serde_json::json!({"kind": "full", "items": []})
}
