//! Search over all loaded suites: effects, functions and tests whose name holds the letters of the query in order.

use camino::Utf8PathBuf;
use relux_model::items::{ItemId, item_index};
use relux_model::source_map::{item_range, name_range};
use relux_model::{Db, ItemKind, SourceFile, Suite};
use relux_syntax::TextRange;

use crate::document_symbols::SymbolKind;
use crate::fuzzy::score;
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

#[cfg(test)]
mod tests;
