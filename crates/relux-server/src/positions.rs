//! Editor positions to byte offsets and back: the only place that knows columns and their encodings.
//!
//! Every function is total: a position outside the text is clamped the way the protocol asks for, and one inside a
//! character is rounded down and reported as inexact. Lines end with `\n`, `\r\n` or `\r`, as in the protocol.

use std::sync::Arc;

use tower_lsp_server::ls_types::{Position, PositionEncodingKind, Range};

use relux_ide::TextRange;

/// In which units the client counts columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the default of the protocol.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// The best encoding among those that a client offers, best for us first. A client that offers nothing, or nothing
    /// known, gets UTF-16, which the protocol makes mandatory.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offered = offered.unwrap_or_default();
        [
            (PositionEncodingKind::UTF8, Self::Utf8),
            (PositionEncodingKind::UTF16, Self::Utf16),
            (PositionEncodingKind::UTF32, Self::Utf32),
        ]
        .into_iter()
        .find(|(kind, _)| offered.contains(kind))
        .map_or(Self::Utf16, |(_, encoding)| encoding)
    }

    /// The protocol's name.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A byte offset in a line that came from a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ByteInLine {
    /// Offset from the start of the line; always on a character boundary, never after the line break.
    pub(crate) byte: usize,
    /// Whether the column was the start or end of a character. A column after the end of the line counts as its end.
    pub(crate) exact: bool,
}

/// The byte offset of `column` in `line`, whose line break, if any, does not count.
pub(crate) fn column_to_byte(line: &str, column: u32, encoding: Encoding) -> ByteInLine {
    let line = without_break(line);
    let column = column as usize;
    if line.is_ascii() {
        return ByteInLine {
            byte: column.min(line.len()),
            exact: true,
        };
    }
    let mut at = 0;
    for (byte, c) in line.char_indices() {
        if at == column {
            return ByteInLine { byte, exact: true };
        }
        at += encoding.width(c);
        if at > column {
            return ByteInLine { byte, exact: false };
        }
    }
    ByteInLine {
        byte: line.len(),
        exact: true,
    }
}

/// The column of byte `byte` of `line`. A byte inside a character counts as the character's start, one in or after the
/// line break as the end of the line.
pub(crate) fn byte_to_column(line: &str, byte: usize, encoding: Encoding) -> u32 {
    let line = without_break(line);
    let end = floor_boundary(line, byte);
    let before = &line[..end];
    let column = match encoding {
        Encoding::Utf8 => end,
        _ if before.is_ascii() => end,
        _ => before.chars().map(|c| encoding.width(c)).sum(),
    };
    u32::try_from(column).unwrap_or(u32::MAX)
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// A text with the starts of its lines, shared by everything that answers for one version of a file.
#[derive(Clone, Debug)]
pub(crate) struct LineText {
    text: Arc<str>,
    starts: Arc<[usize]>,
}

impl LineText {
    /// Finds the lines of `text`.
    pub(crate) fn new(text: Arc<str>) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at + 1);
            }
        }
        Self {
            text,
            starts: starts.into(),
        }
    }

    /// The text of a line with its break; empty where there is no such line.
    pub(crate) fn line(&self, line: usize) -> &str {
        let Some(start) = self.starts.get(line) else {
            return "";
        };
        let end = self.starts.get(line + 1).copied();
        &self.text[*start..end.unwrap_or(self.text.len())]
    }

    /// The byte offset of a position. A line after the last one is the end of the text.
    pub(crate) fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        let line = position.line as usize;
        let offset = self.starts.get(line).map_or(self.text.len(), |start| {
            start + column_to_byte(self.line(line), position.character, encoding).byte
        });
        u32::try_from(offset).unwrap_or(u32::MAX)
    }

    /// The position of a byte offset. An offset after the end is the end of the text.
    pub(crate) fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let offset = (offset as usize).min(self.text.len());
        let line = self.line_of(offset);
        let column = byte_to_column(self.line(line), offset - self.starts[line], encoding);
        Position::new(u32::try_from(line).unwrap_or(u32::MAX), column)
    }

    /// The 0-based line that holds a byte offset.
    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// A range of offsets as a range of positions.
    pub(crate) fn range(&self, range: TextRange, encoding: Encoding) -> Range {
        Range::new(
            self.position(range.start, encoding),
            self.position(range.end, encoding),
        )
    }
}

#[cfg(test)]
mod tests;
