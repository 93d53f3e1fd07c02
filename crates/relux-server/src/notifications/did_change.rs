//! `textDocument/didChange`: edits the rope in place and hands the new text to the model.

use std::time::Instant;

use camino::Utf8Path;
use tower_lsp_server::ls_types::{DidChangeTextDocumentParams, MessageType};

use crate::documents::{Applied, ByteEdit};
use crate::publisher::Findings;
use crate::state::State;
use crate::uri::path_of;

pub(super) fn apply(state: &mut State, params: DidChangeTextDocumentParams) {
    let path = path_of(&params.text_document.uri);
    let encoding = state.session.encoding;
    let Some(document) = state.documents.get_mut(&path) else {
        state.log(
            MessageType::WARNING,
            format!("{path}: changed but not open; ignored"),
        );
        return;
    };
    let version = params.text_document.version;
    let applied = document.apply(version, params.content_changes, encoding);
    let text = document.text();
    state.early.remove(&path);
    state.publisher.opened(&path, &params.text_document.uri, version);
    match &applied {
        Applied::Edits(edits) => typed(state, &path, edits),
        Applied::Whole => state.publisher.replaced(&path),
        Applied::OutOfStep(reason) => {
            state.publisher.replaced(&path);
            let message =
                format!("{path}: out of step with the editor until it sends the whole text again: {reason}");
            state.log(MessageType::ERROR, message);
            // Nothing is said about the file from now on, so somebody has to know why.
            let name = path.file_name().unwrap_or(path.as_str());
            state.outbox.show(
                MessageType::WARNING,
                format!("{name} reads differently in the editor and in the language server: close and open it again"),
            );
        }
        Applied::Ignored => {}
    }
    if let Some(text) = text {
        state.write(|host| host.change(&path, &text));
    } else {
        // What is known about the text is wrong, so nothing is said about it; the model keeps the last good one.
        state.publisher.found(&path, Findings::default());
        state.publish(&path);
    }
    state.touched(path);
}

fn typed(state: &mut State, path: &Utf8Path, edits: &[ByteEdit]) {
    for edit in edits {
        state.publisher.edited(path, *edit);
    }
    state.place_failures(path);
    let Some((edit, document)) = edits.last().zip(state.documents.get(path)) else {
        return;
    };
    if let Ok(line) = u32::try_from(document.line_of(edit.new_end)) {
        state.publisher.typing(path, edit.new_end, line, Instant::now());
    }
}
