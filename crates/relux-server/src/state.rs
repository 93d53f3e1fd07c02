//! The state thread: the only owner of database, documents and of what was published.
//!
//! It takes events in order, never computes anything long itself and never waits for the client. Before a write it stops
//! diagnostics at once and gives requests a moment to finish, because a write stops whatever still reads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::{AnalysisHost, CancelHandle, Cancellable, Cancelled, DiskChange, System};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::MessageType;

use crate::convert;
use crate::documents::{Document, Documents};
use crate::event::{Event, Queue};
use crate::indexing::Indexing;
use crate::outbox::{Outbox, Refresh};
use crate::pool::{Lane, Pool};
use crate::positions::LineText;
use crate::publisher::{AskedFor, Findings, Publisher, TypedLines};
use crate::pulls::Pulls;
use crate::reply::Reply;
use crate::requests::workspace_diagnostic::WorkspacePull;
use crate::requests::{ClientRequest, document_diagnostic, execute_command};
use crate::runs::explorer::ShownTests;
use crate::runs::{Results, Runs};
use crate::session::Session;
use crate::shown::Shown;
use crate::snapshot::{OpenDocument, Snapshot};
use crate::stats::{SLOW, Stats};
use crate::tokens::TokenCache;
use crate::uri::{path_of, uri_of};
use crate::watcher::{self, Wanted, Watcher};

/// How long a write waits for requests that are being answered.
pub(crate) const GRACE: Duration = Duration::from_millis(10);

/// How long nothing must be written before questions about everything are looked at again.
const PAUSE: Duration = Duration::from_millis(300);

/// Everything that the state thread owns.
pub(crate) struct State {
    pub(crate) host: AnalysisHost,
    pub(crate) session: Arc<Session>,
    pub(crate) documents: Documents,
    pub(crate) publisher: Publisher,
    pub(crate) outbox: Outbox,
    pub(crate) stats: Arc<Stats>,
    pub(crate) runs: Runs,
    pub(crate) queue: Queue,
    pub(crate) pool: Pool,
    /// What clients that ask were answered.
    pub(crate) pulls: Pulls,
    /// Questions about everything that wait for news.
    pub(crate) workspace_pulls: Vec<WorkspacePull>,
    /// A large suite is being prepared.
    pub(crate) indexing: Option<Indexing>,
    /// The first errors of documents whose suite is being prepared.
    pub(crate) early: FxHashMap<Utf8PathBuf, Findings>,
    /// When these are looked at again.
    look_at: Option<Instant>,
    pub(crate) system: Arc<dyn System>,
    /// What the client's test explorer was told last.
    pub(crate) shown_tests: ShownTests,
    /// Number of writes so far; results of older ones are stale.
    pub(crate) revision: u64,
    /// Number of edits to each open document, to know whether a request's document has changed since.
    pub(crate) edits: FxHashMap<Utf8PathBuf, u64>,
    /// The document that was touched last is checked first.
    latest: Option<Utf8PathBuf>,
    /// Documents that were opened or edited since the open ones were checked.
    touched: FxHashSet<Utf8PathBuf>,
    /// Whether the open documents must be checked again.
    stale: bool,
    checking: Option<CancelHandle>,
    tokens: Arc<TokenCache>,
    /// What clients show that an edit elsewhere may change.
    pub(crate) shown: Arc<Shown>,
    /// The open documents, for snapshots; built anew after a write.
    open: Option<Arc<FxHashMap<Utf8PathBuf, OpenDocument>>>,
    /// How tests ended last.
    pub(crate) results: Arc<Results>,
    /// How often the client was asked for settings.
    pub(crate) asked_for_settings: u64,
    /// Watches the disk where the client does not.
    watcher: Option<Watcher>,
    /// What was wrong with the settings, as the user was told.
    pub(crate) complaints: Vec<String>,
}

/// What the state thread needs to begin.
pub(crate) struct Parts {
    pub(crate) system: Arc<dyn System>,
    pub(crate) queue: Queue,
    pub(crate) outbox: Outbox,
    pub(crate) runs: Runs,
    pub(crate) workers: usize,
    pub(crate) stats: Arc<Stats>,
}

