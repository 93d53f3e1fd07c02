//! Whether a pattern can be a regular expression, as far as the file alone tells.
//!
//! The parser is the one of the engine that runs the pattern, so positions and reasons are the engine's. Interpolated
//! values enter a regex unescaped and are unknown here: an error counts only if no plausible value would mend it.

use regex_syntax::ast::Span;
use relux_syntax::TextRange;

use super::body::{FileBodies, Piece, Text};

/// Why a pattern is not a regular expression.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RegexError {
    /// Where in the file.
    pub(super) range: TextRange,
    /// The engine's reason: a sentence without a full stop.
    pub(super) reason: String,
}

/// Stand-ins for interpolations. An error that remains with each of them is an error of the static pieces: a group, a
/// count, a letter, nothing, and the ends of a class range.
const STAND_INS: [&str; 6] = ["(?:x)", "1", "x", "", "\u{10FFFF}", "\t"];

/// The reason why the text is no regular expression; `None` where it is one or may become one at run time.
///
/// `exposed_is_literal`: in edition 2026-04 `${Alias.name}` is text.
pub(super) fn error(
    bodies: &FileBodies,
    source: &str,
    text: Text,
    exposed_is_literal: bool,
) -> Option<RegexError> {
    let pieces = bodies.pieces(text);
    if let [] | [Piece::Source(_)] = pieces {
        let pattern = text.range.slice(source);
        if is_plainly_valid(pattern) {
            return None;
        }
    }
    let open = |piece: &Piece| match piece {
        Piece::Source(_) | Piece::Char { .. } => false,
        Piece::Exposed { .. } => !exposed_is_literal,
        Piece::Var { .. } | Piece::Capture { .. } => true,
    };
    let stand_ins = if pieces.iter().any(open) {
        &STAND_INS[..]
    } else {
        &STAND_INS[..1]
    };
    let mut first = None;
    for stand_in in stand_ins {
        let filled = Filled::new(pieces, source, stand_in, &open);
        match filled.parse(text.range) {
            None => return None,
            Some(error) => first = first.or(Some(error)),
        }
    }
    first
}

/// Whether the pattern consists of characters that are valid wherever they stand: most patterns do, and parsing each of
/// them would cost more than all other checks of bodies together.
fn is_plainly_valid(pattern: &str) -> bool {
    let mut repeatable = false;
    for byte in pattern.bytes() {
        match byte {
            b'*' | b'+' | b'?' => {
                if !repeatable {
                    return false;
                }
                repeatable = false;
            }
            b'\\' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|' => return false,
            b'^' | b'$' => repeatable = false,
            _ => repeatable = true,
        }
    }
    true
}

/// A pattern with every interpolation replaced, and the way back to the source.
struct Filled<'a> {
    source: &'a str,
    pattern: String,
    /// Offset in the pattern and range in the source, per piece.
    map: Vec<(usize, TextRange, bool)>,
}

impl<'a> Filled<'a> {
    fn new(pieces: &[Piece], source: &'a str, stand_in: &str, open: &dyn Fn(&Piece) -> bool) -> Self {
        let mut pattern = String::new();
        let mut map = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let verbatim = match piece {
                Piece::Char { value, .. } => {
                    map.push((pattern.len(), piece.range(), false));
                    pattern.push(*value);
                    continue;
                }
                _ if open(piece) => false,
                _ => true,
            };
            map.push((pattern.len(), piece.range(), verbatim));
            pattern.push_str(if verbatim {
                piece.range().slice(source)
            } else {
                stand_in
            });
        }
        Self { source, pattern, map }
    }

    fn parse(&self, whole: TextRange) -> Option<RegexError> {
        let (span, reason) = match regex_syntax::Parser::new().parse(&self.pattern) {
            Ok(_) => {
                return self.too_big().then(|| RegexError {
                    range: whole,
                    reason: "it repeats so much that the compiled pattern would be too big".to_owned(),
                });
            }
            Err(regex_syntax::Error::Parse(error)) => (Some(*error.span()), error.kind().to_string()),
            Err(regex_syntax::Error::Translate(error)) => (Some(*error.span()), error.kind().to_string()),
            Err(error) => (None, error.to_string()),
        };
        let range = span.map_or(whole, |span| self.range(span, whole));
        Some(RegexError { range, reason })
    }

    /// Only counted repetitions make a pattern of ordinary length big, and only then is it worth compiling here.
    fn too_big(&self) -> bool {
        self.pattern.contains('{')
            && matches!(
                regex::Regex::new(&self.pattern),
                Err(regex::Error::CompiledTooBig(_))
            )
    }

    /// The source range of a span of the pattern; at least one character where the pattern is not empty.
    fn range(&self, span: Span, whole: TextRange) -> TextRange {
        let start = self.offset(span.start.offset, whole, false);
        let end = self.offset(span.end.offset, whole, true);
        if start < end {
            return TextRange::new(start, end);
        }
        // The engine points between characters, for example before a stray operator or at the end of the pattern.
        let (before, after) = whole.slice(self.source).split_at((start - whole.start) as usize);
        match (after.chars().next(), before.chars().next_back()) {
            (Some(next), _) => TextRange::new(start, start + next.len_utf8() as u32),
            (None, Some(last)) => TextRange::new(start - last.len_utf8() as u32, start),
            (None, None) => whole,
        }
    }

    /// The source offset of an offset in the pattern; within a replaced piece its start or, for an end, its end.
    fn offset(&self, offset: usize, whole: TextRange, is_end: bool) -> u32 {
        let index = self.map.partition_point(
            |(start, ..)| {
                if is_end { *start < offset } else { *start <= offset }
            },
        );
        let Some((start, range, verbatim)) = index.checked_sub(1).map(|index| self.map[index]) else {
            return whole.start;
        };
        if verbatim {
            (range.start + (offset - start) as u32).min(range.end)
        } else if is_end {
            range.end
        } else {
            range.start
        }
    }
}
