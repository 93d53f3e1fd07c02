//! `codeAction/resolve`: the edits of an action that was chosen, or why it cannot be done.

use relux_ide::Cancellable;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::CodeAction;

use crate::requests::code_action::Chosen;
use crate::requests::rename::refused;
use crate::snapshot::Snapshot;
use crate::uri::path_of;
use crate::workspace_edit::workspace_edit;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &CodeAction,
) -> Cancellable<Result<Option<CodeAction>, Error>> {
    let data = params.data.clone().unwrap_or_default();
    let Ok(chosen) = serde_json::from_value::<Chosen>(data) else {
        // Its edits were sent at once.
        return Ok(Ok(Some(params.clone())));
    };
    let path = path_of(&chosen.uri);
    let version = snapshot.open.get(&path).and_then(|open| open.version);
    if version != chosen.version {
        return Ok(Err(Error::content_modified()));
    }
    let range = (chosen.start as usize..chosen.end as usize).into();
    let files = match snapshot.analysis.resolve_action(&path, range, &chosen.id)? {
        Ok(files) => files,
        Err(reason) => return Ok(Err(refused(reason))),
    };
    Ok(workspace_edit(snapshot, files)?.map(|edit| {
        Some(CodeAction {
            edit: Some(edit.unwrap_or_default()),
            ..params.clone()
        })
    }))
}
