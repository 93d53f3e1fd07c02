//! Payloads and strings as decoded pieces.
//!
//! Literal text (strings, sends, `=` patterns) decodes escapes; regular expressions keep them. What the language takes
//! literally although it looks like a reference (`${shell}`: a keyword is no name) is text here as well.

use std::borrow::Cow;

use super::generated::{Literal, Payload, Piece, Regex, StringLiteral};
use super::node::AstNode;
use crate::TextRange;
use crate::names;

/// How backslashes are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextMode {
    /// Escapes are decoded; an unknown one is a mistake.
    Literal,
    /// Escapes belong to the regular expression.
    Regex,
}

/// A piece of text with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodedPiece<'t> {
    /// Where it stands, `${` and `}` included.
    pub range: TextRange,
    /// What it is.
    pub value: PieceValue<'t>,
}

/// What a piece of text stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PieceValue<'t> {
    /// Itself, decoded.
    Text(Cow<'t, str>),
    /// `${name}`.
    Variable {
        /// The name.
        name: &'t str,
        /// Where the name stands.
        range: TextRange,
    },
    /// `${Alias.name}`: a reference in edition 2026-08, literal text in 2026-04.
    Qualified {
        /// The alias.
        alias: &'t str,
        /// Where the alias stands.
        alias_range: TextRange,
        /// The name.
        name: &'t str,
        /// Where the name stands.
        name_range: TextRange,
    },
    /// `${1}`; `None` if the number does not fit 64 bits.
    Capture(Option<u32>),
    /// A backslash before this character, which is no escape of literal text.
    UnknownEscape(char),
}

impl<'t> Piece<'t> {
    /// The piece, decoded.
    pub fn decode(&self, mode: TextMode) -> DecodedPiece<'t> {
        let range = self.range();
        let text = self.text();
        let value = match self {
            Self::TextPiece(_) => PieceValue::Text(text.into()),
            Self::LineBreak(_) => PieceValue::Text("\\n".into()),
            Self::EscapedDollar(_) => PieceValue::Text("$".into()),
            Self::Escape(_) => match mode {
                TextMode::Literal => decode_escape(text),
                TextMode::Regex => PieceValue::Text(text.into()),
            },
            Self::VariableInterpolation(_) => match inside(text) {
                name if names::is_keyword(name) && name != "var" => PieceValue::Text(text.into()),
                name => PieceValue::Variable {
                    name,
                    range: TextRange::new(range.start + 2, range.end - 1),
                },
            },
            Self::QualifiedInterpolation(_) => qualified(text, range),
            Self::CaptureInterpolation(_) => PieceValue::Capture(capture_index(inside(text))),
        };
        DecodedPiece { range, value }
    }
}

/// The index of a capture, cut to 32 bits; `None` if it does not fit 64.
pub(super) fn capture_index(digits: &str) -> Option<u32> {
    let index: u64 = digits.parse().ok()?;
    Some(u32::try_from(index).unwrap_or(u32::MAX))
}

/// `${inside}`.
fn inside(text: &str) -> &str {
    text.strip_prefix("${")
        .and_then(|it| it.strip_suffix('}'))
        .unwrap_or_default()
}

fn qualified(text: &str, range: TextRange) -> PieceValue<'_> {
    match inside(text).split_once('.') {
        Some((alias, name)) if !names::is_keyword(name) || name == "var" => {
            let dot = range.start + 2 + alias.len() as u32;
            PieceValue::Qualified {
                alias,
                alias_range: TextRange::new(range.start + 2, dot),
                name,
                name_range: TextRange::new(dot + 1, range.end - 1),
            }
        }
        _ => PieceValue::Text(text.into()),
    }
}

fn decode_escape(text: &str) -> PieceValue<'_> {
    let letter = text.chars().nth(1).unwrap_or('\\');
    let decoded = match letter {
        'n' => "\n",
        't' => "\t",
        'r' => "\r",
        '\\' => "\\",
        '"' => "\"",
        '0' => "\0",
        'a' => "\x07",
        'b' => "\x08",
        'f' => "\x0c",
        'v' => "\x0b",
        'e' => "\x1b",
        _ => return PieceValue::UnknownEscape(letter),
    };
    PieceValue::Text(decoded.into())
}

impl<'t> Literal<'t> {
    /// Its pieces in order, decoded.
    pub fn pieces(&self) -> impl Iterator<Item = DecodedPiece<'t>> + use<'t> {
        self.syntax()
            .children_as::<Piece<'_>>()
            .map(|it| it.decode(TextMode::Literal))
    }

    /// Whether it decodes to blanks only, which makes `<=` a buffer reset and `!=` clear its pattern.
    pub fn is_blank(&self) -> bool {
        self.pieces()
            .all(|it| matches!(it.value, PieceValue::Text(text) if text.trim().is_empty()))
    }
}

impl<'t> Regex<'t> {
    /// Its pieces in order; escapes are kept.
    pub fn pieces(&self) -> impl Iterator<Item = DecodedPiece<'t>> + use<'t> {
        self.syntax()
            .children_as::<Piece<'_>>()
            .map(|it| it.decode(TextMode::Regex))
    }
}

impl<'t> Payload<'t> {
    /// Its pieces in order, decoded as its kind wants.
    pub fn pieces(&self) -> impl Iterator<Item = DecodedPiece<'t>> + use<'t> {
        let mode = self.mode();
        self.syntax()
            .children_as::<Piece<'_>>()
            .map(move |it| it.decode(mode))
    }

    /// How its backslashes are read.
    pub fn mode(&self) -> TextMode {
        match self {
            Self::Literal(_) => TextMode::Literal,
            Self::Regex(_) => TextMode::Regex,
        }
    }
}

impl<'t> StringLiteral<'t> {
    /// Its pieces in order, decoded; the quotes are not among them.
    pub fn pieces(&self) -> impl Iterator<Item = DecodedPiece<'t>> + use<'t> {
        let prefix = self.prefix();
        let text = &self.text()[1..=prefix.len() as usize];
        let first = (!prefix.is_empty()).then(|| DecodedPiece {
            range: prefix,
            value: PieceValue::Text(text.into()),
        });
        let children = self.syntax().children_as::<Piece<'_>>();
        first
            .into_iter()
            .chain(children.map(|it| it.decode(TextMode::Literal)))
    }

    /// The text behind the opening quote, up to the first piece that has a node. The token of the quote holds it.
    pub fn prefix(&self) -> TextRange {
        let range = self.range();
        let end = match self.syntax().first_child() {
            Some(first) => first.range().start,
            None => range.end.saturating_sub(1),
        };
        TextRange::new(range.start + 1, end.max(range.start + 1))
    }

    /// Its value, if it holds no references and no unknown escapes.
    pub fn static_value(&self) -> Option<String> {
        self.pieces()
            .map(|it| match it.value {
                PieceValue::Text(text) => Some(text),
                _ => None,
            })
            .collect()
    }

    /// The range between the quotes.
    pub fn content_range(&self) -> TextRange {
        let range = self.range();
        TextRange::new(range.start + 1, range.end - u32::from(self.is_closed()))
    }

    /// Whether the closing quote is there.
    pub fn is_closed(&self) -> bool {
        match self.syntax().last_child() {
            Some(last) => !last.is_named(),
            // A string without parts is one token, quotes and all.
            None => true,
        }
    }
}
