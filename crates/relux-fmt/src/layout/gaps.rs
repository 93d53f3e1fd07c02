//! Empty lines: where there is one, where there is none, and where the author decides.
//!
//! One between items and around shell blocks; none between imports and behind markers; elsewhere one is kept.

use relux_syntax::SyntaxKind;

use crate::comments::{Line, is_definition, is_shell};

/// What a list of lines belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Module,
    /// The body of a test or effect.
    Sections,
    /// Any other body.
    Statements,
}

/// For each line, whether an empty one precedes it. The first one is never asked for.
pub(super) fn gaps(lines: &[Line<'_>], place: Place) -> Vec<bool> {
    let leads = leads(lines);
    let mut gaps = vec![false; lines.len()];
    let mut below_marker = false;
    for index in 1..lines.len() {
        let (before, line) = (&lines[index - 1], &lines[index]);
        below_marker = match before.kind() {
            SyntaxKind::Marker => true,
            SyntaxKind::Comment => below_marker,
            _ => false,
        };
        let written = line.newlines > 1;
        gaps[index] = match place {
            Place::Module if below_marker => false,
            Place::Module => between_items(before.kind(), line, leads[index]).unwrap_or(written),
            Place::Sections => between_sections(before.kind(), leads[index]).unwrap_or(written),
            Place::Statements => written,
        };
    }
    gaps
}

/// For each line, the kind of the line that it stands directly above, as comments and markers do; otherwise its own.
fn leads(lines: &[Line<'_>]) -> Vec<SyntaxKind> {
    let mut leads: Vec<SyntaxKind> = lines.iter().map(Line::kind).collect();
    for index in (1..lines.len()).rev() {
        let above = lines[index - 1].kind();
        let is_tight = above == SyntaxKind::Comment && lines[index].newlines < 2;
        if is_tight || above == SyntaxKind::Marker {
            leads[index - 1] = leads[index];
        }
    }
    leads
}

/// `None` where the author decides.
fn between_items(before: SyntaxKind, line: &Line<'_>, lead: SyntaxKind) -> Option<bool> {
    if before == SyntaxKind::Import {
        if line.kind() == SyntaxKind::Import && line.moved.is_none() {
            return Some(false);
        }
        return is_definition(lead).then_some(true);
    }
    let between = is_definition(before) && (is_definition(lead) || lead == SyntaxKind::Import);
    between.then_some(true)
}

fn between_sections(before: SyntaxKind, lead: SyntaxKind) -> Option<bool> {
    if before == SyntaxKind::Comment {
        return None;
    }
    let between = is_shell(before) && lead != SyntaxKind::Comment || is_shell(lead);
    between.then_some(true)
}
