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

/// The list behind `name` in Emacs Lisp, without its parentheses. Strings may hold parentheses; nothing else is known here.
fn lisp_list<'a>(source: &'a str, name: &str) -> &'a str {
    let found = source.find(name).unwrap_or_else(|| panic!("no {name}")) + name.len();
    let start = found + source[found..].find('(').expect("a list");
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for (at, char) in source[start..].char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &source[start + 1..start + at];
                }
            }
            _ => {}
        }
    }
    panic!("{name} has no end");
}

/// Faces of Emacs 29 that patterns may name.
const EMACS_FACES: &[&str] = &[
    "font-lock-builtin-face",
    "font-lock-comment-face",
    "font-lock-constant-face",
    "font-lock-doc-face",
    "font-lock-function-name-face",
    "font-lock-keyword-face",
    "font-lock-preprocessor-face",
    "font-lock-string-face",
    "font-lock-type-face",
    "font-lock-variable-name-face",
    "font-lock-warning-face",
];

/// A list of patterns of Emacs as a query: it reads as one, but for its predicates.
fn query_of(list: &str) -> String {
    let (before, predicates) = list.split_once("(:match ").unwrap_or((list, ""));
    let predicates = predicates.split("(:match ").filter(|it| !it.is_empty());
    let predicates = predicates.map(|part| {
        let (arguments, rest) = part.split_once(')').expect("the end of a predicate");
        let (pattern, capture) = arguments.rsplit_once(' ').expect("a pattern and a capture");
        format!("(#match? {capture} {pattern}){rest}")
    });
    std::iter::once(before.to_owned()).chain(predicates).collect()
}

/// The patterns of Emacs are written in Lisp.
#[test]
fn the_patterns_of_emacs_fit() {
    let language: Language = tree_sitter_relux::LANGUAGE.into();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/emacs/relux-ts-mode.el");
    let source = fs::read_to_string(file).expect("the mode is in the repository");
    let colours = lisp_list(&source, "(defconst relux-ts--colours");
    let mut features: Vec<&str> = Vec::new();
    for (at, _) in colours.match_indices(":feature ") {
        let rest = &colours[at + ":feature ".len()..];
        let feature = rest.split_whitespace().next().expect("a name");
        let query = Query::new(&language, &query_of(lisp_list(rest, feature)));
        let query = query.unwrap_or_else(|error| panic!("{feature}: {error}"));
        for name in query.capture_names() {
            assert!(EMACS_FACES.contains(name), "{feature}: @{name}");
        }
        assert!(query.pattern_count() > 0, "{feature}");
        features.push(feature);
    }
    let mut switched: Vec<&str> = lisp_list(&source, "(setq-local treesit-font-lock-feature-list")
        .split(['(', ')', ' '])
        .filter(|it| !it.is_empty())
        .collect();
    features.sort_unstable();
    switched.sort_unstable();
    assert_eq!(features, switched, "features that are switched on");
}

/// Indentation and movement know nodes by their names, in regular expressions.
#[test]
fn emacs_knows_the_names_of_nodes() {
    let language: Language = tree_sitter_relux::LANGUAGE.into();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../editors/emacs/relux-ts-mode.el");
    let source = fs::read_to_string(file).expect("the mode is in the repository");
    let mut expressions: Vec<&str> = source.split("(parent-is \"").skip(1).collect();
    expressions.extend(source.split("treesit-defun-type-regexp \"").skip(1));
    let mut count = 0;
    for expression in expressions {
        let expression = expression.split('"').next().expect("a string ends");
        let names = expression.split(|it: char| !it.is_ascii_lowercase() && it != '_');
        for name in names.filter(|it| !it.is_empty()) {
            assert_ne!(language.id_for_node_kind(name, true), 0, "{name} of {expression}");
            count += 1;
        }
    }
    assert_eq!(count, 8, "names that are looked for");
}
