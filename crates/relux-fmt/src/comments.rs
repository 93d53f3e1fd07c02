//! Comments find their lines before anything is printed.
//!
//! A body is a list of lines; each comment is a line of its own, or belongs to one: behind its brace, or, where the
//! language does not allow it, behind its statement, from where it moves above. Nothing is laid out here.

use relux_syntax::{SyntaxKind, SyntaxNode};

/// A statement, section or item, or a comment on a line of its own.
#[derive(Clone, Copy)]
pub(crate) struct Line<'t> {
    pub(crate) node: SyntaxNode<'t>,
    /// A comment that stands behind the statement and belongs above it.
    pub(crate) moved: Option<SyntaxNode<'t>>,
    /// A comment behind the closing brace or quotes, where it may stay.
    pub(crate) beside: Option<SyntaxNode<'t>>,
    /// Number of newlines between the line before and this one.
    pub(crate) newlines: u32,
    /// Whether it stays as it is, because of a mistake or because somebody asked for it.
    pub(crate) kept: bool,
}

impl Line<'_> {
    /// Behind its last token or comment.
    pub(crate) fn end(&self) -> u32 {
        let end = |it: Option<SyntaxNode<'_>>| it.map_or(0, |it| it.range().end);
        self.node.range().end.max(end(self.moved)).max(end(self.beside))
    }

    pub(crate) fn start(&self) -> u32 {
        self.node.range().start
    }

    pub(crate) fn kind(&self) -> SyntaxKind {
        self.node.kind()
    }
}

/// What stands between two braces, or in a file.
pub(crate) struct Content<'t> {
    /// The opening brace.
    pub(crate) brace: Option<SyntaxNode<'t>>,
    /// The comment behind the opening brace.
    pub(crate) beside_brace: Option<SyntaxNode<'t>>,
    pub(crate) lines: Vec<Line<'t>>,
    /// The closing brace.
    pub(crate) close: Option<SyntaxNode<'t>>,
}

/// What the last token of a line was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Brace,
    Line,
}

/// Attaches comments to the lines of a file, body or multimatch; what stands before its brace is left out.
pub(crate) fn attach(container: SyntaxNode<'_>) -> Content<'_> {
    let mut all = Content {
        brace: None,
        beside_brace: None,
        lines: Vec::new(),
        close: None,
    };
    let mut before = Before::Nothing;
    let mut newlines = 0;
    let mut in_operator = container.kind() == SyntaxKind::Multimatch;
    let has_brace = container.kind() != SyntaxKind::Module;
    for child in container.children() {
        match child.kind() {
            SyntaxKind::Newline => {
                newlines += 1;
                before = Before::Nothing;
            }
            SyntaxKind::OpenBrace | SyntaxKind::StrayOpen if has_brace && all.brace.is_none() => {
                all.brace = Some(child);
                in_operator = false;
                // Comments that stood between a header and a brace on its own line come first in the body.
                before = if all.lines.is_empty() {
                    Before::Brace
                } else {
                    Before::Nothing
                };
            }
            SyntaxKind::CloseBrace => all.close = Some(child),
            SyntaxKind::MissingNewline => {}
            _ if in_operator => {}
            SyntaxKind::Comment if before != Before::Nothing => {
                all.comment_in_line(child, before);
                before = Before::Nothing;
            }
            _ => {
                all.lines.push(Line {
                    node: child,
                    moved: None,
                    beside: None,
                    newlines,
                    kept: false,
                });
                newlines = 0;
                before = Before::Line;
            }
        }
    }
    all
}

impl<'t> Content<'t> {
    fn comment_in_line(&mut self, comment: SyntaxNode<'t>, before: Before) {
        match self.lines.last_mut() {
            None => self.beside_brace = Some(comment),
            Some(_) if before == Before::Brace => self.beside_brace = Some(comment),
            Some(line) if ends_before_its_line(line.kind()) => line.beside = Some(comment),
            Some(line) => line.moved = Some(comment),
        }
    }
}

/// Whether a comment may follow on the same line.
fn ends_before_its_line(kind: SyntaxKind) -> bool {
    is_block(kind) || matches!(kind, SyntaxKind::Multimatch | SyntaxKind::Docstring)
}

/// Whether it has a body in braces.
pub(crate) fn is_block(kind: SyntaxKind) -> bool {
    is_definition(kind) || is_shell(kind)
}

/// Whether it is an item with a body.
pub(crate) fn is_definition(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Function | SyntaxKind::Effect | SyntaxKind::Test)
}

/// Whether it is a section with a body.
pub(crate) fn is_shell(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::ShellBlock | SyntaxKind::Cleanup)
}

/// A comment without the blanks at its end. A carriage return among them would become part of the line end.
pub(crate) fn without_end(comment: &str) -> &str {
    comment.trim_end_matches([' ', '\t', '\r'])
}
