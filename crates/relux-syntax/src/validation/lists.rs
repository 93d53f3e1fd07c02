//! Lists: parameters, arguments, overlays, names of imports and expects. Commas, blanks and comments in them.

use super::codes;
use super::names::{Case, check_identifier};
use super::sink::Sink;
use super::unexpected;
use crate::ast::{
    ArgumentList, AstNode, Expect, Expression, Parameter, ParameterList, SyntaxKind, SyntaxNode, Unexpected,
};
use crate::{Diagnostic, Fix, TextRange};

/// `(a, b)` of a function: commas between, one trailing comma allowed.
pub(super) fn check_parameters(list: ParameterList<'_>, sink: &mut Sink<'_>) {
    check_commas(list.syntax(), "parameters", sink);
    if !list.is_closed() {
        unclosed(list.syntax(), "parameter list", sink);
    }
}

/// `(a, b)` of a call: no blanks at its ends, commas between, one trailing comma allowed.
pub(super) fn check_arguments(list: ArgumentList<'_>, sink: &mut Sink<'_>) {
    let node = list.syntax();
    check_commas(node, "arguments", sink);
    if !list.is_closed() {
        unclosed(node, "call", sink);
        return;
    }
    let children: Vec<SyntaxNode<'_>> = node.children().collect();
    let [open, second, ..] = children[..] else { return };
    let inner_start = TextRange::new(open.range().end, second.range().start);
    let [.., before, close] = children[..] else { return };
    let inner_end = TextRange::new(before.range().end, close.range().start);
    let is_empty = before.kind() == SyntaxKind::OpenParen;
    let at_end = !inner_end.is_empty() && before.kind() != SyntaxKind::Comma && !is_empty;
    for (gap, place, wrong) in [
        (
            inner_start,
            "behind the opening parenthesis",
            !inner_start.is_empty(),
        ),
        (inner_end, "before the closing parenthesis", at_end),
    ] {
        if wrong {
            sink.push(
                Diagnostic::error(
                    codes::MISPLACED_BLANK,
                    gap,
                    format!("a call has no blank {place}"),
                )
                .with_fix(Fix::safe("Remove the blank", gap, "")),
            );
            return;
        }
    }
}

/// `name(`: nothing between the two.
pub(super) fn check_call_gap(name_end: u32, list: ArgumentList<'_>, sink: &mut Sink<'_>) {
    let gap = TextRange::new(name_end, list.range().start);
    if !gap.is_empty() {
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_BLANK,
                gap,
                "a call has no blank between the name and its parenthesis",
            )
            .with_fix(Fix::safe("Remove the blank", gap, "")),
        );
    }
}

/// Between two entries exactly one comma; none before the first.
fn check_commas(list: SyntaxNode<'_>, what: &str, sink: &mut Sink<'_>) {
    let mut expects_entry = true;
    let mut last_end = list.range().start + 1;
    for child in list.children().skip(1) {
        if child.kind() == SyntaxKind::Comma {
            if expects_entry {
                surplus_comma(child.range(), sink);
                return;
            }
            expects_entry = true;
        } else if Expression::can_cast(child.kind()) || Parameter::can_cast(child.kind()) {
            if !expects_entry {
                sink.push(if last_end == child.range().start {
                    quote_in_string(last_end)
                } else {
                    missing_comma(last_end, what, ",")
                });
                return;
            }
            expects_entry = false;
        }
        last_end = child.range().end;
    }
}

fn surplus_comma(range: TextRange, sink: &mut Sink<'_>) {
    sink.push(
        Diagnostic::error(codes::MISPLACED_COMMA, range, "nothing precedes this comma").with_fix(Fix::safe(
            "Remove the comma",
            range,
            "",
        )),
    );
}

/// Two values without anything between: in practice a quote inside of a string.
fn quote_in_string(at: u32) -> Diagnostic {
    let quote = TextRange::new(at - 1, at);
    Diagnostic::error(
        codes::MISPLACED_COMMA,
        quote,
        "the value ends here, and another one follows at once",
    )
    .with_help("a quote inside of a string is written `\\\"`")
}

fn missing_comma(at: u32, what: &str, insert: &str) -> Diagnostic {
    let at = TextRange::empty(at);
    Diagnostic::error(
        codes::MISPLACED_COMMA,
        at,
        format!("a comma is missing between two {what}"),
    )
    .with_fix(Fix::safe("Insert a comma", at, insert))
}

/// A list in parentheses that does not end in its line. If it ends in a later one, what lies between is not looked at.
fn unclosed(list: SyntaxNode<'_>, what: &str, sink: &mut Sink<'_>) {
    let open = TextRange::new(list.range().start, list.range().start + 1);
    if let Some(found) = named_arguments(list, sink) {
        sink.push(found);
        return;
    }
    let message = format!("this {what} is not closed in its line");
    let mut found = Diagnostic::error(codes::MISSING_PARENTHESIS, open, message).with_label("opened here");
    if let Some(end) = end_in_later_line(list.source(), open.start as usize) {
        let range = TextRange::from(open.start as usize..end);
        let one_line = joined(range.slice(list.source()));
        found = found
            .with_help(format!("a {what} has to fit on one line"))
            .with_fix(Fix::safe("Join the lines", range, one_line));
        sink.mute(TextRange::new(list.range().end, range.end));
        let line_end = sink.lines().line(range.end).end;
        sink.mute(TextRange::new(range.end, line_end));
    } else {
        let end = TextRange::empty(list.range().end);
        found = found.with_fix(Fix::needs_a_look("Insert `)`", end, ")"));
    }
    sink.push(found);
}

