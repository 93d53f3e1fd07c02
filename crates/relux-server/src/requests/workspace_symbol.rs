//! `workspace/symbol`: effects, functions and tests of all suites, by the letters of their names.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{OneOf, WorkspaceSymbol, WorkspaceSymbolParams};

use super::document_symbol::kind;
use crate::snapshot::{Lines, Snapshot};

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &WorkspaceSymbolParams,
) -> Cancellable<Option<Vec<WorkspaceSymbol>>> {
    let mut files = Lines::default();
    let mut found = Vec::new();
    for symbol in snapshot.analysis.workspace_symbols(&params.query)? {
        if let Some(location) = files.location(snapshot, &symbol.file, symbol.range)? {
            found.push(WorkspaceSymbol {
                name: symbol.name,
                kind: kind(symbol.kind),
                tags: None,
                container_name: Some(symbol.module),
                location: OneOf::Left(location),
                data: None,
            });
        }
    }
    Ok(Some(found))
}
