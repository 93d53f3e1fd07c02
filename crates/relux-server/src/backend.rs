//! The part of a session that the framework itself handles: its beginning and its end.
//!
//! Everything else passes it by, see `front.rs`.

use tokio::sync::watch;
use tower_lsp_server::LanguageServer;
use tower_lsp_server::jsonrpc::Result;
use tower_lsp_server::ls_types::{InitializeParams, InitializeResult};

use crate::capabilities::initialize_result;
use crate::event::{Event, Queue};
use crate::session::Session;

/// Answers `initialize` and `shutdown`.
pub(crate) struct Backend {
    queue: Queue,
    version: String,
    /// The client's process, once it has named it.
    parent: watch::Sender<Option<u32>>,
}

impl Backend {
    pub(crate) fn new(queue: Queue, version: String, parent: watch::Sender<Option<u32>>) -> Self {
        Self {
            queue,
            version,
            parent,
        }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let session = Session::new(&params);
        let result = initialize_result(&session, &self.version);
        self.parent.send_replace(params.process_id);
        // No other message is accepted before the client has the answer, so this is first in the queue.
        self.queue.send(Event::Initialize(Box::new(session)));
        Ok(result)
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}
