//! What must hold for every text, however broken.

use std::sync::Arc;

use proptest::prelude::*;
use relux_syntax::{AstNode, Parse, SyntaxKind, parse, reparse_incrementally};

use crate::support::dump;

/// Pieces of which texts are made: all words and operators, and what breaks them.
const FRAGMENTS: &[&str] = &[
    "fn",
    "pure",
    "effect",
    "test",
    "shell",
    "let",
    "start",
    "expect",
    "expose",
    "import",
    "cleanup",
    "as",
    "var",
    "if",
    "unless",
    "skip",
    "x",
    "Db",
    "name",
    "auth.db",
    "Al.port",
    "a/b",
    "42",
    "$1",
    "$",
    "$$",
    "${x}",
    "${Al.p}",
    "${1}",
    "${ x }",
    "${",
    "\"",
    "\"abc\"",
    "\"\"\"",
    "\\",
    "\\n",
    "\\q",
    "'",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ".",
    "/",
    "//",
    "// c",
    "#",
    "# skip",
    "~5s",
    "@",
    "~",
    ">",
    "=>",
    "<?",
    "<=",
    "<",
    "!?",
    "!=",
    "!",
    "?",
    "=",
    ":=",
    "==",
    ":",
    "<{",
    "<~5s?",
    "^a$",
    " ",
    " ",
    " ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "é",
    "𝄞",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "%",
    ";",
    "test \"t\" {\n",
    "shell s {\n",
    "fn f(a, b) {\n",
    "effect E {\n",
    "start Db {\n",
    "f(1, x)\n",
    "> ls\n",
];

fn texts() -> impl Strategy<Value = String> {
    let soup = prop::collection::vec(prop::sample::select(FRAGMENTS), 0..60).prop_map(|it| it.concat());
    prop_oneof![4 => soup, 1 => ".{0,80}".prop_map(String::from)]
}

fn first_error(parse: &Parse) -> Option<String> {
    let mut nodes = parse.module().syntax().descendants();
    nodes
        .find(|it| it.kind() == SyntaxKind::Error)
        .map(|it| format!("{it:?} {:?}", it.text()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_has_a_tree_without_errors(text in texts()) {
        let parse = parse(text.as_str());
        prop_assert_eq!(first_error(&parse), None);
        prop_assert!(!parse.module().syntax().has_error());
        for node in parse.module().syntax().descendants() {
            prop_assert!(text.get(node.range().start as usize..node.range().end as usize).is_some());
        }
    }

    #[test]
    fn a_tree_from_an_old_tree_is_the_fresh_tree(old in texts(), insert in texts(), at in 0.0..1.0, cut in 0usize..20) {
        let boundary = |offset: usize| (offset..).find(|it| old.is_char_boundary(*it)).unwrap_or(0);
        let start = boundary((at * old.len() as f64) as usize);
        let end = boundary((start + cut).min(old.len()));
        let new: Arc<str> = format!("{}{insert}{}", &old[..start], &old[end..]).into();
        let incremental = reparse_incrementally(&parse(old.as_str()), Arc::clone(&new));
        prop_assert_eq!(dump(&incremental), dump(&parse(new)));
    }
}
