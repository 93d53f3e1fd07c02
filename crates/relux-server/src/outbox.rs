//! Everything that the server sends on its own account, in the order in which it was sent.
//!
//! Senders never wait: one task hands the messages to the framework, and answers of the client are awaited by tasks of
//! their own. So a client that reads slowly, or never answers, stops nothing.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tower_lsp_server::Client;
use tower_lsp_server::ls_types::notification::{
    LogMessage, Notification, Progress, PublishDiagnostics, ShowMessage,
};
use tower_lsp_server::ls_types::request::{CodeLensRefresh, RegisterCapability, WorkDoneProgressCreate};
use tower_lsp_server::ls_types::{
    LogMessageParams, MessageType, ProgressParams, ProgressToken, PublishDiagnosticsParams, Registration,
    RegistrationParams, ShowMessageParams, WorkDoneProgressCreateParams,
};

/// A client that has not answered by then will not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The server's own notification about a test run.
enum TestEventNotification {}

impl Notification for TestEventNotification {
    type Params = Value;
    const METHOD: &'static str = "relux/testEvent";
}

enum Outgoing {
    Publish(PublishDiagnosticsParams),
    Log(LogMessageParams),
    Show(ShowMessageParams),
    TestEvent(Value),
    Progress(ProgressParams),
    CreateProgress(ProgressToken, oneshot::Sender<bool>),
    Register(Vec<Registration>),
    RefreshLenses,
}

/// The sending end. Clones share the order.
#[derive(Clone)]
pub(crate) struct Outbox(mpsc::UnboundedSender<Outgoing>);

impl Outbox {
    /// An outbox and the task that empties it into `client`.
    pub(crate) fn new(client: Client) -> (Self, impl Future<Output = ()> + Send) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), deliver(client, receiver))
    }

    fn put(&self, message: Outgoing) {
        // After the end of the session there is nobody to tell.
        let _ = self.0.send(message);
    }

    pub(crate) fn publish(&self, params: PublishDiagnosticsParams) {
        self.put(Outgoing::Publish(params));
    }

    /// A line for the client's log of the server.
    pub(crate) fn log(&self, typ: MessageType, message: String) {
        self.put(Outgoing::Log(LogMessageParams { typ, message }));
    }

    /// A message that the user sees.
    pub(crate) fn show(&self, typ: MessageType, message: String) {
        self.put(Outgoing::Show(ShowMessageParams { typ, message }));
    }

    pub(crate) fn test_event(&self, event: Value) {
        self.put(Outgoing::TestEvent(event));
    }

    pub(crate) fn progress(&self, params: ProgressParams) {
        self.put(Outgoing::Progress(params));
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
            Outgoing::Publish(params) => client.send_notification::<PublishDiagnostics>(params).await,
            Outgoing::Log(params) => client.send_notification::<LogMessage>(params).await,
            Outgoing::Show(params) => client.send_notification::<ShowMessage>(params).await,
            Outgoing::TestEvent(params) => client.send_notification::<TestEventNotification>(params).await,
            Outgoing::Progress(params) => client.send_notification::<Progress>(params).await,
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
