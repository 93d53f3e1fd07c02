//! Comparing texts that may interpolate: what is sent, what is expected, what must not come.

use std::borrow::Cow;

use relux_syntax::TextRange;

use super::Flow;
use crate::bodies::body::{Pattern, Piece, Text};
use crate::edition::Edition;

/// So many regular expressions may be compiled for one file.
pub(super) const MAX_COMPILED: u32 = 64;

/// Characters for private use, which stand for interpolations.
const FIRST_STAND_IN: u32 = 0xE000;
const LAST_STAND_IN: u32 = 0xF8FF;

/// Texts with one character for each interpolation, the same for the same.
#[derive(Debug, Default)]
pub(super) struct Renderer<'a> {
    interpolations: Vec<&'a str>,
}

impl<'db> Renderer<'db> {
    pub(super) fn render(&mut self, flow: &Flow<'_, '_, 'db>, text: Text) -> String {
        let source: &'db str = flow.cx.text;
        let mut out = String::with_capacity(text.range.len() as usize);
        for piece in flow.bodies.pieces(text) {
            match *piece {
                Piece::Source(range) => out.push_str(range.slice(source)),
                Piece::Char { value, .. } => out.push(value),
                Piece::Exposed { range, .. } if flow.edition == Edition::E2026_04 => {
                    out.push_str(range.slice(source));
                }
                Piece::Var { range, .. } | Piece::Exposed { range, .. } | Piece::Capture { range, .. } => {
                    out.push(self.stand_in(range.slice(source)));
                }
            }
        }
        out
    }

    fn stand_in(&mut self, interpolation: &'db str) -> char {
        let known = self.interpolations.iter().position(|it| *it == interpolation);
        let at = known.unwrap_or_else(|| {
            self.interpolations.push(interpolation);
            self.interpolations.len() - 1
        });
        char::from_u32((FIRST_STAND_IN + at as u32).min(LAST_STAND_IN)).unwrap_or('\u{fffd}')
    }

    /// Whether a rendered text interpolates.
    pub(super) fn is_open(text: &str) -> bool {
        text.chars().any(is_stand_in)
    }

    /// The parts of a rendered text that interpolate nothing.
    pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
        text.split(is_stand_in).filter(|part| !part.is_empty())
    }
}

fn is_stand_in(c: char) -> bool {
    (FIRST_STAND_IN..=LAST_STAND_IN).contains(&u32::from(c))
}

/// The text that a regex begins with, anchors aside; empty where that is not plain.
pub(super) fn head(regex: &str) -> &str {
    if regex.contains('|') {
        return "";
    }
    let rest = regex.strip_prefix('^').unwrap_or(regex);
    let end = rest.find(is_special).unwrap_or(rest.len());
    let head = &rest[..end];
    // A character that may be missing or repeated does not count.
    let last = head.chars().next_back().map_or(0, char::len_utf8);
    if rest[end..].starts_with(['*', '?', '{']) {
        &head[..head.len() - last]
    } else {
        head
    }
}

/// The text that a regex matches, if there is only one; a dot stands for itself.
pub(super) fn plain(regex: &str) -> Option<Cow<'_, str>> {
    let special = |c: char| is_special(c) && c != '.';
    if !regex.contains(special) {
        return Some(Cow::Borrowed(regex));
    }
    let mut out = String::with_capacity(regex.len());
    let mut chars = regex.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().filter(char::is_ascii_punctuation)?),
            c if special(c) => return None,
            c => out.push(c),
        }
    }
    Some(Cow::Owned(out))
}

fn is_special(c: char) -> bool {
    matches!(
        c,
        '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$'
    )
}

impl Flow<'_, '_, '_> {
    /// Whether a static pattern is found in a text. Unknown, after too many searches, is no.
    pub(super) fn finds(&mut self, pattern: Pattern, in_text: &str) -> bool {
        let Some(wanted) = self.static_text(pattern.text) else {
            return false;
        };
        if !pattern.regex {
            return !wanted.is_empty() && in_text.contains(&*wanted);
        }
        if !in_text.contains(head(&wanted)) || self.compiled >= MAX_COMPILED {
            return false;
        }
        self.compiled += 1;
        let regex = regex::RegexBuilder::new(&wanted)
            .multi_line(true)
            .crlf(true)
            .build();
        regex.is_ok_and(|regex| regex.find(in_text).is_some_and(|found| !found.is_empty()))
    }

    /// The blanks before the first statement of the line that holds a place.
    pub(super) fn indent(&self, at: u32) -> &str {
        let before = &self.cx.text[..at as usize];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let blanks = before[line..].len() - before[line..].trim_start_matches([' ', '\t']).len();
        &before[line..line + blanks]
    }

    /// The line of a statement with its end; `None` where something else stands there too.
    pub(super) fn line(&self, stmt: TextRange) -> Option<TextRange> {
        let start = stmt.start - self.indent(stmt.start).len() as u32;
        let rest = &self.cx.text[stmt.end as usize..];
        let len = rest.find('\n')? + 1;
        let is_alone = self.cx.text[..start as usize].ends_with('\n') && rest[..len].trim().is_empty();
        is_alone.then(|| TextRange::new(start, stmt.end + len as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::{head, plain};

    #[test]
    fn the_beginning_of_a_regex() {
        for (regex, expected) in [
            ("^port (\\d+)$", "port "),
            ("plain", "plain"),
            ("ab*", "a"),
            ("ab+", "ab"),
            ("a|b", ""),
            ("(?i)x", ""),
            ("é?x", ""),
        ] {
            assert_eq!(head(regex), expected, "{regex}");
        }
    }

    #[test]
    fn what_matches_one_text_only() {
        for (regex, expected) in [
            ("1.2", Some("1.2")),
            (r"a\.b\$", Some("a.b$")),
            (r"\d", None),
            ("a+", None),
            ("^a", None),
        ] {
            assert_eq!(plain(regex).as_deref(), expected, "{regex}");
        }
    }
}
