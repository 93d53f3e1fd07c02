//! `textDocument/documentHighlight`: the places of the file that name what stands under the cursor.

use relux_ide::{Access, Cancellable};
use tower_lsp_server::ls_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentHighlightParams,
) -> Cancellable<Option<Vec<DocumentHighlight>>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let highlight = |(range, access)| DocumentHighlight {
        range: lines.range(range, snapshot.session.encoding),
        kind: Some(match access {
            Access::Read => DocumentHighlightKind::READ,
            Access::Write => DocumentHighlightKind::WRITE,
        }),
    };
    let found = snapshot.analysis.highlights(&path, offset)?;
    Ok(Some(found.into_iter().map(highlight).collect()))
}
