//! Notifications of the client: one file each, named as in the protocol. They run on the state thread, in order.

mod did_change;
mod did_change_configuration;
mod did_change_watched_files;
mod did_change_workspace_folders;
mod did_close;
mod did_open;
mod did_save;
mod initialized;
mod work_done_progress_cancel;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, WorkDoneProgressCancelParams,
};

use crate::state::State;

/// A notification with its parameters. Those not listed are ignored, as the protocol wants.
pub(crate) enum ClientNotification {
    Initialized,
    DidOpen(Box<DidOpenTextDocumentParams>),
    DidChange(DidChangeTextDocumentParams),
    DidSave(DidSaveTextDocumentParams),
    DidClose(DidCloseTextDocumentParams),
    DidChangeWatchedFiles(DidChangeWatchedFilesParams),
    DidChangeConfiguration(DidChangeConfigurationParams),
    DidChangeWorkspaceFolders(DidChangeWorkspaceFoldersParams),
    WorkDoneProgressCancel(WorkDoneProgressCancelParams),
}

impl ClientNotification {
    /// The notification of this method; `None` if it means nothing here.
    pub(crate) fn decode(method: &str, params: Option<Value>) -> Option<Result<Self, Error>> {
        Some(match method {
            "initialized" => Ok(Self::Initialized),
            "textDocument/didOpen" => parameters(params).map(|it| Self::DidOpen(Box::new(it))),
            "textDocument/didChange" => parameters(params).map(Self::DidChange),
            "textDocument/didSave" => parameters(params).map(Self::DidSave),
            "textDocument/didClose" => parameters(params).map(Self::DidClose),
            "workspace/didChangeWatchedFiles" => parameters(params).map(Self::DidChangeWatchedFiles),
            "workspace/didChangeConfiguration" => parameters(params).map(Self::DidChangeConfiguration),
            "workspace/didChangeWorkspaceFolders" => parameters(params).map(Self::DidChangeWorkspaceFolders),
            "window/workDoneProgress/cancel" => parameters(params).map(Self::WorkDoneProgressCancel),
            _ => return None,
        })
    }

    /// The method.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Initialized => "initialized",
            Self::DidOpen(_) => "textDocument/didOpen",
            Self::DidChange(_) => "textDocument/didChange",
            Self::DidSave(_) => "textDocument/didSave",
            Self::DidClose(_) => "textDocument/didClose",
            Self::DidChangeWatchedFiles(_) => "workspace/didChangeWatchedFiles",
            Self::DidChangeConfiguration(_) => "workspace/didChangeConfiguration",
            Self::DidChangeWorkspaceFolders(_) => "workspace/didChangeWorkspaceFolders",
            Self::WorkDoneProgressCancel(_) => "window/workDoneProgress/cancel",
        }
    }

    /// Takes it in.
    pub(crate) fn apply(self, state: &mut State) {
        match self {
            Self::Initialized => initialized::apply(state),
            Self::DidOpen(params) => did_open::apply(state, *params),
            Self::DidChange(params) => did_change::apply(state, params),
            Self::DidSave(params) => did_save::apply(state, &params),
            Self::DidClose(params) => did_close::apply(state, &params),
            Self::DidChangeWatchedFiles(params) => did_change_watched_files::apply(state, &params),
            Self::DidChangeConfiguration(params) => did_change_configuration::apply(state, &params),
            Self::DidChangeWorkspaceFolders(params) => did_change_workspace_folders::apply(state, &params),
            Self::WorkDoneProgressCancel(params) => work_done_progress_cancel::apply(state, &params),
        }
    }
}

/// The parameters of a message, or the error that names what is wrong with them.
pub(crate) fn parameters<T: DeserializeOwned>(params: Option<Value>) -> Result<T, Error> {
    serde_json::from_value(params.unwrap_or(Value::Null))
        .map_err(|error| Error::invalid_params(error.to_string()))
}
