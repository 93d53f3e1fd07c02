//! Applying the fixes of diagnostics, round after round, until nothing changes.
//!
//! A round takes the best fix of each diagnostic that does not touch what another one changes. What it leaves must
//! check better than before; where it does not, its fixes are tried one by one and the bad ones are left alone.

use std::sync::Arc;

use relux_syntax::{Applicability, Diagnostic, Edit, Fix, Severity, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::codes;
use crate::db::{RootDb, SourceFile, Suite};
use crate::diagnostics::{all_files, check_files, check_files_alone};

/// Mended code may show what was hidden before, so there are rounds; more than this mean that fixes chase each other.
const MOST_ROUNDS: usize = 100;

/// Fixes that are tried one by one in a round, at the price of a check of the suite each.
const MOST_SINGLE_TRIES: usize = 100;

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fixed {
    /// How many fixes were applied.
    pub applied: usize,
    /// The files whose texts changed, in path order. The new texts are in the database, not on disk.
    pub changed: Vec<SourceFile>,
}

/// Applies fixes of diagnostics in `files`; their edits may change other files of the suite. With
/// [`Applicability::Unsafe`] also those that a person should look at.
pub fn fix_all(
    db: &mut RootDb,
    suite: Suite,
    files: &[SourceFile],
    most: Applicability,
    threads: usize,
) -> Fixed {
    fix(db, suite, files, most, Effort::Threads(threads))
}

/// The same with safe fixes in this thread. `pause` is called before each file that is checked and may unwind, which
/// leaves the database to be dropped.
pub fn fix_all_alone(db: &mut RootDb, suite: Suite, files: &[SourceFile], pause: &dyn Fn()) -> Fixed {
    fix(db, suite, files, Applicability::Safe, Effort::Alone(pause))
}

fn fix(
    db: &mut RootDb,
    suite: Suite,
    files: &[SourceFile],
    most: Applicability,
    effort: Effort<'_>,
) -> Fixed {
    let mut fixer = Fixer {
        db,
        suite,
        effort,
        most,
        before: FxHashMap::default(),
        refused: FxHashSet::default(),
        applied: 0,
    };
    for _ in 0..MOST_ROUNDS {
        if !fixer.round(files) {
            break;
        }
        // What made it worse before may help now.
        fixer.refused.clear();
    }
    let Fixer {
        db, before, applied, ..
    } = fixer;
    let changed = all_files(db, suite)
        .into_iter()
        .filter(|file| before.get(file).is_some_and(|old| old != file.text(db)))
        .collect();
    Fixed { applied, changed }
}

/// How the suite is checked.
#[derive(Clone, Copy)]
enum Effort<'a> {
    Threads(usize),
    Alone(&'a dyn Fn()),
}

struct Fixer<'a> {
    db: &'a mut RootDb,
    suite: Suite,
    effort: Effort<'a>,
    most: Applicability,
    /// Texts before anything was changed.
    before: FxHashMap<SourceFile, Arc<str>>,
    /// Fixes that made it worse, by file, message and title: they are not tried again before something changed.
    refused: FxHashSet<Identity>,
    applied: usize,
}

type Identity = (SourceFile, String, String);

/// A fix with its edits by file.
struct Chosen {
    identity: Identity,
    edits: Vec<(SourceFile, TextRange, String)>,
}

/// How bad it is: syntax errors, other errors, warnings, everything else. Syntax comes first, because mending it lets
/// the checks see what they could not judge before.
type Badness = [usize; 4];

