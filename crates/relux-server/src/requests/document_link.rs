//! `textDocument/documentLink`: the paths of imports, as links to their modules.

use relux_ide::{Cancellable, Link};
use tower_lsp_server::ls_types::{DocumentLink, DocumentLinkParams};

use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentLinkParams,
) -> Cancellable<Option<Vec<DocumentLink>>> {
    let path = path_of(&params.text_document.uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let link = |link: Link| DocumentLink {
        range: lines.range(link.range, snapshot.session.encoding),
        target: snapshot.uri(&link.target),
        tooltip: Some(link.shown),
        data: None,
    };
    let found = snapshot.analysis.document_links(&path)?;
    Ok(Some(found.into_iter().map(link).collect()))
}
