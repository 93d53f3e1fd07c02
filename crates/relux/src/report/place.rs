//! Byte offsets to lines and columns as people and machine formats count them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use relux_syntax::TextRange;
use serde::Serialize;

use super::Findings;

/// A position: byte offset from 0, line and column from 1; the column counts Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    pub(super) offset: u32,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Finds places in the files of findings. Every file is read for its lines once, however many findings it has.
pub(super) struct Places<'a> {
    pub(super) findings: &'a Findings,
    files: RefCell<HashMap<&'a str, Rc<Lines<'a>>>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(findings: &'a Findings) -> Self {
        Self {
            findings,
            files: RefCell::default(),
        }
    }

    /// The lines of a file; none if it could not be read.
    pub(super) fn lines(&self, path: &'a str) -> Rc<Lines<'a>> {
        let mut files = self.files.borrow_mut();
        let new = || Rc::new(Lines::new(self.findings.source(path)));
        files.entry(path).or_insert_with(new).clone()
    }

    /// The place of an offset in a file.
    pub(super) fn place(&self, path: &'a str, offset: u32) -> Place {
        self.lines(path).place(offset)
    }

    /// Start and end of a range in a file.
    pub(super) fn places(&self, path: &'a str, range: TextRange) -> (Place, Place) {
        let lines = self.lines(path);
        (lines.place(range.start), lines.place(range.end))
    }
}

/// The lines of a text, which end with line feeds.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// Offset and column that were asked for last: the next ones are often behind them on a line of any length.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self {
            text,
            starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect(),
            last: Cell::new((0, 1)),
        }
    }

    /// The line that holds an offset, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The place of an offset; one beyond the end is the end.
    fn place(&self, offset: u32) -> Place {
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.line(end);
        let start = (self.starts[line - 1], 1);
        let known = Some(self.last.get()).filter(|(at, _)| (start.0..=end).contains(at));
        let (from, column) = known.unwrap_or(start);
        let column = column + self.text[from..end].chars().count();
        self.last.set((end, column));
        Place { offset, line, column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("ab\nöx\n");
        let place = |offset| lines.place(offset);
        assert_eq!(
            place(0),
            Place {
                offset: 0,
                line: 1,
                column: 1
            }
        );
        assert_eq!(
            place(5),
            Place {
                offset: 5,
                line: 2,
                column: 2
            }
        );
        assert_eq!(place(4).column, 1, "inside a character is its start");
        assert_eq!(
            place(99),
            Place {
                offset: 99,
                line: 3,
                column: 1
            }
        );
    }

    #[test]
    fn the_way_to_a_place_makes_no_difference() {
        let text = "añb\n\nc\u{1d11e}d, e\n𝄞";
        for first in 0..=text.len() as u32 {
            for second in 0..=text.len() as u32 {
                let lines = Lines::new(text);
                lines.place(first);
                assert_eq!(lines.place(second), Lines::new(text).place(second));
            }
        }
    }
}
