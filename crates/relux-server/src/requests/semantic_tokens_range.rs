//! `textDocument/semanticTokens/range`: the meaning of the words on the screen.

use relux_ide::{Cancellable, TextRange};
use tower_lsp_server::ls_types::{SemanticTokens, SemanticTokensRangeParams};

use crate::snapshot::Snapshot;
use crate::tokens::tokens;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &SemanticTokensRangeParams,
) -> Cancellable<Option<SemanticTokens>> {
    let (range, encoding) = (params.range, snapshot.session.encoding);
    let found = tokens(snapshot, &params.text_document.uri, |lines| {
        let (start, end) = (
            lines.offset(range.start, encoding),
            lines.offset(range.end, encoding),
        );
        Some(TextRange::new(start, end))
    })?;
    Ok(found.map(|data| SemanticTokens {
        result_id: None,
        data,
    }))
}
