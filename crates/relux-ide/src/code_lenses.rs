//! What can be run from a file: the file, and each of its tests. And its effects, for those who want to know who starts
//! them, which takes a look at the whole suite.

use relux_model::items::item_index;
use relux_model::source_map::source_map;
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::TextRange;

/// What a lens does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensKind {
    /// Runs all tests of the file.
    RunFile,
    /// Runs one test.
    RunTest {
        /// Its name as written.
        name: String,
    },
    /// Tells who starts an effect: [`Analysis::implementation`](crate::Analysis::implementation) at the lens.
    Starts,
}

/// An action above a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The place it belongs to, in bytes.
    pub range: TextRange,
    /// What it does.
    pub kind: LensKind,
}

pub(crate) fn code_lenses(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Lens> {
    let (index, map) = (item_index(db, file), source_map(db, file));
    let mut lenses = Vec::new();
    // Outside of a suite nothing can be run.
    let tests: &[_] = if suite.manifest_file(db).is_some() {
        &map.tests
    } else {
        &[]
    };
    if let Some(first) = tests.first() {
        lenses.push(Lens {
            range: first.name,
            kind: LensKind::RunFile,
        });
    }
    // A test whose name is not typed yet cannot be selected.
    let named = index
        .tests
        .iter()
        .zip(tests)
        .filter(|(test, _)| !test.name().is_empty());
    lenses.extend(named.map(|(test, at)| Lens {
        range: at.name,
        kind: LensKind::RunTest {
            name: test.name().to_string(),
        },
    }));
    let effects = map.effects.iter().filter(|at| !at.name.is_empty());
    lenses.extend(effects.map(|at| Lens {
        range: at.name,
        kind: LensKind::Starts,
    }));
    lenses.sort_by_key(|it| it.range.start);
    lenses
}

#[cfg(test)]
mod tests;
