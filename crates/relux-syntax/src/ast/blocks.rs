//! Bodies in braces, and what all items and sections with a body share.

use super::generated::{Block, Body, Identifier, Item, Section, ShellName, Statement, SyntaxKind};
use super::node::{AstNode, SyntaxNode, Token};
use crate::TextRange;

impl<'t> Body<'t> {
    /// The opening brace. `None` if it is missing or does not stand in the header's line.
    pub fn open_brace(&self) -> Option<Token<'t>> {
        let first = self.syntax().first_child()?;
        (first.kind() == SyntaxKind::OpenBrace).then(|| Token::of(first))
    }

    /// The closing brace.
    pub fn close_brace(&self) -> Option<Token<'t>> {
        let last = self.syntax().last_child()?;
        (last.kind() == SyntaxKind::CloseBrace).then(|| Token::of(last))
    }

    /// The range between the braces; up to the end of the body where one is missing.
    pub fn content_range(&self) -> TextRange {
        let range = self.range();
        let start = self.open_brace().map_or(range.start, |it| it.range().end);
        let end = self.close_brace().map_or(range.end, |it| it.range().start);
        TextRange::new(start, end)
    }

    /// Its statements in order; comments and what is not Relux are left out.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Its sections in order, as in a test or effect; comments, statements of shells and what is not Relux are left out.
    pub fn sections(&self) -> impl Iterator<Item = Section<'t>> + use<'t> {
        self.syntax().children_as()
    }
}

impl<'t> Block<'t> {
    /// Its body.
    pub fn body(&self) -> Option<Body<'t>> {
        match self {
            Self::Function(it) => it.body(),
            Self::Effect(it) => it.body(),
            Self::Test(it) => it.body(),
            Self::ShellBlock(it) => it.body(),
            Self::Cleanup(it) => it.body(),
        }
    }

    /// Everything before the body.
    pub fn header_range(&self) -> TextRange {
        let range = self.range();
        let end = self
            .syntax()
            .children()
            .take_while(|it| it.kind() != SyntaxKind::Body)
            .last()
            .map_or(range.end, |it| it.range().end);
        TextRange::new(range.start, end)
    }

    /// Its first word: `fn`, `pure`, `effect`, `test`, `shell` or `cleanup`.
    pub fn keyword(&self) -> Option<SyntaxNode<'t>> {
        self.syntax().first_child()
    }

    /// What it is called in messages: ``test `x` ``, `cleanup block`.
    pub fn title(&self) -> String {
        let named = |kind: &str, name: Option<&str>| match name {
            Some(name) => format!("{kind} `{name}`"),
            None => kind.to_owned(),
        };
        match self {
            Self::Function(it) => named("function", it.name().map(|it| it.text())),
            Self::Effect(it) => named("effect", it.name().map(|it| it.text())),
            Self::Test(it) => named("test", it.name().map(|it| it.name_text())),
            Self::ShellBlock(it) => named("shell block", it.name().map(|it| it.text())),
            Self::Cleanup(_) => "cleanup block".to_owned(),
        }
    }
}

impl<'t> Item<'t> {
    /// The item as a block; imports are none.
    pub fn as_block(&self) -> Option<Block<'t>> {
        Block::cast(self.syntax())
    }
}

impl<'t> ShellName<'t> {
    /// The alias before the dot.
    pub fn qualifier(&self) -> Option<Identifier<'t>> {
        match self {
            Self::Identifier(_) => None,
            Self::QualifiedName(it) => it.qualifier(),
        }
    }

    /// The name itself; `None` while only `Alias.` is there.
    pub fn name(&self) -> Option<Identifier<'t>> {
        match self {
            Self::Identifier(it) => Some(*it),
            Self::QualifiedName(it) => it.name(),
        }
    }
}
