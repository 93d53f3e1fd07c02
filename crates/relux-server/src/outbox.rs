//! Everything that the server sends on its own account, in the order in which it was sent.
//!
//! Senders never wait: notifications go straight into the queue of bytes, and answers of the client are awaited by tasks
//! of their own. So a client that reads slowly, or never answers, stops nothing.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::{
    LogMessage, Notification, Progress, PublishDiagnostics, ShowMessage,
};
use tower_lsp_server::ls_types::request::{
    CodeLensRefresh, RegisterCapability, WorkDoneProgressCreate, WorkspaceDiagnosticRefresh,
};
use tower_lsp_server::ls_types::{
    LogMessageParams, MessageType, ProgressParams, ProgressToken, PublishDiagnosticsParams, Registration,
    RegistrationParams, ShowMessageParams, Uri, WorkDoneProgressCreateParams,
};

use crate::output::Notifications;

/// A client that has not answered by then will not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A question to the client, whose answer somebody must wait for.
enum Outgoing {
    RefreshDiagnostics,
    CreateProgress(ProgressToken, oneshot::Sender<bool>),
    Register(Vec<Registration>),
    RefreshLenses,
}

/// The sending end. Clones share the order.
#[derive(Clone)]
pub(crate) struct Outbox {
    notifications: Notifications,
    questions: mpsc::UnboundedSender<Outgoing>,
}

impl Outbox {
    /// An outbox and the task that empties it into `client`.
    pub(crate) fn new(
        client: Client,
        notifications: Notifications,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (questions, receiver) = mpsc::unbounded_channel();
        let outbox = Self {
            notifications,
            questions,
        };
        (outbox, deliver(client, receiver))
    }

    fn notify<N: Notification>(&self, params: &N::Params) {
        // What cannot be said in JSON does not exist among these types.
        self.notifications
            .send(N::METHOD, &serde_json::to_value(params).unwrap_or_default());
    }

    fn put(&self, message: Outgoing) {
        // After the end of the session there is nobody to tell.
        let _ = self.questions.send(message);
    }

    pub(crate) fn publish(&self, params: &PublishDiagnosticsParams) {
        self.notify::<PublishDiagnostics>(params);
    }

    /// A line for the client's log of the server.
    pub(crate) fn log(&self, typ: MessageType, message: String) {
        self.notify::<LogMessage>(&LogMessageParams { typ, message });
    }

    /// A message that the user sees.
    pub(crate) fn show(&self, typ: MessageType, message: String) {
        self.notify::<ShowMessage>(&ShowMessageParams { typ, message });
    }

    /// The server's own notification about a test run.
    pub(crate) fn test_event(&self, event: &Value) {
        self.notifications.send("relux/testEvent", event);
    }

    /// The tests of these files are others now, or those of any file.
    pub(crate) fn tests_changed(&self, files: Option<Vec<Uri>>) {
        let params = files.map_or_else(|| json!({}), |files| json!({ "files": files }));
        self.notifications.send("relux/testsChanged", &params);
    }

    pub(crate) fn progress(&self, params: &ProgressParams) {
        self.notify::<Progress>(params);
    }

    /// A part of the answer to a request, with the token that the client gave for it.
    pub(crate) fn partial_result(&self, part: &Value) {
        self.notifications.send(Progress::METHOD, part);
    }

    /// Asks the client to ask for diagnostics again.
    pub(crate) fn refresh_diagnostics(&self) {
        self.put(Outgoing::RefreshDiagnostics);
    }

    pub(crate) fn register(&self, registrations: Vec<Registration>) {
        self.put(Outgoing::Register(registrations));
    }

    /// Lenses have changed without an edit.
    pub(crate) fn refresh_lenses(&self) {
        self.put(Outgoing::RefreshLenses);
    }

    /// Asks the client for a progress display; `false` if it has none or does not answer.
    pub(crate) async fn create_progress(&self, token: ProgressToken) -> bool {
        let (sender, receiver) = oneshot::channel();
        self.put(Outgoing::CreateProgress(token, sender));
        receiver.await.unwrap_or(false)
    }
}

async fn deliver(client: Client, mut receiver: mpsc::UnboundedReceiver<Outgoing>) {
    while let Some(message) = receiver.recv().await {
        match message {
            Outgoing::RefreshDiagnostics => {
                let client = client.clone();
                tokio::spawn(async move {
                    let asked = client.send_request::<WorkspaceDiagnosticRefresh>(());
                    // The client asks again or it does not; there is nothing else to do.
                    let _ = tokio::time::timeout(PATIENCE, asked).await;
                });
            }
            Outgoing::CreateProgress(token, done) => {
                let client = client.clone();
                tokio::spawn(async move {
                    let asked =
                        client.send_request::<WorkDoneProgressCreate>(WorkDoneProgressCreateParams { token });
                    let answer = tokio::time::timeout(PATIENCE, asked).await;
                    let _ = done.send(matches!(answer, Ok(Ok(()))));
                });
            }
            Outgoing::RefreshLenses => {
                let client = client.clone();
                tokio::spawn(async move {
                    let asked = client.send_request::<CodeLensRefresh>(());
                    let _ = tokio::time::timeout(PATIENCE, asked).await;
                });
            }
            Outgoing::Register(registrations) => {
                let client = client.clone();
                tokio::spawn(async move {
                    let asked =
                        client.send_request::<RegisterCapability>(RegistrationParams { registrations });
                    // A client that refuses is one that does not watch files.
                    let _ = tokio::time::timeout(PATIENCE, asked).await;
                });
            }
        }
    }
}
