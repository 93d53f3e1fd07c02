//! Everything that can happen to the state thread, in one closed list, and the queue that orders it.

use std::sync::mpsc;

use camino::Utf8PathBuf;
use relux_ide::DiskChange;
use serde_json::Value;

use crate::indexing::Piece;
use crate::notifications::ClientNotification;
use crate::publisher::{Findings, TypedLines};
use crate::reply::Reply;
use crate::requests::ClientRequest;
use crate::requests::document_diagnostic::Pulled;
use crate::requests::workspace_diagnostic::WorkspacePull;
use crate::runs::RunEvent;
use crate::session::Session;

/// Something that the state thread has to deal with.
pub(crate) enum Event {
    /// The client has introduced itself.
    Initialize(Box<Session>),
    /// A notification of the client.
    Notification(ClientNotification),
    /// A request of the client; it sees the state that precedes it in the queue.
    Request {
        /// What it asks.
        request: ClientRequest,
        /// Where the answer goes.
        reply: Reply,
    },
    /// A request whose computation was stopped by an edit.
    Interrupted {
        /// What it asks.
        request: ClientRequest,
        /// Where the answer goes.
        reply: Reply,
        /// Number of edits to the request's document when it was asked first.
        edits: u64,
    },
    /// The diagnostics of a file, computed in revision `revision`.
    Diagnosed {
        /// The file.
        path: Utf8PathBuf,
        /// The revision of the database that they belong to.
        revision: u64,
        /// What was found.
        findings: Findings,
        /// The lines of the statement that is being typed, if something was found.
        typed: Option<TypedLines>,
    },
    /// What was found for a client that asked.
    Pulled(Box<Pulled>),
    /// A question about everything that has no answer yet: nothing is new, or an edit interrupted the search.
    WorkspacePull(Box<WorkspacePull>),
    /// Some modules of a large suite were prepared.
    Prepared(Piece),
    /// All open documents were checked in this revision.
    Checked(u64),
    /// Suites below the folders of the workspace were found.
    Suites(Vec<Utf8PathBuf>),
    /// What a test explorer shows of each file, in revision `revision`, as numbers that change when it changes.
    TestMarks {
        /// The revision of the database that they belong to.
        revision: u64,
        /// By path.
        marks: Vec<(Utf8PathBuf, u64)>,
    },
    /// News of a test run.
    Run(RunEvent),
    /// The disk has changed, for clients that do not watch it.
    Disk {
        /// What happened.
        changes: Vec<DiskChange>,
        /// More happened than could be told: anything may have changed.
        lost: bool,
    },
    /// The client's answer about settings.
    Settings {
        /// Which question it answers; older ones no longer count.
        asked: u64,
        /// Its section.
        section: Value,
    },
    /// Something for the client's log.
    Log(String),
    /// The client wants no more answers: runs end now.
    Shutdown,
    /// The session is over.
    Stop,
}

impl Event {
    /// What it is, for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Initialize(_) => "initialize",
            Self::Notification(notification) => notification.name(),
            Self::Request { .. } => "a request",
            Self::Interrupted { .. } => "an interrupted request",
            Self::Diagnosed { .. } => "findings",
            Self::Pulled(_) => "an answer of diagnostics",
            Self::WorkspacePull(_) => "a question about the workspace",
            Self::Prepared(_) => "prepared modules",
            Self::Checked(_) => "the end of a check",
            Self::Run(_) => "news of a run",
            Self::Suites(_) => "suites that were found",
            Self::TestMarks { .. } => "tests of a file",
            Self::Disk { .. } => "changes on the disk",
            Self::Settings { .. } => "settings",
            Self::Log(_) => "a line of the log",
            Self::Shutdown | Self::Stop => "the end",
        }
    }
}

/// The sending end of the state thread's queue.
#[derive(Clone)]
pub(crate) struct Queue(mpsc::Sender<Event>);

impl Queue {
    /// A queue and its receiving end.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Event>) {
        let (sender, receiver) = mpsc::channel();
        (Self(sender), receiver)
    }

    /// Adds an event. After the end of the session there is nobody left to care.
    pub(crate) fn send(&self, event: Event) {
        let _ = self.0.send(event);
    }

    /// Adds a line for the client's log.
    pub(crate) fn log(&self, line: String) {
        self.send(Event::Log(line));
    }
}
