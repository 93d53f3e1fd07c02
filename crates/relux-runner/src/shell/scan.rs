//! One pattern searching a growing buffer.
//!
//! Every byte is looked at a bounded number of times, however the output is cut into reads, and the answer says
//! whether more output could still change the match. That is what makes verdicts independent of read sizes.

use std::sync::Arc;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::alphabet::Unit;
use regex_automata::util::start;
use regex_automata::{Anchored, Input};

use super::buffer::Buffer;
use super::pattern::{Compiled, Regex};

/// What a search can say about the text so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Nothing matches.
    Nothing,
    /// There is a match, but more output could move, lengthen or undo it.
    Open {
        /// More output can only change which text matches, not that some does.
        certain: bool,
    },
    /// There is a match and no further output can change it.
    Final,
}

/// A match in absolute offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Offset behind its last byte.
    pub(crate) end: u64,
    /// The text of the match and of its groups; a group that took no part is empty.
    pub(crate) groups: Vec<String>,
}

/// A search in progress.
#[derive(Debug)]
pub(crate) struct Scanner {
    pattern: Arc<Compiled>,
    /// No match begins before this offset.
    start: u64,
    /// What lies between here and `start` is looked at only to see what comes before a match; the same as `start`
    /// where that is the beginning of a line, as the place where a search begins is by definition.
    context: u64,
    /// Everything before has been looked at.
    at: u64,
    /// Start of the line that `at` is in, not before `start`.
    line: u64,
    /// A match must begin where the search does.
    anchored: bool,
    engine: Engine,
    /// Bytes looked at so far, some of them twice.
    #[cfg(test)]
    pub(super) looked_at: u64,
}

enum Engine {
    /// Search for exact text; only the last few bytes are looked at twice.
    Literal,
    /// The automaton with its state at `at`.
    Automaton(Box<Walk>),
    /// The automaton gave up: each line is searched when it is complete, an unfinished one when nothing more comes.
    Lines,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Literal => "Literal",
            Self::Automaton(_) => "Automaton",
            Self::Lines => "Lines",
        })
    }
}

struct Walk {
    cache: Cache,
    state: LazyStateID,
    /// A match ended somewhere behind; a longer or earlier-preferred one may follow.
    matched: bool,
}

impl Scanner {
    /// Starts a search at an offset of the buffer.
    pub(crate) fn new(pattern: Arc<Compiled>, start: u64) -> Self {
        Self::with_anchor(pattern, start, false)
    }

    /// The same for a match that begins exactly there.
    pub(super) fn anchored(pattern: Arc<Compiled>, start: u64) -> Self {
        Self::with_anchor(pattern, start, true)
    }

