//! The ingress: puts every message into the state thread's queue in the order of the wire.
//!
//! The framework calls `Service::call` once per message, in order, and polls the returned futures in any order. So
//! everything that has an order happens in `call`, before any `.await`; the futures only wait for an answer. Life cycle
//! (`initialize`, `shutdown`, `exit`) stays with the framework. Nothing here waits for the client.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use serde_json::Value;
use tokio::sync::oneshot;
use tower::Service;
use tower_lsp_server::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp_server::{ExitedError, LspService};

use crate::backend::Backend;
use crate::capabilities;
use crate::event::{Event, Queue};
use crate::notifications::ClientNotification;
use crate::reply::{Answer, Reply};
use crate::requests::{ClientRequest, PULLS};
use crate::stats::Stats;
use crate::wire::MALFORMED;

type Outcome = Result<Option<Response>, ExitedError>;
type BoxFuture = std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// Where the session is in its life.
#[derive(Clone, Default)]
pub(crate) struct Stage(Arc<AtomicU8>);

impl Stage {
    const NEW: u8 = 0;
    const RUNNING: u8 = 1;
    const SHUT_DOWN: u8 = 2;
    const EXITED: u8 = 3;
    const EXITED_WITHOUT_SHUTDOWN: u8 = 4;

    fn get(&self) -> u8 {
        self.0.load(Ordering::SeqCst)
    }

    fn set(&self, stage: u8) {
        self.0.store(stage, Ordering::SeqCst);
    }

    /// Whether the client said `shutdown` and then `exit`.
    pub(crate) fn ended_cleanly(&self) -> bool {
        self.get() == Self::EXITED
    }
}

/// Requests that wait for their answer, by id.
#[derive(Clone, Default)]
pub(crate) struct Pending(Arc<Mutex<HashMap<Id, Reply>>>);

impl Pending {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Id, Reply>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody waits for any of them any more.
    pub(crate) fn cancel_all(&self) {
        for reply in self.lock().values() {
            reply.cancel();
        }
    }
}

/// The service that the framework's transport talks to.
pub(crate) struct Front {
    inner: LspService<Backend>,
    queue: Queue,
    stage: Stage,
    pending: Pending,
    /// Whether the client was told that it may ask for diagnostics.
    pulls: Arc<AtomicBool>,
    stats: Arc<Stats>,
}

impl Front {
    pub(crate) fn new(
        inner: LspService<Backend>,
        queue: Queue,
        stage: Stage,
        pending: Pending,
        stats: Arc<Stats>,
    ) -> Self {
        Self {
            inner,
            queue,
            stage,
            pending,
            pulls: Arc::default(),
            stats,
        }
    }

    fn request(&mut self, id: Id, method: &str, params: Option<Value>) -> BoxFuture {
        match self.stage.get() {
            Stage::RUNNING => {}
            Stage::NEW => return refuse(id, not_initialized()),
            _ => return refuse(id, Error::invalid_request()),
        }
        if PULLS.contains(&method) && !self.pulls.load(Ordering::SeqCst) {
            return refuse(id, Error::method_not_found());
        }
        let request = match ClientRequest::decode(method, params) {
            Some(Ok(request)) => request,
            Some(Err(error)) => return refuse(id, error),
            None => return refuse(id, Error::method_not_found()),
        };
        let (reply, receiver) = Reply::channel(method, &self.stats);
        match self.pending.lock().entry(id.clone()) {
            Entry::Occupied(_) => return refuse(id, Error::invalid_request()),
            Entry::Vacant(entry) => entry.insert(reply.clone()),
        };
        self.queue.send(Event::Request { request, reply });
        Box::pin(wait(id, receiver, self.pending.clone()))
    }

    fn notification(&mut self, method: &str, params: Option<Value>) {
        if self.stage.get() != Stage::RUNNING {
            return;
        }
        match ClientNotification::decode(method, params) {
            Some(Ok(notification)) => self.queue.send(Event::Notification(notification)),
            Some(Err(error)) => self.queue.log(format!("{method}: {}", error.message)),
            None => {}
        }
    }

    fn cancel(&mut self, params: Option<Value>) {
        let id = params.and_then(|mut params| params.get_mut("id").map(Value::take));
        let Some(id) = id.and_then(|id| serde_json::from_value::<Id>(id).ok()) else {
            return;
        };
        let reply = self.pending.lock().get(&id).cloned();
        if let Some(reply) = reply {
            reply.cancel();
        }
    }

    fn initialize(&mut self, request: Request) -> BoxFuture {
        let answer = self.inner.call(request);
        let (stage, pulls) = (self.stage.clone(), Arc::clone(&self.pulls));
        Box::pin(async move {
            let response = answer.await?;
            if response.as_ref().is_some_and(Response::is_ok) && stage.get() == Stage::NEW {
                stage.set(Stage::RUNNING);
            }
            Ok(response.map(|response| {
                let (id, mut answer) = response.into_parts();
                if let Ok(result) = &mut answer {
                    capabilities::complete(result);
                    let asked = result.pointer("/capabilities/diagnosticProvider").is_some();
                    pulls.store(asked, Ordering::SeqCst);
                }
                Response::from_parts(id, answer)
            }))
        })
    }

    fn shutdown(&mut self, request: Request) -> BoxFuture {
        if self.stage.get() == Stage::RUNNING && request.id().is_some() {
            self.stage.set(Stage::SHUT_DOWN);
            self.queue.send(Event::Shutdown);
        }
        Box::pin(self.inner.call(request))
    }

    fn exit(&mut self, request: Request) -> BoxFuture {
        let clean = self.stage.get() == Stage::SHUT_DOWN;
        self.stage.set(if clean {
            Stage::EXITED
        } else {
            Stage::EXITED_WITHOUT_SHUTDOWN
        });
        self.pending.cancel_all();
        Box::pin(self.inner.call(request))
    }
}

impl Service<Request> for Front {
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = BoxFuture;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> BoxFuture {
        match request.method() {
            "initialize" => return self.initialize(request),
            "shutdown" => return self.shutdown(request),
            "exit" => return self.exit(request),
            _ => {}
        }
        let (method, id, params) = request.into_parts();
        match (method.as_ref(), id) {
            (MALFORMED, id) => return refuse(id.unwrap_or_default(), malformed(params)),
            ("$/cancelRequest", _) => self.cancel(params),
            (method, Some(id)) => return self.request(id, method, params),
            (method, None) => self.notification(method, params),
        }
        Box::pin(std::future::ready(Ok(None)))
    }
}

async fn wait(id: Id, receiver: oneshot::Receiver<Answer>, pending: Pending) -> Outcome {
    let answer = receiver.await.unwrap_or_else(|_| Err(Error::internal_error()));
    pending.lock().remove(&id);
    Ok(Some(Response::from_parts(id, answer)))
}

fn refuse(id: Id, error: Error) -> BoxFuture {
    Box::pin(std::future::ready(Ok(Some(Response::from_error(id, error)))))
}

fn not_initialized() -> Error {
    Error {
        code: ErrorCode::ServerError(-32002),
        message: "the session is not initialized yet".into(),
        data: None,
    }
}

fn malformed(params: Option<Value>) -> Error {
    let (code, message) = params
        .and_then(|params| serde_json::from_value(params).ok())
        .unwrap_or((ErrorCode::InvalidRequest.code(), String::new()));
    Error {
        code: code.into(),
        message: message.into(),
        data: None,
    }
}
