//! Which lines stay as they are: those with mistakes, those between `fmt off` and `fmt on`, and those that share a line
//! with either.
//!
//! What is kept is kept byte for byte; this module only decides, the layout copies.

use relux_syntax::ast::AstNode;
use relux_syntax::ast::Comment;
use relux_syntax::validation::codes;
use relux_syntax::{Diagnostic, Parse, SyntaxKind, SyntaxNode, TextRange, validate};

use crate::comments::{Content, Line, is_definition};

/// The mistakes that formatting mends: all of them are about blanks and line ends only.
const MENDED: &[relux_syntax::Code] = &[
    codes::MISPLACED_BLANK,
    codes::MISPLACED_BRACE,
    codes::MISSING_NEWLINE,
    codes::TRAILING_COMMENT,
];

/// The mistakes of a file that formatting leaves alone, together with the item around.
pub(crate) fn mistakes(parse: &Parse) -> Vec<Diagnostic> {
    let mut found = validate(parse);
    found.retain(|it| !MENDED.contains(&it.code));
    found
}

/// Marks the lines of a file that hold mistakes. Of each, the first mistake is returned, or none where the tree alone
/// tells that something is wrong.
pub(crate) fn with_mistakes<'d>(
    lines: &mut [Line<'_>],
    mistakes: &'d [Diagnostic],
) -> Vec<(TextRange, Option<&'d Diagnostic>)> {
    let mut left = mistakes;
    let mut kept = Vec::new();
    for index in 0..lines.len() {
        let next = lines.get(index + 1).map_or(u32::MAX, Line::start);
        let here = left.partition_point(|it| it.range.start < next);
        let (mine, rest) = left.split_at(here);
        left = rest;
        let line = &mut lines[index];
        if !mine.is_empty() || !is_item(line.kind()) || !is_whole(line.node) {
            line.kept = true;
            kept.push((line.node.range(), mine.first()));
        }
        // A comment that moves to the end of what is not closed would become a part of it.
        if index > 0 && lines[index - 1].kept && lines[index].moved.is_some() {
            lines[index].kept = true;
        }
    }
    kept
}

/// Whether a file may hold it outside of items.
fn is_item(kind: SyntaxKind) -> bool {
    is_definition(kind)
        || matches!(
            kind,
            SyntaxKind::Import | SyntaxKind::Marker | SyntaxKind::Comment
        )
}

