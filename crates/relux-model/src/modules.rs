//! The modules of a suite by path. Nothing is relative: `import a/b` always means `relux/lib/a/b.relux`.

use relux_syntax::validation::is_import_path;
use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile, Suite};
use crate::items::Name;

/// All modules of a suite.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modules {
    by_import_path: FxHashMap<Name, SourceFile>,
    by_path: FxHashMap<Name, SourceFile>,
}

impl Modules {
    /// The module that `import path` means.
    pub fn import(&self, path: &str) -> Option<SourceFile> {
        self.by_import_path.get(path).copied()
    }

    /// The file of this path below the suite root.
    pub fn file(&self, path: &str) -> Option<SourceFile> {
        self.by_path.get(path).copied()
    }

    /// All paths that can be written behind `import`, sorted. Files may be called what the language has no words for.
    pub fn import_paths(&self) -> Vec<&Name> {
        let all = self.by_import_path.keys();
        let mut paths: Vec<&Name> = all.filter(|it| is_import_path(it)).collect();
        paths.sort();
        paths
    }
}

/// The modules of a suite. Changes only when files come or go.
#[salsa::tracked(returns(ref))]
pub fn modules(db: &dyn Db, suite: Suite) -> Modules {
    let mut modules = Modules::default();
    for &file in suite.files(db).iter() {
        modules.by_path.insert(Name::from(&**file.path(db)), file);
        if let Some(path) = file.import_path(db) {
            modules.by_import_path.insert(Name::from(path), file);
        }
    }
    modules
}
