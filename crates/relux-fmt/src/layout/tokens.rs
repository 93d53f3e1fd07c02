//! One line: which tokens are glued and where a blank stands.
//!
//! Payloads, strings and names of tests are one token here, whatever they are made of: nothing looks into them.

use relux_syntax::{SyntaxKind, SyntaxNode, TextRange};

use super::Layout;

impl<'t> Layout<'t> {
    /// All tokens of a node with the blanks between them.
    pub(super) fn tokens(&mut self, node: SyntaxNode<'t>) {
        self.tokens_before(node, None);
    }

    /// The tokens of a node before a child of it. Iterates, because calls may be nested deeply.
    pub(super) fn tokens_before(&mut self, node: SyntaxNode<'t>, stop: Option<SyntaxNode<'t>>) {
        let end = stop.map_or(u32::MAX, |it| it.range().start);
        let mut done = 0;
        let mut before = None;
        let mut comma = None;
        for token in node.descendants() {
            let range = token.range();
            if range.start >= end {
                break;
            }
            if range.start < done
                || range.is_empty()
                || !(is_data(token.kind()) || token.first_child().is_none())
            {
                continue;
            }
            done = range.end;
            if token.kind() == SyntaxKind::Comma {
                comma = Some(range);
                continue;
            }
            // A comma before the closing parenthesis says nothing.
            if let Some(comma) = comma.take().filter(|_| token.kind() != SyntaxKind::CloseParen) {
                self.doc.source(comma);
            }
            if before.is_some_and(|before| !glued(before, token)) {
                self.doc.text(" ");
            }
            self.doc.source(range);
            before = Some(token.kind());
        }
    }

    /// `expect A, B`: blanks alone may separate the names.
    pub(super) fn expect(&mut self, expect: SyntaxNode<'t>) {
        let mut separator = "";
        for child in expect.children().filter(|it| it.kind() != SyntaxKind::Comma) {
            if child.kind() == SyntaxKind::ExpectKeyword {
                self.doc.source(child.range());
                separator = " ";
            } else {
                self.doc.text(separator);
                self.doc.source(child.range());
                separator = ", ";
            }
        }
    }

    pub(super) fn source_of(&self, range: TextRange) -> &'t str {
        range.slice(self.source)
    }
}

/// Whether nothing looks into it.
pub(crate) fn is_data(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Literal | SyntaxKind::Regex | SyntaxKind::StringLiteral
    )
}

/// Whether a token follows the one before without a blank.
fn glued(before: SyntaxKind, token: SyntaxNode<'_>) -> bool {
    match token.kind() {
        SyntaxKind::Comma
        | SyntaxKind::OpenParen
        | SyntaxKind::CloseParen
        | SyntaxKind::Dot
        | SyntaxKind::Duration => true,
        SyntaxKind::Tilde | SyntaxKind::At => matches!(before, SyntaxKind::Less | SyntaxKind::Bang),
        _ if matches!(before, SyntaxKind::OpenParen | SyntaxKind::Dot) => true,
        kind => !is_data(kind) && token.parent().is_some_and(|it| is_operation(it.kind())),
    }
}

/// Whether it begins with an operator, whose parts are glued.
fn is_operation(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::SendRaw
            | SyntaxKind::MatchRegex
            | SyntaxKind::MatchLiteral
            | SyntaxKind::FailRegex
            | SyntaxKind::FailLiteral
            | SyntaxKind::Multimatch
    )
}
