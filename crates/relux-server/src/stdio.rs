//! From a pair of byte streams to a session, and the end of it.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use relux_ide::System;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;
use tokio::time::timeout;
use tower_lsp_server::{LspService, Server};

use crate::backend::Backend;
use crate::event::{Event, Queue};
use crate::front::{Front, Pending, Stage};
use crate::outbox::Outbox;
use crate::output;
use crate::parent;
use crate::runs::{CLEAN_UP, Runs};
use crate::state::{self, Parts};
use crate::stats::Stats;
use crate::wire;

/// Requests that the framework may hold at once. They only wait for their answers, and while it holds as many as it may
/// it reads nothing, not even that one of them was cancelled; so there is no reason to be mean.
const CONCURRENCY: usize = 1 << 20;
/// Bytes between the check of messages and the framework.
const PIPE: usize = 64 * 1024;
/// How long the server stays for test runs when the session ends: until they have cleaned up or were killed. A client
/// that does not wait may kill the server; the runner was asked to stop before and goes on alone.
const LAST_MOMENT: Duration = CLEAN_UP.saturating_add(Duration::from_secs(5));
/// How long requests are still answered when the client has closed its side.
const LAST_ANSWERS: Duration = Duration::from_millis(300);
/// How long the server stays for test runs when there is no client any more. They were asked to stop and clean up alone.
const NO_CLIENT: Duration = Duration::from_millis(300);
/// How long a client may take to read what was written last.
const LAST_BYTES: Duration = Duration::from_millis(100);

/// What the server is given by the program that contains it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Disk and environment.
    pub system: Arc<dyn System>,
    /// The program that runs tests with `run --message-format json-lines`; `None` for the current executable.
    pub runner: Option<PathBuf>,
    /// Version to report to the client.
    pub version: String,
    /// Threads that answer requests; at least two are used.
    pub workers: usize,
    /// Where slow answers and everything said in the client's log is written too.
    pub log: Option<PathBuf>,
}

impl Options {
    /// The usual: as many workers as processors, up to four, and the current executable as runner.
    pub fn new(system: Arc<dyn System>, version: impl Into<String>) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            system,
            runner: None,
            version: version.into(),
            workers: processors.min(4),
            log: None,
        }
    }
}

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// `shutdown`, then `exit`.
    Clean,
    /// `exit` without `shutdown`, or the client closed its side.
    Abrupt,
}

impl From<Ending> for ExitCode {
    /// As the protocol wants: 0 after a clean end, otherwise 1.
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Clean => Self::SUCCESS,
            Ending::Abrupt => Self::FAILURE,
        }
    }
}

/// Serves one session on standard input and output. Nothing else may write to standard output meanwhile.
///
/// # Errors
/// If the runtime or the state thread cannot be started.
pub fn run_stdio(options: Options) -> io::Result<Ending> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let ending = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), options));
    // A read of standard input cannot be interrupted; do not wait for it.
    runtime.shutdown_background();
    ending
}

/// Serves one session on the given streams.
///
/// # Errors
/// If the state thread cannot be started, the log cannot be opened or the current executable is unknown.
pub async fn serve(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    options: Options,
) -> io::Result<Ending> {
    let stats = Arc::new(Stats::new(options.version.clone(), options.log.as_deref())?);
    let (queue, events) = Queue::channel();
    let (parent, named) = watch::channel(None);
    let mut client = None;
    let (service, socket) = LspService::new(|given| {
        client = Some(given);
        Backend::new(queue.clone(), options.version.clone(), parent)
    });
    let client = client.ok_or_else(|| io::Error::other("the framework made no client"))?;
    let (output, notifications, writing) = output::output(output);
    let mut writing = tokio::spawn(writing);
    let (outbox, deliver) = Outbox::new(client, notifications);
    let delivery = tokio::spawn(deliver);
    let runner = options.runner.map_or_else(std::env::current_exe, Ok)?;
    let runs = Runs::new(Handle::current(), runner, queue.clone(), outbox.clone());
    let running = runs.tracker();
    let parts = Parts {
        system: options.system,
        queue: queue.clone(),
        outbox,
        runs,
        workers: options.workers,
        stats: Arc::clone(&stats),
    };
    let thread = std::thread::Builder::new()
        .name("relux-state".to_owned())
        .spawn(move || state::run(parts, &events))?;

    let (checked, unchecked) = tokio::io::duplex(PIPE);
    let mut reading = tokio::spawn(wire::copy_messages(input, unchecked));
    let (stage, pending) = (Stage::default(), Pending::default());
    let front = Front::new(service, queue.clone(), stage.clone(), pending.clone(), stats);
    {
        let serving = Server::new(checked, output, socket)
            .concurrency_level(CONCURRENCY)
            .serve(front);
        tokio::pin!(serving);
        let deserted = tokio::select! {
            () = &mut serving => false,
            _ = &mut reading => true,
            _ = &mut writing => true,
            () = parent_gone(named) => true,
        };
        if deserted && timeout(LAST_ANSWERS, &mut serving).await.is_err() {
            pending.cancel_all();
        }
    }

    reading.abort();
    queue.send(Event::Shutdown);
    let clean = stage.ended_cleanly();
    running.wait(if clean { LAST_MOMENT } else { NO_CLIENT }).await;
    queue.send(Event::Stop);
    // The thread only finishes the event that it is at.
    let _ = timeout(LAST_BYTES, tokio::task::spawn_blocking(move || thread.join())).await;
    delivery.abort();
    // Its senders are gone with the framework, the thread and the deliverer.
    if !writing.is_finished() {
        let _ = timeout(LAST_BYTES, writing).await;
    }
    Ok(if clean { Ending::Clean } else { Ending::Abrupt })
}

/// Returns when the process has gone that the client named.
async fn parent_gone(mut named: watch::Receiver<Option<u32>>) {
    let process = named.wait_for(Option::is_some).await.ok().and_then(|it| *it);
    match process {
        Some(process) => parent::gone(process).await,
        None => std::future::pending().await,
    }
}
