//! The tree of a file as one flat list, parents before children.
//!
//! tree-sitter's own tree is made for editing: each step through it unfolds hidden nodes and sums up lengths. It is
//! walked once here; whoever reads the file afterwards, and many do, goes through plain numbers.

use std::sync::LazyLock;

use tree_sitter::{Language, TreeCursor};

use super::generated::{SyntaxKind, TOKEN_COUNT};
use crate::TextRange;

/// Kind by tree-sitter's number, and whether it is a named one.
static KINDS: LazyLock<Vec<(SyntaxKind, bool)>> = LazyLock::new(|| {
    let language: Language = tree_sitter_relux::LANGUAGE.into();
    (0..=u16::MAX)
        .take(language.node_kind_count())
        .map(|id| {
            let name = language.node_kind_for_id(id).unwrap_or_default();
            let is_named = language.node_kind_is_named(id);
            (SyntaxKind::from_name(name, is_named), is_named)
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

impl FlatTree {
    /// Copies a tree. Steps of the cursor and questions about fields are the dear ones, so no token is asked for what
    /// lies below it, and no node for its field where there are none.
    pub(crate) fn new(tree: &tree_sitter::Tree) -> Self {
        let root = tree.root_node();
        let (kinds, has_errors) = (&*KINDS, root.has_error());
        let mut cursor = tree.walk();
        let mut nodes: Vec<NodeData> = Vec::with_capacity(root.descendant_count());
        let mut parent = NO_PARENT;
        let mut parent_has_fields = false;
        // How many siblings are still to come, here and in the nodes around.
        let mut to_come: Vec<u32> = Vec::new();
        loop {
            let node = cursor.node();
            let kind = kinds.get(usize::from(node.kind_id())).copied();
            let (kind, is_named) = kind.unwrap_or((SyntaxKind::Error, true));
            let field = if parent_has_fields { field(&cursor) } else { 0 };
            let index = nodes.len() as u32;
            nodes.push(NodeData {
                start: node.start_byte() as u32,
                end: node.end_byte() as u32,
                parent,
                behind: index + 1,
                kind,
                field,
                is_named,
                has_error: has_errors && node.has_error(),
            });
            if node.grammar_id() >= TOKEN_COUNT {
                let children = node.child_count();
                if children > 0 && cursor.goto_first_child() {
                    to_come.push(children - 1);
                    parent = index;
                    parent_has_fields = kind.has_fields();
                    continue;
                }
            }
            loop {
                let Some(left) = to_come.last_mut() else {
                    return Self { nodes };
                };
                if *left > 0 && cursor.goto_next_sibling() {
                    *left -= 1;
                    break;
                }
                to_come.pop();
                cursor.goto_parent();
                let behind = nodes.len() as u32;
                let closed = &mut nodes[parent as usize];
                closed.behind = behind;
                parent = closed.parent;
                parent_has_fields = parent != NO_PARENT && nodes[parent as usize].kind.has_fields();
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

/// Number of the field in which the cursor stands, 0 for none.
fn field(cursor: &TreeCursor<'_>) -> u8 {
    let number = cursor.field_id().map_or(0, std::num::NonZeroU16::get);
    // A test of code generation sees to it that numbers of fields fit.
    u8::try_from(number).unwrap_or(0)
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
                assert_ne!(KINDS[usize::from(id)].0, SyntaxKind::Error, "{name}");
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
