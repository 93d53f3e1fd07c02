//! `workspace/willRenameFiles`: imports follow the modules that are about to be moved.

use camino::Utf8PathBuf;
use relux_ide::Cancellable;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    FileOperationFilter, FileOperationPattern, FileOperationPatternKind, FileOperationRegistrationOptions,
    RenameFilesParams, Uri, WorkspaceEdit,
};

use crate::snapshot::Snapshot;
use crate::uri::path_of;
use crate::workspace_edit::workspace_edit;

/// Which moves the client tells of: modules, and directories that may hold some.
pub(crate) fn registration() -> FileOperationRegistrationOptions {
    let filter = |glob: &str, kind| FileOperationFilter {
        scheme: Some("file".to_owned()),
        pattern: FileOperationPattern {
            glob: glob.to_owned(),
            matches: Some(kind),
            options: None,
        },
    };
    FileOperationRegistrationOptions {
        filters: vec![
            filter("**/*.relux", FileOperationPatternKind::File),
            filter("**", FileOperationPatternKind::Folder),
        ],
    }
}

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &RenameFilesParams,
) -> Cancellable<Result<Option<WorkspaceEdit>, Error>> {
    let path = |uri: &str| uri.parse::<Uri>().ok().map(|uri| path_of(&uri));
    let moves: Vec<(Utf8PathBuf, Utf8PathBuf)> = params
        .files
        .iter()
        .filter_map(|file| path(&file.old_uri).zip(path(&file.new_uri)))
        .collect();
    let files = snapshot.analysis.will_move(&moves)?;
    workspace_edit(snapshot, files)
}
