//! `textDocument/rename`: the edits of all files, for the versions that the client has open, or why there are none.

use relux_ide::{Cancellable, Refused};
use tower_lsp_server::jsonrpc::{Error, ErrorCode};
use tower_lsp_server::ls_types::{RenameParams, WorkspaceEdit};

use crate::snapshot::Snapshot;
use crate::workspace_edit::workspace_edit;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &RenameParams,
) -> Cancellable<Result<Option<WorkspaceEdit>, Error>> {
    let place = &params.text_document_position;
    let place = snapshot.offset(&place.text_document.uri, place.position)?;
    let Some((path, _, offset)) = place else {
        return Ok(Ok(None));
    };
    match snapshot.analysis.rename(&path, offset, &params.new_name)? {
        Ok(files) => workspace_edit(snapshot, files),
        Err(reason) => Ok(Err(refused(reason))),
    }
}

/// What the protocol calls a request that failed although it was right to ask. Editors show the message.
pub(super) fn refused(reason: Refused) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: reason.0.into(),
        data: None,
    }
}
