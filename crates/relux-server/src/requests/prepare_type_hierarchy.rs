//! `textDocument/prepareTypeHierarchy`: the effect under the cursor. What it starts stands above it, who starts it below.

use relux_ide::{Calls, Cancellable, Hierarchy, HierarchyItem};
use tower_lsp_server::ls_types::{TypeHierarchyItem, TypeHierarchyPrepareParams};

use super::prepare_call_hierarchy::symbol_kind;
use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &TypeHierarchyPrepareParams,
) -> Cancellable<Option<Vec<TypeHierarchyItem>>> {
    let place = &params.text_document_position_params;
    let Some((path, _, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.hierarchy(&path, offset, Hierarchy::Starts)?;
    let items = items(snapshot, found)?;
    Ok((!items.is_empty()).then_some(items))
}

/// The other ends of starts.
pub(super) fn others(snapshot: &Snapshot, calls: Vec<Calls>) -> Cancellable<Option<Vec<TypeHierarchyItem>>> {
    items(snapshot, calls.into_iter().map(|it| it.item).collect()).map(Some)
}

fn items(snapshot: &Snapshot, found: Vec<HierarchyItem>) -> Cancellable<Vec<TypeHierarchyItem>> {
    let mut files = Lines::default();
    let mut items = Vec::new();
    for item in found {
        let Some(whole) = files.location(snapshot, &item.file, item.whole)? else {
            continue;
        };
        let focus = files.location(snapshot, &item.file, item.focus)?;
        items.push(TypeHierarchyItem {
            name: item.name,
            kind: symbol_kind(item.kind),
            tags: None,
            detail: Some(item.detail),
            uri: whole.uri,
            selection_range: focus.map_or(whole.range, |it| it.range),
            range: whole.range,
            data: None,
        });
    }
    Ok(items)
}
