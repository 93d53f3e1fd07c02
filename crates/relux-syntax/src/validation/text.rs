//! Text: quotes that are missing, escapes that do not exist, captures that cannot exist.

use super::codes;
use super::sink::Sink;
use crate::ast::{
    AstNode, Capture, CaptureInterpolation, Escape, Piece, PieceValue, StringLiteral, SyntaxNode, TextMode,
    UnclosedDocstring, UnclosedTestName,
};
use crate::{Diagnostic, Fix, TextRange, names};

const ESCAPES: &str = r#"\n \t \r \\ \" \0 \a \b \f \v \e"#;

/// The pieces of a string or of literal payload.
pub(super) fn check_literal(text: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    for piece in text.children().filter_map(Escape::cast) {
        check_escape(piece, sink);
    }
}

fn check_escape(escape: Escape<'_>, sink: &mut Sink<'_>) {
    let piece = Piece::Escape(escape).decode(TextMode::Literal);
    let PieceValue::UnknownEscape(letter) = piece.value else {
        return;
    };
    let range = escape.range();
    let (title, instead) = match letter {
        '$' => ("Write `$$` for a dollar sign", "$$".to_owned()),
        '\'' => ("Remove the backslash", "'".to_owned()),
        _ => ("Double the backslash", format!("\\\\{letter}")),
    };
    sink.push(
        Diagnostic::error(
            codes::UNKNOWN_ESCAPE,
            range,
            format!("`\\{}` is not an escape of literal text", letter.escape_debug()),
        )
        .with_help(format!("the escapes are {ESCAPES}; a backslash itself is `\\\\`"))
        .with_fix(Fix::safe(title, range, instead)),
    );
}

/// `$1` with a number that no capture has.
pub(super) fn check_capture(capture: Capture<'_>, sink: &mut Sink<'_>) {
    if capture.index().is_none() {
        capture_overflow(capture.range(), sink);
    }
}

/// `${1}` with a number that no capture has.
pub(super) fn check_capture_in_text(capture: CaptureInterpolation<'_>, sink: &mut Sink<'_>) {
    let piece = Piece::CaptureInterpolation(capture).decode(TextMode::Literal);
    if piece.value == PieceValue::Capture(None) {
        capture_overflow(capture.range(), sink);
    }
}

fn capture_overflow(range: TextRange, sink: &mut Sink<'_>) {
    sink.push(Diagnostic::error(
        codes::INVALID_CAPTURE,
        range,
        "no regular expression has so many captures",
    ));
}

/// A string that ends with its line.
pub(super) fn check_string(string: StringLiteral<'_>, sink: &mut Sink<'_>) {
    check_literal(string.syntax(), sink);
    if string.is_closed() {
        return;
    }
    let opening = TextRange::new(string.range().start, string.range().start + 1);
    sink.push(
        Diagnostic::error(codes::MISSING_QUOTE, opening, "this string is not closed")
            .with_label("opened here")
            .with_help("end it with `\"`; a quote inside of a string is written `\\\"`")
            .with_fix(Fix::needs_a_look(
                "Close the string at the end of the line",
                TextRange::empty(string.range().end),
                "\"",
            )),
    );
}

/// `test "name {`.
pub(super) fn check_test_name(name: UnclosedTestName<'_>, sink: &mut Sink<'_>) {
    let text = name.text().trim_end();
    let end = name.range().start + text.len() as u32;
    let start = TextRange::new(name.range().start, end);
    let next = sink.lines().line(sink.lines().next_line(end));
    let next_text = next.slice(sink.source()).trim_end();
    if next.start > end && next_text.contains('"') && next_text.ends_with('{') && !is_section(next_text) {
        sink.mute(TextRange::new(end, next.end));
        let found = Diagnostic::error(
            codes::MISSING_QUOTE,
            start,
            "the name of a test has to fit on one line",
        );
        sink.push(found);
        return;
    }
    sink.push(
        Diagnostic::error(codes::MISSING_QUOTE, start, "the name of this test is not closed")
            .with_help("end it with `\"` in the same line")
            .with_fix(Fix::safe("Close the name", TextRange::empty(end), "\"")),
    );
}

/// `"""` without an end.
pub(super) fn check_docstring(docstring: UnclosedDocstring<'_>, body_end: u32, sink: &mut Sink<'_>) {
    let start = docstring.range().start;
    sink.push(
        Diagnostic::error(
            codes::MISSING_QUOTE,
            TextRange::new(start, start + 3),
            "this docstring is not closed",
        )
        .with_label("opened here")
        .with_help("end it with `\"\"\"`"),
    );
    // What was meant as prose is no code: nothing is said up to the first line that looks like a section again.
    let first = sink.lines().next_line(start);
    let prose = TextRange::new(first, body_end).slice(sink.source());
    let code = prose.lines().take_while(|line| !is_section(line));
    let length: usize = code.map(|line| line.len() + 1).sum();
    sink.mute(TextRange::new(first, (first + length as u32).min(body_end)));
}

fn is_section(line: &str) -> bool {
    let word = line
        .trim_start()
        .split([' ', '\t', '{', '}'])
        .next()
        .unwrap_or_default();
    names::KEYWORDS.contains(&word) || line.trim_start().starts_with('}')
}
