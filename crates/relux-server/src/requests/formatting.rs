//! `textDocument/formatting`: the whole file, as small edits. The client's options are not asked: there is one style.

use relux_ide::{Cancellable, Edit, Formatting, TextRange};
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
    let edit = |edit: Edit| {
        let edit = with_line_ends_of(&lines.text, edit);
        TextEdit {
            range: lines.range(edit.range, snapshot.session.encoding),
            new_text: edit.new_text,
        }
    };
    // What is left of an edit that only takes the `\r` out of a line end.
    let does_something = |it: &TextEdit| it.range.start != it.range.end || !it.new_text.is_empty();
    Ok(Some(edits.into_iter().map(edit).filter(does_something).collect()))
}

/// The edit without the line ends that it changes: which ones a file has is the editor's affair, and between their bytes
/// there is no place that an editor could be told.
fn with_line_ends_of(text: &str, edit: Edit) -> Edit {
    let Some(old) = text.get(edit.range.start as usize..edit.range.end as usize) else {
        return edit;
    };
    if !old.contains("\r\n") {
        return edit;
    }
    let new = edit.new_text.replace('\n', "\r\n");
    let same = |(a, b): &(char, char)| a == b;
    let before: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(it, _)| it.len_utf8())
        .sum();
    let (old, new) = (&old[before..], &new[before..]);
    let ends = old.chars().rev().zip(new.chars().rev());
    let mut behind: usize = ends.take_while(same).map(|(it, _)| it.len_utf8()).sum();
    if old[..old.len() - behind].ends_with('\r') || new[..new.len() - behind].ends_with('\r') {
        behind = 0;
    }
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
    let start = edit.range.start + length(before);
    Edit {
        range: TextRange::new(start, start + length(old.len() - behind)),
        new_text: new[..new.len() - behind].to_owned(),
        ..edit
    }
}
