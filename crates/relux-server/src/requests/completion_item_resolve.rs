//! `completionItem/resolve`: what is written about an item, for when it is looked at.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{CompletionItem, Documentation};

use super::completion::about;
use super::hover::markup;
use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, item: &CompletionItem) -> Cancellable<Option<CompletionItem>> {
    let mut item = item.clone();
    if let Some(about) = item.data.as_ref().and_then(about) {
        let page = snapshot.analysis.completion_documentation(&about)?;
        let markdown = snapshot.session.completion_markdown;
        item.documentation = page.map(|it| Documentation::MarkupContent(markup(markdown, it)));
    }
    Ok(Some(item))
}
