//! What happens while somebody types: behind a newline and behind `}`.
//!
//! Most files are unfinished then, so indentation comes from the braces that are open, whatever else is broken. Nothing
//! here touches what is still being typed: the line of the cursor gets its indentation only.

use relux_syntax::ast::{AstNode, Block};
use relux_syntax::{Edit, Parse, SyntaxKind, SyntaxNode, TextRange};

use crate::printer::STEP;
use crate::range::{edits_in, lines_of, touched};
use crate::{Formatted, format};

/// The edits after a character was typed; `offset` is the cursor behind it. Characters other than newline and `}` give
/// none.
pub fn format_on_type(source: &Parse, offset: u32, typed: char) -> Vec<Edit> {
    match typed {
        '\n' => behind_newline(source, offset),
        '}' => behind_brace(source, offset),
        _ => Vec::new(),
    }
}

/// Formats the line that was finished and indents the new one.
fn behind_newline(source: &Parse, offset: u32) -> Vec<Edit> {
    let text = source.text();
    let line = lines_of(text, TextRange::empty(offset));
    let Some(before) = line.start.checked_sub(1) else {
        return Vec::new();
    };
    if is_in_text(source, before, line.start) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    if let Ok(formatted) = format(source) {
        edits = finished_line(&formatted, lines_of(text, TextRange::empty(before)));
    }
    edits.extend(indented(source, line));
    edits
}

/// The edits of a line, if what stands on it ends there.
fn finished_line(formatted: &Formatted, line: TextRange) -> Vec<Edit> {
    if touched(formatted, line) == line {
        edits_in(formatted, line)
    } else {
        Vec::new()
    }
}

/// Formats what a brace has closed; where that is broken, indents the brace.
fn behind_brace(source: &Parse, offset: u32) -> Vec<Edit> {
    let Some(start) = offset.checked_sub(1) else {
        return Vec::new();
    };
    let brace = source.covering(TextRange::new(start, offset));
    if brace.kind() != SyntaxKind::CloseBrace {
        return Vec::new();
    }
    let whole = brace
        .ancestors()
        .skip(1)
        .find(|it| Block::can_cast(it.kind()) || !is_container(it.kind()));
    let line = lines_of(source.text(), TextRange::empty(start));
    let (Some(whole), Ok(formatted)) = (whole, format(source)) else {
        return indented(source, line).into_iter().collect();
    };
    let is_kept = |it: &crate::Kept| it.range.start < offset && start < it.range.end;
    if formatted.kept.iter().any(is_kept) {
        return indented(source, line).into_iter().collect();
    }
    edits_in(&formatted, TextRange::new(whole.range().start, offset))
}

/// The edit that gives a line the indentation of the blocks that are open there.
fn indented(source: &Parse, line: TextRange) -> Option<Edit> {
    let text = line.slice(source.text());
    let code = text.trim_start_matches([' ', '\t']);
    let blanks = &text[..text.len() - code.len()];
    let at = line.start + blanks.len() as u32;
    let depth = depth(source, at).saturating_sub(usize::from(code.starts_with('}')));
    let margin = STEP.repeat(depth);
    (blanks != margin).then(|| Edit {
        file: None,
        range: TextRange::new(line.start, at),
        new_text: margin,
    })
}

/// How many braces are open at an offset.
fn depth(source: &Parse, offset: u32) -> usize {
    let is_open = |node: &SyntaxNode<'_>| {
        let mut braces = node.children().filter(|it| {
            matches!(
                it.kind(),
                SyntaxKind::OpenBrace | SyntaxKind::StrayOpen | SyntaxKind::CloseBrace
            )
        });
        let opened = braces.next().filter(|it| it.kind() != SyntaxKind::CloseBrace);
        let closed = braces.find(|it| it.kind() == SyntaxKind::CloseBrace);
        opened.is_some_and(|it| it.range().end <= offset)
            && closed.is_none_or(|it| offset <= it.range().start)
    };
    let here = source.covering(TextRange::empty(offset));
    here.ancestors()
        .filter(|it| is_container(it.kind()) && is_open(it))
        .count()
}

fn is_container(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Body | SyntaxKind::Multimatch | SyntaxKind::Overlay | SyntaxKind::ImportList
    )
}

/// Whether the newline at an offset is part of a string or docstring.
fn is_in_text(source: &Parse, start: u32, end: u32) -> bool {
    source.covering(TextRange::new(start, end)).ancestors().any(|it| {
        matches!(
            it.kind(),
            SyntaxKind::StringLiteral | SyntaxKind::Docstring | SyntaxKind::UnclosedDocstring
        )
    })
}
