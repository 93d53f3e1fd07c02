//! `textDocument/inlayHint`: what stands between the words on the screen.

use relux_ide::{Cancellable, HintKind, InlayHint, TextRange};
use tower_lsp_server::ls_types::{
    InlayHint as Hint, InlayHintKind, InlayHintLabel, InlayHintParams, InlayHintTooltip,
};

use super::completion::data;
use super::hover::markup;
use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, params: &InlayHintParams) -> Cancellable<Option<Vec<Hint>>> {
    let range = params.range;
    let Some((path, lines, start)) = snapshot.offset(&params.text_document.uri, range.start)? else {
        return Ok(None);
    };
    let encoding = snapshot.session.encoding;
    let within = TextRange::new(start, lines.offset(range.end, encoding));
    let found = snapshot
        .analysis
        .inlay_hints(&path, within, snapshot.session.settings.hints)?;
    let hint = |it: InlayHint| Hint {
        position: lines.position(it.offset, encoding),
        kind: (it.kind == HintKind::Parameter).then_some(InlayHintKind::PARAMETER),
        text_edits: None,
        tooltip: (!it.tooltip.is_empty())
            .then(|| InlayHintTooltip::MarkupContent(markup(snapshot.session.hover_markdown, it.tooltip))),
        padding_left: Some(matches!(it.kind, HintKind::Inherited | HintKind::Shared)),
        padding_right: Some(it.kind == HintKind::Parameter),
        data: it.about.as_ref().map(data),
        label: InlayHintLabel::String(it.label),
    };
    Ok(Some(found.into_iter().map(hint).collect()))
}
