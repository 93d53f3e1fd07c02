//! `textDocument/didSave`: the disk now holds what the editor shows, which is what a test run will see.

use relux_ide::DiskChange;
use tower_lsp_server::ls_types::DidSaveTextDocumentParams;

use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: &DidSaveTextDocumentParams) {
    let path = path_of(&params.text_document.uri);
    if let Some(document) = state.documents.get_mut(&path) {
        document.saved();
    }
    // The first save of a new file can make it part of a suite, also where nobody watches the disk.
    state.write(|host| host.disk_changed(&[DiskChange::Created(path)]));
    state.index_what_was_loaded();
}
