//! `textDocument/prepareRename`: whether the name under the cursor can be changed, and why not.

use relux_ide::Cancellable;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{PrepareRenameResponse, TextDocumentPositionParams};

use super::rename::refused;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &TextDocumentPositionParams,
) -> Cancellable<Result<Option<PrepareRenameResponse>, Error>> {
    let place = snapshot.offset(&params.text_document.uri, params.position)?;
    let Some((path, lines, offset)) = place else {
        return Ok(Ok(None));
    };
    let found = snapshot.analysis.prepare_rename(&path, offset)?;
    Ok(found.map_err(refused).map(|found| {
        found.map(|found| PrepareRenameResponse::RangeWithPlaceholder {
            range: lines.range(found.range, snapshot.session.encoding),
            placeholder: found.name,
        })
    }))
}
