//! `cargo xtask codegen`: grammar.js → grammar.json → parser.c and node-types.json → typed nodes.
//!
//! Only the first arrow needs JavaScript (`node`); everything behind it is a library call, so that `--check` works
//! wherever cargo does and nobody needs the tree-sitter command line tool.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use tree_sitter_generate::{OptLevel, generate_parser_in_directory, load_grammar_file};

mod nodes;
mod vocabulary;

/// The newest that everybody can load: Emacs and Helix come with older libraries of tree-sitter than 0.25, which is the
/// first one that knows 15.
const ABI: usize = 14;

/// Runs the command; `--check` writes nothing and fails if a generated file differs.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => bail!("codegen knows one flag: --check"),
    };
    let root = crate::root();
    let grammar = root.join("tree-sitter-relux");
    let output = Output { check, root: &root };

    update_grammar_json(&grammar, &output)?;

    // Of its own: two of them may run at the same time.
    let scratch = tempfile::tempdir().context("a directory for the parser")?;
    let scratch = scratch.path();
    let mut diagnostics = Vec::new();
    generate_parser_in_directory(
        &grammar,
        Some(scratch),
        Some(grammar.join("src/grammar.json")),
        ABI,
        None,
        None,
        true,
        OptLevel::default(),
        &mut diagnostics,
    )
    .context("grammar.json does not make a parser")?;
    for file in [
        "parser.c",
        "node-types.json",
        "tree_sitter/parser.h",
        "tree_sitter/alloc.h",
        "tree_sitter/array.h",
    ] {
        output.write(&grammar.join("src").join(file), &read(&scratch.join(file))?)?;
    }
    output.write(
        &root.join("crates/relux-syntax/src/ast/generated.rs"),
        &nodes::generate(
            &read(&scratch.join("node-types.json"))?,
            &read(&scratch.join("parser.c"))?,
        )?,
    )
}

/// grammar.js → grammar.json, if `node` is there; a machine without it trusts the committed file.
fn update_grammar_json(grammar: &Path, output: &Output<'_>) -> Result<()> {
    let has_node = std::process::Command::new("node")
        .arg("--version")
        .output()
        .is_ok_and(|it| it.status.success());
    if !has_node {
        if output.check {
            return Ok(());
        }
        bail!("codegen needs `node` to read grammar.js");
    }
    let json = load_grammar_file(&grammar.join("grammar.js"), Some("node")).context("grammar.js")?;
    output.write(&grammar.join("src/grammar.json"), &json)
}

/// Writes generated files, or compares them.
struct Output<'a> {
    check: bool,
    root: &'a Path,
}

impl Output<'_> {
    fn write(&self, path: &Path, content: &str) -> Result<()> {
        let content = format!("{}\n", content.trim_end());
        if fs::read_to_string(path).is_ok_and(|old| old == content) {
            return Ok(());
        }
        if self.check {
            let name = path.strip_prefix(self.root).unwrap_or(path);
            bail!("{} is out of date: run `cargo xtask codegen`", name.display());
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_current() {
        super::run(&["--check".to_owned()]).expect("`cargo xtask codegen` was run after the last change");
    }
}
