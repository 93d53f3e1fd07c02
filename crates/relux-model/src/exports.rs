//! Which modules export a name: for "it is exported by" hints and for completion. Only lib modules can be imported.

use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Name, item_index};

/// Exported names of a suite with the modules that export them, in path order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exports {
    effects: FxHashMap<Name, Vec<SourceFile>>,
    functions: FxHashMap<Name, Vec<SourceFile>>,
}

impl Exports {
    /// Modules that export an effect of this name.
    pub fn effect(&self, name: &str) -> &[SourceFile] {
        self.effects.get(name).map_or(&[], Vec::as_slice)
    }

    /// Modules that export a function of this name, of any arity.
    pub fn function(&self, name: &str) -> &[SourceFile] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// All exported effects, unsorted.
    pub fn effect_names(&self) -> impl Iterator<Item = &Name> {
        self.effects.keys()
    }

    /// All exported functions, unsorted.
    pub fn function_names(&self) -> impl Iterator<Item = &Name> {
        self.functions.keys()
    }
}

/// What the lib modules of a suite export. Asked for only when something does not resolve.
#[salsa::tracked(returns(ref))]
pub fn exports(db: &dyn Db, suite: Suite) -> Exports {
    let mut exports = Exports::default();
    for &file in suite.files(db).iter() {
        if file.import_path(db).is_none() {
            continue;
        }
        let index = item_index(db, file);
        for effect in &index.effects {
            push(&mut exports.effects, effect.name(), file);
        }
        for function in &index.functions {
            push(&mut exports.functions, function.name(), file);
        }
    }
    exports
}

fn push(map: &mut FxHashMap<Name, Vec<SourceFile>>, name: &Name, file: SourceFile) {
    if name.is_empty() {
        return;
    }
    let files = map.entry(name.clone()).or_default();
    if files.last() != Some(&file) {
        files.push(file);
    }
}
