//! `textDocument/semanticTokens/full/delta`: what has changed since the tokens that the client has, or all of them if it
//! has others than were sent last.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{
    SemanticTokensDelta, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult,
};

use crate::snapshot::Snapshot;
use crate::tokens::{sent, tokens};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &SemanticTokensDeltaParams,
) -> Cancellable<Option<SemanticTokensFullDeltaResult>> {
    let uri = &params.text_document.uri;
    let found = tokens(snapshot, uri, |_| None)?;
    Ok(found.map(|data| {
        let (all, edits) = sent(snapshot, uri, data, Some(&params.previous_result_id));
        match edits {
            None => all.into(),
            Some(edits) => SemanticTokensDelta {
                result_id: all.result_id,
                edits,
            }
            .into(),
        }
    }))
}
