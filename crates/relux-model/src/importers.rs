//! Who imports whom. It hears of import lines only, so that whatever else is typed moves nothing here.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Import, item_index};
use crate::modules::modules;

/// The imports of a module, in order.
#[salsa::tracked(returns(ref))]
pub fn imports(db: &dyn Db, file: SourceFile) -> Arc<[Import]> {
    item_index(db, file).imports.as_slice().into()
}

/// The modules that import each module, in path order; only for modules that somebody imports.
#[salsa::tracked(returns(ref))]
pub fn importers(db: &dyn Db, suite: Suite) -> FxHashMap<SourceFile, Vec<SourceFile>> {
    let modules = modules(db, suite);
    let mut importers: FxHashMap<SourceFile, Vec<SourceFile>> = FxHashMap::default();
    for &file in suite.files(db).iter() {
        for import in imports(db, file).iter() {
            let Some(target) = modules.import(import.path()) else {
                continue;
            };
            let known = importers.entry(target).or_default();
            if known.last() != Some(&file) {
                known.push(file);
            }
        }
    }
    importers
}
