//! What clients show beside diagnostics: hints, lenses and colours, as they were answered last. An edit in one file can
//! change them in another, of which the client knows nothing; then it is told to ask again, and only then.
//!
//! What it shows of a document that was edited since is none of our business: clients ask again for what they edit.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::Utf8PathBuf;
use relux_ide::{Cancellable, Cancelled};
use rustc_hash::FxHashMap;
use serde_json::Value;
use tower_lsp_server::ls_types::{SemanticToken, Uri};

use crate::outbox::Refresh;
use crate::pool::Lane;
use crate::requests::ClientRequest;
use crate::session::Refreshes;
use crate::snapshot::Snapshot;
use crate::state::{State, panic_text};
use crate::tokens::tokens;
use crate::uri::path_of;

/// Answers that are kept of one document; an editor shows a screen of it.
const MOST_KEPT: usize = 32;

/// The answers of all documents.
#[derive(Default)]
pub(crate) struct Shown(Mutex<FxHashMap<Utf8PathBuf, Document>>);

#[derive(Default)]
struct Document {
    /// Number of edits to it when these answers were given.
    edits: u64,
    answers: Vec<(ClientRequest, u64)>,
}

impl Document {
    fn keep(&mut self, request: ClientRequest, mark: u64) {
        match &request {
            // Each is resolved by itself, and they go with the lenses that they belong to.
            ClientRequest::CodeLensResolve(_) => {}
            ClientRequest::CodeLens(_) => self.answers.retain(|it| kind(&it.0) != Some(Refresh::Lenses)),
            _ => self
                .answers
                .retain(|it| discriminant(&it.0) != discriminant(&request)),
        }
        if self.answers.len() < MOST_KEPT {
            self.answers.push((request, mark));
        }
    }
}

/// What the client is asked to ask for again when an answer to this request is another one. `None` for all other requests.
fn kind(request: &ClientRequest) -> Option<Refresh> {
    Some(match request {
        ClientRequest::InlayHint(_) => Refresh::Hints,
        ClientRequest::CodeLens(_) | ClientRequest::CodeLensResolve(_) => Refresh::Lenses,
        ClientRequest::SemanticTokens(_)
        | ClientRequest::SemanticTokensDelta(_)
        | ClientRequest::SemanticTokensRange(_) => Refresh::Tokens,
        _ => return None,
    })
}

fn can(refreshes: Refreshes, what: Refresh) -> bool {
    match what {
        Refresh::Hints => refreshes.hints,
        Refresh::Lenses => refreshes.lenses,
        Refresh::Tokens => refreshes.tokens,
        Refresh::Diagnostics => false,
    }
}

/// The document all of whose tokens were asked for. Such answers have names of their own, and may be only a difference.
fn all_tokens(request: &ClientRequest) -> Option<&Uri> {
    match request {
        ClientRequest::SemanticTokens(it) => Some(&it.text_document.uri),
        ClientRequest::SemanticTokensDelta(it) => Some(&it.text_document.uri),
        _ => None,
    }
}

/// Numbers for answers that change when they do.
fn mark_of(answer: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    answer.to_string().hash(&mut hasher);
    hasher.finish()
}

fn mark_of_tokens(tokens: &[SemanticToken]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for token in tokens {
        let place = (token.delta_line, token.delta_start, token.length);
        (place, token.token_type, token.token_modifiers_bitset).hash(&mut hasher);
    }
    hasher.finish()
}

/// The mark of what would be answered now; `None` for a refusal, which shows nothing.
fn mark_now(snapshot: &Snapshot, request: &ClientRequest) -> Cancellable<Option<u64>> {
    if let Some(uri) = all_tokens(request) {
        let found = tokens(snapshot, uri, |_| None)?.unwrap_or_default();
        return Ok(Some(mark_of_tokens(&found)));
    }
    Ok(request.answer(snapshot)?.ok().as_ref().map(mark_of))
}

impl Shown {
    fn lock(&self) -> MutexGuard<'_, FxHashMap<Utf8PathBuf, Document>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request was answered, about a document that had been edited so often.
    pub(crate) fn answered(&self, snapshot: &Snapshot, request: ClientRequest, answer: &Value, edits: u64) {
        let wanted = kind(&request).is_some_and(|it| can(snapshot.session.refreshes, it));
        let Some(path) = request.shown_in().filter(|_| wanted).map(|it| path_of(&it)) else {
            return;
        };
        let mark = match all_tokens(&request) {
            Some(uri) => snapshot.tokens.with_sent(uri, mark_of_tokens),
            None => mark_of(answer),
        };
        let mut documents = self.lock();
        let document = documents.entry(path).or_default();
        if document.edits != edits {
            *document = Document::default();
            document.edits = edits;
        }
        document.keep(request, mark);
    }

    /// The document was closed.
    pub(crate) fn forget(&self, path: &camino::Utf8Path) {
        self.lock().remove(path);
    }

    /// Which answers are others now. `edits` says how often each document was edited until now.
    pub(crate) fn stale(
        &self,
        snapshot: &Snapshot,
        edits: &FxHashMap<Utf8PathBuf, u64>,
    ) -> Cancellable<Vec<Refresh>> {
        // Not looked at under the lock, since requests are answered meanwhile.
        let mut documents = std::mem::take(&mut *self.lock());
        documents.retain(|path, document| edits.get(path).copied().unwrap_or(0) == document.edits);
        let mut stale = Vec::new();
        let mut looked = Ok(());
        'all: for document in documents.values_mut() {
            for (request, before) in &document.answers {
                let Some(what) = kind(request) else { continue };
                match mark_now(snapshot, request) {
                    Ok(Some(now)) if now != *before && !stale.contains(&what) => stale.push(what),
                    Ok(_) => {}
                    Err(cancelled) => {
                        looked = Err(cancelled);
                        break 'all;
                    }
                }
            }
        }
        if looked.is_ok() {
            for document in documents.values_mut() {
                document
                    .answers
                    .retain(|(it, _)| kind(it).is_some_and(|it| !stale.contains(&it)));
            }
        }
        let mut now = self.lock();
        for (path, document) in documents {
            // What was answered meanwhile is newer.
            now.entry(path).or_insert(document);
        }
        looked.map(|()| stale)
    }
}

impl State {
    /// Asks the client to ask again for what it shows, as far as that is no longer true. Done when nobody has written for a
    /// moment, and stopped by whoever writes.
    pub(crate) fn look_at_shown(&mut self) {
        let Refreshes {
            lenses,
            hints,
            tokens,
        } = self.session.refreshes;
        if !(lenses || hints || tokens) {
            return;
        }
        let snapshot = self.snapshot();
        let (shown, edits, outbox) = (Arc::clone(&self.shown), self.edits.clone(), self.outbox.clone());
        let queue = self.queue.clone();
        self.pool.spawn(Lane::Diagnostics, move || {
            match catch_unwind(AssertUnwindSafe(|| shown.stale(&snapshot, &edits))) {
                Ok(Ok(stale)) => stale.into_iter().for_each(|it| outbox.refresh(it)),
                // The write that stopped it has asked for another look.
                Ok(Err(Cancelled)) => {}
                Err(panic) => queue.log(format!("internal error: {}", panic_text(&*panic))),
            }
        });
    }
}
