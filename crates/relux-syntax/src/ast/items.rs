//! Items of a file and their parts: markers, imports, headers, exposes, docstrings.

use super::generated::{
    Block, Comment, Definition, Docstring, Effect, Expose, Function, Identifier, Import, ImportList,
    ImportName, Item, Marker, Module, Multimatch, Overlay, OverlayEntry, Parameter, ParameterList, Start,
    SyntaxKind, Test, TestTitle, Unexpected,
};
use super::node::{AstNode, SyntaxNode};
use crate::TextRange;

/// An item with what stands above it.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The item.
    pub item: Item<'t>,
    /// Its markers, in order. Markers before an import are here too, although they are a mistake.
    pub markers: Vec<Marker<'t>>,
    /// The comments above it, without an empty line in between, in order.
    pub comments: Vec<Comment<'t>>,
}

impl<'t> Module<'t> {
    /// The root of a tree, whatever the parser called it.
    pub(crate) fn cast_root(root: SyntaxNode<'t>) -> Self {
        Self(root)
    }

    /// Its items in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Its items in order, with their markers and comments.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'t>> + use<'t> {
        let mut children = self.syntax().children();
        let mut above = Above::default();
        std::iter::from_fn(move || {
            loop {
                let node = children.next()?;
                let Some(item) = Item::cast(node) else {
                    above.see(node);
                    above.see_inside(node);
                    continue;
                };
                let Above {
                    markers, comments, ..
                } = std::mem::take(&mut above);
                above.see_inside(item.syntax());
                return Some(Entry {
                    item,
                    markers,
                    comments,
                });
            }
        })
    }

    /// Its imports in order.
    pub fn imports(&self) -> impl Iterator<Item = Import<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Its functions, effects and tests in order.
    pub fn definitions(&self) -> impl Iterator<Item = Definition<'t>> + use<'t> {
        self.syntax().children_as()
    }
}

/// Markers and comments that wait for their item.
#[derive(Default)]
struct Above<'t> {
    markers: Vec<Marker<'t>>,
    comments: Vec<Comment<'t>>,
    newlines: u32,
}

impl<'t> Above<'t> {
    fn see(&mut self, node: SyntaxNode<'t>) {
        if node.kind() == SyntaxKind::Newline {
            self.newlines += 1;
            if self.newlines > 1 {
                self.comments.clear();
            }
            return;
        }
        self.newlines = 0;
        if let Some(marker) = Marker::cast(node) {
            self.markers.push(marker);
        } else if let Some(comment) = Comment::cast(node) {
            self.comments.push(comment);
        } else {
            *self = Self::default();
        }
    }

    /// A block that was never closed holds what belongs to the item behind it.
    fn see_inside(&mut self, node: SyntaxNode<'t>) {
        let mut open = unclosed(node);
        while let Some(container) = open {
            open = None;
            for child in container.children() {
                if child.kind() == SyntaxKind::OpenBrace {
                    continue;
                }
                open = unclosed(child);
                self.see(child);
            }
        }
    }
}

/// What holds the lines of a block or multimatch that was never closed.
fn unclosed(node: SyntaxNode<'_>) -> Option<SyntaxNode<'_>> {
    let container = match Block::cast(node) {
        Some(block) => block.body()?.syntax(),
        None => Multimatch::cast(node)?.syntax(),
    };
    let last = container.last_child()?;
    (last.kind() != SyntaxKind::CloseBrace).then_some(container)
}

impl<'t> Import<'t> {
    /// Its path as written; empty while it is missing.
    pub fn path_text(&self) -> &'t str {
        self.path().map_or("", |it| it.text())
    }

    /// The names of its list; `None` if it imports everything.
    pub fn names(&self) -> Option<impl Iterator<Item = ImportName<'t>> + use<'t>> {
        self.list().map(|it| it.names())
    }
}

impl<'t> ImportList<'t> {
    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = ImportName<'t>> + use<'t> {
        self.syntax().children_as()
    }
}

impl<'t> ImportName<'t> {
    /// The name that the importing file uses: the alias if there is one.
    pub fn local_name(&self) -> Option<Identifier<'t>> {
        self.alias().or_else(|| self.name())
    }
}

impl<'t> Function<'t> {
    /// Whether it is a `pure fn`.
    pub fn is_pure(&self) -> bool {
        self.pure_token().is_some()
    }

    /// Its parameters in order.
    pub fn params(&self) -> impl Iterator<Item = Parameter<'t>> + use<'t> {
        self.parameters().into_iter().flat_map(|it| it.params())
    }

    /// Whether its parameter list is there and closed, and nothing else stands in the header.
    pub fn has_whole_header(&self) -> bool {
        let has_list = self.parameters().is_some_and(|it| it.is_closed());
        has_list && self.syntax().child_as::<Unexpected<'_>>().is_none()
    }
}

