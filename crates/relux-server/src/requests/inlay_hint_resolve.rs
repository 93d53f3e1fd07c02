//! `inlayHint/resolve`: what is written about the function or effect that a hint speaks of, for when it is pointed at.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{InlayHint, InlayHintTooltip};

use super::completion::about;
use super::hover::markup;
use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, hint: &InlayHint) -> Cancellable<Option<InlayHint>> {
    let mut hint = hint.clone();
    if hint.tooltip.is_none()
        && let Some(about) = hint.data.as_ref().and_then(about)
    {
        let page = snapshot.analysis.completion_documentation(&about)?;
        let markdown = snapshot.session.hover_markdown;
        hint.tooltip = page.map(|it| InlayHintTooltip::MarkupContent(markup(markdown, it)));
    }
    Ok(Some(hint))
}
