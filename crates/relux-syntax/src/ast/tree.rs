//! The tree of a file as one flat list, parents before children.
//!
//! tree-sitter's own tree is made for editing: each step through it unfolds hidden nodes and sums up lengths. It is
//! walked once here; whoever reads the file afterwards, and many do, goes through plain numbers.

use std::sync::LazyLock;

use tree_sitter::{Language, TreeCursor};

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

/// What the root has instead of a parent.
const NO_PARENT: u32 = u32::MAX;

/// The nodes of a tree. The first one is the root; there is always one.
#[derive(Debug)]
pub(crate) struct FlatTree {
    nodes: Vec<NodeData>,
}

/// A node; 20 bytes.
#[derive(Debug, Clone, Copy)]
struct NodeData {
    start: u32,
    end: u32,
    parent: u32,
    /// Behind the last node below this one: its next sibling, if its parent reaches so far.
    behind: u32,
    kind: SyntaxKind,
    /// Number of its field in the parent, 0 for none.
    field: u8,
    is_named: bool,
    has_error: bool,
}

impl NodeData {
    fn at(cursor: &TreeCursor<'_>, parent: u32) -> Self {
        let node = cursor.node();
        let kind = KINDS.get(usize::from(node.kind_id()));
        let field = cursor.field_id().map_or(0, std::num::NonZeroU16::get);
        Self {
            start: node.start_byte() as u32,
            end: node.end_byte() as u32,
            parent,
            behind: 0,
            kind: kind.copied().unwrap_or(SyntaxKind::Error),
            // A test of code generation sees to it that numbers of fields fit.
            field: u8::try_from(field).unwrap_or(0),
            is_named: node.is_named(),
            has_error: node.has_error(),
        }
    }
}

impl FlatTree {
    /// Copies a tree.
    pub(crate) fn new(tree: &tree_sitter::Tree) -> Self {
        let mut cursor = tree.walk();
        let mut nodes: Vec<NodeData> = Vec::with_capacity(tree.root_node().descendant_count());
        let mut parent = NO_PARENT;
        loop {
            let index = nodes.len() as u32;
            nodes.push(NodeData::at(&cursor, parent));
            if cursor.goto_first_child() {
                parent = index;
                continue;
            }
            let behind = index + 1;
            nodes[index as usize].behind = behind;
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return Self { nodes };
                }
                let closed = &mut nodes[parent as usize];
                closed.behind = behind;
                parent = closed.parent;
            }
        }
    }

    fn node(&self, at: u32) -> &NodeData {
        &self.nodes[at as usize]
    }

    pub(super) fn kind(&self, at: u32) -> SyntaxKind {
        self.node(at).kind
    }

    pub(super) fn range(&self, at: u32) -> TextRange {
        let node = self.node(at);
        TextRange::new(node.start, node.end)
    }

    pub(super) fn is_named(&self, at: u32) -> bool {
        self.node(at).is_named
    }

    pub(super) fn has_error(&self, at: u32) -> bool {
        self.node(at).has_error
    }

    pub(super) fn field(&self, at: u32) -> u8 {
        self.node(at).field
    }

    pub(super) fn parent(&self, at: u32) -> Option<u32> {
        Some(self.node(at).parent).filter(|&parent| parent != NO_PARENT)
    }

    /// Behind the last node below this one.
    pub(super) fn behind(&self, at: u32) -> u32 {
        self.node(at).behind
    }

    pub(super) fn first_child(&self, at: u32) -> Option<u32> {
        Some(at + 1).filter(|&child| child < self.behind(at))
    }

    pub(super) fn next_sibling(&self, at: u32) -> Option<u32> {
        let parent = self.parent(at)?;
        Some(self.behind(at)).filter(|&next| next < self.behind(parent))
    }

    /// The smallest node at or below `at` that holds a range. Of two that meet at an empty range it is the first.
    pub(super) fn covering(&self, at: u32, range: TextRange) -> u32 {
        let mut found = at;
        let mut child = self.first_child(at);
        while let Some(candidate) = child {
            let here = self.range(candidate);
            let ends_before = here.end < range.end || (here.end <= range.start && !range.is_empty());
            if ends_before {
                child = self.next_sibling(candidate);
            } else if here.start <= range.start {
                found = candidate;
                child = self.first_child(candidate);
            } else {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn numbers_of_fields_fit() {
        let language: Language = tree_sitter_relux::LANGUAGE.into();
        assert!(language.field_count() < usize::from(u8::MAX));
    }

    #[test]
    fn a_node_is_small() {
        assert_eq!(size_of::<NodeData>(), 20);
    }
}
