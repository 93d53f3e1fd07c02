//! Requests of the client: one file each, named as in the protocol. They run on the read pool, on a snapshot.

pub(crate) mod code_lens;
mod definition;
mod document_symbol;
pub(crate) mod execute_command;
mod formatting;
pub(crate) mod on_type_formatting;
mod range_formatting;

use relux_ide::Cancellable;
use serde::Serialize;
use serde_json::Value;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    CodeLensParams, DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams,
    DocumentSymbolParams, ExecuteCommandParams, GotoDefinitionParams, Uri,
};

use crate::notifications::parameters;
use crate::reply::Answer;
use crate::snapshot::Snapshot;

/// A request with its parameters. Exactly what `capabilities.rs` advertises.
pub(crate) enum ClientRequest {
    Definition(GotoDefinitionParams),
    DocumentSymbol(DocumentSymbolParams),
    CodeLens(CodeLensParams),
    Formatting(DocumentFormattingParams),
    RangeFormatting(DocumentRangeFormattingParams),
    OnTypeFormatting(DocumentOnTypeFormattingParams),
    /// Changes something, so the state thread answers it.
    ExecuteCommand(ExecuteCommandParams),
}

impl ClientRequest {
    /// The request of this method; `None` if there is no such method here.
    pub(crate) fn decode(method: &str, params: Option<Value>) -> Option<Result<Self, Error>> {
        Some(match method {
            "textDocument/definition" => parameters(params).map(Self::Definition),
            "textDocument/documentSymbol" => parameters(params).map(Self::DocumentSymbol),
            "textDocument/codeLens" => parameters(params).map(Self::CodeLens),
            "textDocument/formatting" => parameters(params).map(Self::Formatting),
            "textDocument/rangeFormatting" => parameters(params).map(Self::RangeFormatting),
            "textDocument/onTypeFormatting" => parameters(params).map(Self::OnTypeFormatting),
            "workspace/executeCommand" => parameters(params).map(Self::ExecuteCommand),
            _ => return None,
        })
    }

    /// The document that the question is about. Its answer is worthless once that document has changed.
    pub(crate) fn document(&self) -> Option<&Uri> {
        match self {
            Self::Definition(params) => Some(&params.text_document_position_params.text_document.uri),
            Self::DocumentSymbol(params) => Some(&params.text_document.uri),
            Self::CodeLens(params) => Some(&params.text_document.uri),
            Self::Formatting(params) => Some(&params.text_document.uri),
            Self::RangeFormatting(params) => Some(&params.text_document.uri),
            Self::OnTypeFormatting(params) => Some(&params.text_document_position.text_document.uri),
            Self::ExecuteCommand(_) => None,
        }
    }

    /// The answer from a snapshot.
    pub(crate) fn answer(&self, snapshot: &Snapshot) -> Cancellable<Answer> {
        Ok(match self {
            Self::Definition(params) => json(definition::answer(snapshot, params)?),
            Self::DocumentSymbol(params) => json(document_symbol::answer(snapshot, params)?),
            Self::CodeLens(params) => json(code_lens::answer(snapshot, params)?),
            Self::Formatting(params) => json(formatting::answer(snapshot, params)?),
            Self::RangeFormatting(params) => json(range_formatting::answer(snapshot, params)?),
            Self::OnTypeFormatting(params) => json(on_type_formatting::answer(snapshot, params)?),
            Self::ExecuteCommand(_) => Err(Error::internal_error()),
        })
    }
}

fn json(value: impl Serialize) -> Answer {
    serde_json::to_value(value).map_err(|_| Error::internal_error())
}
