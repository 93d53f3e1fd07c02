//! The fail pattern of a shell: it sees every byte that is printed while it is set.
//!
//! Like everywhere, the cursor counts as a line start. A match that begins exactly there is looked for by a search of
//! its own, so that the verdict does not depend on whether output came before or after the cursor moved.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::buffer::{Buffer, Tail};
use super::pattern::Compiled;
use super::scan::{Outlook, Scanner};

/// Searches from cursors that are under way at once. Each ends when nothing that begins at its cursor can match any
/// more, so it takes as many matches within one line, and a pattern that goes on to its end, to lose the oldest.
const MOST_CURSORS: usize = 64;

/// Called once when the pattern is found: text of the match and tail of the output.
pub(crate) type OnFail = Box<dyn Fn(String, Tail) + Send>;

/// A fail pattern at work.
pub(super) struct FailWatch {
    pattern: Arc<Compiled>,
    /// Searches everything since the pattern was set.
    main: Scanner,
    /// Searches for what begins exactly at a cursor; everything else is seen by `main`.
    from_cursors: Vec<Scanner>,
    on_fail: OnFail,
    /// Something matches that more output could change.
    open: bool,
    /// Since when something matches in any case, and only the rest of its text is waited for.
    sure_since: Option<Instant>,
}

impl FailWatch {
    /// Watches from an offset on.
    pub(super) fn new(pattern: Arc<Compiled>, from: u64, on_fail: OnFail) -> Self {
        Self {
            main: Scanner::new(Arc::clone(&pattern), from),
            pattern,
            from_cursors: Vec::new(),
            on_fail,
            open: false,
            sure_since: None,
        }
    }

    /// When what matches now counts, if nothing is printed after `busy`.
    pub(super) fn due(&self, busy: Instant, settle: Duration) -> Option<Instant> {
        let quiet = self.open.then_some(busy + settle)?;
        Some(self.sure_since.map_or(quiet, |since| quiet.min(since + settle)))
    }

    /// Something matches that more output could change.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// There is a hit, whatever comes.
    pub(super) fn is_sure(&self) -> bool {
        self.sure_since.is_some()
    }

    /// A match was read, which makes a new line start.
    pub(super) fn cursor_moved(&mut self, buffer: &Buffer) {
        let matters = matches!(&*self.pattern, Compiled::Regex(regex) if regex.looks_for_starts);
        let cursor = buffer.cursor();
        if matters && buffer.bytes_from(cursor.saturating_sub(1)).first() != Some(&b'\n') {
            if self.from_cursors.len() >= MOST_CURSORS {
                self.from_cursors.remove(0);
            }
            self.from_cursors
                .push(Scanner::anchored(Arc::clone(&self.pattern), cursor));
        }
    }

    /// The text of a hit in what has been printed so far; `settled` says that nothing more will follow.
    pub(super) fn look(&mut self, buffer: &Buffer, settled: bool) -> Option<String> {
        self.open = false;
        for scanner in std::iter::once(&mut self.main).chain(&mut self.from_cursors) {
            let outlook = scanner.advance(buffer);
            match outlook {
                Outlook::Open { certain } if !settled => {
                    self.open = true;
                    if certain {
                        self.sure_since.get_or_insert_with(Instant::now);
                    }
                }
                Outlook::Nothing => {}
                Outlook::Final | Outlook::Open { .. } => {
                    let found = scanner
                        .found(buffer)
                        .and_then(|found| found.groups.into_iter().next());
                    if found.is_some() || outlook == Outlook::Final || !scanner.is_unsure() {
                        return Some(found.unwrap_or_default());
                    }
                }
            }
        }
        if !self.open {
            self.from_cursors.retain(|scanner| !scanner.is_over());
            self.main.needs_from(buffer);
        }
        None
    }

    /// Tells the owner.
    pub(super) fn report(self, text: String, tail: Tail) {
        (self.on_fail)(text, tail);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the pattern is hit when the chunks are printed and the cursor moves to these offsets, each as soon as
    /// the text reaches so far but not before `late` chunks later.
    fn is_hit(pattern: &str, chunks: &[String], cursors: &[usize], late: usize) -> bool {
        let pattern = Arc::new(Compiled::regex(pattern).expect("a valid pattern"));
        let mut buffer = Buffer::default();
        let mut watch = FailWatch::new(pattern, 0, Box::new(|_, _| {}));
        let mut pending: Vec<(usize, usize)> = cursors.iter().map(|&at| (at, late)).collect();
        let mut hit = false;
        let total: usize = chunks.iter().map(String::len).sum();
        for step in 0..=chunks.len() + late {
            if let Some(chunk) = chunks.get(step) {
                buffer.append(|text| text.push_str(chunk));
                hit |= watch.look(&buffer, false).is_some();
            }
            for (at, wait) in &mut pending {
                if *at as u64 <= buffer.end() && (*at as u64) > buffer.cursor() {
                    if *wait == 0 || buffer.end() == total as u64 && step >= chunks.len() {
                        buffer.read_to(*at as u64);
                        watch.cursor_moved(&buffer);
                        hit |= watch.look(&buffer, false).is_some();
                    } else {
                        *wait -= 1;
                    }
                }
            }
        }
        hit || watch.look(&buffer, true).is_some()
    }

    #[test]
    fn the_cursor_is_a_line_start_whenever_it_moves() {
        let text = ["relux> ".to_owned(), "ERROR\r\n".to_owned()];
        assert!(!is_hit("^ERROR$", &text, &[], 0));
        assert!(is_hit("^ERROR$", &text, &[7], 0));
        assert!(is_hit("^ERROR$", &["relux> ERROR\r\n".to_owned()], &[7], 0));
        assert!(is_hit("^ERROR$", &text, &[7], 1));
    }

    proptest! {
        #[test]
        fn hits_do_not_depend_on_read_sizes_or_on_when_the_cursor_moves(
            pattern in prop::sample::select(vec!["^ab", "^a$", "a$", "b", "^b?a$", r"\ba\b"]),
            text in "[ab \n]{1,10}",
            cut in 1usize..10,
            cursor in 1usize..10,
            late in 0usize..3,
        ) {
            let cut = cut.min(text.len());
            let cursors = [cursor.min(text.len())];
            let whole = [text.clone()];
            let parts = [text[..cut].to_owned(), text[cut..].to_owned()];
            prop_assert_eq!(
                is_hit(pattern, &parts, &cursors, late),
                is_hit(pattern, &whole, &cursors, 0)
            );
        }
    }
}
