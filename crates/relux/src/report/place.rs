//! Byte offsets to lines and columns as people and machine formats count them.

use relux_syntax::TextRange;
use serde::Serialize;

/// A position: byte offset from 0, line and column from 1; the column counts Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    pub(super) offset: u32,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The place of an offset; one beyond the end is the end.
pub(super) fn place(text: &str, offset: u32) -> Place {
    let mut end = (offset as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place {
        offset,
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// Start and end of a range.
pub(super) fn places(text: &str, range: TextRange) -> (Place, Place) {
    (place(text, range.start), place(text, range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "ab\nöx\n";
        assert_eq!(
            place(text, 0),
            Place {
                offset: 0,
                line: 1,
                column: 1
            }
        );
        assert_eq!(
            place(text, 5),
            Place {
                offset: 5,
                line: 2,
                column: 2
            }
        );
        assert_eq!(place(text, 4).column, 1, "inside a character is its start");
        assert_eq!(
            place(text, 99),
            Place {
                offset: 99,
                line: 3,
                column: 1
            }
        );
    }
}
