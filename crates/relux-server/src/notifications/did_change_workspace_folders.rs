//! `workspace/didChangeWorkspaceFolders`: suites in new folders are looked for; those of folders that are gone go with all
//! that was said of them, unless a file of theirs is open.

use std::sync::Arc;

use camino::Utf8PathBuf;
use tower_lsp_server::ls_types::DidChangeWorkspaceFoldersParams;

use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: &DidChangeWorkspaceFoldersParams) {
    let removed: Vec<Utf8PathBuf> = params.event.removed.iter().map(|it| path_of(&it.uri)).collect();
    let added = params.event.added.iter().map(|it| path_of(&it.uri));
    let folders = &mut Arc::make_mut(&mut state.session).folders;
    folders.retain(|it| !removed.contains(it));
    for folder in added.filter(|it| it.is_absolute()) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let kept = folders.clone();
    if !removed.is_empty() {
        state.write(|host| host.unload_at(&removed, &kept));
        state.look_again();
    }
    state.look_for_suites();
}
