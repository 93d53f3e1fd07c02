//! Docstrings: moved as a whole to the indentation of their body.
//!
//! The lines share a margin, which is replaced; behind it every byte stays, so lines keep their relation to each other.

use relux_syntax::{SyntaxNode, TextRange};

use super::Layout;
use crate::ir::Op;

impl<'t> Layout<'t> {
    /// A docstring with its quotes.
    pub(super) fn docstring(&mut self, docstring: SyntaxNode<'t>) {
        let range = docstring.range();
        let text = self.source_of(range);
        let margin = margin(text);
        let mut at = range.start;
        for (index, line) in text.split_inclusive('\n').enumerate() {
            let end = at + line.len() as u32;
            let cut = cut(line, margin, index == 0, end == range.end);
            if cut.is_some() {
                self.doc.push(Op::Margin);
            }
            let start = at + cut.unwrap_or(0) as u32;
            self.doc.source(TextRange::new(start, end));
            at = end;
        }
    }
}

/// How many bytes at the beginning of a line the indentation replaces; `None` if it stays as it is.
fn cut(line: &str, margin: &str, is_first: bool, is_last: bool) -> Option<usize> {
    if is_first {
        return None;
    }
    if is_last && line.trim_start_matches([' ', '\t']) == "\"\"\"" {
        return Some(line.len() - 3);
    }
    // Empty lines stay as they are, blanks included.
    (!is_blank(line) && line.starts_with(margin)).then_some(margin.len())
}

/// The blanks and tabs that all lines of a docstring begin with, the first one and empty ones left out.
pub(crate) fn margin(text: &str) -> &str {
    let mut margin: Option<&str> = None;
    for line in text.lines().skip(1).filter(|it| !is_blank(it)) {
        let blanks = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let shared = margin.map_or(blanks, |margin| &blanks[..common(margin, blanks)]);
        margin = Some(shared);
    }
    margin.unwrap_or_default()
}

fn is_blank(line: &str) -> bool {
    line.trim_matches([' ', '\t', '\r', '\n']).is_empty()
}

fn common(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// The lines of a docstring without their margin: what formatting does not change.
pub(crate) fn unindented(text: &str) -> impl Iterator<Item = &str> {
    let margin = margin(text);
    let count = text.split_inclusive('\n').count();
    text.split_inclusive('\n').enumerate().map(move |(index, line)| {
        let is_last = index + 1 == count;
        cut(line, margin, index == 0, is_last).map_or(line, |cut| &line[cut..])
    })
}
