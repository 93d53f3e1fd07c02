//! `textDocument/references`: every place of the suite that names what stands under the cursor.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{Location, ReferenceParams};

use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(snapshot: &Snapshot, params: &ReferenceParams) -> Cancellable<Option<Vec<Location>>> {
    let place = &params.text_document_position;
    let Some((path, _, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let definitions = params.context.include_declaration;
    let mut files = Lines::default();
    let mut found = Vec::new();
    for place in snapshot.analysis.references(&path, offset, definitions)? {
        found.extend(files.location(snapshot, &place.file, place.range)?);
    }
    Ok(Some(found))
}
