//! `let`, reassignments and overlay entries: `=` in 2026-04, `:=` in 2026-08.

use relux_syntax::ast::{Assign, Let};
use relux_syntax::ast::{AssignOrAssert, AstNode, OverlayEntry, SyntaxKind, Token};
use rustc_hash::FxHashSet;

use super::Rewrite;
use crate::bodies::body::StmtKind;
use crate::bodies::walk::{Node, walk};
use crate::db::SourceFile;
use crate::edition::Edition;
use crate::parse::parse;

pub(super) fn rewrite(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    let assignments = assignments(rewrite, file);
    let source = parse(rewrite.db, file).clone();
    for node in source.module().syntax().descendants() {
        let operator = match node.kind() {
            SyntaxKind::Let => Let::cast(node).and_then(|it| it.operator_token()),
            SyntaxKind::OverlayEntry => OverlayEntry::cast(node).and_then(|it| it.operator_token()),
            SyntaxKind::Assign => {
                spread_string(rewrite, file, node);
                Assign::cast(node).and_then(|it| it.operator_token())
            }
            SyntaxKind::AssignOrAssert if assignments.contains(&node.range().start) => {
                AssignOrAssert::cast(node).and_then(|it| it.operator_token())
            }
            _ => None,
        };
        if let Some(operator) = operator {
            bind(rewrite, file, operator);
        }
    }
}

fn bind(rewrite: &mut Rewrite<'_>, file: SourceFile, operator: Token<'_>) {
    let new = match (operator.kind(), rewrite.to) {
        (SyntaxKind::Equals, Edition::E2026_08) => ":=",
        (SyntaxKind::ColonEquals, Edition::E2026_04) => "=",
        _ => return,
    };
    rewrite.changes.replace(file, operator.range(), new);
}

/// Where the statements `name = value` begin that the module's edition reads as reassignments.
fn assignments(rewrite: &Rewrite<'_>, file: SourceFile) -> FxHashSet<u32> {
    let (bodies, edition) = (rewrite.bodies(file), rewrite.reads(file));
    let mut found = FxHashSet::default();
    for definition in &bodies.definitions {
        walk(bodies, edition, definition, &mut |_, node| {
            if let Node::Stmt(stmt) = node
                && matches!(stmt.kind, StmtKind::Assign { .. })
            {
                found.insert(stmt.range.start);
            }
        });
    }
    found
}

/// `name = "…"` ends with its line.
fn spread_string(rewrite: &mut Rewrite<'_>, file: SourceFile, node: relux_syntax::ast::SyntaxNode<'_>) {
    if rewrite.to == Edition::E2026_04 && node.text().contains('\n') {
        rewrite.refuse(
            file,
            node.range(),
            "a reassignment over several lines cannot be written in edition 2026-04",
            Some("write `\\\\n` for each end of a line in the string"),
        );
    }
}