/// Marks the lines that say where something unfinished ends. Quotes that are missing are told from those that stand below
/// by the lines between, such as the header of an item, so these must not change.
pub(crate) fn deciding(lines: &mut [Line<'_>], source: &str) {
    let mut end = 0;
    for line in lines {
        line.kept |= line.start() < end;
        if line.kept {
            let unfinished = line.node.descendants().filter_map(|it| decided_until(it, source));
            end = unfinished.fold(end, u32::max);
        }
    }
}

/// How far the parser looks to find out that something is not finished.
fn decided_until(node: SyntaxNode<'_>, source: &str) -> Option<u32> {
    let (start, quotes) = match node.kind() {
        SyntaxKind::UnclosedDocstring => (node.range().start as usize + 3, "\"\"\""),
        SyntaxKind::MissingQuote => (node.range().end as usize, "\""),
        _ => return None,
    };
    let below = source.get(start..)?;
    let mut found = below.match_indices(quotes).map(|(at, _)| start + at);
    let quotes = found.find(|&at| !source[..at].ends_with('\\'))?;
    Some(next_line(source, quotes as u32))
}

/// Marks lines that have no line of their own beside lines that stay.
pub(crate) fn neighbours(lines: &mut [Line<'_>], source: &str) {
    for index in 1..lines.len() {
        if lines[index - 1].kept && share_line(&lines[index - 1], &lines[index], source) {
            lines[index].kept = true;
        }
    }
    for index in (1..lines.len()).rev() {
        if lines[index].kept && share_line(&lines[index - 1], &lines[index], source) {
            lines[index - 1].kept = true;
        }
    }
}

/// Newlines between two lines.
pub(crate) fn newlines_between(before: &Line<'_>, line: &Line<'_>, source: &str) -> u32 {
    let gap = TextRange::new(before.end(), line.start()).slice(source);
    gap.matches('\n').count() as u32
}

/// Whether two lines of the tree share a line of the text. What was never closed may own the newlines behind it.
fn share_line(before: &Line<'_>, line: &Line<'_>, source: &str) -> bool {
    newlines_between(before, line, source) == 0 && !before.node.text().ends_with('\n')
}

/// Whether the tree below a node is what its text says: nothing is missing, nothing is left over.
fn is_whole(node: SyntaxNode<'_>) -> bool {
    !node.has_error() && node.descendants().all(is_known)
}

fn is_known(node: SyntaxNode<'_>) -> bool {
    let closed_by = |kind| node.last_child().is_some_and(|it| it.kind() == kind);
    match node.kind() {
        SyntaxKind::Unexpected
        | SyntaxKind::StrayClose
        | SyntaxKind::MissingQuote
        | SyntaxKind::UnclosedDocstring
        | SyntaxKind::UnclosedTestName
        | SyntaxKind::IncompleteOperator
        | SyntaxKind::EqualsEquals
        | SyntaxKind::Error => false,
        SyntaxKind::ArgumentList | SyntaxKind::ParameterList => closed_by(SyntaxKind::CloseParen),
        SyntaxKind::ImportList | SyntaxKind::Overlay => {
            closed_by(SyntaxKind::CloseBrace) && node.children().all(|it| it.kind() != SyntaxKind::Comment)
        }
        SyntaxKind::Multimatch => closed_by(SyntaxKind::CloseBrace),
        SyntaxKind::Function
        | SyntaxKind::Effect
        | SyntaxKind::Test
        | SyntaxKind::ShellBlock
        | SyntaxKind::Cleanup => closed_by(SyntaxKind::Body),
        SyntaxKind::Body => has_braces(node),
        SyntaxKind::StrayOpen => node.parent().is_some_and(|it| it.kind() == SyntaxKind::Body),
        _ => true,
    }
}

/// Whether a body has its two braces and no others. The opening one may stand on a line of its own.
fn has_braces(body: SyntaxNode<'_>) -> bool {
    let (mut opened, mut closed) = (false, false);
    for child in body.children() {
        match child.kind() {
            SyntaxKind::OpenBrace | SyntaxKind::StrayOpen if opened => return false,
            SyntaxKind::OpenBrace | SyntaxKind::StrayOpen => opened = true,
            SyntaxKind::CloseBrace => closed = true,
            SyntaxKind::Newline | SyntaxKind::Comment => {}
            _ if !opened => return false,
            _ => {}
        }
    }
    opened && closed
}

/// What `// relux: fmt off` covers: lines by their numbers, and their text.
pub(crate) struct Region {
    pub(crate) first: usize,
    /// Behind the last one.
    pub(crate) end: usize,
    /// From the beginning of the first line to the end of the last, without its newline.
    pub(crate) range: TextRange,
}

/// Finds what is switched off in a file or block, and marks its lines. `end` is where the text of the block ends.
pub(crate) fn switched_off(all: &mut Content<'_>, source: &str, end: u32) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut open = all
        .beside_brace
        .filter(|it| switch(*it) == Some(false))
        .map(|it| (0, next_line(source, it.range().end)));
    for index in 0..all.lines.len() {
        let line = all.lines[index];
        let own = (line.kind() == SyntaxKind::Comment).then_some(line.node);
        let Some((first, start)) = open else {
            if let Some(off) = own.or(line.beside).filter(|it| switch(*it) == Some(false)) {
                open = Some((index + 1, next_line(source, off.range().end)));
            }
            continue;
        };
        let (behind, stop) = if own.is_some_and(|it| switch(it) == Some(true)) {
            (index, line_before(source, line.start()))
        } else if line.beside.is_some_and(|it| switch(it) == Some(true)) {
            (index + 1, line.end())
        } else {
            continue;
        };
        regions.push(Region {
            first,
            end: behind,
            range: TextRange::new(start, stop),
        });
        open = None;
    }
    if let Some((first, start)) = open {
        let last = all.lines.last().map_or(start, Line::end);
        regions.push(Region {
            first,
            end: all.lines.len(),
            range: TextRange::new(start, line_before(source, end).max(last)),
        });
    }
    regions.retain(|it| it.first < it.end && !it.range.is_empty());
    for region in &regions {
        for line in &mut all.lines[region.first..region.end] {
            line.kept = true;
        }
    }
    regions
}

/// Whether a comment switches formatting on or off.
fn switch(comment: SyntaxNode<'_>) -> Option<bool> {
    match Comment::cast(comment)?.content() {
        "relux: fmt on" => Some(true),
        "relux: fmt off" => Some(false),
        _ => None,
    }
}

/// Where the line behind an offset begins.
fn next_line(source: &str, offset: u32) -> u32 {
    let rest = source.get(offset as usize..).unwrap_or_default();
    rest.find('\n')
        .map_or(source.len() as u32, |at| offset + at as u32 + 1)
}

/// Where the line before that of an offset ends, without its newline. Everything, if the offset is the end of the text.
fn line_before(source: &str, offset: u32) -> u32 {
    if offset as usize >= source.len() {
        return source.len() as u32;
    }
    let before = source.get(..offset as usize).unwrap_or_default();
    before.rfind('\n').unwrap_or(0) as u32
}

/// Where the line of an offset begins, behind a byte order mark.
pub(crate) fn line_start(source: &str, offset: u32) -> u32 {
    let before = source.get(..offset as usize).unwrap_or_default();
    match before.rfind('\n') {
        Some(at) => at as u32 + 1,
        None if source.starts_with('\u{feff}') => offset.min(3),
        None => 0,
    }
}
