//! `codeLens/resolve`: how often an effect is started, which takes a look at the whole suite, so only what is on the screen
//! is counted.

use relux_ide::Cancellable;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{CodeLens, Command};

use crate::requests::code_lens::{SHOW_REFERENCES, Unresolved};
use crate::snapshot::{Lines, Snapshot};
use crate::uri::path_of;

pub(super) fn answer(snapshot: &Snapshot, params: &CodeLens) -> Cancellable<Result<Option<CodeLens>, Error>> {
    let data = params.data.clone().unwrap_or_default();
    let Ok(lens) = serde_json::from_value::<Unresolved>(data) else {
        return Ok(Ok(Some(params.clone())));
    };
    let path = path_of(&lens.uri);
    if snapshot.open.get(&path).and_then(|open| open.version) != lens.version {
        return Ok(Err(Error::content_modified()));
    }
    let found = snapshot.analysis.implementation(&path, lens.at)?;
    let mut files = Lines::default();
    let mut places = Vec::new();
    for start in found.map(|it| it.targets).unwrap_or_default() {
        places.extend(files.location(snapshot, &start.file, start.focus)?);
    }
    let title = match places.len() {
        0 => "never started".to_owned(),
        1 => "1 start".to_owned(),
        count => format!("{count} starts"),
    };
    let arguments = [
        serde_json::to_value(&lens.uri),
        serde_json::to_value(params.range.start),
        serde_json::to_value(places),
    ];
    Ok(Ok(Some(CodeLens {
        command: Some(Command {
            title,
            command: SHOW_REFERENCES.to_owned(),
            arguments: arguments.into_iter().collect::<Result<_, _>>().ok(),
        }),
        ..params.clone()
    })))
}