    fn with_anchor(pattern: Arc<Compiled>, start: u64, anchored: bool) -> Self {
        let engine = match &*pattern {
            Compiled::Literal(_) => Engine::Literal,
            Compiled::Regex(regex) => {
                Walk::begin(regex, anchored).map_or(Engine::Lines, |walk| Engine::Automaton(Box::new(walk)))
            }
        };
        Self {
            pattern,
            start,
            context: start,
            at: start,
            line: start,
            anchored,
            engine,
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// Whether nothing can match any more, whatever comes.
    pub(super) fn is_over(&self) -> bool {
        match &self.engine {
            Engine::Automaton(walk) => walk.state.is_dead() && !walk.matched,
            Engine::Literal => false,
            Engine::Lines => {
                let within_line = matches!(&*self.pattern, Compiled::Regex(regex) if regex.within_line);
                self.anchored && within_line && self.line > self.start
            }
        }
    }

    /// Whether only [`Self::found`] can tell if something matches that [`Self::advance`] calls open.
    pub(super) fn is_unsure(&self) -> bool {
        matches!(self.engine, Engine::Lines)
    }

    /// Looks at what has been appended since the last call.
    pub(crate) fn advance(&mut self, buffer: &Buffer) -> Outlook {
        if self.at < buffer.base() {
            // Unread text beyond the limit was dropped under the search: go on with what is left.
            *self = Self::with_anchor(Arc::clone(&self.pattern), buffer.base(), self.anchored);
        }
        let pattern = Arc::clone(&self.pattern);
        match &*pattern {
            Compiled::Literal(finder) => self.advance_literal(finder, buffer),
            Compiled::Regex(regex) => self.advance_regex(regex, buffer),
        }
    }

    fn advance_literal(&mut self, finder: &memchr::memmem::Finder<'_>, buffer: &Buffer) -> Outlook {
        let overlap = finder.needle().len().saturating_sub(1) as u64;
        let from = self.at.saturating_sub(overlap).max(self.start).max(buffer.base());
        let bytes = buffer.bytes_from(from);
        self.count(bytes.len());
        if let Some(found) = finder.find(bytes) {
            self.at = from + found as u64;
            self.line = self.at;
            Outlook::Final
        } else {
            self.at = buffer.end();
            self.line = self.at.saturating_sub(overlap).max(self.start);
            Outlook::Nothing
        }
    }

    fn advance_regex(&mut self, regex: &Regex, buffer: &Buffer) -> Outlook {
        let fresh = buffer.bytes_from(self.at);
        if let Some(newline) = memchr::memrchr(b'\n', fresh) {
            self.line = self.at + newline as u64 + 1;
        }
        self.at = buffer.end();
        self.count(fresh.len());
        if let (Engine::Automaton(walk), Some(dfa)) = (&mut self.engine, &regex.automaton) {
            if let Some(outlook) = walk.feed(dfa, fresh) {
                return outlook;
            }
            self.engine = Engine::Lines;
        }
        self.search_lines(regex, buffer)
    }

    /// For patterns that the automaton cannot decide (Unicode word boundaries beside other scripts). A match that ends
    /// in the unfinished line, or that may go over line ends, is only looked for when the terminal is quiet, because
    /// then it counts: searching at every piece of output would look at some bytes as often as there are pieces.
    fn search_lines(&mut self, regex: &Regex, buffer: &Buffer) -> Outlook {
        let by_line = regex.within_line && !regex.start_is_special;
        if by_line && self.line > self.start {
            self.count((self.line - self.start) as usize);
            let complete = (self.line - self.context.max(buffer.base())) as usize;
            let hit = self
                .input(buffer)
                .and_then(|input| {
                    let range = input.start()..complete;
                    regex.full.find(input.range(range))
                })
                // An empty match behind the last line end belongs to the next line.
                .filter(|found| found.start() < complete);
            if hit.is_some() {
                return Outlook::Final;
            }
            if !self.anchored {
                self.start = self.line;
                self.context = self.line;
            }
        }
        Outlook::Open { certain: false }
    }

    /// The lowest offset that the search still needs; the text before can go. Only while nothing matches.
    pub(crate) fn needs_from(&mut self, buffer: &Buffer) -> u64 {
        let pattern = Arc::clone(&self.pattern);
        match &*pattern {
            Compiled::Literal(_) => {
                self.start = self.line;
                self.context = self.line;
            }
            Compiled::Regex(_) if self.anchored => {}
            Compiled::Regex(regex) => {
                if self.has_nothing_begun(regex, buffer) {
                    self.start = self.at;
                    self.context = self.at - buffer.char_before(self.at) as u64;
                } else if regex.within_line && !regex.start_is_special && self.line > self.start {
                    // Positions after a line feed look like the beginning of the text to every pattern but `\A`.
                    self.start = self.line;
                    self.context = self.line;
                }
            }
        }
        self.context
    }

    /// Whether the automaton is where it would be if it began here, behind the last character: no match is under way.
    fn has_nothing_begun(&mut self, regex: &Regex, buffer: &Buffer) -> bool {
        let (Engine::Automaton(walk), Some(dfa)) = (&mut self.engine, &regex.automaton) else {
            return false;
        };
        if walk.state.is_dead() {
            return true;
        }
        let before = buffer.bytes_from(self.at.saturating_sub(1)).first();
        let Some(&byte) = before.filter(|_| self.at > self.start) else {
            return false;
        };
        let answer = walk.is_at_start_behind(dfa, byte);
        if answer.is_none() {
            self.engine = Engine::Lines;
        }
        answer.unwrap_or(false)
    }

    /// The lowest offset that the search needs as it is.
    pub(crate) fn holds_from(&self) -> u64 {
        self.context
    }

    /// The text to search in with the full engine.
    fn input<'a>(&self, buffer: &'a Buffer) -> Option<Input<'a>> {
        let base = buffer.base();
        let text = buffer.from(self.context);
        let from = usize::try_from(self.start.max(base) - self.context.max(base)).unwrap_or(usize::MAX);
        let anchored = if self.anchored {
            Anchored::Yes
        } else {
            Anchored::No
        };
        (from <= text.len()).then(|| Input::new(text).range(from..).anchored(anchored))
    }

    /// The match in the text as it is. `None` if there is none, whatever `advance` said about other text.
    pub(crate) fn found(&self, buffer: &Buffer) -> Option<Found> {
        match &*self.pattern {
            Compiled::Literal(finder) => {
                let text = buffer.from(self.at).get(..finder.needle().len())?;
                Some(Found {
                    end: self.at + text.len() as u64,
                    groups: vec![text.to_owned()],
                })
            }
            Compiled::Regex(regex) => {
                let text = buffer.from(self.context);
                let mut captures = regex.full.create_captures();
                regex.full.captures(self.input(buffer)?, &mut captures);
                let whole = captures.get_match()?;
                let groups = captures
                    .iter()
                    .map(|span| span.map_or(String::new(), |span| text[span.range()].to_owned()))
                    .collect();
                Some(Found {
                    end: self.context.max(buffer.base()) + whole.end() as u64,
                    groups,
                })
            }
        }
    }

