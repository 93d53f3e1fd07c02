//! Blanks at the ends of lines, which edition 2026-04 rejects wherever they are not part of a payload, a string, a
//! docstring or a comment.

use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, SyntaxKind, SyntaxNode};

use super::Rewrite;
use crate::db::SourceFile;
use crate::parse::parse;

pub(super) fn rewrite(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    let source = parse(rewrite.db, file).clone();
    let root = source.module().syntax();
    let text: &str = file.text(rewrite.db);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n').trim_end_matches('\r');
        let kept = content.trim_end_matches([' ', '\t']);
        let blanks = TextRange::new(start + kept.len() as u32, start + content.len() as u32);
        start += line.len() as u32;
        if !blanks.is_empty() && !is_text(root, blanks) && !ends_operator(root, blanks.start, kept) {
            rewrite.changes.replace(file, blanks, "");
        }
    }
}

/// Whether the blanks belong to something that is kept byte for byte.
fn is_text(root: SyntaxNode<'_>, blanks: TextRange) -> bool {
    root.covering(blanks).ancestors().any(|node| match node.kind() {
        SyntaxKind::Comment
        | SyntaxKind::Regex
        | SyntaxKind::StringLiteral
        | SyntaxKind::Docstring
        | SyntaxKind::TestName => true,
        // A comparison cannot be said in 2026-04; what is left is a reassignment.
        SyntaxKind::Literal => node.parent().map(|parent| parent.kind()) != Some(SyntaxKind::AssignOrAssert),
        _ => false,
    })
}

/// Whether an operator stands before `offset` whose payload may be nothing but blanks.
fn ends_operator(root: SyntaxNode<'_>, offset: u32, line: &str) -> bool {
    let Some(before) = offset.checked_sub(1).filter(|_| !line.is_empty()) else {
        return false;
    };
    let mut around = root.covering(TextRange::new(before, offset)).ancestors();
    around.any(|node| {
        matches!(
            node.kind(),
            SyntaxKind::Send
                | SyntaxKind::SendRaw
                | SyntaxKind::MatchRegex
                | SyntaxKind::MatchLiteral
                | SyntaxKind::FailRegex
                | SyntaxKind::FailLiteral
        )
    })
}
