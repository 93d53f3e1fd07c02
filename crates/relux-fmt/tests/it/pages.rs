//! The page of the book about the style: each text before becomes the text after it.
//!
//! `RELUX_UPDATE=1` writes the texts after; read what changed.

use std::path::Path;

use relux_fmt::{format, invariants};
use relux_syntax::parse;

const PAGE: &str = "../../book/src/reference/style.md";

const BEFORE: &str = "```text,before\n";
const AFTER: &str = "```text,after\n";
const END: &str = "```\n";

/// Blanks at line ends are shown as dots, because nobody sees them and editors remove them.
fn shown(text: &str) -> String {
    let line = |line: &str| {
        let code = line.trim_end_matches([' ', '\t']);
        format!("{code}{}\n", "·".repeat(line.len() - code.len()))
    };
    text.lines().map(line).collect()
}

#[test]
fn examples_of_the_style_are_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).expect("the page is there");
    let mut new = String::new();
    let mut rest = &*page;
    let mut count = 0;
    while let Some((head, tail)) = rest.split_once(BEFORE) {
        let (before, tail) = tail.split_once(END).expect("a block ends");
        let (between, tail) = tail.split_once(AFTER).expect("a text after");
        let (_, tail) = tail.split_once(END).expect("a block ends");
        let source = before.replace('·', " ");
        invariants::check(source.as_bytes());
        let formatted = format(&parse(source.as_str())).expect("nothing is lost");
        let after = shown(formatted.text());
        new += &[head, BEFORE, before, END, between, AFTER, &after, END].concat();
        rest = tail;
        count += 1;
    }
    new += rest;
    assert!(count > 10, "only {count} examples");
    if std::env::var_os("RELUX_UPDATE").is_some() {
        std::fs::write(&path, &new).expect("the page can be written");
    }
    assert!(
        new == page,
        "the page is not up to date; RELUX_UPDATE=1 writes it\n{new}"
    );
}
