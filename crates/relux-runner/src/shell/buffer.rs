//! What a shell has printed and nobody has matched yet, with a little of what came before for reports.
//!
//! Positions are absolute byte offsets into the decoded output since the shell started, so they stay valid when old
//! text is dropped. Memory is bounded: matched text goes, and unread text beyond a limit loses its oldest part. What is
//! dropped depends on offsets alone, never on how the output was cut into reads.

/// Matched text that is kept for the tail of a report.
const KEEP: usize = 8 * 1024;
/// Dropping is put off until it is worth the copy.
const SLACK: usize = 64 * 1024;
/// Unread text is bounded in steps of this many bytes: at least one whole step is kept, and less than two.
pub(crate) const STEP: u64 = 32 * 1024 * 1024;
/// How far behind the end of a step the first kept line may begin; a longer line is cut.
const LONGEST_CUT: usize = 64 * 1024;
/// Beyond this size the text grows by this much at a time, because doubling would waste what the bound saves.
const GROWTH: usize = 4 * 1024 * 1024;

/// The output buffer of a shell.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    text: String,
    /// Absolute offset of the first byte of `text`.
    base: u64,
    /// Absolute offset of the first unread byte.
    cursor: u64,
    /// Unread bytes that were dropped.
    lost: u64,
}

/// The end of a shell's output, as reports show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tail {
    /// Whole lines, at most as many as asked for.
    pub(crate) text: String,
    /// How many bytes of `text` a match had already read.
    pub(crate) read: usize,
}

impl Buffer {
    /// Appends decoded output through a closure that writes to the end of the text.
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut String)) {
        if self.text.len() > GROWTH && self.text.capacity() - self.text.len() < SLACK {
            self.text.reserve_exact(GROWTH);
        }
        write(&mut self.text);
        let bound = (self.end() / STEP).saturating_sub(1) * STEP;
        if self.cursor < bound {
            let before = self.cursor;
            self.read_to(self.line_start_after(bound));
            self.lost += self.cursor - before;
        }
    }

    /// Offset behind the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.text.len() as u64
    }

    /// Offset of the first unread byte.
    pub(crate) fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Offset of the first byte that is still held.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// Unread bytes that had to be dropped because nobody matched them for too long.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// The text from an offset on, as far as it is held.
    pub(crate) fn from(&self, offset: u64) -> &str {
        let at = usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.text.get(at.min(self.text.len())..).unwrap_or_default()
    }

    /// The same as bytes, for offsets inside a character.
    pub(crate) fn bytes_from(&self, offset: u64) -> &[u8] {
        let at = usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        &self.text.as_bytes()[at.min(self.text.len())..]
    }

    /// Moves the cursor, at most to the character that holds `offset`; text far before it is dropped.
    pub(crate) fn read_to(&mut self, offset: u64) {
        let target = offset.clamp(self.cursor, self.end());
        let mut read = usize::try_from(target - self.base).unwrap_or(0);
        while !self.text.is_char_boundary(read) {
            read -= 1;
        }
        self.cursor = self.base + read as u64;
        // Dropping moves what stays, so it must be earned by what goes.
        if read > KEEP + SLACK && 3 * read > self.text.len() {
            let mut drop = read - KEEP;
            while !self.text.is_char_boundary(drop) {
                drop -= 1;
            }
            self.text.drain(..drop);
            self.base += drop as u64;
            if self.text.capacity() > 4 * (self.text.len() + GROWTH) {
                self.text.shrink_to(self.text.len() + GROWTH);
            }
        }
    }

    /// A search has passed over everything before `offset` for good. Much of it is dropped, a little stays for reports.
    pub(crate) fn pass_over(&mut self, offset: u64) {
        let passed = offset.saturating_sub(self.cursor);
        if passed > 4 * SLACK as u64 {
            self.read_to(offset - KEEP as u64);
        }
    }

    fn line_start_after(&self, offset: u64) -> u64 {
        let bytes = self.bytes_from(offset);
        let near = &bytes[..bytes.len().min(LONGEST_CUT)];
        offset + memchr::memchr(b'\n', near).map_or(0, |newline| newline as u64 + 1)
    }

    /// The last character before an offset, if it is still held; its length in bytes.
    pub(crate) fn char_before(&self, offset: u64) -> usize {
        let at = usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let before = self.text.get(..at.min(self.text.len())).unwrap_or_default();
        before.chars().next_back().map_or(0, char::len_utf8)
    }

    /// Drops everything before an offset.
    #[cfg(test)]
    pub(crate) fn forget_before(&mut self, offset: u64) {
        let mut drop = usize::try_from(offset - self.base).expect("an offset that is held");
        while !self.text.is_char_boundary(drop) {
            drop -= 1;
        }
        self.text.drain(..drop);
        self.base += drop as u64;
        self.cursor = self.cursor.max(self.base);
    }

    /// The end of what is held, at most so many bytes, parted at the cursor.
    pub(crate) fn around_cursor(&self, read: usize, unread: usize) -> (&str, &str) {
        let cursor = usize::try_from(self.cursor - self.base).unwrap_or(0);
        let (before, after) = self.text.split_at(cursor.min(self.text.len()));
        (end_of(before, read), end_of(after, unread))
    }

    /// The last lines.
    pub(crate) fn tail(&self, lines: usize, bytes: usize) -> Tail {
        let window = end_of(&self.text, bytes);
        let from = self.text.len() - window.len();
        let body = window.strip_suffix('\n').unwrap_or(window);
        let skip = memchr::memrchr_iter(b'\n', body.as_bytes())
            .nth(lines.saturating_sub(1))
            .map_or(0, |newline| newline + 1);
        let start = from + skip;
        let cursor = usize::try_from(self.cursor - self.base).unwrap_or(0);
        Tail {
            text: self.text[start..].to_owned(),
            read: cursor.saturating_sub(start),
        }
    }
}

