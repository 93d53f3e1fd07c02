//! Moving files and directories: imports of the modules in them follow.
//!
//! Imports are never relative, so what a moved module imports itself stays as it is.

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::scope::scope;
use relux_model::source_map::source_map;
use relux_model::{Db, SourceFile, Suite};
use relux_syntax::names::is_keyword;
use rustc_hash::FxHashMap;

use crate::places::path_of;
use crate::rename::FileEdits;

/// The edits that follow when files or directories of a suite move, by path; all files by the paths that they have now.
pub(crate) fn will_move(db: &dyn Db, suite: Suite, moves: &[(Utf8PathBuf, Utf8PathBuf)]) -> Vec<FileEdits> {
    let root = Utf8Path::new(&**suite.root(db));
    let new_paths: FxHashMap<SourceFile, String> = suite
        .files(db)
        .iter()
        .filter_map(|&file| Some((file, new_import_path(db, root, file, moves)?)))
        .collect();
    if new_paths.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for &file in suite.files(db).iter() {
        db.unwind_if_revision_cancelled();
        let scope = scope(db, suite, file);
        let imports = source_map(db, file).imports.iter().enumerate();
        let edits: Vec<_> = imports
            .filter_map(|(at, ranges)| Some((ranges.path, new_paths.get(&scope.import(at)?)?.clone())))
            .collect();
        if !edits.is_empty() {
            all.push(FileEdits {
                file: path_of(db, suite, file),
                edits,
            });
        }
    }
    all
}

/// How a module is imported after the moves; `None` where nothing changes, or where it can no longer be imported.
fn new_import_path(
    db: &dyn Db,
    root: &Utf8Path,
    file: SourceFile,
    moves: &[(Utf8PathBuf, Utf8PathBuf)],
) -> Option<String> {
    let old = file.import_path(db)?;
    let path = root.join(&**file.path(db));
    let (from, to) = moves.iter().find(|(from, _)| path.starts_with(from))?;
    let rest = path.strip_prefix(from).ok()?;
    let new = if rest.as_str().is_empty() {
        to.clone()
    } else {
        to.join(rest)
    };
    let new = new.strip_prefix(root.join("relux/lib")).ok()?;
    let new = new.as_str().strip_suffix(".relux")?;
    (new != old && can_be_imported(new)).then(|| new.to_owned())
}

/// Whether the language has words for the path.
fn can_be_imported(path: &str) -> bool {
    path.split('/').all(|segment| {
        let letters = segment.chars().all(|c| c.is_alphanumeric() || c == '_');
        !segment.is_empty() && letters && !is_keyword(segment)
    })
}

#[cfg(test)]
mod tests;
