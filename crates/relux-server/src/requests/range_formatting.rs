//! `textDocument/rangeFormatting`: the lines of a selection, with the bytes that formatting the file gives them.

use relux_ide::{Cancellable, Formatting, TextRange};
use tower_lsp_server::ls_types::{DocumentRangeFormattingParams, TextEdit};

use super::formatting::edits;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentRangeFormattingParams,
) -> Cancellable<Option<Vec<TextEdit>>> {
    edits(snapshot, &params.text_document.uri, |lines| {
        let offset = |position| lines.offset(position, snapshot.session.encoding);
        Formatting::Range(TextRange::new(
            offset(params.range.start),
            offset(params.range.end),
        ))
    })
}
