//! Growing selections: word, piece of text, string, statement, what is in a block, the block, the definition with its
//! markers and comments, the file.

use relux_model::parse::parse;
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Body, Entry, StringLiteral, SyntaxKind, SyntaxNode};

/// Ranges around an offset from small to large, each strictly inside of the next.
pub(crate) fn selection_ranges(db: &dyn Db, file: SourceFile, offset: u32) -> Vec<TextRange> {
    let tree = parse(db, file);
    let text: &str = tree.text();
    let offset = offset.min(text.len() as u32);
    let mut chain = Chain {
        offset,
        ranges: Vec::new(),
    };
    let word = word(text, offset);
    chain.push(word);
    let node = tree.covering(word);
    for node in node.ancestors() {
        chain.node(text, node);
    }
    chain.push(TextRange::new(0, text.len() as u32));
    for entry in tree.module().entries() {
        chain.insert(with_what_is_above(&entry));
    }
    chain.ranges
}

struct Chain {
    offset: u32,
    ranges: Vec<TextRange>,
}

impl Chain {
    /// Adds a range if it is larger than all so far.
    fn push(&mut self, range: TextRange) {
        let larger = |last: &TextRange| range.covers(*last) && range != *last;
        if !range.is_empty() && range.touches(self.offset) && self.ranges.last().is_none_or(larger) {
            self.ranges.push(range);
        }
    }

    fn node(&mut self, text: &str, node: SyntaxNode<'_>) {
        if let Some(body) = Body::cast(node) {
            self.push(trimmed(text, body.content_range()));
            self.push(body.content_range());
        }
        if let Some(string) = StringLiteral::cast(node) {
            self.push(string.content_range());
        }
        if node.kind() != SyntaxKind::Module {
            self.push(trimmed(text, node.range()));
        }
    }

    /// Adds a range between those that are smaller and those that are larger.
    fn insert(&mut self, range: TextRange) {
        let Some(at) = self.ranges.iter().position(|it| it.covers(range)) else {
            return;
        };
        let fits = at > 0 && range.covers(self.ranges[at - 1]);
        if fits && self.ranges[at] != range && self.ranges[at - 1] != range {
            self.ranges.insert(at, range);
        }
    }
}

fn with_what_is_above(entry: &Entry<'_>) -> TextRange {
    let comments = entry.comments.iter().map(|it| it.syntax().range());
    let markers = entry.markers.iter().map(|it| it.syntax().range());
    let item = entry.item.syntax().range();
    comments.chain(markers).fold(item, TextRange::cover)
}

fn trimmed(text: &str, range: TextRange) -> TextRange {
    let inside = range.slice(text);
    let start = range.start + (inside.len() - inside.trim_start().len()) as u32;
    TextRange::new(start, range.start + inside.trim_end().len() as u32)
}

/// The word that an offset lies in or touches; empty where there is none.
fn word(text: &str, offset: u32) -> TextRange {
    let belongs = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = text.split_at_checked(offset as usize).unwrap_or((text, ""));
    let start = before.trim_end_matches(belongs).len();
    let end = offset as usize + (after.len() - after.trim_start_matches(belongs).len());
    (start..end.max(start)).into()
}

#[cfg(test)]
mod tests;
