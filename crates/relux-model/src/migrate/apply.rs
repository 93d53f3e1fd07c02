//! A migration as a whole: edits are applied in the database, and kept only if the result is as good as what was there.
//!
//! It is all or nothing. The new texts must check clean, every module must be read as it was meant, and the tests must
//! do what they did before.

use std::sync::Arc;

use relux_syntax::{Diagnostic, Severity, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Change, Refusal, manifest, rewrite, same};
use crate::apply_fixes::edited;
use crate::assemble::{Selection, assemble};
use crate::bodies::body::{Piece, StmtKind};
use crate::db::{Db, RootDb, SourceFile, Suite};
use crate::diagnostics::{all_files, check_files};
use crate::edition::{Edition, edition};
use crate::items::item_index;

/// What was done.
#[derive(Debug, Default)]
pub struct Migrated {
    /// The files that changed in path order, each with its text before. The new texts are in the database, not on disk.
    pub changed: Vec<(SourceFile, Arc<str>)>,
}

/// Why nothing was done.
#[derive(Debug)]
pub enum NotMigrated {
    /// So many errors are in the suite.
    Errors(usize),
    /// The edition has no words for these places.
    Unsayable(Vec<Refusal>),
    /// These modules would be read as this edition afterwards, and mean something else in it.
    Misread(Vec<(SourceFile, Edition)>),
    /// The result would not be right. This is a mistake of the migration; the text says what differs.
    Wrong(String),
}

/// Rewrites modules of the suite, and its manifest if these are all of them.
pub fn migrate(
    db: &mut RootDb,
    suite: Suite,
    files: &[SourceFile],
    to: Edition,
    threads: usize,
) -> Result<Migrated, NotMigrated> {
    let everything = all_files(db, suite);
    let errors = check_files(db, suite, &everything, threads)
        .iter()
        .flat_map(|found| found.iter())
        .filter(|it| is_error(it))
        .count();
    if errors > 0 {
        return Err(NotMigrated::Errors(errors));
    }
    let chosen: FxHashSet<SourceFile> = files.iter().copied().collect();
    let modules: Vec<SourceFile> = suite.files(db).to_vec();
    let whole = modules.iter().all(|file| chosen.contains(file));
    let meant: Vec<Edition> = modules
        .iter()
        .map(|file| {
            if chosen.contains(file) {
                to
            } else {
                edition(db, suite, *file).edition
            }
        })
        .collect();
    let before = assemble(db, suite, &Selection::default());
    let rewritten = rewrite(db, suite, files, None, to).map_err(NotMigrated::Unsayable)?;
    let mut texts = new_texts(db, rewritten);
    if let (true, Some(file)) = (whole, suite.manifest_file(db)) {
        texts.extend(manifest::with_edition(file.text(db), to).map(|text| (file, text)));
    }
    let changed = set(db, texts);
    let verdict = verify(db, suite, (&modules, &meant), &before, to, threads);
    if let Err(reason) = verdict {
        for (file, text) in changed {
            file.update(db, text);
        }
        return Err(reason);
    }
    Ok(Migrated { changed })
}

fn is_error(it: &Diagnostic) -> bool {
    it.severity == Severity::Error
}

fn new_texts(db: &dyn Db, changes: Vec<(SourceFile, Change)>) -> Vec<(SourceFile, String)> {
    let mut by_file: FxHashMap<SourceFile, Vec<Change>> = FxHashMap::default();
    for (file, change) in changes {
        by_file.entry(file).or_default().push(change);
    }
    let text = |(file, changes): (SourceFile, Vec<Change>)| {
        let edits: Vec<(TextRange, &str)> = changes.iter().map(|it| (it.range, &*it.new_text)).collect();
        (file, edited(file.text(db), edits))
    };
    by_file.into_iter().map(text).collect()
}

/// Sets the texts that differ; what they were before, by path.
fn set(db: &mut RootDb, texts: Vec<(SourceFile, String)>) -> Vec<(SourceFile, Arc<str>)> {
    let mut changed = Vec::new();
    for (file, text) in texts {
        let old = Arc::clone(file.text(db));
        if *old != *text {
            file.update(db, text);
            changed.push((file, old));
        }
    }
    changed.sort_by(|a, b| a.0.path(db).cmp(b.0.path(db)));
    changed
}

fn verify(
    db: &mut RootDb,
    suite: Suite,
    (modules, meant): (&[SourceFile], &[Edition]),
    before: &crate::assemble::Assembly,
    to: Edition,
    threads: usize,
) -> Result<(), NotMigrated> {
    let misread: Vec<(SourceFile, Edition)> = modules
        .iter()
        .zip(meant)
        .filter_map(|(&file, &meant)| {
            let read = edition(db, suite, file).edition;
            (read != meant && depends_on_edition(db, file)).then_some((file, read))
        })
        .collect();
    if !misread.is_empty() {
        return Err(NotMigrated::Misread(misread));
    }
    let everything = all_files(db, suite);
    let found = check_files(db, suite, &everything, threads);
    for (file, found) in everything.iter().zip(found) {
        if let Some(error) = found.iter().find(|it| is_error(it)) {
            let path = file.path(db);
            let message = &error.message;
            return Err(NotMigrated::Wrong(format!(
                "{path} would have an error: {message}"
            )));
        }
    }
    let after = assemble(db, suite, &Selection::default());
    same::same(before, &after, to).map_err(NotMigrated::Wrong)
}

/// Whether something in the module means something else in each edition.
fn depends_on_edition(db: &dyn Db, file: SourceFile) -> bool {
    let bodies = crate::bodies::lower(db, file);
    let text: &str = file.text(db);
    let ambiguous = bodies.stmts.iter().any(|stmt| {
        matches!(
            stmt.kind,
            StmtKind::PureMatch {
                assigned: Some(_),
                ..
            }
        )
    });
    let reference = bodies.pieces.iter().any(|piece| match *piece {
        Piece::Exposed { .. } => true,
        Piece::Var { name, .. } => name.slice(text) == relux_syntax::names::KEYWORD_VAR,
        _ => false,
    });
    let implicit = item_index(db, file)
        .effects
        .iter()
        .any(|effect| effect.exposes.is_empty() && !effect.exposed().is_empty());
    ambiguous || reference || implicit
}
