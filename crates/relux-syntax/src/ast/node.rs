//! The untyped half of the tree: a node with its file's text, tokens, children.
//!
//! Everything here is a cheap copy that borrows from a [`crate::Parse`]. Only this file touches tree-sitter's nodes,
//! and nobody compares kinds as strings: numbers of kinds are translated once.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU16;
use std::sync::LazyLock;

use tree_sitter::{Language, Node, TreeCursor};

#[cfg(test)]
use super::generated::FIELD_NAMES;
use super::generated::SyntaxKind;
use crate::TextRange;

/// Kind by tree-sitter's number.
static KINDS: LazyLock<Vec<SyntaxKind>> = LazyLock::new(|| {
    let language: Language = tree_sitter_relux::LANGUAGE.into();
    (0..=u16::MAX)
        .take(language.node_kind_count())
        .map(|id| {
            let name = language.node_kind_for_id(id).unwrap_or_default();
            SyntaxKind::from_name(name, language.node_kind_is_named(id))
        })
        .collect()
});

/// A node of the tree that knows its own kind.
pub trait AstNode<'t>: Copy {
    /// Whether nodes of this kind can be read as `Self`.
    fn can_cast(kind: SyntaxKind) -> bool;

    /// The node read as `Self`, if it is one.
    fn cast(node: SyntaxNode<'t>) -> Option<Self>;

    /// The node behind it.
    fn syntax(&self) -> SyntaxNode<'t>;

    /// Where it stands: from its first to behind its last token, without the line end.
    fn range(&self) -> TextRange {
        self.syntax().range()
    }

    /// Its source text.
    fn text(&self) -> &'t str {
        self.syntax().text()
    }
}

/// Number of a field.
#[derive(Clone, Copy)]
pub(super) struct FieldId(NonZeroU16);

impl FieldId {
    /// The field with a number that code generation computed.
    pub(super) const fn new(number: u16) -> Self {
        match NonZeroU16::new(number) {
            Some(it) => Self(it),
            None => panic!("fields are numbered from one"),
        }
    }
}

/// A node or token with the text of its file.
#[derive(Clone, Copy)]
pub struct SyntaxNode<'t> {
    node: Node<'t>,
    source: &'t str,
}

impl<'t> SyntaxNode<'t> {
    pub(crate) fn new(node: Node<'t>, source: &'t str) -> Self {
        Self { node, source }
    }

    /// What it is.
    pub fn kind(&self) -> SyntaxKind {
        KINDS
            .get(usize::from(self.node.kind_id()))
            .copied()
            .unwrap_or(SyntaxKind::Error)
    }

    /// Where it stands.
    pub fn range(&self) -> TextRange {
        TextRange::from(self.node.byte_range())
    }

    /// Its source text.
    pub fn text(&self) -> &'t str {
        self.range().slice(self.source)
    }

    /// The text of the whole file.
    pub fn source(&self) -> &'t str {
        self.source
    }

    /// Whether it has a kind of its own rather than being punctuation or a keyword.
    pub fn is_named(&self) -> bool {
        self.node.is_named()
    }

    /// Whether it or a node below it is an error of the parser itself. The grammar is meant to have a node for
    /// every mistake, so this is rare.
    pub fn has_error(&self) -> bool {
        self.node.has_error()
    }

    /// A number that no other node of the same tree has.
    pub fn id(&self) -> usize {
        self.node.id()
    }

    /// The node around it.
    pub fn parent(&self) -> Option<Self> {
        Some(Self::new(self.node.parent()?, self.source))
    }

    /// The node or token before it with the same parent. Slow in long bodies: prefer iterating.
    pub fn prev_sibling(&self) -> Option<Self> {
        Some(Self::new(self.node.prev_sibling()?, self.source))
    }

    /// The node or token behind it with the same parent. Slow in long bodies: prefer iterating.
    pub fn next_sibling(&self) -> Option<Self> {
        Some(Self::new(self.node.next_sibling()?, self.source))
    }

    /// All children in order, tokens included.
    pub fn children(&self) -> Children<'t> {
        let mut cursor = self.node.walk();
        let more = cursor.goto_first_child();
        Children {
            cursor,
            more,
            source: self.source,
        }
    }

    /// The children that can be read as `T`, in order.
    pub fn children_as<T: AstNode<'t>>(&self) -> impl Iterator<Item = T> + use<'t, T> {
        self.children().filter_map(T::cast)
    }

    /// The first child that can be read as `T`.
    pub fn child_as<T: AstNode<'t>>(&self) -> Option<T> {
        self.children().find_map(T::cast)
    }

    /// The first child token of a kind.
    pub fn token(&self, kind: SyntaxKind) -> Option<Token<'t>> {
        self.children().find(|it| it.kind() == kind).map(Token)
    }

    /// The first child.
    pub fn first_child(&self) -> Option<Self> {
        Some(Self::new(self.node.child(0)?, self.source))
    }

    /// The last child.
    pub fn last_child(&self) -> Option<Self> {
        let mut cursor = self.node.walk();
        cursor
            .goto_last_child()
            .then(|| Self::new(cursor.node(), self.source))
    }

    /// The smallest node or token that holds a range; the node itself if the range is not inside of it.
    #[must_use]
    pub fn covering(&self, range: TextRange) -> Self {
        self.node
            .descendant_for_byte_range(range.start as usize, range.end as usize)
            .map_or(*self, |it| Self::new(it, self.source))
    }

    /// Itself and the nodes around it, inside out.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<'t> {
        std::iter::successors(Some(*self), Self::parent)
    }

    /// All nodes and tokens below it and itself, parents before children. Needs no stack, however deep the tree is.
    pub fn descendants(&self) -> Descendants<'t> {
        Descendants {
            cursor: self.node.walk(),
            done: false,
            source: self.source,
        }
    }

    pub(super) fn field<T: AstNode<'t>>(&self, field: FieldId) -> Option<T> {
        let node = self.node.child_by_field_id(field.0.get())?;
        T::cast(Self::new(node, self.source))
    }

    pub(super) fn field_token(&self, field: FieldId) -> Option<Token<'t>> {
        let node = self.node.child_by_field_id(field.0.get())?;
        Some(Token(Self::new(node, self.source)))
    }

    pub(super) fn fields<T: AstNode<'t>>(&self, field: FieldId) -> impl Iterator<Item = T> + use<'t, T> {
        let mut children = self.children();
        std::iter::from_fn(move || {
            loop {
                let here = children.field_id();
                let node = children.next()?;
                if here == Some(field.0) {
                    return Some(node);
                }
            }
        })
        .filter_map(T::cast)
    }

    /// The tree in Lisp form, for tests and bug reports.
    pub fn to_sexp(&self) -> String {
        self.node.to_sexp()
    }
}

