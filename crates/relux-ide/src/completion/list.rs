//! The list that is being collected: it drops what does not match the typed letters, and orders the rest.
//!
//! Clients filter again while letters follow, so dropping early is right only for names that no further letter brings
//! back; that is why the list says whether it was cut.

use super::{Completed, CompletionItem, CompletionKind, Insert};
use crate::fuzzy::score;

/// More than anybody reads.
const MOST: usize = 250;

/// Items with their order.
pub(super) struct List {
    typed: String,
    query: Vec<char>,
    found: Vec<(Rank, CompletionItem)>,
    incomplete: bool,
}

/// What is smaller comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The letters are somewhere in the name and not at its beginning.
    scattered: bool,
    group: u32,
    /// How badly it matches, in groups where that counts.
    badness: u32,
}

impl List {
    /// A list for the letters before the cursor.
    pub(super) fn new(typed: &str) -> Self {
        Self {
            typed: typed.to_owned(),
            query: typed.chars().collect(),
            found: Vec::new(),
            incomplete: false,
        }
    }

    /// Number of letters before the cursor.
    pub(super) fn letters(&self) -> usize {
        self.query.len()
    }

    /// Something was left out that further letters may bring.
    pub(super) fn cut(&mut self) {
        self.incomplete = true;
    }

    /// How well a name matches.
    pub(super) fn score(&self, name: &str) -> Option<u32> {
        score(name, &self.query)
    }

    /// Adds an item to a group; groups stand in the order of their numbers, items of a group as they come. Names that
    /// begin with what was typed come before all others.
    pub(super) fn add(&mut self, group: u32, item: CompletionItem) {
        if self.score(&item.label).is_some() {
            self.push(group, 0, item);
        }
    }

    /// Adds an item to a group in which better matches come first.
    pub(super) fn add_scored(&mut self, group: u32, score: u32, item: CompletionItem) {
        self.push(group, u32::MAX - score, item);
    }

    fn push(&mut self, group: u32, badness: u32, item: CompletionItem) {
        let beginning = item.label.get(..self.typed.len());
        let rank = Rank {
            scattered: !beginning.is_some_and(|it| it.eq_ignore_ascii_case(&self.typed)),
            group,
            badness,
        };
        self.found.push((rank, item));
    }

    /// What was found, best first, and whether there is more.
    pub(super) fn finish(mut self) -> (Vec<CompletionItem>, bool) {
        self.found.sort_by_key(|(rank, _)| *rank);
        let cut = self.found.len() > MOST;
        self.found.truncate(MOST);
        let items = self.found.into_iter().map(|(_, item)| item).collect();
        (items, self.incomplete || cut)
    }
}

impl CompletionItem {
    /// An item that inserts its label.
    pub(super) fn new(kind: CompletionKind, label: impl Into<String>) -> Self {
        let label = label.into();
        Self {
            suffix: String::new(),
            kind,
            detail: String::new(),
            doc: String::new(),
            insert: Insert::text(label.clone()),
            edits: Vec::new(),
            about: None,
            label,
        }
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    pub(super) fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    pub(super) fn insert(mut self, insert: Insert) -> Self {
        self.insert = insert;
        self
    }

    pub(super) fn about(mut self, about: Completed) -> Self {
        self.about = Some(about);
        self
    }
}
