//! Search over all loaded suites: effects, functions and tests whose name holds the letters of the query in order.

use camino::Utf8PathBuf;
use relux_model::items::{ItemId, item_index};
use relux_model::source_map::{item_range, name_range};
use relux_model::{Db, ItemKind, SourceFile, Suite};
use relux_syntax::TextRange;

use crate::document_symbols::SymbolKind;
use crate::places::path_of;

/// More than anybody reads; the client asks again with the next letter.
const MOST: usize = 256;

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSymbol {
    /// As written.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Its module: `lib/api/http`.
    pub module: String,
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// The name.
    pub range: TextRange,
}

struct Candidate<'db> {
    score: u32,
    id: &'db ItemId,
    suite: Suite,
    file: SourceFile,
}

/// The best matches of a query in these suites, best first; all symbols by name for an empty query.
pub(crate) fn workspace_symbols(db: &dyn Db, suites: &[Suite], query: &str) -> Vec<FoundSymbol> {
    let query: Vec<char> = query.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for &suite in suites {
        for &file in suite.files(db).iter() {
            db.unwind_if_revision_cancelled();
            let named = |id: &&ItemId| id.kind != ItemKind::Import && !id.name.is_empty();
            for id in item_index(db, file).ids().filter(named) {
                if let Some(score) = score(&id.name, &query) {
                    found.push(Candidate {
                        score,
                        id,
                        suite,
                        file,
                    });
                }
            }
        }
    }
    found.sort_by(|a, b| {
        let key = |it: &Candidate<'_>| (std::cmp::Reverse(it.score), it.id.name.len());
        let place = |it: &Candidate<'_>| (it.id.name.clone(), it.file.path(db).clone());
        key(a).cmp(&key(b)).then_with(|| place(a).cmp(&place(b)))
    });
    found.truncate(MOST);
    found.iter().filter_map(|it| symbol(db, it)).collect()
}

fn symbol(db: &dyn Db, found: &Candidate<'_>) -> Option<FoundSymbol> {
    let (file, id) = (found.file, found.id);
    let kind = match id.kind {
        ItemKind::Function => SymbolKind::Function,
        ItemKind::Effect => SymbolKind::Effect,
        ItemKind::Test => SymbolKind::Test,
        ItemKind::Import => return None,
    };
    let range = name_range(db, file, id).or_else(|| item_range(db, file, id))?;
    Some(FoundSymbol {
        name: id.name.to_string(),
        kind,
        module: file.module_id(db).to_owned(),
        file: path_of(db, found.suite, file),
        range,
    })
}

/// How well a name matches: letters at the beginning of words and letters in a row count more. `None` unless all letters
/// of the query are in the name, in order. Case matters only where the query has capitals that fit.
fn score(name: &str, query: &[char]) -> Option<u32> {
    let mut wanted = query.iter().peekable();
    let (mut score, mut row, mut before) = (0, 0, None);
    for (at, c) in name.chars().enumerate() {
        let Some(&&next) = wanted.peek() else { break };
        if c.to_lowercase().eq(next.to_lowercase()) {
            wanted.next();
            row += 1;
            score += row;
            score += if at == 0 { 8 } else { 0 };
            score += if begins_word(before, c) { 4 } else { 0 };
            score += u32::from(c == next);
        } else {
            row = 0;
        }
        before = Some(c);
    }
    let is_whole = name.chars().count() == query.len();
    wanted
        .peek()
        .is_none()
        .then_some(score + if is_whole { 16 } else { 0 })
}

fn begins_word(before: Option<char>, c: char) -> bool {
    match before {
        None => true,
        Some(before) => !before.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase()),
    }
}

#[cfg(test)]
mod tests;
