//! The queries of every editor fit the grammar, and their captures are those that the editor knows.
//!
//! A query with a node that the grammar no longer has switches off the colours of the whole language, and a capture
//! with a name that the editor does not know does nothing, in both cases without a word.

use std::fs;
use std::path::{Path, PathBuf};

use tree_sitter::{Language, Query};

/// Captures for highlighting in Neovim: `:help treesitter-highlight-groups`.
const NVIM_HIGHLIGHTS: &[&str] = &[
    "comment",
    "constant",
    "error",
    "function",
    "function.builtin",
    "function.call",
    "keyword",
    "keyword.conditional",
    "keyword.directive",
    "keyword.function",
    "keyword.import",
    "keyword.modifier",
    "label",
    "module",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.documentation",
    "string.escape",
    "string.regexp",
    "string.special",
    "type",
    "variable",
    "variable.builtin",
    "variable.member",
    "variable.parameter",
];

/// Scopes of themes in Helix: "Themes" in its documentation.
const HELIX_HIGHLIGHTS: &[&str] = &[
    "comment.block.documentation",
    "comment.line",
    "constant",
    "constant.character.escape",
    "constant.numeric",
    "error",
    "function",
    "function.builtin",
    "keyword",
    "keyword.control.conditional",
    "keyword.control.import",
    "keyword.directive",
    "keyword.function",
    "keyword.storage.modifier",
    "label",
    "namespace",
    "operator",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.regexp",
    "string.special",
    "type",
    "variable",
    "variable.builtin",
    "variable.other.member",
    "variable.parameter",
];

/// Captures for highlighting in Zed: "Language Extensions" in its documentation.
const ZED_HIGHLIGHTS: &[&str] = &[
    "comment",
    "comment.doc",
    "constant",
    "function",
    "function.builtin",
    "keyword",
    "label",
    "namespace",
    "number",
    "operator",
    "preproc",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "string",
    "string.escape",
    "string.regex",
    "string.special",
    "type",
    "variable",
    "variable.parameter",
    "variable.special",
];

const INJECTIONS: &[&str] = &["injection.content", "injection.language"];

const NVIM_TEXT_OBJECTS: &[&str] = &[
    "block.inner",
    "block.outer",
    "call.inner",
    "call.outer",
    "class.inner",
    "class.outer",
    "comment.outer",
    "function.inner",
    "function.outer",
    "parameter.inner",
];

const HELIX_TEXT_OBJECTS: &[&str] = &[
    "class.around",
    "class.inside",
    "comment.around",
    "comment.inside",
    "entry.around",
    "entry.inside",
    "function.around",
    "function.inside",
    "parameter.around",
    "parameter.inside",
    "test.around",
    "test.inside",
];

const ZED_TEXT_OBJECTS: &[&str] = &[
    "class.around",
    "class.inside",
    "comment.around",
    "comment.inside",
    "function.around",
    "function.inside",
];

const LOCALS: &[&str] = &[
    "local.definition.constant",
    "local.definition.function",
    "local.definition.import",
    "local.definition.namespace",
    "local.definition.parameter",
    "local.definition.type",
    "local.definition.var",
    "local.reference",
    "local.scope",
];

/// A definition in Helix is coloured by what follows `local.definition.`, which is a scope of its themes.
const HELIX_LOCALS: &[&str] = &[
    "local.definition.constant",
    "local.definition.function",
    "local.definition.namespace",
    "local.definition.type",
    "local.definition.variable",
    "local.definition.variable.parameter",
    "local.reference",
    "local.scope",
];

/// What an editor knows, by its directory and the name of the query. Names that begin with `_` are the query's own.
fn known(editor: &str, query: &str) -> &'static [&'static str] {
    match (editor, query) {
        ("nvim" | "emacs", "highlights") => NVIM_HIGHLIGHTS,
        ("helix", "highlights") => HELIX_HIGHLIGHTS,
        ("zed", "highlights") => ZED_HIGHLIGHTS,
        (_, "injections") => INJECTIONS,
        ("nvim", "folds") => &["fold"],
        ("nvim", "indents") => &["indent.begin", "indent.branch", "indent.end", "indent.ignore"],
        ("helix", "indents") => &["indent", "outdent"],
        ("zed", "indents") => &["indent", "end", "start", "outdent"],
        ("nvim", "locals") => LOCALS,
        ("helix", "locals") => HELIX_LOCALS,
        ("nvim", "textobjects") => NVIM_TEXT_OBJECTS,
        ("helix", "textobjects") => HELIX_TEXT_OBJECTS,
        ("zed", "textobjects") => ZED_TEXT_OBJECTS,
        ("helix", "rainbows") => &["rainbow.bracket", "rainbow.scope"],
        ("helix", "tags") => &["definition.class", "definition.function"],
        ("zed", "brackets") => &["close", "open"],
        ("zed", "outline") => &["annotation", "context", "context.extra", "item", "name"],
        ("zed", "overrides") => &["comment.inclusive", "string"],
        ("zed", "runnables") => &["name", "run"],
        _ => panic!("{editor} has no query {query}"),
    }
}

fn queries(editor: &str, directory: &str) -> Vec<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the grammar is in a repository");
    let entries =
        fs::read_dir(repository.join("editors").join(editor).join(directory)).expect("there are queries");
    let mut files: Vec<PathBuf> = entries.map(|it| it.expect("a readable entry").path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "scm"));
    files.sort();
    files
}

#[test]
fn the_queries_of_every_editor_fit() {
    let language: Language = tree_sitter_relux::LANGUAGE.into();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (editor, directory) in [
        ("nvim", "queries/relux"),
        ("helix", "runtime/queries/relux"),
        ("zed", "languages/relux"),
    ] {
        for file in queries(editor, directory) {
            count += 1;
            let source = fs::read_to_string(&file).expect("a readable query");
            let name = file
                .file_stem()
                .and_then(|it| it.to_str())
                .expect("a name in UTF-8");
            match Query::new(&language, &source) {
                Err(error) => wrong.push(format!("{}: {error}", file.display())),
                Ok(query) => {
                    let own = |it: &&&str| !it.starts_with('_') && !known(editor, name).contains(it);
                    wrong.extend(
                        query
                            .capture_names()
                            .iter()
                            .filter(own)
                            .map(|it| format!("{}: @{it}", file.display())),
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(count, 21, "queries that are read");
}

/// What is coloured alike in all editors must not be forgotten in one of them.
#[test]
fn every_editor_has_the_same_patterns_for_colours() {
    let patterns = |source: &str| {
        let mut text = String::new();
        for line in source.lines().filter(|it| !it.starts_with(';')) {
            for word in line
                .split_whitespace()
                .filter(|it| !it.trim_end_matches(')').starts_with('@'))
            {
                text.push_str(word);
                text.push(' ');
            }
        }
        text.split("(unexpected)")
            .next()
            .unwrap_or_default()
            .replace(')', "")
            .trim_end()
            .to_owned()
    };
    let ours = patterns(tree_sitter_relux::HIGHLIGHTS_QUERY);
    for (editor, directory) in [("helix", "runtime/queries/relux"), ("zed", "languages/relux")] {
        for file in queries(editor, directory) {
            if file.ends_with("highlights.scm") {
                let source = fs::read_to_string(&file).expect("a readable query");
                assert_eq!(patterns(&source), ours, "{editor}");
            }
        }
    }
}
