//! The style: which blanks, line ends and empty lines a file gets.
//!
//! From tree to document. Whoever wants to know why something looks as it does finds it here, in `gaps.rs` for empty
//! lines, in `tokens.rs` for blanks within a line, and in the book with reasons.

pub(crate) mod docstring;
mod gaps;
mod imports;
mod lists;
pub(crate) mod tokens;

use relux_syntax::ast::AstNode;
use relux_syntax::{Diagnostic, Parse, SyntaxKind, SyntaxNode, TextRange};

use crate::comments::{Line, attach, is_block, without_end};
use crate::ir::{Doc, Op};
use crate::keep::{self, Region};

pub(crate) use gaps::Place;
pub(crate) use imports::Canonical;

/// What is left as it is because of mistakes: the item, and its first mistake.
pub(crate) type Kept<'d> = (TextRange, Option<&'d Diagnostic>);

/// Lays out a file.
pub(crate) fn layout<'d>(parse: &Parse, mistakes: &'d [Diagnostic]) -> (Doc, Vec<Kept<'d>>) {
    let mut layout = Layout {
        source: parse.text(),
        doc: Doc::default(),
    };
    let module = parse.module().syntax();
    let mut all = attach(module);
    let kept = keep::with_mistakes(&mut all.lines, mistakes);
    keep::deciding(&mut all.lines, layout.source);
    let end = layout.source.len() as u32;
    let off = keep::switched_off(&mut all, layout.source, end);
    keep::neighbours(&mut all.lines, layout.source);
    layout.lines(&all.lines, &off, Place::Module);
    (layout.doc, kept)
}

struct Layout<'t> {
    source: &'t str,
    doc: Doc,
}

impl<'t> Layout<'t> {
    /// The lines of a file or block. The caller ends the line before.
    fn lines(&mut self, lines: &[Line<'t>], off: &[Region], place: Place) {
        let gaps = gaps::gaps(lines, place);
        let mut index = 0;
        while let Some(line) = lines.get(index) {
            if index > 0 {
                self.gap(lines, index, off, gaps[index]);
            }
            index = if line.kept {
                self.kept(lines, index, off, place)
            } else if line.kind() == SyntaxKind::Import {
                self.imports(lines, index)
            } else {
                self.line(line);
                index + 1
            };
        }
    }

    /// What stands before a line.
    fn gap(&mut self, lines: &[Line<'t>], index: usize, off: &[Region], blank: bool) {
        let (before, line) = (&lines[index - 1], &lines[index]);
        let touches_region = off.iter().any(|it| it.first == index || it.end == index);
        self.doc.push(if touches_region {
            // Empty lines at its ends belong to it.
            Op::Hard { blank: false }
        } else if before.kept || line.kept {
            Op::Exactly(keep::newlines_between(before, line, self.source))
        } else {
            Op::Hard { blank }
        });
    }

    /// Copies lines that stay as they are; the number of the line behind them.
    fn kept(&mut self, lines: &[Line<'t>], first: usize, off: &[Region], place: Place) -> usize {
        if let Some(region) = off.iter().find(|it| it.first == first) {
            self.doc.push(Op::Verbatim(region.range));
            return region.end;
        }
        let behind = (first + 1..lines.len())
            .find(|&index| !lines[index].kept || off.iter().any(|it| it.first == index))
            .unwrap_or(lines.len());
        let is_first = place == Place::Module && first == 0;
        // What is broken at the beginning of a file may be so because of what precedes it, such as a second byte order
        // mark.
        let start = if is_first {
            0
        } else {
            keep::line_start(self.source, lines[first].start())
        };
        let end = lines[behind - 1].end();
        // Where the file ends without a newline, one more could give what is unfinished another meaning.
        let rest = self.source.get(end as usize..).unwrap_or_default();
        if rest.contains('\n') {
            self.doc.push(Op::Verbatim(TextRange::new(start, end)));
            behind
        } else {
            // So the last line stays too, also where what was never closed has ended before it.
            let end = self.source.len() as u32;
            self.doc.push(Op::Verbatim(TextRange::new(start, end)));
            lines.len()
        }
    }

    fn line(&mut self, line: &Line<'t>) {
        if is_block(line.kind()) || line.kind() == SyntaxKind::Multimatch {
            self.block(line.node);
            self.beside(line);
            return;
        }
        self.doc.push(Op::Begin(line.start()));
        if let Some(comment) = line.moved {
            self.comment(comment, true);
            self.doc.hard();
        }
        match line.kind() {
            SyntaxKind::Comment => self.comment(line.node, false),
            SyntaxKind::Docstring => self.docstring(line.node),
            SyntaxKind::Start => self.start(line.node),
            SyntaxKind::Expect => self.expect(line.node),
            _ => self.tokens(line.node),
        }
        self.beside(line);
        self.doc.push(Op::End(line.end()));
    }

    fn beside(&mut self, line: &Line<'t>) {
        if let Some(comment) = line.beside {
            self.doc.text(" ");
            self.comment(comment, false);
        }
    }

    /// A comment without the blanks behind it.
    fn comment(&mut self, comment: SyntaxNode<'t>, moved: bool) {
        let start = comment.range().start;
        let end = start + without_end(comment.text()).len() as u32;
        let range = TextRange::new(start, end);
        self.doc.push(Op::Comment { range, moved });
    }

    /// A header or `<`, and what stands in braces behind it.
    fn block(&mut self, block: SyntaxNode<'t>) {
        self.doc.push(Op::Begin(block.range().start));
        if block.kind() == SyntaxKind::Multimatch {
            let brace = block.children().find(|it| it.kind() == SyntaxKind::OpenBrace);
            self.tokens_before(block, brace);
            self.braces(block, Place::Statements);
            return;
        }
        let body = block.children().find(|it| it.kind() == SyntaxKind::Body);
        self.tokens_before(block, body);
        self.doc.text(" ");
        let place = match block.kind() {
            SyntaxKind::Test | SyntaxKind::Effect => Place::Sections,
            _ => Place::Statements,
        };
        if let Some(body) = body {
            self.braces(body, place);
        }
    }

    /// Braces with the lines between them. The unit that the header began ends behind the opening one.
    fn braces(&mut self, container: SyntaxNode<'t>, place: Place) {
        let mut all = attach(container);
        let (Some(open), Some(close)) = (all.brace, all.close) else {
            return;
        };
        let off = keep::switched_off(&mut all, self.source, close.range().start);
        keep::neighbours(&mut all.lines, self.source);
        self.doc.source(open.range());
        let mut end = open.range().end;
        if let Some(comment) = all.beside_brace {
            self.doc.text(" ");
            self.comment(comment, false);
            end = comment.range().end;
        }
        self.doc.push(Op::End(end));
        if !all.lines.is_empty() {
            self.doc.push(Op::Indent);
            self.doc.hard();
            self.lines(&all.lines, &off, place);
            self.doc.push(Op::Dedent);
        }
        if !all.lines.is_empty() || all.beside_brace.is_some() {
            self.doc.hard();
        }
        self.doc.push(Op::Begin(close.range().start));
        self.doc.source(close.range());
        self.doc.push(Op::End(close.range().end));
    }
}
