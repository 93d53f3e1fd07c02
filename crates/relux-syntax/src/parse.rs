//! Text to tree, afresh or from an older tree.
//!
//! Parsing is total: every text has a tree. It knows nothing of files, editions or mistakes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use tree_sitter::{InputEdit, Parser, Point, Range, Tree};

use crate::TextRange;
use crate::ast::{AstNode, FlatTree, Module, SyntaxNode};

/// Files are cut here, so that offsets fit 32 bits with room for arithmetic.
const MAX_BYTES: usize = u32::MAX as usize - 1024;

/// Files below this size are always parsed afresh: it costs less than a millisecond, and the old tree need not be kept.
const FRESH_BELOW_BYTES: usize = 64 * 1024;

thread_local! {
    static PARSER: RefCell<Parser> = RefCell::new(new_parser());
}

fn new_parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_relux::LANGUAGE.into())
        .expect("the generated parser has an ABI that this tree-sitter reads");
    parser
}

/// The tree of a text, with the text. Cheap to clone; equal when the texts are equal.
#[derive(Clone)]
pub struct Parse {
    text: Arc<str>,
    nodes: Arc<FlatTree>,
    /// The parser's own tree, of files that are large enough for it to be of use when they are edited.
    tree: Option<Tree>,
}

/// Parses a text.
pub fn parse(text: impl Into<Arc<str>>) -> Parse {
    Parse::with_old_tree(text.into(), None)
}

/// Parses `new_text`, which came from the text of `old` by some edit, reusing what did not change.
///
/// The edit is found by comparing both texts, which costs less than the bookkeeping that could get it wrong.
pub fn reparse(old: &Parse, new_text: impl Into<Arc<str>>) -> Parse {
    let new_text: Arc<str> = new_text.into();
    if *new_text == *old.text {
        return old.clone();
    }
    if new_text.len() < FRESH_BELOW_BYTES || old.module().syntax().has_error() {
        return parse(new_text);
    }
    reparse_incrementally(old, new_text)
}

/// [`reparse`] without its shortcuts, for tests.
#[doc(hidden)]
pub fn reparse_incrementally(old: &Parse, new_text: Arc<str>) -> Parse {
    let edit = edit_between(&old.text, &new_text);
    let mut tree = old.tree.clone().unwrap_or_else(|| parse_tree(&old.text, None));
    tree.edit(&edit);
    let parse = Parse::with_old_tree(new_text, Some(&tree));
    if parse.module().syntax().has_error() {
        // Recovery from errors may depend on the old tree; a fresh tree depends on the text alone.
        return Parse::with_old_tree(parse.text, None);
    }
    parse
}

impl Parse {
    fn with_old_tree(text: Arc<str>, old: Option<&Tree>) -> Self {
        let tree = parse_tree(&text, old);
        let nodes = Arc::new(FlatTree::new(&tree));
        let tree = (text.len() >= FRESH_BELOW_BYTES).then_some(tree);
        Self { text, nodes, tree }
    }

    /// The text that was parsed.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The root of the tree.
    pub fn module(&self) -> Module<'_> {
        let root = SyntaxNode::root(&self.nodes, &self.text);
        Module::cast_root(root)
    }

    /// The smallest node or token that holds a range.
    pub fn covering(&self, range: TextRange) -> SyntaxNode<'_> {
        self.module().syntax().covering(range)
    }
}

impl PartialEq for Parse {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.text, &other.text) || self.text == other.text
    }
}

impl Eq for Parse {}

impl fmt::Debug for Parse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parse")
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

fn parse_tree(text: &str, old: Option<&Tree>) -> Tree {
    let end = floor_char_boundary(text, MAX_BYTES);
    PARSER
        .with_borrow_mut(|parser| parser.parse(without_nul(&text.as_bytes()[..end]).as_ref(), old))
        .expect("a language is set and nothing cancels")
}

/// Parses one range of a text as if it were a file of its own; positions stay those of the text.
pub(crate) fn parse_range(text: &str, range: TextRange) -> Option<FlatTree> {
    let included = Range {
        start_byte: range.start as usize,
        end_byte: range.end as usize,
        start_point: Point::new(0, 0),
        end_point: Point::new(0, range.len() as usize),
    };
    PARSER.with_borrow_mut(|parser| {
        parser.set_included_ranges(&[included]).ok()?;
        let tree = parser.parse(&text.as_bytes()[..range.end as usize], None);
        parser.set_included_ranges(&[]).expect("no ranges cannot overlap");
        Some(FlatTree::new(&tree?))
    })
}

/// The same bytes with another control character for NUL, which generated lexers take for the end of the text.
fn without_nul(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(0, bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    bytes.iter().map(|it| if *it == 0 { 1 } else { *it }).collect()
}

/// The one edit that turns `old` into `new`.
fn edit_between(old: &str, new: &str) -> InputEdit {
    let start = floor_char_boundary(new, common_prefix(old.as_bytes(), new.as_bytes()));
    let tail = common_suffix(&old.as_bytes()[start..], &new.as_bytes()[start..]);
    let tail = new.len() - ceil_char_boundary(new, new.len() - tail);
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    InputEdit {
        start_byte: start,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point(new, start),
        old_end_position: point(old, old_end),
        new_end_position: point(new, new_end),
    }
}

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    const CHUNK: usize = 256;
    let chunks = a.chunks_exact(CHUNK).zip(b.chunks_exact(CHUNK));
    let equal = chunks.take_while(|(a, b)| a == b).count() * CHUNK;
    let rest = a[equal..].iter().zip(&b[equal..]);
    equal + rest.take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    const CHUNK: usize = 256;
    let chunks = a.rchunks_exact(CHUNK).zip(b.rchunks_exact(CHUNK));
    let equal = chunks.take_while(|(a, b)| a == b).count() * CHUNK;
    let rest = a[..a.len() - equal]
        .iter()
        .rev()
        .zip(b[..b.len() - equal].iter().rev());
    equal + rest.take_while(|(a, b)| a == b).count()
}

/// Row and column, both from zero and in bytes, as tree-sitter wants them.
fn point(text: &str, offset: usize) -> Point {
    let before = &text.as_bytes()[..offset];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |it| it + 1);
    Point::new(memchr::memchr_iter(b'\n', before).count(), offset - line_start)
}

fn floor_char_boundary(text: &str, mut offset: usize) -> usize {
    if offset >= text.len() {
        return text.len();
    }
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn ceil_char_boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    offset
}
