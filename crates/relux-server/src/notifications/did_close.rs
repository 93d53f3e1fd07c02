//! `textDocument/didClose`: the disk's text counts again, and the file's findings disappear from the editor.

use tower_lsp_server::ls_types::DidCloseTextDocumentParams;

use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: &DidCloseTextDocumentParams) {
    let uri = &params.text_document.uri;
    let path = path_of(uri);
    if !state.documents.close(&path) {
        return;
    }
    state.pulls.forget(&path);
    state.shown.forget(&path);
    if let Some(cleared) = state.publisher.closed(&path, uri) {
        state.outbox.publish(&cleared);
    }
    state.write(|host| host.close(&path));
    state.index_what_was_loaded();
}
