//! Offsets to lines and columns and back.
//!
//! Lines end with `\n`, `\r\n` or a lone `\r`, as the editor protocol has it. Every function is total: an offset behind
//! the text is its end, a column behind a line is the line's end, and an offset inside a character is its beginning.

use crate::TextRange;

/// How columns are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    /// In bytes.
    Utf8,
    /// In 16-bit units.
    Utf16,
    /// In characters.
    Utf32,
}

/// A line and a column, both from zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct LineColumn {
    /// The line.
    pub line: u32,
    /// The column, in the units that were asked for.
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineIndex {
    /// Offset of the first byte of each line; never empty.
    starts: Vec<u32>,
    /// Length of the text in bytes.
    length: u32,
}

impl LineIndex {
    /// The index of a text.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
            .map(|at| clamp(at + 1));
        Self {
            starts: std::iter::once(0).chain(ends).collect(),
            length: clamp(bytes.len()),
        }
    }

    /// Number of lines; the empty text has one.
    pub fn line_count(&self) -> u32 {
        clamp(self.starts.len())
    }

    /// The line that holds an offset.
    pub fn line(&self, offset: u32) -> u32 {
        clamp(self.starts.partition_point(|start| *start <= offset)).saturating_sub(1)
    }

    /// Offset of the first byte of a line; the end of the text for a line behind it.
    pub fn line_start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).copied().unwrap_or(self.length)
    }

    /// A line with its line end.
    pub fn line_range(&self, line: u32) -> TextRange {
        TextRange::new(self.line_start(line), self.line_start(line.saturating_add(1)))
    }

    /// A line without its line end. `text` is the text of the index.
    pub fn line_text<'t>(&self, text: &'t str, line: u32) -> &'t str {
        self.line_range(line).slice(text).trim_end_matches(['\r', '\n'])
    }

    /// Line and column of an offset. `text` is the text of the index.
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> LineColumn {
        let offset = floor_char_boundary(text, offset.min(self.length));
        let line = self.line(offset);
        let before = TextRange::new(self.line_start(line), offset).slice(text);
        LineColumn {
            line,
            column: width(before, encoding),
        }
    }

    /// Offset of a line and column; a column inside a character is its beginning. `text` is the text of the index.
    pub fn offset(&self, text: &str, position: LineColumn, encoding: Encoding) -> u32 {
        if position.line >= self.line_count() {
            return self.length;
        }
        let start = self.line_start(position.line);
        let line = self.line_text(text, position.line);
        let mut column = 0;
        for (at, c) in line.char_indices() {
            column += char_width(c, encoding);
            if column > position.column {
                return start + clamp(at);
            }
        }
        start + clamp(line.len())
    }
}

fn width(text: &str, encoding: Encoding) -> u32 {
    match encoding {
        Encoding::Utf8 => clamp(text.len()),
        Encoding::Utf16 if text.is_ascii() => clamp(text.len()),
        Encoding::Utf16 => clamp(text.chars().map(char::len_utf16).sum()),
        Encoding::Utf32 => clamp(text.chars().count()),
    }
}

fn char_width(c: char, encoding: Encoding) -> u32 {
    match encoding {
        Encoding::Utf8 => c.len_utf8() as u32,
        Encoding::Utf16 => c.len_utf16() as u32,
        Encoding::Utf32 => 1,
    }
}

fn floor_char_boundary(text: &str, mut offset: u32) -> u32 {
    while !text.is_char_boundary(offset as usize) {
        offset -= 1;
    }
    offset
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ab\r\nü𝄞x\rend\n";

    fn at(line: u32, column: u32) -> LineColumn {
        LineColumn { line, column }
    }

    #[test]
    fn all_line_ends_count() {
        let index = LineIndex::new(TEXT);
        let lines: Vec<&str> = (0..index.line_count())
            .map(|it| index.line_text(TEXT, it))
            .collect();
        assert_eq!(lines, ["ab", "ü𝄞x", "end", ""]);
    }

    #[test]
    fn columns_follow_the_encoding() {
        let index = LineIndex::new(TEXT);
        let x = TEXT.find('x').map_or(0, clamp);
        for (encoding, column) in [(Encoding::Utf8, 6), (Encoding::Utf16, 3), (Encoding::Utf32, 2)] {
            assert_eq!(index.position(TEXT, x, encoding), at(1, column));
            assert_eq!(index.offset(TEXT, at(1, column), encoding), x);
        }
    }

    #[test]
    fn every_question_has_an_answer() {
        let index = LineIndex::new(TEXT);
        assert_eq!(
            index.offset(TEXT, at(1, 99), Encoding::Utf16),
            11,
            "before the line end"
        );
        assert_eq!(index.offset(TEXT, at(9, 0), Encoding::Utf8), index.length);
        assert_eq!(
            index.offset(TEXT, at(1, 2), Encoding::Utf16),
            6,
            "inside a surrogate pair"
        );
        assert_eq!(
            index.position(TEXT, 7, Encoding::Utf8),
            at(1, 2),
            "inside a character"
        );
        assert_eq!(index.position(TEXT, 999, Encoding::Utf8), at(3, 0));
        assert_eq!(LineIndex::new("").position("", 5, Encoding::Utf16), at(0, 0));
    }

    #[test]
    fn offsets_at_boundaries_survive_the_round_trip() {
        let index = LineIndex::new(TEXT);
        for (offset, _) in TEXT.char_indices().filter(|(at, _)| *at != 3) {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let position = index.position(TEXT, clamp(offset), encoding);
                assert_eq!(index.offset(TEXT, position, encoding), clamp(offset), "{offset}");
            }
        }
    }
}
