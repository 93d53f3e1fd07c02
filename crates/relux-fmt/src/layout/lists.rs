//! Overlays and names of imports: on one line where they fit, otherwise one entry per line.

use relux_syntax::{SyntaxKind, SyntaxNode, TextRange};

use super::Layout;
use crate::ir::Op;

impl<'t> Layout<'t> {
    /// `start Effect as Alias { … }`.
    pub(super) fn start(&mut self, start: SyntaxNode<'t>) {
        let overlay = start.children().find(|it| it.kind() == SyntaxKind::Overlay);
        self.tokens_before(start, overlay);
        if let Some(overlay) = overlay {
            let entries: Vec<SyntaxNode<'t>> = overlay
                .children()
                .filter(|it| it.kind() == SyntaxKind::OverlayEntry)
                .collect();
            self.list(braces(overlay), &entries);
        }
    }

    /// A blank, braces and what is between them.
    pub(super) fn list(&mut self, braces: Option<(TextRange, TextRange)>, entries: &[SyntaxNode<'t>]) {
        let Some((open, close)) = braces else { return };
        self.doc.text(" ");
        self.doc.source(open);
        if !entries.is_empty() {
            self.doc.push(Op::Open);
            self.doc.push(Op::Indent);
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    self.doc.text(",");
                }
                self.doc.push(Op::Line);
                self.tokens(*entry);
            }
            self.doc.push(Op::IfBroken(","));
            self.doc.push(Op::Dedent);
            self.doc.push(Op::Line);
            self.doc.push(Op::Close);
        }
        self.doc.source(close);
    }
}

/// The braces of a list.
pub(super) fn braces(list: SyntaxNode<'_>) -> Option<(TextRange, TextRange)> {
    let brace = |kind| list.children().find(|it| it.kind() == kind).map(|it| it.range());
    Some((brace(SyntaxKind::OpenBrace)?, brace(SyntaxKind::CloseBrace)?))
}