impl Fixer<'_> {
    /// Whether something was changed.
    fn round(&mut self, files: &[SourceFile]) -> bool {
        let everything = all_files(self.db, self.suite);
        let found = self.check(&everything);
        let start = badness(&found);
        let chosen = self.choose(files, &everything, &found);
        if chosen.is_empty() {
            return false;
        }
        let undo = self.apply(&chosen);
        if badness(&self.check(&everything)) < start {
            self.applied += chosen.len();
            return true;
        }
        self.restore(undo);
        self.one_by_one(chosen, &everything, start)
    }

    fn one_by_one(&mut self, chosen: Vec<Chosen>, everything: &[SourceFile], start: Badness) -> bool {
        // Positions in the text after an applied fix are others: the rest waits for the next round.
        for one in chosen.into_iter().take(MOST_SINGLE_TRIES) {
            let undo = self.apply(std::slice::from_ref(&one));
            if badness(&self.check(everything)) < start {
                self.applied += 1;
                return true;
            }
            self.restore(undo);
            self.refused.insert(one.identity);
        }
        false
    }

    fn check(&mut self, files: &[SourceFile]) -> Vec<Arc<[Diagnostic]>> {
        match self.effort {
            Effort::Threads(threads) => check_files(self.db, self.suite, files, threads),
            Effort::Alone(pause) => check_files_alone(self.db, self.suite, files, pause),
        }
    }

    fn choose(
        &self,
        files: &[SourceFile],
        everything: &[SourceFile],
        found: &[Arc<[Diagnostic]>],
    ) -> Vec<Chosen> {
        let by_path: FxHashMap<&str, SourceFile> = everything
            .iter()
            .map(|file| (&**file.path(self.db), *file))
            .collect();
        let wanted: FxHashSet<SourceFile> = files.iter().copied().collect();
        let mut taken: FxHashMap<SourceFile, Vec<TextRange>> = FxHashMap::default();
        let mut chosen = Vec::new();
        for (&file, diagnostics) in everything.iter().zip(found) {
            // A file that could not be read as it is must not be written either.
            if !wanted.contains(&file) || file.problem(self.db).is_some() {
                continue;
            }
            for diagnostic in diagnostics.iter() {
                let identity =
                    |fix: &Fix| -> Identity { (file, diagnostic.message.clone(), fix.title.clone()) };
                let fix = diagnostic.fixes.iter().find(|fix| {
                    let allowed =
                        self.most == Applicability::Unsafe || fix.applicability == Applicability::Safe;
                    allowed && !fix.edits.is_empty() && !self.refused.contains(&identity(fix))
                });
                let Some(fix) = fix else { continue };
                let target = |edit: &Edit| match edit.file.as_deref() {
                    None => Some(file),
                    Some(path) => by_path.get(path).copied(),
                };
                let edits: Option<Vec<_>> = fix
                    .edits
                    .iter()
                    .map(|edit| Some((target(edit)?, edit.range, edit.new_text.clone())))
                    .collect();
                let Some(edits) = edits else { continue };
                let is_free = edits.iter().all(|(file, range, _)| {
                    let taken = taken.get(file).map_or(&[][..], Vec::as_slice);
                    !taken.iter().any(|other| touch(*other, *range))
                });
                if !is_free {
                    continue;
                }
                for (file, range, _) in &edits {
                    taken.entry(*file).or_default().push(*range);
                }
                chosen.push(Chosen {
                    identity: identity(fix),
                    edits,
                });
            }
        }
        chosen
    }

    /// Changes the texts; what they were before.
    fn apply(&mut self, chosen: &[Chosen]) -> Vec<(SourceFile, Arc<str>)> {
        let mut by_file: FxHashMap<SourceFile, Vec<(TextRange, &str)>> = FxHashMap::default();
        for (file, range, new_text) in chosen.iter().flat_map(|it| &it.edits) {
            by_file.entry(*file).or_default().push((*range, new_text));
        }
        let mut undo = Vec::new();
        for (file, edits) in by_file {
            let old = Arc::clone(file.text(self.db));
            let new = edited(&old, edits);
            self.before.entry(file).or_insert_with(|| Arc::clone(&old));
            file.update(self.db, new);
            undo.push((file, old));
        }
        undo
    }

    fn restore(&mut self, undo: Vec<(SourceFile, Arc<str>)>) {
        for (file, text) in undo {
            file.update(self.db, text);
        }
    }
}

fn badness(found: &[Arc<[Diagnostic]>]) -> Badness {
    let mut all = [0; 4];
    for diagnostic in found.iter().flat_map(|list| list.iter()) {
        let is_syntax = codes::is_syntax(diagnostic.code.as_str());
        all[match diagnostic.severity {
            Severity::Error if is_syntax => 0,
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Info | Severity::Hint => 3,
        }] += 1;
    }
    all
}

/// Whether two edits share text or meet: who comes first at a common place would be chance.
fn touch(a: TextRange, b: TextRange) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// The text with all edits, which do not overlap. Those at one place are applied in the order given.
pub fn edited(text: &str, mut edits: Vec<(TextRange, &str)>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut new = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for (range, new_text) in edits {
        new.push_str(TextRange::new(done, range.start.max(done)).slice(text));
        new.push_str(new_text);
        done = range.end.max(done);
    }
    new.push_str(TextRange::new(done, text.len() as u32).slice(text));
    new
}
