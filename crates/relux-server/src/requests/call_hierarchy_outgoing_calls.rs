//! `callHierarchy/outgoingCalls`: what the function, effect or test calls and starts.

use relux_ide::{Cancellable, Hierarchy};
use tower_lsp_server::ls_types::{CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams};

use super::prepare_call_hierarchy::{item, kind};
use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &CallHierarchyOutgoingCallsParams,
) -> Cancellable<Option<Vec<CallHierarchyOutgoingCall>>> {
    let own = &params.item;
    let place = snapshot.offset(&own.uri, own.selection_range.start)?;
    let (Some((path, _, was)), Some(kind)) = (place, kind(own.kind)) else {
        return Ok(None);
    };
    let mut files = Lines::default();
    let mut found = Vec::new();
    for calls in snapshot
        .analysis
        .outgoing(&path, &own.name, was, kind, Hierarchy::Calls)?
    {
        let caller = path.clone();
        let mut from_ranges = Vec::new();
        for range in calls.ranges {
            from_ranges.extend(files.location(snapshot, &caller, range)?.map(|it| it.range));
        }
        if let Some(to) = item(snapshot, &mut files, calls.item)? {
            found.push(CallHierarchyOutgoingCall { to, from_ranges });
        }
    }
    Ok(Some(found))
}
