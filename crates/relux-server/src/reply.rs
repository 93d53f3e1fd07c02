//! The answer of one request on its way: sent once, by whoever is first of the worker and the client's cancellation.
//!
//! Cancelling answers the client at once and stops the computation through the request's own database handle.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use relux_ide::CancelHandle;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::Error;

use crate::stats::{Running, Stats};

/// What a request is answered with.
pub(crate) type Answer = Result<Value, Error>;

/// The one place that can answer a request. Clones share it.
#[derive(Clone)]
pub(crate) struct Reply {
    shared: Arc<Shared>,
}

struct Shared {
    sender: Mutex<Option<oneshot::Sender<Answer>>>,
    computation: Mutex<Option<CancelHandle>>,
    cancelled: AtomicBool,
    method: String,
    asked: Instant,
    stats: Arc<Stats>,
}

impl Reply {
    /// A reply and the end at which the protocol side waits for it.
    pub(crate) fn channel(method: &str, stats: &Arc<Stats>) -> (Self, oneshot::Receiver<Answer>) {
        let (sender, receiver) = oneshot::channel();
        let shared = Arc::new(Shared {
            sender: Mutex::new(Some(sender)),
            computation: Mutex::new(None),
            cancelled: AtomicBool::new(false),
            method: method.to_owned(),
            asked: Instant::now(),
            stats: Arc::clone(stats),
        });
        (Self { shared }, receiver)
    }

    /// Answers, unless it was answered before.
    pub(crate) fn send(&self, answer: Answer) {
        if let Some(sender) = lock(&self.shared.sender).take() {
            let Shared {
                method, asked, stats, ..
            } = &*self.shared;
            stats.answered(method, asked.elapsed(), answer.is_ok());
            // A client that has gone needs no answer.
            let _ = sender.send(answer);
        }
    }

    /// The client no longer wants the answer.
    pub(crate) fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::SeqCst);
        self.send(Err(Error::request_cancelled()));
        if let Some(handle) = lock(&self.shared.computation).as_ref() {
            handle.cancel();
        }
    }

    /// Whether the client has cancelled the request.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::SeqCst)
    }

    /// Counts the computation of the answer as one that goes on.
    pub(crate) fn computing(&self) -> Running {
        self.shared.stats.begins(&self.shared.method)
    }

    /// From now on a cancellation also stops the computation behind `handle`.
    pub(crate) fn computed_by(&self, handle: CancelHandle) {
        let mut computation = lock(&self.shared.computation);
        if self.is_cancelled() {
            handle.cancel();
        }
        *computation = Some(handle);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