/// The last bytes of a text, from a character on.
fn end_of(text: &str, bytes: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.append(|out| out.push_str(text));
        buffer
    }

    #[test]
    fn reading_moves_the_cursor_and_keeps_a_bounded_past() {
        let mut buffer = filled(&"0123456789\n".repeat(20_000));
        buffer.read_to(200_000);
        assert_eq!(buffer.cursor(), 200_000);
        assert_eq!(buffer.base(), 200_000 - KEEP as u64);
        assert_eq!(buffer.from(buffer.cursor()).len(), 20_000);
        assert_eq!(buffer.end(), 220_000);
    }

    #[test]
    fn the_cursor_never_moves_back() {
        let mut buffer = filled("abc");
        buffer.read_to(2);
        buffer.read_to(1);
        assert_eq!(buffer.cursor(), 2);
    }

    #[test]
    fn unread_text_is_bounded_and_the_loss_is_counted() {
        let mut buffer = Buffer::default();
        let line = "x".repeat(1023) + "\n";
        for _ in 0..5 * STEP / 1024 / 2 {
            buffer.append(|out| out.push_str(&line));
            assert!(buffer.end() - buffer.cursor() < 2 * STEP + 1024);
            assert!((buffer.text.capacity() as u64) < 2 * STEP + 3 * GROWTH as u64);
        }
        assert_eq!(
            buffer.lost(),
            STEP + 1024,
            "the line that begins at the bound is complete"
        );
        assert_eq!(buffer.lost(), buffer.cursor());
        assert!(buffer.from(buffer.cursor()).starts_with('x'));
    }

    #[test]
    fn what_is_dropped_does_not_depend_on_how_the_output_was_cut() {
        let cursor = |piece: usize| {
            let mut buffer = Buffer::default();
            let text = "0123456789abcde\n".repeat(piece / 16);
            for _ in 0..(2 * STEP as usize + 3 * 1024 * 1024) / piece {
                buffer.append(|out| out.push_str(&text));
            }
            (buffer.cursor(), buffer.lost())
        };
        assert_eq!(cursor(4096), cursor(1024 * 1024));
    }

    #[test]
    fn reading_a_long_backlog_line_by_line_moves_each_byte_a_few_times_at_most() {
        let mut buffer = filled(&"0123456789abcde\n".repeat(256 * 1024));
        let (mut moved, mut base) = (0, 0);
        while buffer.cursor() < buffer.end() {
            buffer.read_to(buffer.cursor() + 16);
            if buffer.base() != base {
                base = buffer.base();
                moved += buffer.text.len();
            }
        }
        assert!(moved < 3 * 16 * 256 * 1024, "{moved}");
    }

    #[test]
    fn the_tail_has_whole_lines_and_knows_what_was_read() {
        let mut buffer = filled("one\r\ntwo\r\nthree\r\nfour");
        buffer.read_to(13);
        let tail = buffer.tail(2, 4096);
        assert_eq!(tail.text, "three\r\nfour");
        assert_eq!(&tail.text[..tail.read], "thr");
        assert_eq!(buffer.tail(2, 7).text, "e\r\nfour");
    }
}
