//! What the names of a module mean: its own definitions first, then its imports in file order.
//!
//! Functions are looked up by name and number of arguments, effects by name. Imported names are never exported again.
//! Conflicts are reported by the item checks; a scope holds the definition that wins.
//!
//! Of an imported module a scope reads the [`interface`] only, and whoever asks for one effect reads even less: what is
//! typed in a library that everybody imports must not be heard by everybody.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::checks::MAX_SEARCHES;
use crate::db::{Db, SourceFile, Suite};
use crate::importers::imports;
use crate::items::{Def, Effect, Function, Import, ItemId, ItemIndex, ItemKind, Name, item_index};
use crate::modules::modules;
use relux_syntax::nearest::nearest;

/// The names of one module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    functions: FxHashMap<Name, Vec<ScopedFunction>>,
    effects: FxHashMap<Name, Def>,
    /// Parallel to `ItemIndex::imports`.
    imports: Vec<Option<SourceFile>>,
    /// A wildcard import that does not resolve: any unknown name may come from it.
    open: bool,
    /// Names that a failing selective import would bring.
    missing: FxHashSet<Name>,
}

/// A function in scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopedFunction {
    /// Number of parameters.
    pub arity: usize,
    /// Whether it is a `pure fn`.
    pub pure: bool,
    /// What it is.
    pub def: Def,
    /// Position in `ItemIndex::imports` of the import that brings it; `None` for an own definition.
    pub import: Option<u32>,
}

impl Scope {
    /// The function that a call with so many arguments calls. Builtins are not in scopes.
    pub fn function(&self, name: &str, arity: usize) -> Option<&ScopedFunction> {
        self.functions_named(name)
            .iter()
            .find(|function| function.arity == arity)
    }

    /// All functions of a name, in order of precedence.
    pub fn functions_named(&self, name: &str) -> &[ScopedFunction] {
        self.functions.get(name).map_or(&[], Vec::as_slice)
    }

    /// The effect of a name.
    pub fn effect(&self, name: &str) -> Option<&Def> {
        self.effects.get(name)
    }

    /// Names of all functions in scope, unsorted.
    pub fn function_names(&self) -> impl Iterator<Item = &Name> {
        self.functions.keys()
    }

    /// Names of all effects in scope, unsorted.
    pub fn effect_names(&self) -> impl Iterator<Item = &Name> {
        self.effects.keys()
    }

    /// The module that the import at this position of `ItemIndex::imports` means.
    pub fn import(&self, position: usize) -> Option<SourceFile> {
        self.imports.get(position).copied().flatten()
    }

    /// Whether an unknown name may come from an import that does not resolve, and must not be reported again.
    pub fn may_be_missing_import(&self, name: &str) -> bool {
        self.open || self.missing.contains(name)
    }
}

/// What importers can name of a module: its functions and effects with nothing in them.
#[salsa::tracked(returns(ref))]
fn interface(db: &dyn Db, file: SourceFile) -> Arc<ItemIndex> {
    let index = item_index(db, file);
    let functions = index.functions.iter().map(|it| Function {
        markers: Vec::new(),
        ..it.clone()
    });
    let effects = index.effects.iter().map(|it| Effect::named(it.id.clone()));
    Arc::new(ItemIndex::new(
        Vec::new(),
        functions.collect(),
        effects.collect(),
        Vec::new(),
    ))
}

/// The names of the effects of a module, sorted.
#[salsa::tracked(returns(ref))]
fn effect_names(db: &dyn Db, file: SourceFile) -> Box<[Name]> {
    let effects = item_index(db, file).effects.iter();
    let mut names: Vec<Name> = effects.map(|it| it.name().clone()).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names.into()
}

