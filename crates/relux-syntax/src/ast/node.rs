//! The untyped half of the tree: a node with its file's text, tokens, children.
//!
//! Everything here is a cheap copy that borrows from a [`crate::Parse`]; nobody compares kinds as strings.

use std::fmt;
use std::hash::{Hash, Hasher};

#[cfg(test)]
use super::generated::FIELD_NAMES;
use super::generated::SyntaxKind;
use super::tree::FlatTree;
use crate::TextRange;

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
pub(super) struct FieldId(u8);

impl FieldId {
    /// The field with a number that code generation computed.
    pub(super) const fn new(number: u8) -> Self {
        assert!(number > 0, "fields are numbered from one");
        Self(number)
    }
}

/// A node or token with the text of its file.
#[derive(Clone, Copy)]
pub struct SyntaxNode<'t> {
    tree: &'t FlatTree,
    /// Its number in the tree.
    at: u32,
    source: &'t str,
}

impl<'t> SyntaxNode<'t> {
    /// The root of a tree of this text.
    pub(crate) fn root(tree: &'t FlatTree, source: &'t str) -> Self {
        Self { tree, at: 0, source }
    }

    fn with(&self, at: u32) -> Self {
        Self { at, ..*self }
    }

    /// What it is.
    pub fn kind(&self) -> SyntaxKind {
        self.tree.kind(self.at)
    }

    /// Where it stands.
    pub fn range(&self) -> TextRange {
        self.tree.range(self.at)
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
        self.tree.is_named(self.at)
    }

    /// Whether it or a node below it is an error of the parser itself. The grammar is meant to have a node for
    /// every mistake, so this is rare.
    pub fn has_error(&self) -> bool {
        self.tree.has_error(self.at)
    }

    /// The node around it.
    pub fn parent(&self) -> Option<Self> {
        self.tree.parent(self.at).map(|at| self.with(at))
    }

    /// The node or token before it with the same parent. Slow in long bodies: prefer iterating.
    pub fn prev_sibling(&self) -> Option<Self> {
        self.parent()?.children().take_while(|it| it.at < self.at).last()
    }

    /// The node or token behind it with the same parent.
    pub fn next_sibling(&self) -> Option<Self> {
        self.tree.next_sibling(self.at).map(|at| self.with(at))
    }

    /// All children in order, tokens included.
    pub fn children(&self) -> Children<'t> {
        Children {
            parent: *self,
            next: self.at + 1,
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
        self.tree.first_child(self.at).map(|at| self.with(at))
    }

    /// The last child. Slow in long bodies.
    pub fn last_child(&self) -> Option<Self> {
        self.children().last()
    }

    /// The smallest node or token that holds a range; the node itself if the range is not inside of it.
    #[must_use]
    pub fn covering(&self, range: TextRange) -> Self {
        self.with(self.tree.covering(self.at, range))
    }

    /// Itself and the nodes around it, inside out.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<'t> {
        std::iter::successors(Some(*self), Self::parent)
    }

    /// All nodes and tokens below it and itself, parents before children. Needs no stack, however deep the tree is.
    pub fn descendants(&self) -> Descendants<'t> {
        Descendants {
            top: *self,
            next: self.at,
            depth: 0,
        }
    }

    pub(super) fn field<T: AstNode<'t>>(&self, field: FieldId) -> Option<T> {
        self.fields_of(field).next().and_then(T::cast)
    }

    pub(super) fn field_token(&self, field: FieldId) -> Option<Token<'t>> {
        self.fields_of(field).next().map(Token)
    }

    pub(super) fn fields<T: AstNode<'t>>(&self, field: FieldId) -> impl Iterator<Item = T> + use<'t, T> {
        self.fields_of(field).filter_map(T::cast)
    }

    fn fields_of(&self, field: FieldId) -> impl Iterator<Item = Self> + use<'t> {
        self.children().filter(move |it| it.tree.field(it.at) == field.0)
    }
}

impl PartialEq for SyntaxNode<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.at == other.at
    }
}

impl Eq for SyntaxNode<'_> {}

impl Hash for SyntaxNode<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at.hash(state);
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
    parent: SyntaxNode<'t>,
    next: u32,
}

impl<'t> Iterator for Children<'t> {
    type Item = SyntaxNode<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let tree = self.parent.tree;
        if self.next >= tree.behind(self.parent.at) {
            return None;
        }
        let node = self.parent.with(self.next);
        self.next = tree.behind(self.next);
        Some(node)
    }
}

/// A node and everything below it, parents before children.
#[derive(Clone)]
pub struct Descendants<'t> {
    top: SyntaxNode<'t>,
    next: u32,
    /// Of `next` below `top`.
    depth: usize,
}

impl<'t> Descendants<'t> {
    /// The next node with the number of nodes between it and the first one, which has 0.
    pub fn next_with_depth(&mut self) -> Option<(usize, SyntaxNode<'t>)> {
        let tree = self.top.tree;
        if self.next >= tree.behind(self.top.at) {
            return None;
        }
        let (depth, node) = (self.depth, self.top.with(self.next));
        self.next += 1;
        if tree.first_child(node.at).is_some() {
            self.depth += 1;
        } else {
            // The node that follows stands beside the outermost one that ends here.
            let mut ended = node.at;
            while let Some(parent) = tree.parent(ended).filter(|&it| tree.behind(it) == self.next) {
                ended = parent;
                self.depth = self.depth.saturating_sub(1);
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
    use tree_sitter::Language;

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
}
