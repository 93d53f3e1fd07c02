//! `textDocument/codeLens`: "Run file" and "Run test". Their command is the server's own, so any client can use them.

use relux_ide::{Cancellable, Lens, LensKind};
use tower_lsp_server::ls_types::{CodeLens, CodeLensParams, Command, Uri};

use crate::requests::execute_command::{RUN_TESTS, RunTests};
use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(snapshot: &Snapshot, params: &CodeLensParams) -> Cancellable<Option<Vec<CodeLens>>> {
    let uri = &params.text_document.uri;
    let path = path_of(uri);
    // A buffer that is no file cannot be run.
    let Some(lines) = snapshot.lines(&path)?.filter(|_| path.is_absolute()) else {
        return Ok(None);
    };
    let lens = |lens: Lens| CodeLens {
        range: lines.range(lens.range, snapshot.session.encoding),
        command: Some(command(uri, lens.kind)),
        data: None,
    };
    let lenses = snapshot.analysis.code_lenses(&path)?;
    Ok(Some(lenses.into_iter().map(lens).collect()))
}

fn command(uri: &Uri, kind: LensKind) -> Command {
    let (title, test) = match kind {
        LensKind::RunFile => ("▶ Run file", None),
        LensKind::RunTest { name } => ("▶ Run test", Some(name)),
    };
    let arguments = RunTests {
        uri: uri.clone(),
        test,
        tests: Vec::new(),
    };
    Command {
        title: title.to_owned(),
        command: RUN_TESTS.to_owned(),
        arguments: serde_json::to_value(arguments).ok().map(|value| vec![value]),
    }
}
