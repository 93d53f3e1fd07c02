//! `textDocument/foldingRange`: whole lines; the line of a closing brace stays.

use relux_ide::{Cancellable, Fold, FoldKind};
use tower_lsp_server::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &FoldingRangeParams,
) -> Cancellable<Option<Vec<FoldingRange>>> {
    let path = path_of(&params.text_document.uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let folding = |fold: Fold| {
        let range = lines.range(fold.range, snapshot.session.encoding);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: match fold.kind {
                FoldKind::Block => None,
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Imports => Some(FoldingRangeKind::Imports),
                FoldKind::Region => Some(FoldingRangeKind::Region),
            },
            ..FoldingRange::default()
        }
    };
    let folds = snapshot.analysis.folding_ranges(&path)?;
    let most = snapshot.session.most_folds.unwrap_or(usize::MAX);
    Ok(Some(folds.into_iter().map(folding).take(most).collect()))
}
