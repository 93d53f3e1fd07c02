//! The lines of a file with their indentation, so that asking costs the same however long a line is.

use crate::TextRange;

/// Where lines begin and where their text begins.
pub(super) struct Lines<'t> {
    source: &'t str,
    /// First byte of each line, and its first byte that is no blank.
    starts: Vec<(u32, u32)>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        let bytes = source.as_bytes();
        let ends = memchr::memchr_iter(b'\n', bytes).map(|it| it + 1);
        let starts = std::iter::once(0).chain(ends).map(|start| {
            let bom = if start == 0 && source.starts_with('\u{feff}') {
                3
            } else {
                0
            };
            let blanks = bytes[start + bom..]
                .iter()
                .take_while(|it| matches!(it, b' ' | b'\t'));
            (start as u32, (start + bom + blanks.count()) as u32)
        });
        Self {
            source,
            starts: starts.collect(),
        }
    }

    /// The whole text.
    pub(super) fn source(&self) -> &'t str {
        self.source
    }

    /// Number of the line that holds an offset, from zero.
    pub(super) fn number(&self, offset: u32) -> usize {
        self.starts.partition_point(|it| it.0 <= offset).saturating_sub(1)
    }

    /// The line that holds an offset, without its line end.
    pub(super) fn line(&self, offset: u32) -> TextRange {
        let number = self.number(offset);
        let start = self.starts[number].0;
        let end = self
            .starts
            .get(number + 1)
            .map_or(self.source.len() as u32, |it| it.0 - 1);
        let carriage = TextRange::new(start, end).slice(self.source).ends_with('\r');
        TextRange::new(start, end - u32::from(carriage))
    }

    /// Offset behind the line that holds an offset, its line end included.
    pub(super) fn next_line(&self, offset: u32) -> u32 {
        let next = self.starts.get(self.number(offset) + 1);
        next.map_or(self.source.len() as u32, |it| it.0)
    }

    /// The blanks at the beginning of the line that holds an offset.
    pub(super) fn indent(&self, offset: u32) -> &'t str {
        let (start, text) = self.starts[self.number(offset)];
        TextRange::new(start, text)
            .slice(self.source)
            .trim_start_matches('\u{feff}')
    }

    /// How lines end: as the first one does.
    pub(super) fn newline(&self) -> &'static str {
        match self.starts.get(1) {
            Some((next, _)) if self.source[..*next as usize].ends_with("\r\n") => "\r\n",
            _ => "\n",
        }
    }

    /// Whether nothing but blanks stands before an offset in its line.
    pub(super) fn leads(&self, offset: u32) -> bool {
        offset <= self.starts[self.number(offset)].1
    }
}
