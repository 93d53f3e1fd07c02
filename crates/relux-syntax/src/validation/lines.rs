//! Ends of lines: comments behind code, missing line ends, and where text is left over.

use super::codes;
use super::lines_of::Lines;
use super::sink::Sink;
use super::unexpected::{self, Place};
use crate::ast::{AstNode, Comment, SyntaxKind, SyntaxNode, Unexpected};
use crate::{Diagnostic, Edit, Fix, TextRange};

/// Walks the children of a body or file and looks at what stands between a statement and the end of its line.
pub(super) fn check(body: SyntaxNode<'_>, place: Place, sink: &mut Sink<'_>) {
    let mut before: Option<SyntaxNode<'_>> = None;
    let is_closed = body
        .last_child()
        .is_some_and(|it| it.kind() == SyntaxKind::CloseBrace);
    let mut after_cleanup = false;
    for child in body.children() {
        if let Some(docstring) = before.filter(|it| it.kind() == SyntaxKind::Docstring)
            && child.kind() == SyntaxKind::ExpressionStatement
            && docstring.range().end == child.range().start
            && child.text().starts_with('"')
        {
            sink.push(quote_at_end(docstring.range().end));
        }
        match child.kind() {
            SyntaxKind::Newline => {
                before = None;
                continue;
            }
            SyntaxKind::Comment => {
                if let Some(comment) = Comment::cast(child) {
                    check_comment(comment, before, after_cleanup, sink);
                }
            }
            SyntaxKind::Unexpected => {
                if let Some(junk) = Unexpected::cast(child) {
                    unexpected::in_line(before, junk, place, sink);
                }
            }
            SyntaxKind::MissingNewline => missing_newline(body, child.range(), sink),
            SyntaxKind::Cleanup => after_cleanup = is_closed && body.kind() == SyntaxKind::Body,
            _ => {}
        }
        before = Some(child);
    }
}

/// `"""…""""`.
fn quote_at_end(end: u32) -> Diagnostic {
    Diagnostic::error(
        codes::MISPLACED_DOCSTRING,
        TextRange::new(end - 3, end),
        "three quotes always close a docstring, so its text cannot end with a quote",
    )
    .with_fix(Fix::safe(
        "Separate the quote",
        TextRange::new(end - 3, end + 1),
        "\" \"\"\"",
    ))
}

fn check_comment(
    comment: Comment<'_>,
    before: Option<SyntaxNode<'_>>,
    after_cleanup: bool,
    sink: &mut Sink<'_>,
) {
    let range = comment.range();
    if let Some(statement) = before.filter(|it| ends_with_line(it.kind())) {
        sink.push(trailing(comment, statement, sink.lines()));
    } else if after_cleanup {
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_COMMENT,
                range,
                "nothing may follow the cleanup block, not even a comment",
            )
            .with_help("put it above the cleanup block or into it"),
        );
    }
}

/// Whether a line has to end behind a node of this kind.
pub(super) fn ends_with_line(kind: SyntaxKind) -> bool {
    !matches!(
        kind,
        SyntaxKind::OpenBrace
            | SyntaxKind::CloseBrace
            | SyntaxKind::StrayOpen
            | SyntaxKind::StrayClose
            | SyntaxKind::Function
            | SyntaxKind::Effect
            | SyntaxKind::Test
            | SyntaxKind::ShellBlock
            | SyntaxKind::Cleanup
            | SyntaxKind::Multimatch
            | SyntaxKind::Docstring
            | SyntaxKind::UnclosedDocstring
            | SyntaxKind::Comment
            | SyntaxKind::Newline
    )
}

fn trailing(comment: Comment<'_>, statement: SyntaxNode<'_>, lines: &Lines<'_>) -> Diagnostic {
    let found = Diagnostic::error(
        codes::TRAILING_COMMENT,
        comment.range(),
        "a comment cannot follow code on the same line",
    )
    .with_help("put it above the statement");
    let start = statement.range().start;
    if !lines.leads(start) {
        return found;
    }
    let moved = format!("{}\n{}", comment.text(), lines.indent(start));
    let mut fix = Fix::safe("Move the comment above", TextRange::empty(start), moved);
    fix.edits.push(Edit {
        file: None,
        range: TextRange::new(statement.range().end, comment.range().end),
        new_text: String::new(),
    });
    found.with_fix(fix)
}

fn missing_newline(body: SyntaxNode<'_>, at: TextRange, sink: &mut Sink<'_>) {
    let indent = sink.lines().indent(body.range().start);
    let fix = Fix::safe("Begin a new line", at, format!("\n{indent}"));
    let end = TextRange::new(at.end, at.end + 1);
    sink.push(
        Diagnostic::error(
            codes::MISSING_NEWLINE,
            end,
            "the statement before this `}` has to end with its line",
        )
        .with_help("put the brace on the next line")
        .with_fix(fix),
    );
}