impl PartialEq for SyntaxNode<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl Eq for SyntaxNode<'_> {}

impl Hash for SyntaxNode<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}

impl fmt::Debug for SyntaxNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}@{:?}", self.kind(), self.range())
    }
}

/// A keyword or a piece of punctuation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Token<'t>(SyntaxNode<'t>);

impl<'t> Token<'t> {
    pub(super) fn of(node: SyntaxNode<'t>) -> Self {
        Self(node)
    }

    /// Which token.
    pub fn kind(&self) -> SyntaxKind {
        self.0.kind()
    }

    /// Where it stands.
    pub fn range(&self) -> TextRange {
        self.0.range()
    }

    /// Its source text.
    pub fn text(&self) -> &'t str {
        self.0.text()
    }

    /// The node behind it.
    pub fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// Children of a node, tokens included.
#[derive(Clone)]
pub struct Children<'t> {
    cursor: TreeCursor<'t>,
    more: bool,
    source: &'t str,
}

impl Children<'_> {
    /// The field of the child that comes next.
    fn field_id(&self) -> Option<NonZeroU16> {
        self.more.then(|| self.cursor.field_id()).flatten()
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = SyntaxNode<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.more {
            return None;
        }
        let node = SyntaxNode::new(self.cursor.node(), self.source);
        self.more = self.cursor.goto_next_sibling();
        Some(node)
    }
}

/// A node and everything below it, parents before children.
#[derive(Clone)]
pub struct Descendants<'t> {
    cursor: TreeCursor<'t>,
    done: bool,
    source: &'t str,
}

impl<'t> Descendants<'t> {
    /// The next node with the number of nodes between it and the first one, which has 0.
    pub fn next_with_depth(&mut self) -> Option<(usize, SyntaxNode<'t>)> {
        if self.done {
            return None;
        }
        let depth = self.cursor.depth() as usize;
        let node = SyntaxNode::new(self.cursor.node(), self.source);
        if !self.cursor.goto_first_child() {
            while !self.cursor.goto_next_sibling() {
                if !self.cursor.goto_parent() {
                    self.done = true;
                    break;
                }
            }
        }
        Some((depth, node))
    }
}

impl<'t> Iterator for Descendants<'t> {
    type Item = SyntaxNode<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_with_depth()?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_field_numbers_are_those_of_the_parser() {
        let language: Language = tree_sitter_relux::LANGUAGE.into();
        assert_eq!(language.field_count(), FIELD_NAMES.len());
        for (index, name) in FIELD_NAMES.iter().enumerate() {
            let number = language.field_id_for_name(name).map(|it| usize::from(it.get()));
            assert_eq!(number, Some(index + 1), "{name}");
        }
    }

    #[test]
    fn every_visible_kind_has_a_name_in_rust() {
        let language: Language = tree_sitter_relux::LANGUAGE.into();
        for id in 1..u16::try_from(language.node_kind_count()).expect("few kinds") {
            let visible = language.node_kind_is_visible(id) && !language.node_kind_is_supertype(id);
            let name = language.node_kind_for_id(id).unwrap_or_default();
            if visible && !name.starts_with('_') && name != "ERROR" {
                assert_ne!(KINDS[usize::from(id)], SyntaxKind::Error, "{name}");
            }
        }
    }
}
