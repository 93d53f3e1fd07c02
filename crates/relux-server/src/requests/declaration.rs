//! `textDocument/declaration`: where the name under the cursor comes into sight: an import, an `expose`, a definition.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::GotoDefinitionResponse;
use tower_lsp_server::ls_types::request::GotoDeclarationParams;

use super::definition::places;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &GotoDeclarationParams,
) -> Cancellable<Option<GotoDefinitionResponse>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.declaration(&path, offset)?;
    places(snapshot, &lines, found, snapshot.session.declaration_links)
}
