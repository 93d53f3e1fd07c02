//! `textDocument/hover`: Markdown, or the same as plain text for clients that do not show Markdown.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{Hover, HoverContents, HoverParams, MarkupContent};

use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, params: &HoverParams) -> Cancellable<Option<Hover>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.hover(&path, offset)?;
    Ok(found.map(|found| Hover {
        contents: HoverContents::Markup(markup(snapshot.session.hover_markdown, found.markdown)),
        range: Some(lines.range(found.range, snapshot.session.encoding)),
    }))
}

/// Text of either kind. Markdown reads well as plain text too.
pub(super) fn markup(markdown: bool, value: String) -> MarkupContent {
    use tower_lsp_server::ls_types::MarkupKind;
    let kind = if markdown {
        MarkupKind::Markdown
    } else {
        MarkupKind::PlainText
    };
    MarkupContent { kind, value }
}