/// What [`Scope::effect`] says, without a scope: for those who look at the effects of all modules.
pub fn effect(db: &dyn Db, suite: Suite, file: SourceFile, name: &str) -> Option<Def> {
    let in_file = |file: SourceFile, name: &str| {
        let names = effect_names(db, file);
        let at = names.binary_search_by(|it| it.as_str().cmp(name)).ok()?;
        Some(Def {
            file,
            id: ItemId::new(ItemKind::Effect, names[at].clone()),
        })
    };
    let modules = modules(db, suite);
    let imported = |import: &Import| {
        let target = modules.import(import.path())?;
        match &import.names {
            None => in_file(target, name),
            Some(names) => names
                .iter()
                .filter(|it| it.local() == name)
                .find_map(|it| in_file(target, &it.name)),
        }
    };
    in_file(file, name).or_else(|| imports(db, file).iter().find_map(imported))
}

/// The scope of a module. Made again in no time, so only those of recently used modules are kept.
#[salsa::tracked(returns(ref), lru = 256)]
pub fn scope(db: &dyn Db, suite: Suite, file: SourceFile) -> Scope {
    let modules = modules(db, suite);
    let mut scope = Scope::default();
    let mut searches = MAX_SEARCHES;
    scope.add_all(file, interface(db, file), None);
    for (position, import) in imports(db, file).iter().enumerate() {
        let target = modules.import(import.path());
        scope.imports.push(target);
        match target {
            Some(target) => {
                scope.add_import(
                    import,
                    position as u32,
                    target,
                    interface(db, target),
                    &mut searches,
                );
            }
            None => scope.add_failed_import(import),
        }
    }
    scope
}

impl Scope {
    fn add_function(&mut self, local: &Name, file: SourceFile, function: &Function, import: Option<u32>) {
        let arity = function.arity();
        let known = self.functions.entry(local.clone()).or_default();
        let new = ScopedFunction {
            arity,
            pure: function.pure,
            def: Def {
                file,
                id: function.id.clone(),
            },
            import,
        };
        match known.iter_mut().find(|known| known.arity == arity) {
            None => known.push(new),
            // Of `fn f()` and `pure fn f()` in one module the pure one is used everywhere.
            Some(first) if first.def.file == file && first.import == import && new.pure && !first.pure => {
                *first = new;
            }
            Some(_) => {}
        }
    }

    fn add_all(&mut self, file: SourceFile, index: &ItemIndex, import: Option<u32>) {
        for function in index.functions.iter().filter(|it| !it.name().is_empty()) {
            self.add_function(function.name(), file, function, import);
        }
        for effect in index.effects.iter().filter(|it| !it.name().is_empty()) {
            self.effects.entry(effect.name().clone()).or_insert_with(|| Def {
                file,
                id: effect.id.clone(),
            });
        }
    }

    fn add_import(
        &mut self,
        import: &Import,
        position: u32,
        target: SourceFile,
        index: &Arc<ItemIndex>,
        searches: &mut u32,
    ) {
        let Some(names) = &import.names else {
            return self.add_all(target, index, Some(position));
        };
        for name in names {
            let mut found = false;
            for function in index.functions_named(&name.name) {
                self.add_function(name.local(), target, function, Some(position));
                found = true;
            }
            if let Some(effect) = index.effect_named(&name.name) {
                self.effects.entry(name.local().clone()).or_insert_with(|| Def {
                    file: target,
                    id: effect.id.clone(),
                });
                found = true;
            }
            if !found {
                self.missing.insert(name.local().clone());
                if *searches > 0 {
                    *searches -= 1;
                    self.missing.extend(meant(&name.name, index).cloned());
                }
            }
        }
    }

    fn add_failed_import(&mut self, import: &Import) {
        match &import.names {
            None => self.open = true,
            Some(names) => self.missing.extend(names.iter().map(|name| name.local().clone())),
        }
    }
}

/// The name that a misspelt one in an import list probably means. Its uses follow from that mistake.
fn meant<'a>(name: &str, index: &'a ItemIndex) -> Option<&'a Name> {
    let functions = index.functions.iter().map(Function::name);
    let names: Vec<&Name> = functions.chain(index.effects.iter().map(Effect::name)).collect();
    let near = nearest(name, names.iter().map(|known| known.as_str()))?;
    names.into_iter().find(|known| known.as_str() == near)
}
