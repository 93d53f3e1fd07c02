//! What several test files share: the suites of the repository, and trees as text.

use std::fs;
use std::path::{Path, PathBuf};

use relux_syntax::ast::SyntaxNode;
use relux_syntax::{AstNode, Parse};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest
        .ancestors()
        .nth(2)
        .expect("crates/x is two deep")
        .to_owned()
}

/// Path and text of every Relux file of the repository's examples and fixtures.
pub(crate) fn suites() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in ["examples", "tests/fixtures"] {
        collect(&root().join(folder), &mut found);
    }
    found.sort();
    assert!(!found.is_empty(), "the repository has suites");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // The broken files are broken on purpose.
        if path.is_dir() && !path.ends_with("fixtures/errors") && !path.ends_with("fixtures/fuzz") {
            collect(&path, found);
        } else if path.extension().is_some_and(|it| it == "relux")
            && let Ok(text) = fs::read_to_string(&path)
        {
            found.push((path, text));
        }
    }
}

/// The tree with all tokens and ranges, one node per line.
pub(crate) fn dump(parse: &Parse) -> String {
    let nodes = parse.module().syntax().descendants();
    let lines: Vec<String> = nodes.map(|it| format!("{it:?}")).collect();
    lines.join("\n")
}

/// The tree of one node, ranges left out.
pub(crate) fn shape(node: SyntaxNode<'_>) -> String {
    let nodes = node.descendants();
    let lines: Vec<String> = nodes
        .map(|it| format!("{:?} {:?}", it.kind(), it.text()))
        .collect();
    lines.join("\n")
}