    #[cfg(test)]
    fn count(&mut self, bytes: usize) {
        self.looked_at += bytes as u64;
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests count")]
    fn count(&mut self, _: usize) {}
}

impl Drop for Scanner {
    fn drop(&mut self) {
        let engine = std::mem::replace(&mut self.engine, Engine::Lines);
        if let (Engine::Automaton(walk), Compiled::Regex(regex)) = (engine, &*self.pattern) {
            regex.give_back(walk.cache);
        }
    }
}

impl Walk {
    fn begin(regex: &Regex, anchored: bool) -> Option<Self> {
        let dfa = regex.automaton.as_ref()?;
        let mut cache = regex.take_cache(dfa);
        let anchored = if anchored { Anchored::Yes } else { Anchored::No };
        let config = start::Config::new().anchored(anchored);
        let state = dfa.start_state(&mut cache, &config).ok()?;
        Some(Self {
            cache,
            state,
            matched: false,
        })
    }

    /// Feeds bytes; `None` if the automaton gives up.
    fn feed(&mut self, dfa: &DFA, bytes: &[u8]) -> Option<Outlook> {
        let mut state = self.state;
        if state.is_dead() {
            return Some(self.dead());
        }
        for &byte in bytes {
            state = dfa.next_state(&mut self.cache, state, byte).ok()?;
            if state.is_tagged() {
                if state.is_match() {
                    self.matched = true;
                } else if state.is_dead() {
                    self.state = state;
                    return Some(self.dead());
                } else if state.is_quit() {
                    return None;
                }
            }
        }
        self.state = state;
        self.outlook_at_end(dfa)
    }

    /// Whether a search that begins here, behind this byte, is in the same state; `None` if the question cost the
    /// answer its sense.
    fn is_at_start_behind(&mut self, dfa: &DFA, byte: u8) -> Option<bool> {
        let clears = self.cache.clear_count();
        let config = start::Config::new()
            .anchored(Anchored::No)
            .look_behind(Some(byte));
        let start = dfa.start_state(&mut self.cache, &config).ok();
        // Emptying the cache makes the saved state worthless.
        (self.cache.clear_count() == clears).then(|| !self.matched && start == Some(self.state))
    }

    fn dead(&self) -> Outlook {
        if self.matched {
            Outlook::Final
        } else {
            Outlook::Nothing
        }
    }

    /// What the end of the text means. Matches are seen one byte late, so every possible next byte is tried.
    fn outlook_at_end(&mut self, dfa: &DFA) -> Option<Outlook> {
        let clears = self.cache.clear_count();
        let state = self.state;
        let at_end = dfa.next_eoi_state(&mut self.cache, state).ok()?.is_match();
        let outlook = if !at_end && !self.matched {
            Outlook::Nothing
        } else {
            let classes: Vec<u8> = dfa
                .byte_classes()
                .representatives(..)
                .filter_map(Unit::as_u8)
                .collect();
            let over = self.matched && self.ends_here(dfa, state, &classes)?;
            let (every, last) = if over {
                (true, true)
            } else {
                self.next_bytes(dfa, state, &classes)?
            };
            if every && last {
                Outlook::Final
            } else {
                Outlook::Open {
                    certain: self.matched || every,
                }
            }
        };
        // Trying states may have emptied the cache, which makes the saved state worthless.
        (self.cache.clear_count() == clears).then_some(outlook)
    }

    /// Whether every next byte confirms a match that ends here, and whether none of them leaves room for another.
    fn next_bytes(&mut self, dfa: &DFA, state: LazyStateID, classes: &[u8]) -> Option<(bool, bool)> {
        let mut last = true;
        let mut seen: Vec<LazyStateID> = Vec::new();
        for &byte in classes {
            let next = dfa.next_state(&mut self.cache, state, byte).ok()?;
            if !next.is_match() {
                return Some((false, false));
            }
            if last && !seen.contains(&next) {
                seen.push(next);
                last = self.ends_here(dfa, next, classes)?;
            }
        }
        Some((true, last))
    }

    /// Whether nothing can match any more after this state.
    fn ends_here(&mut self, dfa: &DFA, state: LazyStateID, classes: &[u8]) -> Option<bool> {
        for &byte in classes {
            if !dfa.next_state(&mut self.cache, state, byte).ok()?.is_dead() {
                return Some(false);
            }
        }
        Some(!dfa.next_eoi_state(&mut self.cache, state).ok()?.is_match())
    }
}

#[cfg(test)]
mod tests;
