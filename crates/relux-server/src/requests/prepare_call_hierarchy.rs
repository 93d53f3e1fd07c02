//! `textDocument/prepareCallHierarchy`: the function, effect or test under the cursor.

use relux_ide::{Cancellable, Hierarchy, HierarchyItem, HierarchyKind};
use tower_lsp_server::ls_types::{CallHierarchyItem, CallHierarchyPrepareParams, SymbolKind};

use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &CallHierarchyPrepareParams,
) -> Cancellable<Option<Vec<CallHierarchyItem>>> {
    let place = &params.text_document_position_params;
    let Some((path, _, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let mut files = Lines::default();
    let mut items = Vec::new();
    for found in snapshot.analysis.hierarchy(&path, offset, Hierarchy::Calls)? {
        items.extend(item(snapshot, &mut files, found)?);
    }
    Ok((!items.is_empty()).then_some(items))
}

/// An item as the client keeps it.
pub(super) fn item(
    snapshot: &Snapshot,
    files: &mut Lines,
    item: HierarchyItem,
) -> Cancellable<Option<CallHierarchyItem>> {
    let Some(whole) = files.location(snapshot, &item.file, item.whole)? else {
        return Ok(None);
    };
    let focus = files.location(snapshot, &item.file, item.focus)?;
    Ok(Some(CallHierarchyItem {
        name: item.name,
        kind: symbol_kind(item.kind),
        tags: None,
        detail: Some(item.detail),
        uri: whole.uri,
        selection_range: focus.map_or(whole.range, |it| it.range),
        range: whole.range,
        data: None,
    }))
}

/// How items are shown; the way back is [`kind`].
pub(super) const fn symbol_kind(kind: HierarchyKind) -> SymbolKind {
    match kind {
        HierarchyKind::Function => SymbolKind::FUNCTION,
        HierarchyKind::Effect => SymbolKind::CLASS,
        HierarchyKind::Test => SymbolKind::METHOD,
    }
}

/// What an item of the client is.
pub(super) fn kind(kind: SymbolKind) -> Option<HierarchyKind> {
    [
        HierarchyKind::Function,
        HierarchyKind::Effect,
        HierarchyKind::Test,
    ]
    .into_iter()
    .find(|it| symbol_kind(*it) == kind)
}
