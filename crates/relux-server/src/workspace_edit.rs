//! Edits of several files as the client can take them: with the versions they are for, or plain.

use std::collections::HashMap;

use relux_ide::{Cancellable, FileEdits, TextRange};
use tower_lsp_server::jsonrpc::{Error, ErrorCode};
use tower_lsp_server::ls_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Uri,
    WorkspaceEdit,
};

use crate::snapshot::Snapshot;

/// The edits of all files; `None` where there are none. An error where an open document is not what the model has.
pub(crate) fn workspace_edit(
    snapshot: &Snapshot,
    files: Vec<FileEdits>,
) -> Cancellable<Result<Option<WorkspaceEdit>, Error>> {
    let mut all: Vec<(Uri, Option<i32>, Vec<TextEdit>)> = Vec::new();
    for file in files {
        let open = snapshot.open.get(&file.file);
        if open.is_some_and(|open| open.version.is_none()) {
            return Ok(Err(out_of_step(&file)));
        }
        let (Some(uri), Some(lines)) = (snapshot.uri(&file.file), snapshot.lines(&file.file)?) else {
            continue;
        };
        let edit = |(range, new_text): (TextRange, String)| TextEdit {
            range: lines.range(range, snapshot.session.encoding),
            new_text,
        };
        let version = open.and_then(|open| open.version);
        all.push((uri, version, file.edits.into_iter().map(edit).collect()));
    }
    if all.is_empty() {
        return Ok(Ok(None));
    }
    let edit = if snapshot.session.versioned_edits {
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(all.into_iter().map(versioned).collect())),
            ..WorkspaceEdit::default()
        }
    } else {
        WorkspaceEdit {
            changes: Some(plain(all)),
            ..WorkspaceEdit::default()
        }
    };
    Ok(Ok(Some(edit)))
}

fn versioned((uri, version, edits): (Uri, Option<i32>, Vec<TextEdit>)) -> TextDocumentEdit {
    TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    }
}

fn plain(all: Vec<(Uri, Option<i32>, Vec<TextEdit>)>) -> HashMap<Uri, Vec<TextEdit>> {
    all.into_iter().map(|(uri, _, edits)| (uri, edits)).collect()
}

fn out_of_step(file: &FileEdits) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: format!(
            "{} is out of step with the editor: close and open it again",
            file.file
        )
        .into(),
        data: None,
    }
}
