//! `textDocument/didOpen`: from here on the editor's text counts, not the disk's.

use tower_lsp_server::ls_types::DidOpenTextDocumentParams;

use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: DidOpenTextDocumentParams) {
    let document = params.text_document;
    let path = path_of(&document.uri);
    state.publisher.opened(&path, &document.uri, document.version);
    state
        .documents
        .open(path.clone(), document.uri, document.version, &document.text);
    state.look_first(&path);
    state.write(|host| host.open(&path, &document.text.into()));
    state.touched(path);
    state.index_what_was_loaded();
}
