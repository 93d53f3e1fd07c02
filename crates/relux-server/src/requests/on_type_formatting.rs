//! `textDocument/onTypeFormatting`: behind a newline the finished line and the indentation of the next one, behind `}`
//! what it closes.

use relux_ide::{Cancellable, Formatting};
use tower_lsp_server::ls_types::{DocumentOnTypeFormattingParams, TextEdit};

use super::formatting::edits;
use crate::snapshot::Snapshot;

/// The characters that are answered: the first one, and the others.
pub(crate) const TRIGGERS: (&str, &[&str]) = ("\n", &["}"]);

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentOnTypeFormattingParams,
) -> Cancellable<Option<Vec<TextEdit>>> {
    let place = &params.text_document_position;
    let Some(typed) = params.ch.chars().next() else {
        return Ok(None);
    };
    edits(snapshot, &place.text_document.uri, |lines| {
        Formatting::Typed(lines.offset(place.position, snapshot.session.encoding), typed)
    })
}
