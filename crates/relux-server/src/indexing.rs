//! After a large suite is loaded all its modules are prepared, in small pieces and by all workers, as long as nobody waits
//! for something else. From then on questions about the whole suite are answered from memory.
//!
//! Until that is done a document shows its own errors only, from a first look at it and at what it imports.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::Step;
use tower_lsp_server::ls_types::{
    ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use crate::convert;
use crate::documents::Document;
use crate::event::Event;
use crate::outbox::Outbox;
use crate::pool::Lane;
use crate::state::State;

/// Smaller suites are ready before anybody could see progress.
const LARGE: usize = 256;
/// Modules in one piece: a request waits for no more than these.
const PIECE: usize = 8;
/// Modules whose trees are in memory together.
pub(crate) const ROUND: usize = 512;

/// The work that is going on.
pub(crate) struct Indexing {
    /// Tells pieces of this work from those of an earlier one.
    number: u64,
    step: Step,
    modules: Vec<Utf8PathBuf>,
    waiting: Vec<Vec<Utf8PathBuf>>,
    running: usize,
    /// Modules that were begun since trees were dropped.
    begun: usize,
    done: usize,
    progress: Progress,
}

/// A piece that came back.
pub(crate) struct Piece {
    number: u64,
    /// What a write kept it from.
    rest: Vec<Utf8PathBuf>,
    done: usize,
}

impl Indexing {
    fn begin(&mut self, step: Step) {
        self.step = step;
        self.waiting = self.modules.chunks(PIECE).map(<[_]>::to_vec).collect();
    }
}

impl State {
    /// Shows the errors of a document whose suite is large and not read yet.
    pub(crate) fn look_first(&mut self, path: &Utf8Path) {
        let text = self.documents.get(path).and_then(Document::text);
        let being_read = || self.indexing.as_ref().and_then(|_| self.suite_root(path));
        let root = self.host.unloaded_root(path).or_else(being_read);
        let Some((root, text)) = root.zip(text) else {
            return;
        };
        let Some(found) = relux_ide::first_look(self.host.system(), &root, path, &text) else {
            return;
        };
        let findings = convert::first_findings(&found, text, &self.session);
        if self.session.pulls {
            self.early.insert(path.to_owned(), findings);
        } else {
            self.publisher.found(path, findings);
            self.publish(path);
        }
    }

    /// Begins to prepare what was loaded since the last time.
    pub(crate) fn index_what_was_loaded(&mut self) {
        let modules = self.host.take_loaded();
        if modules.len() < LARGE {
            return;
        }
        let mut indexing = Indexing {
            number: self.revision,
            step: Step::Lower,
            modules,
            waiting: Vec::new(),
            running: 0,
            begun: 0,
            done: 0,
            progress: Progress::begin(self),
        };
        indexing.begin(Step::Lower);
        self.indexing = Some(indexing);
        self.spawn_pieces();
    }

    fn spawn_pieces(&mut self) {
        while let Some(indexing) = &mut self.indexing
            && indexing.running < self.pool.workers()
            && indexing.begun < ROUND
            && let Some(mut piece) = indexing.waiting.pop()
        {
            indexing.running += 1;
            indexing.begun += piece.len();
            let (number, step) = (indexing.number, indexing.step);
            let (analysis, queue) = (self.host.analysis(), self.queue.clone());
            self.pool.spawn(Lane::Index, move || {
                let all = piece.len();
                while let Some(path) = piece.last() {
                    let made = catch_unwind(AssertUnwindSafe(|| analysis.prepare(path, step)));
                    match made {
                        Ok(Ok(())) => {}
                        Ok(Err(_cancelled)) => break,
                        Err(_panic) => queue.log(format!("internal error in {path}")),
                    }
                    piece.pop();
                }
                drop(analysis);
                queue.send(Event::Prepared(Piece {
                    number,
                    done: all - piece.len(),
                    rest: piece,
                }));
            });
        }
    }

    /// Takes in a piece, and goes on with the next one.
    pub(crate) fn prepared(&mut self, piece: Piece) {
        let checks = self.session.pulls;
        let Some(indexing) = &mut self.indexing else {
            return;
        };
        if indexing.number != piece.number {
            return;
        }
        indexing.running -= 1;
        indexing.done += piece.done;
        if !piece.rest.is_empty() {
            indexing.waiting.push(piece.rest);
        }
        let steps = if checks { 3 } else { 2 };
        indexing
            .progress
            .report(indexing.done * 100 / (indexing.modules.len() * steps).max(1));
        let is_done = indexing.waiting.is_empty();
        if indexing.running == 0 && (is_done || indexing.begun >= ROUND) {
            indexing.begun = 0;
            self.pool.settle(crate::state::GRACE);
            self.host.drop_trees();
        }
        let Some(indexing) = &mut self.indexing else {
            return;
        };
        if is_done && indexing.running == 0 {
            match indexing.step {
                Step::Lower => indexing.begin(Step::Judge),
                Step::Judge if checks => indexing.begin(Step::Check),
                Step::Judge | Step::Check => return self.indexed(),
            }
        }
        self.spawn_pieces();
    }

    /// Everything is ready: what had to wait for it goes on.
    fn indexed(&mut self) {
        if let Some(indexing) = self.indexing.take() {
            indexing.progress.end();
        }
        self.pool.settle(crate::state::GRACE);
        self.host.drop_trees();
        self.early.clear();
        self.look_again();
    }
}

/// The display of it, where the client has one.
struct Progress {
    outbox: Outbox,
    shown: Arc<Mutex<Shown>>,
}

#[derive(Default)]
struct Shown {
    begun: bool,
    ended: bool,
    percent: u32,
}

fn token() -> ProgressToken {
    ProgressToken::String("relux/indexing".to_owned())
}

impl Progress {
    fn begin(state: &State) -> Self {
        let progress = Self {
            outbox: state.outbox.clone(),
            shown: Arc::default(),
        };
        if state.session.progress {
            let (outbox, shown) = (state.outbox.clone(), Arc::clone(&progress.shown));
            state.runs.runtime().spawn(async move {
                let created = outbox.create_progress(token()).await;
                let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
                if created && !shown.ended {
                    shown.begun = true;
                    let begin = WorkDoneProgressBegin {
                        title: "Relux: reading the suite".to_owned(),
                        cancellable: Some(false),
                        message: None,
                        percentage: Some(shown.percent),
                    };
                    send(&outbox, WorkDoneProgress::Begin(begin));
                }
            });
        }
        progress
    }

    fn report(&self, percent: usize) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let percent = u32::try_from(percent.min(100)).unwrap_or(100);
        if percent > shown.percent {
            shown.percent = percent;
            if shown.begun {
                let report = WorkDoneProgressReport {
                    cancellable: Some(false),
                    message: None,
                    percentage: Some(percent),
                };
                send(&self.outbox, WorkDoneProgress::Report(report));
            }
        }
    }

    fn end(self) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.ended = true;
        if shown.begun {
            let end = WorkDoneProgressEnd { message: None };
            send(&self.outbox, WorkDoneProgress::End(end));
        }
    }
}

fn send(outbox: &Outbox, value: WorkDoneProgress) {
    outbox.progress(&ProgressParams {
        token: token(),
        value: ProgressParamsValue::WorkDone(value),
    });
}
