//! What must hold for every text, however broken.

use std::sync::Arc;

use proptest::prelude::*;
use relux_syntax::{AstNode, Parse, SyntaxKind, TextRange, parse, reparse_incrementally, validate};

use crate::support::{dump, suites};

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
    "\"abc\n\n\n",
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
    let quotes = prop::sample::select(vec![
        "\"", "\"", "\n", "\n", "\n", "a", ", ", ")", " b", "\\", "\"\"\"",
    ]);
    let strings =
        prop::collection::vec(quotes, 0..40).prop_map(|it| format!("fn f() {{\nlog(\"{}", it.concat()));
    prop_oneof![4 => soup, 1 => ".{0,80}".prop_map(String::from), 2 => strings]
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
    fn a_tree_from_an_old_tree_is_the_fresh_tree(old in texts(), insert in texts(), at in 0usize..1000, cut in 0usize..20) {
        let new: Arc<str> = mutated(&old, at, cut, &insert).into();
        let incremental = reparse_incrementally(&parse(old.as_str()), Arc::clone(&new));
        prop_assert_eq!(dump(&incremental), dump(&parse(new)));
    }
}

/// Kinds that no correct file has.
fn is_mistake(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Unexpected
            | SyntaxKind::StrayOpen
            | SyntaxKind::StrayClose
            | SyntaxKind::IncompleteOperator
            | SyntaxKind::MissingNewline
            | SyntaxKind::MissingQuote
            | SyntaxKind::UnclosedTestName
            | SyntaxKind::UnclosedDocstring
            | SyntaxKind::BracedReference
            | SyntaxKind::EqualsEquals
    )
}

/// Texts of the repository's suites, small enough to be mutated.
fn suite_texts() -> impl Strategy<Value = String> {
    let texts: Vec<String> = suites()
        .into_iter()
        .map(|it| it.1)
        .filter(|it| it.len() < 6000)
        .collect();
    prop::sample::select(texts)
}

/// A text with a piece cut out and another one put in, so many thousandths from its beginning.
fn mutated(text: &str, at: usize, cut: usize, insert: &str) -> String {
    let boundary = |offset: usize| {
        (offset..=text.len())
            .find(|it| text.is_char_boundary(*it))
            .unwrap_or(0)
    };
    let start = boundary(text.len() * at / 1000);
    let end = boundary((start + cut).min(text.len()));
    format!("{}{insert}{}", &text[..start], &text[end..])
}

/// Fails unless every range of every diagnostic can be cut out of the text, and edits do not overlap.
fn check_ranges(text: &str) -> Result<(), TestCaseError> {
    let fits = |range: TextRange| text.get(range.start as usize..range.end as usize).is_some();
    for found in validate(&parse(text)) {
        prop_assert!(fits(found.range), "{:?} in {:?}", found, text);
        prop_assert!(found.related.iter().all(|it| fits(it.range)), "{:?}", found);
        for fix in &found.fixes {
            let mut edits: Vec<TextRange> = fix.edits.iter().map(|it| it.range).collect();
            edits.sort_unstable();
            prop_assert!(edits.iter().all(|it| fits(*it)), "{:?}", found);
            prop_assert!(edits.windows(2).all(|it| it[0].end <= it[1].start), "{:?}", found);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn diagnostics_of_any_text_lie_inside_of_it(text in texts()) {
        check_ranges(&text)?;
    }

    #[test]
    fn diagnostics_of_broken_suites_lie_inside_of_them(
        text in suite_texts(), at in 0usize..1000, cut in 0usize..30, insert in texts(),
    ) {
        check_ranges(&mutated(&text, at, cut, &insert))?;
    }

    #[test]
    fn suites_reparse_as_if_they_were_new(text in suite_texts(), at in 0usize..1000, cut in 0usize..30, insert in texts()) {
        let new: Arc<str> = mutated(&text, at, cut, &insert).into();
        let incremental = reparse_incrementally(&parse(text), Arc::clone(&new));
        prop_assert_eq!(dump(&incremental), dump(&parse(new)));
    }

    #[test]
    fn what_the_grammar_could_not_read_is_reported(text in texts()) {
        let tree = parse(text.as_str());
        let broken = tree.module().syntax().descendants().find(|it| is_mistake(it.kind()));
        if let Some(node) = broken {
            prop_assert!(!validate(&tree).is_empty(), "{:?} in {:?}", node, text);
        }
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_ranges(&String::from_utf8_lossy(&bytes))?;
    }
}
