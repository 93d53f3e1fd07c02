//! Which modules export a name: for "it is exported by" hints and for completion. Only lib modules can be imported, and only
//! those whose path can be written.

use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Name, item_index};

/// Exported names of a suite with the modules that export them, in path order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exports {
    effects: FxHashMap<Name, Vec<SourceFile>>,
    functions: FxHashMap<Name, Vec<ExportedFunction>>,
}

/// A function as others can call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ExportedFunction {
    file: SourceFile,
    arity: usize,
    pure: bool,
}

impl ExportedFunction {
    fn fits(self, arity: usize, pure: bool) -> bool {
        self.arity == arity && (self.pure || !pure)
    }
}

impl Exports {
    /// Modules that export an effect of this name.
    pub fn effect(&self, name: &str) -> &[SourceFile] {
        self.effects.get(name).map_or(&[], Vec::as_slice)
    }

    /// Modules that export a function of this name, of any arity.
    pub fn function(&self, name: &str) -> Vec<SourceFile> {
        self.exporters(name, |_| true)
    }

    /// Modules that export a function of this name with so many parameters; a pure one where only that can be called.
    pub(crate) fn callable(&self, name: &str, arity: usize, pure: bool) -> Vec<SourceFile> {
        self.exporters(name, |it| it.fits(arity, pure))
    }

    fn exporters(&self, name: &str, wanted: impl Fn(ExportedFunction) -> bool) -> Vec<SourceFile> {
        let all = self.functions.get(name).into_iter().flatten();
        let mut files: Vec<SourceFile> = all.filter(|it| wanted(**it)).map(|it| it.file).collect();
        files.dedup();
        files
    }

    /// The names of [`Self::callable`] functions, unsorted.
    pub(crate) fn callable_names(&self, arity: usize, pure: bool) -> impl Iterator<Item = &Name> {
        let all = self.functions.iter();
        all.filter(move |(_, all)| all.iter().any(|it| it.fits(arity, pure)))
            .map(|(name, _)| name)
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
        if file.proper_import_path(db).is_none() {
            continue;
        }
        let index = item_index(db, file);
        for effect in &index.effects {
            push(&mut exports.effects, effect.name(), file);
        }
        for function in &index.functions {
            let exported = ExportedFunction {
                file,
                arity: function.arity(),
                pure: function.pure,
            };
            push(&mut exports.functions, function.name(), exported);
        }
    }
    exports
}

fn push<T: PartialEq>(map: &mut FxHashMap<Name, Vec<T>>, name: &Name, exporter: T) {
    if name.is_empty() {
        return;
    }
    let all = map.entry(name.clone()).or_default();
    if all.last() != Some(&exporter) {
        all.push(exporter);
    }
}
