//! `textDocument/semanticTokens/full`: the meaning of every word of a document.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{SemanticTokens, SemanticTokensParams};

use crate::snapshot::Snapshot;
use crate::tokens::{sent, tokens};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &SemanticTokensParams,
) -> Cancellable<Option<SemanticTokens>> {
    let uri = &params.text_document.uri;
    let found = tokens(snapshot, uri, |_| None)?;
    Ok(found.map(|data| sent(snapshot, uri, data, None).0))
}