/// `f(url = "…", n: 1)`: arguments with names.
fn named_arguments(list: SyntaxNode<'_>, sink: &Sink<'_>) -> Option<Diagnostic> {
    if list.kind() != SyntaxKind::ArgumentList {
        return None;
    }
    let child = list.last_child()?;
    let line_end = sink.lines().line(list.range().start).end;
    let behind = TextRange::new(list.range().end, line_end)
        .slice(sink.source())
        .trim();
    if child.kind() != SyntaxKind::Variable || !behind.starts_with(['=', ':']) {
        return None;
    }
    let first = TextRange::new(list.range().start + 1, line_end);
    let closed = first.slice(sink.source()).rfind(')')?;
    let arguments = TextRange::new(first.start, first.start + closed as u32);
    let plain: Vec<String> = split_arguments(arguments.slice(sink.source()))
        .into_iter()
        .map(|it| {
            let name = it.split(['=', ':', ' ']).next().unwrap_or_default();
            let value = it[name.len()..].trim_start();
            let value = value
                .strip_prefix(":=")
                .or_else(|| value.strip_prefix(['=', ':']));
            value
                .filter(|_| crate::names::is_variable(name))
                .map_or(it, str::trim)
                .to_owned()
        })
        .collect();
    let name = TextRange::new(child.range().start, line_end - behind.len() as u32 + 1);
    Some(
        Diagnostic::error(codes::UNEXPECTED_TEXT, name, "arguments have no names")
            .with_help("write the values alone, in the order of the parameters")
            .with_fix(Fix::needs_a_look("Remove the names", arguments, plain.join(", "))),
    )
}

/// Arguments between commas that stand in no string.
fn split_arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut in_string, mut escaped) = (Vec::new(), 0, false, false);
    for (at, it) in text.char_indices() {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_string = !in_string,
            ',' if !in_string => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// Where the parenthesis that opens at `start` is closed, if that is in another line and nothing else begins before.
pub(super) fn end_in_later_line(source: &str, start: usize) -> Option<usize> {
    const LONGEST: usize = 2048;
    const LINES: usize = 16;
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut newlines = 0;
    let mut chars = source[start..].char_indices().take(LONGEST);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '"' => in_string = !in_string,
            '\n' if in_string => return None,
            '\n' if newlines == LINES => return None,
            '\n' => newlines += 1,
            _ if in_string => {}
            '{' | '}' | '#' | '>' => return None,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !in_string {
            return (newlines > 0).then_some(start + at + 1);
        }
    }
    None
}

/// Several lines as one, without blanks behind `(` and before `)`.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(|it| it.trim_matches([' ', '\t', '\r'])) {
        if !(out.is_empty() || out.ends_with('(') || line.starts_with(')') || line.is_empty()) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

fn rest_of_line<'t>(from: u32, sink: &Sink<'t>) -> &'t str {
    TextRange::new(from, sink.lines().line(from).end.max(from))
        .slice(sink.source())
        .trim()
}

/// `expect A, B`: names with blanks or commas between, no comma at either end.
pub(super) fn check_expect(expect: Expect<'_>, sink: &mut Sink<'_>) {
    let children: Vec<SyntaxNode<'_>> = expect.syntax().children().skip(1).collect();
    for name in expect.names() {
        check_identifier(name, Case::Any, "variables", sink);
    }
    match (children.first(), children.last()) {
        (Some(first), _) if first.kind() == SyntaxKind::Comma => surplus_comma(first.range(), sink),
        (_, Some(last)) if last.kind() == SyntaxKind::Comma => sink.push(
            Diagnostic::error(
                codes::MISPLACED_COMMA,
                last.range(),
                "an `expect` does not end with a comma",
            )
            .with_help("repeat `expect` to go on in the next line")
            .with_fix(Fix::safe("Remove the comma", last.range(), "")),
        ),
        (None, _) if !rest_of_line(expect.range().end, sink).is_empty() => {}
        (None, _) => sink.push(
            Diagnostic::error(
                codes::MISSING_NAME,
                TextRange::empty(expect.range().end),
                "`expect` needs the name of a variable",
            )
            .with_help("write `expect NAME`, or several names with commas between"),
        ),
        _ => {}
    }
}

/// The braces of an overlay or import: entries with blanks, commas or newlines between, no comma first, no comments.
pub(super) fn check_braced(list: SyntaxNode<'_>, what: &str, sink: &mut Sink<'_>) {
    let is_closed = list
        .last_child()
        .is_some_and(|it| it.kind() == SyntaxKind::CloseBrace);
    let mut seen_entry = false;
    let mut seen_comma = false;
    let mut glued_to = None;
    let mut before = list;
    for child in list.children() {
        let range = child.range();
        match child.kind() {
            SyntaxKind::Comma => {
                if !seen_entry && !seen_comma {
                    surplus_comma(range, sink);
                }
                seen_comma = true;
            }
            SyntaxKind::Comment if is_closed => sink.push(
                Diagnostic::error(
                    codes::MISPLACED_COMMENT,
                    range,
                    format!("a comment cannot be placed between the braces of {what}"),
                )
                .with_help("put it above"),
            ),
            SyntaxKind::Unexpected => {
                if let Some(junk) = Unexpected::cast(child) {
                    unexpected::in_list(what, before, junk, sink);
                }
            }
            SyntaxKind::ImportName | SyntaxKind::OverlayEntry => {
                if glued_to == Some(range.start) {
                    sink.push(missing_comma(range.start, "entries", ", "));
                }
                seen_entry = true;
                glued_to = Some(range.end);
                before = child;
                continue;
            }
            _ => {}
        }
        glued_to = None;
        before = child;
    }
}
