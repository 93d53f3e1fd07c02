//! Which edition a module is written in: the manifest says it, or the module's own forms, or its neighbours.
//!
//! Only a few forms mean something else in each edition; everything else is accepted in both. Inference is an ordinary
//! query: it never depends on the order of files.

use std::sync::Arc;

use relux_syntax::TextRange;
use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile, Suite};
use crate::importers::imports;
use crate::manifest::manifest;
use crate::modules::modules;

/// An edition of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Edition {
    /// `let x = e`; the default.
    #[default]
    E2026_04,
    /// `let x := e`.
    E2026_08,
}

impl Edition {
    /// All editions, oldest first.
    pub const ALL: [Self; 2] = [Self::E2026_04, Self::E2026_08];

    /// As in `edition = "…"` of the manifest.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::E2026_04 => "2026-04",
            Self::E2026_08 => "2026-08",
        }
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a module has its edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EditionSource {
    /// `edition = "…"` in the manifest.
    Manifest,
    /// Forms in the module itself that only this edition has.
    Evidence,
    /// The modules that it imports or that import it.
    Neighbours,
    /// Most modules of the suite.
    Majority,
    /// Nothing says anything.
    Default,
}

/// The edition of a module, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ModuleEdition {
    /// The edition.
    pub edition: Edition,
    /// Why.
    pub source: EditionSource,
}

impl ModuleEdition {
    /// Whether neither the manifest nor the module itself says it, so that an ambiguous statement deserves a word.
    pub const fn is_guess(self) -> bool {
        !matches!(self.source, EditionSource::Manifest | EditionSource::Evidence)
    }
}

/// A form that only one edition has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvidenceItem {
    /// The edition it speaks for.
    pub edition: Edition,
    /// Where.
    pub range: TextRange,
    /// What it is, to be read after "because of": "`:=`".
    pub what: &'static str,
}

/// All evidence of a file in source order, bounded: the first few of each edition, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The first of each edition.
    pub first: [Option<EvidenceItem>; 2],
    /// Number of each edition.
    pub count: [u32; 2],
}

impl Evidence {
    /// Takes in one more form.
    pub fn add(&mut self, item: EvidenceItem) {
        let at = item.edition as usize;
        self.first[at].get_or_insert(item);
        self.count[at] = self.count[at].saturating_add(1);
    }

    /// What the file says as a whole.
    pub fn verdict(&self) -> Verdict {
        match self.count {
            [0, 0] => Verdict::None,
            [_, 0] => Verdict::Clear(Edition::E2026_04),
            [0, _] => Verdict::Clear(Edition::E2026_08),
            [old, new] if new > old => Verdict::Mixed(Edition::E2026_08),
            _ => Verdict::Mixed(Edition::E2026_04),
        }
    }
}

/// The evidence of a file in one word, equal over most edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No form of only one edition.
    None,
    /// All speak for one edition.
    Clear(Edition),
    /// They contradict each other; more speak for this one.
    Mixed(Edition),
}

/// The evidence of a file with places.
#[salsa::tracked(returns(ref))]
pub fn evidence(db: &dyn Db, file: SourceFile) -> Arc<Evidence> {
    crate::lower::lowered(db, file).evidence.clone()
}

/// The evidence of a file without places.
#[salsa::tracked(returns(copy))]
pub fn verdict(db: &dyn Db, file: SourceFile) -> Verdict {
    evidence(db, file).verdict()
}

/// The edition of a module of the suite.
#[salsa::tracked(returns(copy))]
pub fn edition(db: &dyn Db, suite: Suite, file: SourceFile) -> ModuleEdition {
    if let Some(edition) = manifest(db, suite).edition {
        return ModuleEdition {
            edition,
            source: EditionSource::Manifest,
        };
    }
    match verdict(db, file) {
        Verdict::Clear(edition) | Verdict::Mixed(edition) => ModuleEdition {
            edition,
            source: EditionSource::Evidence,
        },
        Verdict::None => editions(db, suite).guess(file),
    }
}

/// What the modules of a suite say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Editions {
    /// Of modules without evidence, by their neighbours.
    by_neighbours: FxHashMap<SourceFile, Edition>,
    majority: Option<Edition>,
}

impl Editions {
    fn guess(&self, file: SourceFile) -> ModuleEdition {
        let guess = |edition, source| ModuleEdition { edition, source };
        match (self.by_neighbours.get(&file), self.majority) {
            (Some(edition), _) => guess(*edition, EditionSource::Neighbours),
            (None, Some(edition)) => guess(edition, EditionSource::Majority),
            (None, None) => guess(Edition::default(), EditionSource::Default),
        }
    }
}

/// Votes for each edition; a tie says nothing.
#[derive(Default, Clone, Copy)]
struct Votes([u32; 2]);

impl Votes {
    fn add(&mut self, edition: Edition) {
        self.0[edition as usize] += 1;
    }

    fn winner(self) -> Option<Edition> {
        match self.0 {
            [old, new] if old > new => Some(Edition::E2026_04),
            [old, new] if new > old => Some(Edition::E2026_08),
            _ => None,
        }
    }
}

#[salsa::tracked(returns(ref))]
fn editions(db: &dyn Db, suite: Suite) -> Editions {
    let modules = modules(db, suite);
    let mut all = Votes::default();
    let mut neighbours: FxHashMap<SourceFile, Votes> = FxHashMap::default();
    let clear = |file| match verdict(db, file) {
        Verdict::Clear(edition) => Some(edition),
        Verdict::None | Verdict::Mixed(_) => None,
    };
    for &file in suite.files(db).iter() {
        let own = clear(file);
        if let Some(edition) = own {
            all.add(edition);
        }
        for import in imports(db, file).iter() {
            let Some(other) = modules.import(import.path()) else {
                continue;
            };
            if let Some(edition) = own {
                neighbours.entry(other).or_default().add(edition);
            }
            if let Some(edition) = clear(other) {
                neighbours.entry(file).or_default().add(edition);
            }
        }
    }
    let voted = |(file, votes): (SourceFile, Votes)| Some((file, votes.winner()?));
    Editions {
        by_neighbours: neighbours.into_iter().filter_map(voted).collect(),
        majority: all.winner(),
    }
}
