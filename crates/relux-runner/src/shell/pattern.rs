//! Patterns ready to search a growing buffer.
//!
//! A shell's regex gets two engines: a lazy automaton that is fed output as it comes and tells whether a match can
//! still change, and the full engine that finds the captures once.

use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::meta;
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, HirKind, Look};
use rustc_hash::FxHashMap;

/// A compiled pattern.
#[derive(Debug)]
pub(crate) enum Compiled {
    /// Exact text.
    Literal(Box<memmem::Finder<'static>>),
    /// A regular expression.
    Regex(Box<Regex>),
}

/// A regular expression with what is known about it.
#[derive(Debug)]
pub(crate) struct Regex {
    /// Finds spans and captures.
    pub(crate) full: meta::Regex,
    /// Fed incrementally; `None` if the pattern is too big for it.
    pub(crate) automaton: Option<DFA>,
    /// What searches that are over have learnt about the automaton, for the next ones.
    caches: Mutex<Vec<Cache>>,
    /// No match can hold a line feed, so none starts before the line in which it ends.
    pub(crate) within_line: bool,
    /// `\A` and the like make the very beginning special.
    pub(crate) start_is_special: bool,
    /// `^` or `\A`: where a search begins makes a difference.
    pub(crate) looks_for_starts: bool,
}

impl Compiled {
    /// Exact text.
    pub(crate) fn literal(text: &str) -> Self {
        Self::Literal(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()))
    }

    /// A regex for shell output: `^` and `$` at every line, with CR LF, LF and CR as line ends.
    pub(crate) fn regex(source: &str) -> Result<Self, String> {
        let config = syntax::Config::new().multi_line(true).crlf(true);
        let hir = parse(source, &config)?;
        let looks = hir.properties().look_set();
        Ok(Self::Regex(Box::new(Regex {
            full: full_engine(&hir)?,
            automaton: automaton(&hir),
            caches: Mutex::default(),
            within_line: !may_hold_line_feed(&hir),
            start_is_special: looks.contains(Look::Start),
            looks_for_starts: looks.contains_anchor_line() || looks.contains(Look::Start),
        })))
    }

    /// A regex for values: `^` and `$` are the ends of the value.
    pub(crate) fn value_regex(source: &str) -> Result<meta::Regex, String> {
        full_engine(&parse(source, &syntax::Config::new())?)
    }
}

impl Regex {
    /// Caches kept per pattern, and the most memory that one may hold to be kept.
    const MOST_CACHES: usize = 8;
    const CACHE_BYTES: usize = 64 * 1024;

    /// A cache for the automaton, used before if possible.
    pub(crate) fn take_cache(&self, automaton: &DFA) -> Cache {
        let kept = self.caches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| automaton.create_cache())
    }

    /// Keeps a cache for the next search.
    pub(crate) fn give_back(&self, cache: Cache) {
        let mut caches = self.caches.lock().unwrap_or_else(PoisonError::into_inner);
        if caches.len() < Self::MOST_CACHES && cache.memory_usage() <= Self::CACHE_BYTES {
            caches.push(cache);
        }
    }
}

fn parse(source: &str, config: &syntax::Config) -> Result<Hir, String> {
    syntax::parse_with(source, config).map_err(|error| {
        // The library draws the pattern with a caret; its last line says what is wrong.
        let text = error.to_string();
        let last = text.lines().last().unwrap_or_default();
        last.strip_prefix("error: ").unwrap_or(last).to_owned()
    })
}

fn full_engine(hir: &Hir) -> Result<meta::Regex, String> {
    // It runs once per match: building an automaton of its own for that would cost more than it saves.
    meta::Regex::builder()
        .configure(meta::Config::new().dfa(false))
        .build_from_hir(hir)
        .map_err(|error| error.to_string())
}

fn automaton(hir: &Hir) -> Option<DFA> {
    let nfa = thompson::Compiler::new()
        .configure(thompson::Config::new().which_captures(WhichCaptures::None))
        .build_from_hir(hir)
        .ok()?;
    DFA::builder()
        .configure(DFA::config().unicode_word_boundary(true))
        .build_from_nfa(nfa)
        .ok()
}

fn may_hold_line_feed(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => memchr::memchr(b'\n', &literal.0).is_some(),
        HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => class
            .iter()
            .any(|range| range.start() <= '\n' && '\n' <= range.end()),
        HirKind::Class(regex_syntax::hir::Class::Bytes(class)) => class
            .iter()
            .any(|range| range.start() <= b'\n' && b'\n' <= range.end()),
        HirKind::Repetition(repetition) => may_hold_line_feed(&repetition.sub),
        HirKind::Capture(capture) => may_hold_line_feed(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(may_hold_line_feed),
    }
}

/// Compiled patterns of a run: the same line runs many times in loops of functions, tests and retries.
#[derive(Debug, Default)]
pub(crate) struct PatternCache {
    entries: Mutex<FxHashMap<(bool, String), Arc<Compiled>>>,
}

impl PatternCache {
    /// Patterns with values interpolated are many and rarely come again; beyond this all are forgotten.
    const MOST: usize = 2048;

    /// The compiled form of a literal.
    pub(crate) fn literal(&self, text: &str) -> Arc<Compiled> {
        self.get(false, text, || Ok(Compiled::literal(text)))
            .unwrap_or_else(|_| Arc::new(Compiled::literal(text)))
    }

    /// The compiled form of a regex, or what is wrong with it.
    pub(crate) fn regex(&self, source: &str) -> Result<Arc<Compiled>, String> {
        self.get(true, source, || Compiled::regex(source))
    }

    fn get(
        &self,
        regex: bool,
        source: &str,
        compile: impl FnOnce() -> Result<Compiled, String>,
    ) -> Result<Arc<Compiled>, String> {
        let key = (regex, source.to_owned());
        if let Some(found) = self.lock().get(&key) {
            return Ok(Arc::clone(found));
        }
        let compiled = Arc::new(compile()?);
        let mut entries = self.lock();
        if entries.len() >= Self::MOST {
            entries.clear();
        }
        entries.insert(key, Arc::clone(&compiled));
        Ok(compiled)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<(bool, String), Arc<Compiled>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
