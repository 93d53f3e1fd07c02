//! Everything that the server sends on its own account, in the order in which it was sent.
//!
//! Senders never wait: notifications go straight into the queue of bytes, and answers of the client are awaited by tasks
//! of their own. So a client that reads slowly, or never answers, stops nothing.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tower_lsp_server::Client;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::notification::{
    LogMessage, Notification, Progress, PublishDiagnostics, ShowMessage,
};
use tower_lsp_server::ls_types::request::{
    CodeLensRefresh, InlayHintRefreshRequest, RegisterCapability, SemanticTokensRefresh,
    WorkDoneProgressCreate, WorkspaceConfiguration, WorkspaceDiagnosticRefresh,
};
use tower_lsp_server::ls_types::{
    ConfigurationItem, ConfigurationParams, LogMessageParams, MessageType, ProgressParams, ProgressToken,
    PublishDiagnosticsParams, Registration, RegistrationParams, ShowMessageParams, Uri,
    WorkDoneProgressCreateParams,
};

use crate::output::Notifications;
use crate::settings::SECTION;

/// A client that has not answered by then will not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A question to the client, whose answer somebody must wait for.
enum Outgoing {
    Refresh(Refresh),
    Configuration(oneshot::Sender<Option<Value>>),
    CreateProgress(ProgressToken, oneshot::Sender<bool>),
    Register(Vec<Registration>),
}

/// What the client is asked to ask for again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refresh {
    /// Diagnostics.
    Diagnostics,
    /// Lenses.
    Lenses,
    /// Inlay hints.
    Hints,
    /// Semantic tokens.
    Tokens,
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

    /// Asks the client to ask again; only clients that said that they can be asked.
    pub(crate) fn refresh(&self, what: Refresh) {
        self.put(Outgoing::Refresh(what));
    }

    /// Asks the client for the user's settings; nothing if it does not know or does not answer.
    pub(crate) fn configuration(&self) -> impl Future<Output = Option<Value>> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        self.put(Outgoing::Configuration(sender));
        async { receiver.await.ok().flatten() }
    }

    pub(crate) fn register(&self, registrations: Vec<Registration>) {
        self.put(Outgoing::Register(registrations));
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
        let client = client.clone();
        tokio::spawn(async move {
            // A client that refuses or does not answer shows no progress, watches no files, has no settings, or does not
            // ask again; there is nothing else to do.
            let _ = tokio::time::timeout(PATIENCE, ask(&client, message)).await;
        });
    }
}

async fn ask(client: &Client, message: Outgoing) -> Result<(), Error> {
    match message {
        Outgoing::Refresh(Refresh::Diagnostics) => {
            client.send_request::<WorkspaceDiagnosticRefresh>(()).await
        }
        Outgoing::Refresh(Refresh::Lenses) => client.send_request::<CodeLensRefresh>(()).await,
        Outgoing::Refresh(Refresh::Hints) => client.send_request::<InlayHintRefreshRequest>(()).await,
        Outgoing::Refresh(Refresh::Tokens) => client.send_request::<SemanticTokensRefresh>(()).await,
        Outgoing::Register(registrations) => {
            let params = RegistrationParams { registrations };
            client.send_request::<RegisterCapability>(params).await
        }
        Outgoing::CreateProgress(token, done) => {
            let params = WorkDoneProgressCreateParams { token };
            let answer = client.send_request::<WorkDoneProgressCreate>(params).await;
            let _ = done.send(answer.is_ok());
            Ok(())
        }
        Outgoing::Configuration(done) => {
            let items = vec![ConfigurationItem {
                scope_uri: None,
                section: Some(SECTION.to_owned()),
            }];
            let params = ConfigurationParams { items };
            let mut answer = client.send_request::<WorkspaceConfiguration>(params).await?;
            let _ = done.send((!answer.is_empty()).then(|| answer.swap_remove(0)));
            Ok(())
        }
    }
}
