//! `textDocument/codeLens`: "Run file", "Run test" with its last result, and who starts an effect. Running is a command of
//! the server's own, so any client can do it; showing places is a command of the client, and only those that say that they
//! have it get the lens.

use relux_ide::{Cancellable, Lens, LensKind};
use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{CodeLens, CodeLensParams, Command, Uri};

use crate::requests::execute_command::{RUN_TESTS, RunTests};
use crate::runs::TestResult;
use crate::snapshot::Snapshot;
use crate::uri::path_of;

/// A command of the client: `[uri, position, locations]`, all as the protocol writes them.
pub(crate) const SHOW_REFERENCES: &str = "relux.showReferences";

/// By what a lens is found again when it is to be shown.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Unresolved {
    /// The document.
    pub(super) uri: Uri,
    /// Its version; places in another one are worthless.
    pub(super) version: Option<i32>,
    /// First byte of the effect's name.
    pub(super) at: u32,
}

/// The document of a lens that is not resolved yet.
pub(super) fn document(lens: &CodeLens) -> Option<Uri> {
    let unresolved: Unresolved = serde_json::from_value(lens.data.clone()?).ok()?;
    Some(unresolved.uri)
}

pub(super) fn answer(snapshot: &Snapshot, params: &CodeLensParams) -> Cancellable<Option<Vec<CodeLens>>> {
    let uri = &params.text_document.uri;
    let path = path_of(uri);
    // A buffer that is no file cannot be run.
    let Some(lines) = snapshot.lines(&path)?.filter(|_| path.is_absolute()) else {
        return Ok(None);
    };
    let settings = &snapshot.session.settings;
    let mut found = Vec::new();
    for Lens { range, kind } in snapshot.analysis.code_lenses(&path)? {
        let place = lines.range(range, snapshot.session.encoding);
        let lens = |command| CodeLens {
            range: place,
            command: Some(command),
            data: None,
        };
        match kind {
            LensKind::RunFile | LensKind::RunTest { .. } if !settings.run_lenses => {}
            LensKind::RunFile => found.push(lens(run(uri, "▶ Run file".to_owned(), None))),
            LensKind::RunTest { name } => {
                let result = snapshot.results.get(&path, &name).map(TestResult::title);
                let test = || Some(name.clone());
                found.push(lens(run(uri, "▶ Run test".to_owned(), test())));
                found.extend(result.map(|title| lens(run(uri, title, test()))));
            }
            LensKind::Starts if snapshot.session.shows_references && settings.start_lenses => {
                let unresolved = Unresolved {
                    uri: uri.clone(),
                    version: snapshot.open.get(&path).and_then(|open| open.version),
                    at: range.start,
                };
                found.push(CodeLens {
                    range: place,
                    command: None,
                    data: serde_json::to_value(unresolved).ok(),
                });
            }
            LensKind::Starts => {}
        }
    }
    Ok(Some(found))
}

fn run(uri: &Uri, title: String, test: Option<String>) -> Command {
    let arguments = RunTests {
        uri: uri.clone(),
        test,
        tests: Vec::new(),
        ids: Vec::new(),
        jobs: None,
        quiet: false,
    };
    Command {
        title,
        command: RUN_TESTS.to_owned(),
        arguments: serde_json::to_value(arguments).ok().map(|value| vec![value]),
    }
}
