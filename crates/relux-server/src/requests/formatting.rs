//! `textDocument/formatting`: the whole file, as small edits. The client's options are not asked: there is one style.

use relux_ide::{Cancellable, Edit, Formatting};
use tower_lsp_server::ls_types::{DocumentFormattingParams, TextEdit, Uri};

use crate::positions::LineText;
use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentFormattingParams,
) -> Cancellable<Option<Vec<TextEdit>>> {
    edits(snapshot, &params.text_document.uri, |_| Formatting::File)
}

/// The edits of one kind of formatting; `None` for an unknown file.
pub(super) fn edits(
    snapshot: &Snapshot,
    uri: &Uri,
    what: impl FnOnce(&LineText) -> Formatting,
) -> Cancellable<Option<Vec<TextEdit>>> {
    let path = path_of(uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let edits = snapshot.analysis.formatting(&path, what(&lines))?;
    let edit = |edit: Edit| TextEdit {
        range: lines.range(edit.range, snapshot.session.encoding),
        new_text: edit.new_text,
    };
    Ok(Some(edits.into_iter().map(edit).collect()))
}
