//! `typeHierarchy/supertypes`: effects that it starts.

use relux_ide::{Cancellable, Hierarchy};
use tower_lsp_server::ls_types::{TypeHierarchyItem, TypeHierarchySupertypesParams};

use super::prepare_call_hierarchy::kind;
use super::prepare_type_hierarchy::others;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &TypeHierarchySupertypesParams,
) -> Cancellable<Option<Vec<TypeHierarchyItem>>> {
    let own = &params.item;
    let place = snapshot.offset(&own.uri, own.selection_range.start)?;
    let (Some((path, _, was)), Some(kind)) = (place, kind(own.kind)) else {
        return Ok(None);
    };
    let calls = snapshot
        .analysis
        .outgoing(&path, &own.name, was, kind, Hierarchy::Starts)?;
    others(snapshot, calls)
}
