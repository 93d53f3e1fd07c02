//! `textDocument/selectionRange`: for each cursor what "expand selection" selects, step by step.

use relux_ide::{Cancellable, TextRange};
use tower_lsp_server::ls_types::{SelectionRange, SelectionRangeParams};

use crate::positions::LineText;
use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &SelectionRangeParams,
) -> Cancellable<Option<Vec<SelectionRange>>> {
    let path = path_of(&params.text_document.uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let mut selections = Vec::new();
    for &position in &params.positions {
        let offset = lines.offset(position, snapshot.session.encoding);
        let mut ranges = snapshot.analysis.selection_ranges(&path, offset)?;
        if ranges.is_empty() {
            // The protocol wants one answer per position.
            ranges.push(TextRange::empty(offset));
        }
        selections.extend(nested(snapshot, &lines, &ranges));
    }
    Ok(Some(selections))
}

fn nested(snapshot: &Snapshot, lines: &LineText, ranges: &[TextRange]) -> Option<SelectionRange> {
    ranges.iter().rev().fold(None, |parent, range| {
        Some(SelectionRange {
            range: lines.range(*range, snapshot.session.encoding),
            parent: parent.map(Box::new),
        })
    })
}
