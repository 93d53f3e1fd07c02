//! Runs the corpus in `test/corpus`, in the format of tree-sitter's own command line tool, without that tool.
//!
//! `UPDATE_CORPUS=1 cargo test -p tree-sitter-relux` rewrites the expected trees; look at them before committing.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use tree_sitter::{Node, Parser, Tree};

struct Case {
    name: String,
    code: String,
    tree: String,
}

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/test/corpus");
    let entries = fs::read_dir(folder).expect("the corpus is there");
    let mut files: Vec<PathBuf> = entries.map(|it| it.expect("a readable entry").path()).collect();
    files.sort();
    files
}

/// `===` name `===` code `---` tree, repeated.
fn cases(text: &str) -> Vec<Case> {
    let is_bar = |line: &&str, c: char| line.len() >= 3 && line.chars().all(|it| it == c);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut cases = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !is_bar(&lines[at], '=') {
            at += 1;
            continue;
        }
        let name = lines[at + 1].to_owned();
        let code_start = at + 3;
        let separator = (code_start..lines.len())
            .find(|it| is_bar(&lines[*it], '-'))
            .expect("a case has a tree");
        let end = (separator..lines.len())
            .find(|it| is_bar(&lines[*it], '='))
            .unwrap_or(lines.len());
        // The code ends before the last newline, as in the original tool.
        let code = lines[code_start..separator]
            .join("\n")
            .trim_start_matches('\n')
            .to_owned();
        cases.push(Case {
            name,
            code,
            tree: lines[separator + 1..end].join("\n"),
        });
        at = end;
    }
    cases
}

fn parse(code: &str) -> Tree {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_relux::LANGUAGE.into())
        .expect("the parser fits the library");
    parser.parse(code, None).expect("nothing cancels")
}

/// The tree in Lisp form, one node per line.
fn pretty(node: Node<'_>, field: Option<&str>, depth: usize, out: &mut String) {
    let _ = write!(out, "\n{}", "  ".repeat(depth));
    if let Some(field) = field {
        let _ = write!(out, "{field}: ");
    }
    let _ = write!(out, "({}", node.kind());
    for index in 0..node.child_count() {
        let child = node.child(index).expect("an index below the count");
        if child.is_named() {
            pretty(child, node.field_name_for_child(index), depth + 1, out);
        }
    }
    out.push(')');
}

#[test]
fn the_corpus_parses_as_written() {
    let update = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut count = 0;
    let mut failures = String::new();
    for file in files() {
        let text = fs::read_to_string(&file).expect("a readable file");
        let mut updated = String::new();
        for case in cases(&text) {
            count += 1;
            let tree = parse(&case.code);
            let mut found = String::new();
            pretty(tree.root_node(), None, 0, &mut found);
            if tree.root_node().has_error() {
                let _ = writeln!(failures, "{}: the tree has an error\n{found}", case.name);
            }
            let bar = "=".repeat(80);
            let _ = write!(
                updated,
                "{bar}\n{}\n{bar}\n\n{}\n---\n{found}\n\n",
                case.name, case.code
            );
            let same = found.split_whitespace().eq(case.tree.split_whitespace());
            if !same && !update {
                let _ = writeln!(failures, "{}:{}\n---\n{found}\n", file.display(), case.name);
            }
        }
        if update {
            fs::write(&file, updated.trim_end().to_owned() + "\n").expect("a writable file");
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 40, "{count} cases were read");
}