impl<'t> ParameterList<'t> {
    /// The parameters in order.
    pub fn params(&self) -> impl Iterator<Item = Parameter<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Whether its closing parenthesis is there.
    pub fn is_closed(&self) -> bool {
        self.syntax()
            .last_child()
            .is_some_and(|it| it.kind() == SyntaxKind::CloseParen)
    }
}

impl<'t> TestTitle<'t> {
    /// The name between the quotes, raw.
    pub fn name_text(&self) -> &'t str {
        self.name_range().slice(self.syntax().source())
    }

    /// Where the name stands between the quotes.
    pub fn name_range(&self) -> TextRange {
        let range = self.range();
        match self {
            Self::TestName(_) => TextRange::new(range.start + 1, range.end - 1),
            Self::UnclosedTestName(it) => {
                let blanks = it.text().len() - it.text().trim_end().len();
                TextRange::new(range.start + 1, range.end - blanks as u32)
            }
        }
    }
}

impl<'t> Test<'t> {
    /// Its name between the quotes, raw; empty while it is missing.
    pub fn name_text(&self) -> &'t str {
        self.name().map_or("", |it| it.name_text())
    }

    /// Its docstrings in order.
    pub fn docstrings(&self) -> impl Iterator<Item = Docstring<'t>> + use<'t> {
        self.body().into_iter().flat_map(|it| it.syntax().children_as())
    }
}

impl<'t> Effect<'t> {
    /// Its name as written; empty while it is missing.
    pub fn name_text(&self) -> &'t str {
        self.name().map_or("", |it| it.text())
    }
}

impl<'t> Docstring<'t> {
    /// What stands between the quotes, raw.
    pub fn content(&self) -> &'t str {
        let text = self.text();
        text.get(3..text.len().saturating_sub(3)).unwrap_or_default()
    }
}

impl<'t> Comment<'t> {
    /// The text behind the slashes, without blanks around it.
    pub fn content(&self) -> &'t str {
        self.text().trim_start_matches('/').trim()
    }
}

impl<'t> Marker<'t> {
    /// `skip`, `run`, `flaky`, or whatever stands there.
    pub fn kind_text(&self) -> &'t str {
        self.kind().map_or("", |it| it.text())
    }

    /// Whether its condition is negated: `unless`.
    pub fn is_unless(&self) -> bool {
        self.modifier().is_some_and(|it| it.text() == "unless")
    }
}

impl<'t> Start<'t> {
    /// Name of the effect as written; empty while it is missing.
    pub fn effect_text(&self) -> &'t str {
        self.effect().map_or("", |it| it.text())
    }

    /// Entries of its overlay in order.
    pub fn entries(&self) -> impl Iterator<Item = OverlayEntry<'t>> + use<'t> {
        self.overlay().into_iter().flat_map(|it| it.entries())
    }
}

impl<'t> Overlay<'t> {
    /// Its entries in order.
    pub fn entries(&self) -> impl Iterator<Item = OverlayEntry<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Whether its closing brace is there.
    pub fn is_closed(&self) -> bool {
        self.syntax()
            .last_child()
            .is_some_and(|it| it.kind() == SyntaxKind::CloseBrace)
    }
}

impl OverlayEntry<'_> {
    /// Whether it is a key alone, bound to the variable of the same name.
    pub fn is_shorthand(&self) -> bool {
        self.operator_token().is_none()
    }
}

/// What an `expose` says, whichever edition it is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExposeForm<'t> {
    /// How it is written.
    pub kind: ExposeKind,
    /// The alias before the dot, with its place.
    pub qualifier: Option<(&'t str, TextRange)>,
    /// The shell or variable, with its place.
    pub target: (&'t str, TextRange),
    /// The name behind `as`, with its place.
    pub alias: Option<(&'t str, TextRange)>,
}

/// How an `expose` is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExposeKind {
    /// `expose db`: a shell, in edition 2026-04.
    Bare,
    /// `expose shell db`.
    Shell,
    /// `expose var port`.
    Var,
}

impl<'t> Expose<'t> {
    /// What it says; `None` while its target is missing. `expose var` alone exposes a shell named `var`.
    pub fn form(&self) -> Option<ExposeForm<'t>> {
        let word = |it: Identifier<'t>| (it.text(), it.range());
        let kind_token = self.kind_token();
        let alias = self.alias().map(word);
        let kind = match kind_token.map(|it| it.kind()) {
            None => ExposeKind::Bare,
            Some(SyntaxKind::ShellKeyword) => ExposeKind::Shell,
            Some(_) => ExposeKind::Var,
        };
        if let Some(target) = self.target() {
            return Some(ExposeForm {
                kind,
                qualifier: target.qualifier().map(word),
                target: target.name().map(word)?,
                alias,
            });
        }
        let var = kind_token.filter(|_| kind == ExposeKind::Var)?;
        Some(ExposeForm {
            kind: ExposeKind::Bare,
            qualifier: None,
            target: (var.text(), var.range()),
            alias,
        })
    }
}
