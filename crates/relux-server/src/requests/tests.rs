//! `relux/tests`: the tree of suites, files and tests for test explorers. Part of our own protocol, see the book.

use relux_ide::{Cancellable, TestFile, TestItem};
use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{Range, Uri};

use crate::positions::LineText;
use crate::snapshot::Snapshot;
use crate::uri::path_of;

/// What is asked for.
#[derive(Deserialize)]
pub(crate) struct TestsParams {
    /// Only these files; all that is known if it is missing.
    #[serde(default)]
    files: Option<Vec<Uri>>,
}

/// The answer.
#[derive(Serialize)]
pub(super) struct Tree {
    suites: Vec<SuiteNode>,
}

#[derive(Serialize)]
struct SuiteNode {
    /// Its directory, or the file where there is no manifest: what `relux.runTests` takes.
    uri: Uri,
    name: String,
    files: Vec<FileNode>,
}

#[derive(Serialize)]
struct FileNode {
    uri: Uri,
    /// Below the suite's directory.
    path: String,
    tests: Vec<TestNode>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestNode {
    id: String,
    name: String,
    /// From the keyword to the closing brace.
    range: Range,
    /// The name.
    selection_range: Range,
    markers: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    doc: String,
}

pub(super) fn answer(snapshot: &Snapshot, params: &TestsParams) -> Cancellable<Option<Tree>> {
    let only: Option<Vec<_>> = params.files.as_ref().map(|it| it.iter().map(path_of).collect());
    let mut suites = Vec::new();
    for suite in snapshot.analysis.tests(only.as_deref())? {
        let Some(uri) = snapshot.uri(&suite.root) else {
            continue;
        };
        let mut files = Vec::new();
        for file in suite.files {
            let path = file.file.strip_prefix(&suite.root).unwrap_or(&file.file);
            let path = path.to_string();
            files.extend(node(snapshot, file, path)?);
        }
        suites.push(SuiteNode {
            uri,
            name: suite.name,
            files,
        });
    }
    Ok(Some(Tree { suites }))
}

fn node(snapshot: &Snapshot, file: TestFile, path: String) -> Cancellable<Option<FileNode>> {
    let Some((uri, lines)) = snapshot.uri(&file.file).zip(snapshot.lines(&file.file)?) else {
        return Ok(None);
    };
    let test = |test: TestItem| test_node(snapshot, &lines, test);
    let tests = file.tests.into_iter().map(test).collect();
    Ok(Some(FileNode { uri, path, tests }))
}

fn test_node(snapshot: &Snapshot, lines: &LineText, test: TestItem) -> TestNode {
    let encoding = snapshot.session.encoding;
    TestNode {
        id: test.id,
        name: test.name,
        range: lines.range(test.whole, encoding),
        selection_range: lines.range(test.at, encoding),
        markers: test.markers,
        doc: test.doc,
    }
}
