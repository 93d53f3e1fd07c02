//! One pattern searching a growing buffer.
//!
//! Every byte is looked at a bounded number of times, however the output is cut into reads, and the answer says
//! whether more output could still change the match. That is what makes verdicts independent of read sizes.

use std::sync::Arc;

use regex_automata::Anchored;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::alphabet::Unit;
use regex_automata::util::start;

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
    /// Where the search began: a line start by definition.
    start: u64,
    /// Everything before has been looked at.
    at: u64,
    /// Start of the line that `at` is in, not before `start`.
    line: u64,
    engine: Engine,
}

enum Engine {
    /// Search for exact text; only the last few bytes are looked at twice.
    Literal,
    /// The automaton with its state at `at`.
    Automaton(Box<Walk>),
    /// Search again from the line start whenever something comes: the automaton gave up.
    Again,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Literal => "Literal",
            Self::Automaton(_) => "Automaton",
            Self::Again => "Again",
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
        let engine = match &*pattern {
            Compiled::Literal(_) => Engine::Literal,
            Compiled::Regex(regex) => {
                Walk::begin(regex).map_or(Engine::Again, |walk| Engine::Automaton(Box::new(walk)))
            }
        };
        Self {
            pattern,
            start,
            at: start,
            line: start,
            engine,
        }
    }

    /// Whether the line in which the search began has ended and no match can go beyond it.
    pub(crate) fn is_beyond_first_line(&self) -> bool {
        self.line > self.start && matches!(&*self.pattern, Compiled::Regex(regex) if regex.within_line)
    }

    /// Looks at what has been appended since the last call.
    pub(crate) fn advance(&mut self, buffer: &Buffer) -> Outlook {
        if self.at < buffer.base() {
            // Unread text beyond the limit was dropped under the search: go on with what is left.
            *self = Self::new(Arc::clone(&self.pattern), buffer.base());
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
        if let Some(found) = finder.find(buffer.bytes_from(from)) {
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
        if let (Engine::Automaton(walk), Some(dfa)) = (&mut self.engine, &regex.automaton) {
            if let Some(outlook) = walk.feed(dfa, fresh) {
                return outlook;
            }
            self.engine = Engine::Again;
        }
        self.search_again(regex, buffer)
    }

    /// The slow way, for patterns that the automaton cannot decide (Unicode word boundaries beside other scripts).
    fn search_again(&mut self, regex: &Regex, buffer: &Buffer) -> Outlook {
        let text = buffer.from(self.start.max(buffer.base()));
        let Some(found) = regex.full.find(text) else {
            if regex.within_line && !regex.start_is_special {
                self.start = self.line.max(self.start);
            }
            return Outlook::Nothing;
        };
        let line_ended = memchr::memchr(b'\n', &text.as_bytes()[found.end()..]).is_some();
        if regex.within_line && line_ended {
            Outlook::Final
        } else {
            Outlook::Open { certain: false }
        }
    }

    /// The lowest offset that the search still needs; the text before can go. Only while nothing matches.
    pub(crate) fn needs_from(&mut self) -> u64 {
        match &*self.pattern {
            Compiled::Literal(_) => self.start = self.line,
            Compiled::Regex(regex) if regex.within_line && !regex.start_is_special => {
                // Positions after a line feed look like the beginning of the text to every pattern but `\A`.
                self.start = self.line;
            }
            Compiled::Regex(_) => {}
        }
        self.start
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
                let start = self.start.max(buffer.base());
                let text = buffer.from(start);
                let mut captures = regex.full.create_captures();
                regex.full.captures(text, &mut captures);
                let whole = captures.get_match()?;
                let groups = captures
                    .iter()
                    .map(|span| span.map_or(String::new(), |span| text[span.range()].to_owned()))
                    .collect();
                Some(Found {
                    end: start + whole.end() as u64,
                    groups,
                })
            }
        }
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        let engine = std::mem::replace(&mut self.engine, Engine::Again);
        if let (Engine::Automaton(walk), Compiled::Regex(regex)) = (engine, &*self.pattern) {
            regex.give_back(walk.cache);
        }
    }
}

impl Walk {
    fn begin(regex: &Regex) -> Option<Self> {
        let dfa = regex.automaton.as_ref()?;
        let mut cache = regex.take_cache(dfa);
        let config = start::Config::new().anchored(Anchored::No);
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
