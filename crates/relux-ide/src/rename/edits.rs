//! The places that change, and how words are taken apart that mean several things.

use relux_model::fixes::bind_operator;
use relux_model::names::{Occurrence, Role, Symbol, collect as names_of};
use relux_model::source_map::{ImportRanges, OverlayRanges, SourceMap, source_map};
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::TextRange;

use super::subject::Subject;

/// A file that names the old or the new word.
pub(super) struct File {
    pub(super) source: SourceFile,
    /// All its names as they are.
    pub(super) names: Vec<Occurrence>,
    /// In order.
    pub(super) splices: Vec<Splice>,
    /// Names that mean several functions because no function fits: what becomes of them does not matter.
    pub(super) vague: Vec<TextRange>,
}

/// New text for a range, and where in it the names of the range go on.
pub(super) struct Splice {
    pub(super) range: TextRange,
    pub(super) parts: Vec<Part>,
}

/// A piece of new text.
pub(super) struct Part {
    pub(super) text: String,
    /// The names that go on in it, by where they were.
    pub(super) names: Vec<(TextRange, Symbol)>,
}

impl Splice {
    pub(super) fn text(&self) -> String {
        self.parts.iter().map(|part| part.text.as_str()).collect()
    }
}

fn word(text: &str, names: &[Occurrence]) -> Part {
    let names = names.iter().map(|it| (it.range, it.symbol.clone())).collect();
    Part {
        text: text.to_owned(),
        names,
    }
}

fn glue(text: impl Into<String>) -> Part {
    Part {
        text: text.into(),
        names: Vec::new(),
    }
}

/// The files that a rename can have to do with: those that change, and those in which the new word stands.
pub(super) fn collect(db: &dyn Db, suite: Suite, subject: &Subject, new: &str) -> Vec<File> {
    let mut homes = subject.symbols.iter().map(Symbol::local_file);
    let first = homes.next().flatten();
    let local = first.filter(|first| homes.all(|it| it == Some(*first)));
    let only = subject.only.or(local);
    let mut files = Vec::new();
    for &file in suite.files(db).iter() {
        db.unwind_if_revision_cancelled();
        let text = file.text(db);
        let chosen = only.is_none_or(|only| only == file);
        if chosen && (text.contains(&subject.old) || text.contains(new)) {
            files.push(Builder::new(db, suite, file, subject, new).file());
        }
    }
    files
}

struct Builder<'a> {
    text: &'a str,
    map: &'a SourceMap,
    operator: &'static str,
    file: SourceFile,
    subject: &'a Subject,
    new: &'a str,
    names: Vec<Occurrence>,
}

impl<'a> Builder<'a> {
    fn new(db: &'a dyn Db, suite: Suite, file: SourceFile, subject: &'a Subject, new: &'a str) -> Self {
        Self {
            text: file.text(db),
            map: source_map(db, file),
            operator: bind_operator(db, suite, file),
            file,
            subject,
            new,
            names: names_of(db, suite, file),
        }
    }

    fn file(self) -> File {
        let mut splices: Vec<Splice> = Vec::new();
        let mut vague = Vec::new();
        for here in self.names.chunk_by(|a, b| a.range == b.range) {
            let Some(first) = here.first() else { continue };
            let functions = here.iter().filter(|it| matches!(it.symbol, Symbol::Function(_)));
            if functions.count() > 1 && !in_import(self.map, first.range) {
                vague.push(first.range);
            }
            if splices
                .last()
                .is_none_or(|last| last.range.end <= first.range.start)
            {
                splices.extend(self.splice(here));
            }
        }
        self.join_pairs(&mut splices);
        self.join_imports(&mut splices);
        splices.sort_by_key(|it| it.range);
        File {
            source: self.file,
            names: self.names,
            splices,
            vague,
        }
    }

    fn renamed(&self, occurrence: &Occurrence) -> bool {
        let text = occurrence.range.slice(self.text);
        self.subject.covers(self.file, occurrence, text)
    }

    /// The change of one word.
    fn splice(&self, here: &[Occurrence]) -> Option<Splice> {
        let range = here.first()?.range;
        let changed = here.iter().filter(|it| self.renamed(it)).count();
        if changed == 0 {
            return None;
        }
        if changed == here.len() {
            let parts = vec![word(self.new, here)];
            return Some(Splice { range, parts });
        }
        let parts = match here {
            [key, value] if self.is_shorthand(range) => {
                self.pair(key, &format!(" {} ", self.operator), value)
            }
            [inside, outside] if outside.role == Role::Definition => self.pair(inside, " as ", outside),
            _ => return self.import(here),
        };
        Some(Splice { range, parts })
    }

    fn pair(&self, first: &Occurrence, between: &str, second: &Occurrence) -> Vec<Part> {
        vec![self.part(first), glue(between), self.part(second)]
    }

