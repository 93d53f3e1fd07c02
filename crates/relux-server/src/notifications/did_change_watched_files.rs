//! `workspace/didChangeWatchedFiles`: the disk has changed, says a client that watches it.

use relux_ide::DiskChange;
use tower_lsp_server::ls_types::{DidChangeWatchedFilesParams, FileChangeType, FileEvent};

use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: &DidChangeWatchedFilesParams) {
    let changes: Vec<DiskChange> = params.changes.iter().map(change).collect();
    state.disk_changed(changes, false);
}

fn change(event: &FileEvent) -> DiskChange {
    let path = path_of(&event.uri);
    match event.typ {
        FileChangeType::CREATED => DiskChange::Created(path),
        FileChangeType::DELETED => DiskChange::Deleted(path),
        _ => DiskChange::Changed(path),
    }
}
