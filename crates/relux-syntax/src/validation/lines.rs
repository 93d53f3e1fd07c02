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
    // Blocks whose keyword is misspelt: what is indented more stands in them.
    let mut unknown_blocks: Vec<(usize, Place)> = Vec::new();
    let base = place;
    for child in body.children() {
        let mut place = base;
        if !unknown_blocks.is_empty() && child.kind() != SyntaxKind::Newline {
            let indent = sink.lines().indent(child.range().start).len();
            while unknown_blocks.last().is_some_and(|it| indent <= it.0) {
                unknown_blocks.pop();
            }
            place = unknown_blocks.last().map_or(base, |it| it.1);
        }
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
                    if junk.text().trim_end().ends_with(':') {
                        mute_deeper(child, sink);
                    }
                    if let Some(inner) = unexpected::begun(before, junk, place) {
                        let indent = sink.lines().indent(child.range().start).len();
                        unknown_blocks.push((indent, inner));
                    }
                }
            }
            SyntaxKind::MissingNewline => missing_newline(body, child.range(), sink),
            SyntaxKind::Cleanup => after_cleanup = is_closed && body.kind() == SyntaxKind::Body,
            _ => {}
        }
        before = Some(child);
    }
}

/// What is indented more than a header of Python is the body of something that is not known.
fn mute_deeper(header: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    let indent = sink.lines().indent(header.range().start).len();
    let start = sink.lines().next_line(header.range().end);
    let mut end = start;
    while (end as usize) < sink.source().len() {
        let line = sink.lines().line(end).slice(sink.source());
        if !line.trim().is_empty() && line.len() - line.trim_start().len() <= indent {
            break;
        }
        end = sink.lines().next_line(end);
    }
    sink.mute(TextRange::new(start, end));
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
    let moved = format!("{}{}{}", comment.text(), lines.newline(), lines.indent(start));
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
    let before = sink.source()[..at.start as usize]
        .trim_end_matches([' ', '\t'])
        .len() as u32;
    let gap = TextRange::new(before, at.end);
    let fix = Fix::safe(
        "Begin a new line",
        gap,
        format!("{}{indent}", sink.lines().newline()),
    );
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