    fn part(&self, occurrence: &Occurrence) -> Part {
        let old = occurrence.range.slice(self.text);
        let text = if self.renamed(occurrence) { self.new } else { old };
        word(text, std::slice::from_ref(occurrence))
    }

    /// `wait` stands for two functions, and one of them changes: `wait, new`, unless the file uses one of them alone.
    fn import(&self, here: &[Occurrence]) -> Option<Splice> {
        let range = here.first()?.range;
        let used = |changed: bool| {
            let mut symbols = here.iter().filter(|it| self.renamed(it) == changed);
            symbols.any(|it| self.is_used(&it.symbol))
        };
        match (used(true), used(false)) {
            (true, false) => {
                let parts = vec![word(self.new, here)];
                return Some(Splice { range, parts });
            }
            (false, true) => return None,
            _ => {}
        }
        let mut names = self.map.imports.iter().flat_map(|it| &it.names);
        let entry = names.find(|it| it.name == range)?;
        let old = range.slice(self.text);
        let alias = entry
            .alias
            .map_or(String::new(), |alias| format!(" as {}", alias.slice(self.text)));
        let parts = vec![glue(format!("{old}{alias}, {}{alias}", self.new))];
        Some(Splice {
            range: entry.whole,
            parts,
        })
    }

    fn is_used(&self, symbol: &Symbol) -> bool {
        let mut uses = self.names.iter().filter(|it| it.symbol == *symbol);
        uses.any(|it| !in_import(self.map, it.range))
    }

    fn is_shorthand(&self, range: TextRange) -> bool {
        self.entries().any(|it| it.key == range && it.value.is_none())
    }

    fn entries(&self) -> impl Iterator<Item = &'a OverlayRanges> {
        let bodies = self.map.effects.iter().chain(&self.map.tests);
        bodies.flat_map(|it| &it.starts).flat_map(|it| &it.entries)
    }

    /// `KEY = KEY` and `expose url as url` become one word again. `expose db.url as url` stays: people write that.
    fn join_pairs(&self, splices: &mut Vec<Splice>) {
        let entries = self.entries().filter_map(|it| Some((it.key, it.value?)));
        let exposes = self.map.effects.iter().flat_map(|it| &it.exposes);
        let own = exposes.filter(|it| it.from.is_none());
        let exposes = own.filter_map(|it| Some((it.target, it.alias?)));
        for (first, second) in entries.chain(exposes).collect::<Vec<_>>() {
            let names: Vec<Occurrence> = [first, second]
                .iter()
                .flat_map(|range| self.names.iter().filter(|it| it.range == *range).cloned())
                .collect();
            let becomes = |range: TextRange| {
                let splice = splices.iter().find(|it| it.range == range);
                splice.map_or_else(|| range.slice(self.text).to_owned(), Splice::text)
            };
            let changes = splices.iter().any(|it| it.range == first || it.range == second);
            let is_name = names.iter().any(|it| it.range == second);
            if changes && is_name && becomes(first) == self.new && becomes(second) == self.new {
                splices.retain(|it| it.range != first && it.range != second);
                splices.push(Splice {
                    range: first.cover(second),
                    parts: vec![word(self.new, &names)],
                });
            }
        }
    }

    /// `import m { wait, wait }` becomes one name again.
    fn join_imports(&self, splices: &mut Vec<Splice>) {
        for import in &self.map.imports {
            let mut seen: Vec<String> = Vec::new();
            for (at, entry) in import.names.iter().enumerate() {
                let changed = splices.iter().position(|it| it.range == entry.name);
                let name = changed.map_or(entry.name.slice(self.text), |_| self.new);
                let alias = entry.alias.unwrap_or(entry.name).slice(self.text);
                let local = if entry.alias.is_some() { alias } else { name };
                let text = format!("{name} as {local}");
                if !seen.contains(&text) {
                    seen.push(text);
                    continue;
                }
                let before = at.checked_sub(1).and_then(|at| import.names.get(at));
                let Some(before) = before.filter(|_| joins(splices, import)) else {
                    continue;
                };
                splices.retain(|it| !entry.whole.covers(it.range));
                splices.push(Splice {
                    range: TextRange::new(before.whole.end, entry.whole.end),
                    parts: Vec::new(),
                });
            }
        }
    }
}

/// Whether a name in the list changes: what somebody wrote twice before stays.
fn joins(splices: &[Splice], import: &ImportRanges) -> bool {
    splices.iter().any(|it| import.whole.covers(it.range))
}

/// Whether a place is in an import.
pub(super) fn in_import(map: &SourceMap, range: TextRange) -> bool {
    map.imports.iter().any(|it| it.whole.covers(range))
}
