//! `empty-matching-regex`, `impossible-regex` and `named-group`: regular expressions that do something else than they
//! look like.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use super::regex_facts::RegexFacts;
use super::state::Captures;
use crate::bodies::body::{Pattern, Piece, Stmt, StmtKind};
use crate::bodies::walk::Site;
use crate::codes;

/// Judges a regex of a statement.
pub(super) fn check(
    flow: &mut Flow<'_, '_, '_>,
    site: Site,
    stmt: Stmt,
    pattern: Pattern,
    facts: &RegexFacts,
) {
    let text = pattern.text.range;
    // An operator without a pattern is another statement, or says on purpose that it waits for nothing.
    if facts.matches_nothing && !text.is_empty() {
        let (message, help) = match stmt.kind {
            StmtKind::FailPattern(_) => (
                "this matches nothing at all, so it fails whatever comes",
                "name at least one character that must be there",
            ),
            StmtKind::PureMatch { .. } => (
                "this matches nothing at all, so it holds for every value",
                "anchor it with `$`, or write `.+` for any value but the empty one",
            ),
            _ => (
                "this matches nothing at all, so it does not wait for anything",
                "write `+` instead of `*`, or anchor it with `$` to wait for the end of the line",
            ),
        };
        flow.cx.found.push(
            Diagnostic::new(codes::EMPTY_MATCHING_REGEX, Severity::Warning, text, message).with_help(help),
        );
    }
    // Offsets in a pattern are offsets in the file only where nothing is written in another way.
    let [Piece::Source(source)] = flow.bodies.pieces(pattern.text) else {
        return;
    };
    let place = |offset: usize, len: usize| {
        TextRange::new(source.start + offset as u32, source.start + (offset + len) as u32)
    };
    let dead = facts
        .dead_anchor
        .filter(|offset| !is_capture(flow, site, place(offset + 1, 1)));
    if let Some(offset) = dead {
        let range = place(offset, 1);
        let anchor = range.slice(flow.cx.text);
        let (what, beside) = if anchor == "^" {
            ("beginning", "before")
        } else {
            ("end", "behind")
        };
        flow.cx.found.push(
            Diagnostic::new(
                codes::IMPOSSIBLE_REGEX,
                Severity::Warning,
                range,
                format!(
                    "`{anchor}` is the {what} of a line, and there is text {beside} it: this never matches"
                ),
            )
            .with_help(format!("write `\\{anchor}` to match the character itself"))
            .with_fix(Fix::needs_a_look(
                format!("Match the character: `\\{anchor}`"),
                range,
                format!("\\{anchor}"),
            )),
        );
    }
    for (offset, name) in &facts.names {
        let declared = TextRange::new(source.start + *offset as u32, source.end).slice(flow.cx.text);
        let Some(end) = declared.find('>') else { continue };
        let range = place(offset + 1, end);
        flow.cx.found.push(
            Diagnostic::new(
                codes::NAMED_GROUP,
                Severity::Info,
                range,
                format!("a group is read by its number: `${{{name}}}` is a variable"),
            )
            .with_fix(Fix::needs_a_look("Remove the name", range, "")),
        );
    }
}

/// Whether a digit behind a dollar sign is meant as a capture, which has a finding of its own.
fn is_capture(flow: &mut Flow<'_, '_, '_>, site: Site, digit: TextRange) -> bool {
    let index = digit.slice(flow.cx.text).parse::<u32>();
    let captures = flow.shell(site).captures;
    index.is_ok_and(|index| matches!(captures, Captures::Groups(groups, _) if index <= groups))
}
