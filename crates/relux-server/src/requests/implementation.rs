//! `textDocument/implementation`: who starts the effect, or who supplies the expect, under the cursor.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::GotoDefinitionResponse;
use tower_lsp_server::ls_types::request::GotoImplementationParams;

use super::definition::places;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &GotoImplementationParams,
) -> Cancellable<Option<GotoDefinitionResponse>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.implementation(&path, offset)?;
    places(snapshot, &lines, found, snapshot.session.implementation_links)
}
