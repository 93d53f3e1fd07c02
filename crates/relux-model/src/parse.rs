//! Trees and line indexes of files. Trees are large, so only those of recently used files are kept.

use relux_syntax::{LineIndex, Parse};

use crate::db::{Db, SourceFile};

/// The tree of a file. Every text has one.
///
/// Trees beyond the limit are dropped when something is written or [`crate::RootDb::drop_trees`] is called.
#[salsa::tracked(returns(ref), no_eq, lru = 256)]
pub fn parse(db: &dyn Db, file: SourceFile) -> Parse {
    db.made_a_tree();
    let text = file.text(db).clone();
    match file.hint(db) {
        Some(old) => relux_syntax::reparse(old, text),
        None => relux_syntax::parse(text),
    }
}

/// Where the lines of a file begin.
#[salsa::tracked(returns(ref), no_eq, lru = 256)]
pub fn line_index(db: &dyn Db, file: SourceFile) -> LineIndex {
    LineIndex::new(file.text(db))
}

/// Makes everything of a file that needs its tree, so that the tree can be dropped.
pub(crate) fn lower_all(db: &dyn Db, file: SourceFile) {
    crate::items::item_index(db, file);
    crate::source_map::source_map(db, file);
    crate::edition::verdict(db, file);
    crate::bodies::lower(db, file);
}
