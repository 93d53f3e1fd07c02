//! What a test explorer shows: suites, their files, and the tests in them.
//!
//! Ids are those of the runner, so that what is shown can be run. Nothing here evaluates markers: whether a test would
//! be skipped is the runner's to say, at the moment when it runs.

use std::hash::{Hash, Hasher};

use camino::Utf8PathBuf;
use relux_model::assemble::test_ids;
use relux_model::items::{Def, item_index};
use relux_model::manifest::manifest;
use relux_model::source_map::source_map;
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::TextRange;
use rustc_hash::FxHasher;

use crate::hover::doc_of;
use crate::places::path_of;

/// A suite with its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSuite {
    /// Its directory; the file itself where there is no manifest.
    pub root: Utf8PathBuf,
    /// As the manifest or the path names it.
    pub name: String,
    /// Files with tests, by path.
    pub files: Vec<TestFile>,
}

/// A file with tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFile {
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// Its tests in source order.
    pub tests: Vec<TestItem>,
}

/// A test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestItem {
    /// The runner's id, unique in the suite.
    pub id: String,
    /// As written between the quotes.
    pub name: String,
    /// From the keyword to the closing brace, in bytes.
    pub whole: TextRange,
    /// The name with its quotes, in bytes.
    pub at: TextRange,
    /// Its markers as written.
    pub markers: Vec<String>,
    /// Its docstring; empty if it has none.
    pub doc: String,
}

/// The tests of a suite.
pub(crate) fn suite(db: &dyn Db, suite: Suite) -> TestSuite {
    let root = Utf8PathBuf::from(&**suite.root(db));
    let mut files: Vec<TestFile> = suite
        .files(db)
        .iter()
        .filter_map(|it| file(db, suite, *it))
        .collect();
    files.sort_by(|a, b| a.file.cmp(&b.file));
    let root = match (suite.manifest_file(db), files.first()) {
        (None, Some(only)) => only.file.clone(),
        _ => root,
    };
    let name = manifest(db, suite).name.clone();
    let name = name.or_else(|| root.file_name().map(str::to_owned));
    TestSuite {
        name: name.unwrap_or_else(|| root.to_string()),
        root,
        files,
    }
}

/// The tests of a file; `None` if it has none.
pub(crate) fn file(db: &dyn Db, suite: Suite, file: SourceFile) -> Option<TestFile> {
    db.unwind_if_revision_cancelled();
    let (index, map, text) = (item_index(db, file), source_map(db, file), file.text(db));
    let ids = test_ids(db, file);
    let tests = index.tests.iter().zip(&map.tests).zip(ids);
    let tests: Vec<TestItem> = tests
        .map(|((test, ranges), id)| TestItem {
            id: id.clone(),
            name: test.name().to_string(),
            whole: ranges.whole,
            at: ranges.name,
            markers: ranges
                .markers
                .iter()
                .map(|it| it.slice(text).trim().to_owned())
                .collect(),
            doc: doc_of(
                db,
                &Def {
                    file,
                    id: test.id.clone(),
                },
            ),
        })
        .collect();
    (!tests.is_empty()).then(|| TestFile {
        file: path_of(db, suite, file),
        tests,
    })
}

/// Changes when what a test explorer shows of the file changes; lines count, columns do not.
#[salsa::tracked]
pub(crate) fn mark(db: &dyn Db, file: SourceFile) -> u64 {
    let (index, map, text) = (item_index(db, file), source_map(db, file), file.text(db));
    if index.tests.is_empty() {
        return 0;
    }
    let mut hasher = FxHasher::default();
    let (mut line, mut counted) = (0, 0);
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        for end in [ranges.whole.start as usize, ranges.whole.end as usize] {
            line += text.get(counted..end).map_or(0, |it| it.matches('\n').count());
            counted = end;
            line.hash(&mut hasher);
        }
        test.name().hash(&mut hasher);
        for marker in &ranges.markers {
            marker.slice(text).hash(&mut hasher);
        }
        ranges.doc.map(|it| it.slice(text)).hash(&mut hasher);
    }
    // 0 stands for a file without tests.
    hasher.finish().max(1)
}

#[cfg(test)]
mod tests;
