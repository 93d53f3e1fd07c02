//! Editor positions to byte offsets and back: the only place that knows columns and their encodings.
//!
//! Every function is total: a position outside the text is clamped the way the protocol asks for, and one inside a
//! character is rounded down and reported as inexact. Lines end with `\n`, `\r\n` or `\r`, as in the protocol.

use std::sync::Arc;

use relux_ide::{LineColumn, LineIndex, TextRange};
use tower_lsp_server::ls_types::{Position, PositionEncodingKind, Range};

/// In which units the client counts columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Encoding(relux_ide::Encoding);

impl Default for Encoding {
    /// What the protocol makes mandatory.
    fn default() -> Self {
        Self::UTF16
    }
}

impl Encoding {
    /// Bytes.
    pub(crate) const UTF8: Self = Self(relux_ide::Encoding::Utf8);
    /// UTF-16 code units.
    pub(crate) const UTF16: Self = Self(relux_ide::Encoding::Utf16);
    /// Unicode scalar values.
    pub(crate) const UTF32: Self = Self(relux_ide::Encoding::Utf32);

    /// The best encoding among those that a client offers, best for us first. A client that offers nothing, or nothing
    /// known, gets UTF-16.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offered = offered.unwrap_or_default();
        [Self::UTF8, Self::UTF16, Self::UTF32]
            .into_iter()
            .find(|encoding| offered.contains(&encoding.kind()))
            .unwrap_or_default()
    }

    /// The protocol's name.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self.0 {
            relux_ide::Encoding::Utf8 => PositionEncodingKind::UTF8,
            relux_ide::Encoding::Utf16 => PositionEncodingKind::UTF16,
            relux_ide::Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    fn width(self, c: char) -> usize {
        match self.0 {
            relux_ide::Encoding::Utf8 => c.len_utf8(),
            relux_ide::Encoding::Utf16 => c.len_utf16(),
            relux_ide::Encoding::Utf32 => 1,
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

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

/// A text with the starts of its lines, shared by everything that answers for one version of a file.
#[derive(Clone, Debug)]
pub(crate) struct LineText {
    pub(crate) text: Arc<str>,
    index: Arc<LineIndex>,
}

impl LineText {
    /// Finds the lines of `text`.
    pub(crate) fn new(text: Arc<str>) -> Self {
        let index = Arc::new(LineIndex::new(&text));
        Self { text, index }
    }

    /// The first line.
    pub(crate) fn first(&self, encoding: Encoding) -> Range {
        let end = self.text.find('\n').unwrap_or(self.text.len());
        let end = self.text[..end].trim_end().len();
        self.range(
            TextRange::new(0, u32::try_from(end).unwrap_or(u32::MAX)),
            encoding,
        )
    }

    /// The byte offset of a position. A line after the last one is the end of the text, a column after the end of a line
    /// is its end.
    pub(crate) fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        let position = LineColumn {
            line: position.line,
            column: position.character,
        };
        self.index.offset(&self.text, position, encoding.0)
    }

    /// The position of a byte offset. An offset after the end is the end of the text.
    pub(crate) fn position(&self, offset: u32, encoding: Encoding) -> Position {
        let at = offset as usize;
        // The two characters of one line break are not apart for an editor.
        let in_break = at > 0 && self.text.as_bytes().get(at - 1..=at) == Some(b"\r\n");
        let offset = offset - u32::from(in_break);
        let found = self.index.position(&self.text, offset, encoding.0);
        Position::new(found.line, found.column)
    }

    /// How many units of columns a range in one line takes. Cheaper than the positions of both of its ends.
    pub(crate) fn units(&self, range: TextRange, encoding: Encoding) -> u32 {
        let text = range.slice(&self.text);
        let units = if text.is_ascii() {
            text.len()
        } else {
            text.chars().map(|c| encoding.width(c)).sum()
        };
        u32::try_from(units).unwrap_or(u32::MAX)
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