/// Takes events until the session is over.
pub(crate) fn run(parts: Parts, events: &Receiver<Event>) {
    let mut state = State::new(parts);
    loop {
        let first = match state.due() {
            Some(left) => events.recv_timeout(left),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let mut event = match first {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A burst is taken in whole before anything is checked.
        while let Some(now) = event.take() {
            if matches!(now, Event::Stop) {
                return;
            }
            state.guarded(now);
            event = events.try_recv().ok();
        }
        state.check_open_documents();
    }
}

impl State {
    fn new(parts: Parts) -> Self {
        Self {
            host: AnalysisHost::new(Arc::clone(&parts.system)),
            system: parts.system,
            shown_tests: ShownTests::default(),
            session: Arc::default(),
            documents: Documents::default(),
            publisher: Publisher::default(),
            outbox: parts.outbox,
            stats: parts.stats,
            runs: parts.runs,
            queue: parts.queue,
            pool: Pool::new(parts.workers),
            pulls: Pulls::default(),
            workspace_pulls: Vec::new(),
            indexing: None,
            early: FxHashMap::default(),
            look_at: None,
            revision: 0,
            edits: FxHashMap::default(),
            latest: None,
            touched: FxHashSet::default(),
            stale: false,
            checking: None,
            tokens: Arc::default(),
            shown: Arc::default(),
            open: None,
            results: Arc::default(),
            asked_for_settings: 0,
            watcher: None,
            complaints: Vec::new(),
        }
    }

    /// One event; a panic costs that event and is told, the session goes on.
    fn guarded(&mut self, event: Event) {
        let (name, begin) = (event.name(), Instant::now());
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.handle(event))) {
            let message = format!("internal error: {}", panic_text(&*panic));
            self.log(MessageType::ERROR, message);
        }
        // Whatever waits in the queue has waited so long too.
        let took = begin.elapsed();
        if took >= SLOW {
            let message = format!(
                "the state thread was busy for {} ms with {name}",
                took.as_millis()
            );
            self.log(MessageType::LOG, message);
        }
    }

    /// Does what its time has come for, and says how long nothing else is due.
    fn due(&mut self) -> Option<Duration> {
        let now = Instant::now();
        let (ready, typed) = self.publisher.waited(now);
        for path in ready {
            self.publish(&path);
            self.pulls.waited(&path);
        }
        self.refresh();
        if self.indexing.is_none() && self.look_at.is_some_and(|at| at <= now) {
            self.look_at = None;
            self.pull_workspaces();
            self.look_at_shown();
        }
        let look = self.look_at.filter(|_| self.indexing.is_none());
        let look = look.map(|at| at.saturating_duration_since(now));
        typed.into_iter().chain(look).min()
    }

    /// Everything is looked at again, also what the client has asked for.
    pub(crate) fn look_again(&mut self) {
        self.touched.clear();
        self.stale = true;
        self.look_at = Some(Instant::now());
    }

    /// Asks the client to ask again, if it shows what no longer holds.
    fn refresh(&mut self) {
        if self.pulls.take_stale() {
            self.outbox.refresh(Refresh::Diagnostics);
        }
    }

    fn begin(&mut self, session: Session) {
        self.publisher.asked_for = match (session.pulls, session.related_documents) {
            (false, _) => AskedFor::Nothing,
            (true, false) => AskedFor::Open,
            (true, true) => AskedFor::All,
        };
        self.session = Arc::new(session);
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Initialize(session) => self.begin(*session),
            Event::Request {
                request: ClientRequest::WorkspaceDiagnostic(params),
                reply,
            } => {
                self.workspace_pulls.push(WorkspacePull::new(*params, reply));
                self.look_at = Some(Instant::now());
            }
            Event::WorkspacePull(pull) => self.pull_again(*pull),
            Event::Pulled(pulled) => self.pulled(*pulled),
            Event::Prepared(piece) => self.prepared(piece),
            Event::Checked(revision) => {
                if revision == self.revision {
                    self.refresh();
                }
            }
            Event::Notification(notification) => notification.apply(self),
            Event::Request {
                request: ClientRequest::ExecuteCommand(params),
                reply,
            } if !execute_command::only_reads(&params) => {
                let answer = execute_command::execute(self, *params);
                reply.send(answer);
            }
            Event::Request { request, reply } => {
                let edits = self.edits_of(&request);
                self.dispatch(request, reply, edits);
            }
            Event::Interrupted {
                request,
                reply,
                edits,
            } => self.again(request, reply, edits),
            Event::Diagnosed {
                path,
                revision,
                findings,
                typed,
            } => {
                // Otherwise a newer check is on its way.
                if revision == self.revision && self.is_in_step(&path) {
                    if let Some(lines) = typed {
                        self.publisher.statement(&path, lines);
                    }
                    self.pulls.found(&path, &findings);
                    self.publisher.found(&path, findings);
                    self.publish(&path);
                }
            }
            Event::Suites(roots) => self.found_suites(&roots),
            Event::TestMarks { revision, marks } => {
                if revision == self.revision {
                    self.compare_tests(marks);
                }
            }
            Event::Disk { changes, lost } => self.disk_changed(changes, lost),
            Event::Settings { asked, section } => {
                if asked == self.asked_for_settings {
                    self.set(&section);
                }
            }
            Event::Run(news) => self.run_news(news),
            Event::Log(line) => self.log(MessageType::INFO, line),
            Event::Shutdown => drop(self.runs.cancel(None)),
            Event::Stop => {}
        }
    }

    /// Changes the model. Waits for readers, so the caller holds no snapshot.
    pub(crate) fn write(&mut self, change: impl FnOnce(&mut AnalysisHost)) {
        if let Some(checking) = self.checking.take() {
            checking.cancel();
        }
        self.pool.settle(GRACE);
        change(&mut self.host);
        self.revision += 1;
        self.look_at = Some(Instant::now() + PAUSE);
        self.stale = true;
        self.open = None;
    }

    /// Makes room in the midst of a long question. What it stops is looked at again.
    pub(crate) fn drop_trees(&mut self) {
        self.pool.settle(GRACE);
        self.host.drop_trees();
        self.stale = true;
        self.look_soon();
    }

    /// Open questions are looked at when it is quiet.
    pub(crate) fn look_soon(&mut self) {
        self.look_at.get_or_insert_with(Instant::now);
    }

    /// Watches the disk, because the client does not.
    pub(crate) fn watch_disk(&mut self) {
        match Watcher::start(Arc::clone(&self.system), self.queue.clone()) {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => self.log(MessageType::WARNING, format!("files cannot be watched: {error}")),
        }
    }

    /// The suites, and where one may appear that open documents will belong to.
    fn watch_what_is_known(&mut self) {
        let Some(mut watcher) = self.watcher.take() else {
            return;
        };
        let roots = self.host.manifests().into_iter();
        let roots = roots
            .filter_map(|it| it.parent().map(Utf8Path::to_owned))
            .collect();
        let mut directories = self.session.folders.clone();
        let single = self.documents.iter().map(|(path, _)| path);
        let single = single.filter(|it| it.is_absolute() && self.suite_root(it).is_none());
        directories.extend(single.flat_map(watcher::where_a_manifest_may_appear));
        directories.sort();
        directories.dedup();
        watcher.watch(Wanted { roots, directories });
        self.watcher = Some(watcher);
    }

    /// Takes in what the client or the watcher saw. A burst of changes is one write.
    pub(crate) fn disk_changed(&mut self, mut changes: Vec<DiskChange>, lost: bool) {
        let before = self.host.manifests();
        if lost {
            changes.extend(self.host.analysis().files().into_iter().map(DiskChange::Changed));
            let roots = self.host.manifests().into_iter();
            changes.extend(roots.filter_map(|it| it.parent().map(|it| DiskChange::Created(it.to_owned()))));
        }
        self.write(|host| host.disk_changed(&changes));
        if self.host.manifests() != before {
            self.look_for_suites();
        }
        self.index_what_was_loaded();
    }

    /// A document was opened or edited: requests about it that are still unanswered are about another text.
    pub(crate) fn touched(&mut self, path: Utf8PathBuf) {
        *self.edits.entry(path.clone()).or_default() += 1;
        self.open = None;
        if self.session.pulls {
            self.publish(&path);
        }
        self.touched.insert(path.clone());
        self.latest = Some(path);
    }

    /// A line in the client's log of the server.
    pub(crate) fn log(&self, typ: MessageType, message: String) {
        self.stats.line(&message);
        self.outbox.log(typ, message);
    }

    /// Sends what a file shows, if that has changed.
    pub(crate) fn publish(&mut self, path: &Utf8Path) {
        if let Some(params) = self.publisher.due(path, uri_of(path), Instant::now()) {
            self.outbox.publish(&params);
        }
    }

    /// Sets the ranges of a file's run failures anew, after an edit has moved their bytes.
    pub(crate) fn place_failures(&mut self, path: &Utf8Path) {
        let failures = self.publisher.failures_mut(path);
        let text = self.documents.get(path).and_then(Document::text);
        if let (false, Some(text)) = (failures.is_empty(), text) {
            let lines = LineText::new(text);
            for failure in failures {
                failure.diagnostic.range =
                    lines.range((failure.start..failure.end).into(), self.session.encoding);
            }
        }
    }

    /// Whether a directory is the root of a suite.
    pub(crate) fn is_suite_root(&self, path: &Utf8Path) -> bool {
        self.host.analysis().is_suite_root(path)
    }

    /// The root of the suite that a file belongs to.
    pub(crate) fn suite_root(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        self.host.analysis().suite_root(path).ok().flatten()
    }

    /// The manifest of the suite that a file belongs to.
    pub(crate) fn manifest_of(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let root = self.suite_root(path)?;
        self.host
            .manifests()
            .into_iter()
            .find(|it| it.parent() == Some(&*root))
    }

    /// The text of a file that the model knows.
    pub(crate) fn file_text(&self, path: &Utf8Path) -> Option<Arc<str>> {
        self.host.analysis().text(path).ok().flatten()
    }

    /// Whether the model's text of a file is the present one.
    pub(crate) fn is_in_step(&self, path: &Utf8Path) -> bool {
        self.documents.get(path).is_none_or(Document::in_step)
    }

    fn edits_of(&self, request: &ClientRequest) -> u64 {
        let path = request.document().map(path_of);
        path.and_then(|path| self.edits.get(&path).copied()).unwrap_or(0)
    }

    /// Asks an interrupted question once more, unless it was about a text that is no longer there.
    pub(crate) fn again(&mut self, request: ClientRequest, reply: Reply, edits: u64) {
        if reply.is_cancelled() {
            return;
        }
        if self.edits_of(&request) == edits {
            self.dispatch(request, reply, edits);
        } else {
            reply.send(Err(Error::content_modified()));
        }
    }

    fn dispatch(&mut self, request: ClientRequest, reply: Reply, edits: u64) {
        let out_of_step = request
            .document()
            .and_then(|uri| self.documents.get(&path_of(uri)))
            .is_some_and(|document| !document.in_step());
        if let ClientRequest::DocumentDiagnostic(params) = request {
            return if out_of_step {
                reply.send(Ok(document_diagnostic::nothing()));
            } else if self.indexing.is_some() && self.early.contains_key(&path_of(&params.text_document.uri))
            {
                self.answer_early(&params, &reply);
            } else {
                self.pull_document(params, reply, edits);
            };
        }
        if out_of_step {
            return reply.send(Ok(Value::Null));
        }
        let snapshot = self.snapshot();
        let (queue, shown) = (self.queue.clone(), Arc::clone(&self.shown));
        // Of a lens that is resolved, the edits count that its document has had.
        let shown_in = request.shown_in().map(|it| path_of(&it));
        let shown_edits = shown_in.and_then(|it| self.edits.get(&it).copied()).unwrap_or(0);
        reply.computed_by(snapshot.analysis.cancel_handle());
        self.pool.spawn(Lane::Request, move || {
            if reply.is_cancelled() {
                return;
            }
            let running = reply.computing();
            let answer = catch_unwind(AssertUnwindSafe(|| request.answer(&snapshot)));
            if matches!(answer, Ok(Err(Cancelled))) {
                running.stopped();
            }
            drop(running);
            match answer {
                Ok(Ok(answer)) => {
                    if let Ok(answer) = &answer {
                        shown.answered(&snapshot, request, answer, shown_edits);
                    }
                    // Whoever hears of the answer may write next.
                    drop(snapshot);
                    reply.send(answer);
                }
                Ok(Err(Cancelled)) => queue.send(Event::Interrupted {
                    request,
                    reply,
                    edits,
                }),
                Err(panic) => {
                    queue.log(format!("internal error: {}", panic_text(&*panic)));
                    reply.send(Err(Error::internal_error()));
                }
            }
        });
    }

    pub(crate) fn snapshot(&mut self) -> Snapshot {
        let documents = &self.documents;
        let open = self.open.get_or_insert_with(|| {
            let document = |document: &Document| OpenDocument {
                uri: document.uri.clone(),
                version: document.in_step().then_some(document.version),
            };
            let open = documents.iter().map(|(path, it)| (path.to_owned(), document(it)));
            Arc::new(open.collect())
        });
        Snapshot {
            analysis: self.host.analysis(),
            session: Arc::clone(&self.session),
            stats: Arc::clone(&self.stats),
            tokens: Arc::clone(&self.tokens),
            open: Arc::clone(open),
            results: Arc::clone(&self.results),
        }
    }

    /// Checks all open documents and the manifests of their suites in the background after a write, the document that
    /// was touched last first.
    fn check_open_documents(&mut self) {
        if self.stale {
            self.watch_what_is_known();
        }
        if self.indexing.is_some() || !std::mem::take(&mut self.stale) {
            return;
        }
        let in_step = self.documents.iter().filter(|(_, document)| document.in_step());
        let mut paths: Vec<Utf8PathBuf> = in_step.map(|(path, _)| path.to_owned()).collect();
        let closed = |path: &Utf8PathBuf| self.documents.get(path).is_none();
        paths.extend(self.host.manifests().into_iter().filter(closed));
        // A client that asks does so for what it has just changed.
        let touched = std::mem::take(&mut self.touched);
        paths.retain(|path| !self.session.pulls || !touched.contains(path));
        paths.sort_by_key(|path| (Some(path) != self.latest.as_ref(), path.clone()));
        for path in self.publisher.forget_unchecked(&paths) {
            self.publish(&path);
        }
        let now = Instant::now();
        let typed_at = |path: &Utf8PathBuf| Some((path.clone(), self.publisher.typed_at(path, now)?));
        let typed: FxHashMap<Utf8PathBuf, usize> = paths.iter().filter_map(typed_at).collect();
        let snapshot = self.snapshot();
        self.checking = Some(snapshot.analysis.cancel_handle());
        let (queue, revision, tests) = (self.queue.clone(), self.revision, self.session.tests);
        self.pool.spawn(Lane::Diagnostics, move || {
            for path in paths {
                let typed_at = typed.get(&path).copied();
                match catch_unwind(AssertUnwindSafe(|| look(&snapshot, &path, typed_at))) {
                    Ok(Ok(Some((findings, typed)))) => queue.send(Event::Diagnosed {
                        path,
                        revision,
                        findings,
                        typed,
                    }),
                    Ok(Ok(None)) => {}
                    // The write that stopped it has asked for a new check.
                    Ok(Err(_cancelled)) => return,
                    Err(panic) => queue.log(format!("internal error in {path}: {}", panic_text(&*panic))),
                }
            }
            queue.send(Event::Checked(revision));
            if let (true, Ok(marks)) = (tests, snapshot.analysis.test_marks()) {
                queue.send(Event::TestMarks { revision, marks });
            }
        });
    }
}

/// What is wrong with a file, and the lines of the statement that somebody types in it.
fn look(
    snapshot: &Snapshot,
    path: &Utf8Path,
    typed_at: Option<usize>,
) -> Cancellable<Option<(Findings, Option<TypedLines>)>> {
    let Some(findings) = convert::findings(snapshot, path)? else {
        return Ok(None);
    };
    let typed_at = typed_at.filter(|_| !findings.is_empty());
    let lines = convert::typed_lines(snapshot, path, typed_at)?;
    Ok(Some((findings, lines)))
}

/// What a panic says.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without a message")
}
