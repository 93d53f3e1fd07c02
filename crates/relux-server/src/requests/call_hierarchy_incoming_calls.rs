//! `callHierarchy/incomingCalls`: who calls the function or starts the effect.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams};

use super::prepare_call_hierarchy::{item, kind};
use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &CallHierarchyIncomingCallsParams,
) -> Cancellable<Option<Vec<CallHierarchyIncomingCall>>> {
    let own = &params.item;
    let place = snapshot.offset(&own.uri, own.selection_range.start)?;
    let (Some((path, _, was)), Some(kind)) = (place, kind(own.kind)) else {
        return Ok(None);
    };
    let mut files = Lines::default();
    let mut found = Vec::new();
    for calls in snapshot.analysis.incoming(&path, &own.name, was, kind)? {
        let caller = calls.item.file.clone();
        let mut from_ranges = Vec::new();
        for range in calls.ranges {
            from_ranges.extend(files.location(snapshot, &caller, range)?.map(|it| it.range));
        }
        if let Some(from) = item(snapshot, &mut files, calls.item)? {
            found.push(CallHierarchyIncomingCall { from, from_ranges });
        }
    }
    Ok(Some(found))
}
