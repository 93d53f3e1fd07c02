//! Regular expressions, as far as colours need them: operators, classes of characters, and the rest.

use relux_syntax::TextRange;

use super::payload::Read;
use super::{TokenKind, Words};

/// Reads a pattern from left to right.
pub(super) struct Reader;

impl Read for Reader {
    fn text(&mut self, text: &str, start: u32, out: &mut Words) {
        let mut at = 0;
        let mut from = 0;
        while at < text.len() {
            let rest = &text[at..];
            let (kind, len) = piece(rest);
            if kind != TokenKind::Regexp {
                out.push(range(start, from, at), TokenKind::Regexp);
                out.push(range(start, at, at + len), kind);
                from = at + len;
            }
            at += len;
        }
        out.push(range(start, from, text.len()), TokenKind::Regexp);
    }
}

fn range(start: u32, from: usize, to: usize) -> TextRange {
    TextRange::new(start + from as u32, start + to as u32)
}

/// What a pattern begins with, and how long that is.
fn piece(rest: &str) -> (TokenKind, usize) {
    let mut chars = rest.chars();
    let first = chars.next().unwrap_or_default();
    match first {
        '\\' => match chars.next() {
            Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'p' | 'P') => (TokenKind::Type, 2),
            Some('b' | 'B' | 'A' | 'z') => (TokenKind::Operator, 2),
            Some(other) => (TokenKind::Regexp, 1 + other.len_utf8()),
            None => (TokenKind::Regexp, 1),
        },
        '[' => (TokenKind::Type, class(rest)),
        '(' => (TokenKind::Operator, group(rest)),
        ')' | '|' | '*' | '+' | '?' | '^' | '$' | '.' => (TokenKind::Operator, 1),
        '{' => match repetition(rest) {
            Some(len) => (TokenKind::Operator, len),
            None => (TokenKind::Regexp, 1),
        },
        other => (TokenKind::Regexp, other.len_utf8()),
    }
}

/// The length of `[…]`. Directly behind `[` or `[^` a bracket is an ordinary character.
fn class(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' if !matches!(&rest[..at], "[" | "[^") => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of what opens a group: `(`, `(?:`, `(?<name>`, `(?i)`.
fn group(rest: &str) -> usize {
    let Some(flags) = rest.strip_prefix("(?") else {
        return 1;
    };
    match flags.find([':', '>', ')']) {
        Some(end) => 2 + end + 1,
        None => 1,
    }
}

/// The length of `{2}`, `{2,}` or `{2,3}`.
fn repetition(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let inner = &rest[1..end];
    let counts = inner.chars().all(|c| c.is_ascii_digit() || c == ',')
        && inner.starts_with(|c: char| c.is_ascii_digit());
    counts.then_some(end + 1)
}
