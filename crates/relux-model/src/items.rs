//! The item index of a file: what other files can see of it. This is the firewall of the model.
//!
//! It holds no positions and no bodies, so that a keystroke in a body leaves it equal and nothing outside of the file
//! is computed again. Positions of the same things are in [`SourceMap`](crate::source_map::SourceMap), by [`ItemId`].

use std::borrow::Cow;
use std::sync::Arc;

use compact_str::CompactString;
use rustc_hash::FxHashMap;

use crate::db::{Db, SourceFile};
pub use crate::inputs::Definition;
use crate::plan::{ExposeKind, MarkerKind, Timeout};

/// A name in a suite. Short ones take no allocation.
pub type Name = CompactString;

/// The kind of a top-level item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// `import …`; its name is the path.
    Import,
    /// `fn` or `pure fn`.
    Function,
    /// `effect`.
    Effect,
    /// `test`.
    Test,
}

/// The stable name of an item in its file: it survives edits elsewhere in the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    /// Kind of the item.
    pub kind: ItemKind,
    /// Its name as written; empty where it is missing.
    pub name: Name,
    /// How many items of this kind and name stand before it in the file.
    pub ordinal: u32,
}

impl ItemId {
    /// An id whose ordinal [`ItemIndex::new`] will count.
    pub fn new(kind: ItemKind, name: impl Into<Name>) -> Self {
        Self {
            kind,
            name: name.into(),
            ordinal: 0,
        }
    }
}

/// An item of a suite, by file and stable id: what names resolve to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Def {
    /// Where it is defined.
    pub file: SourceFile,
    /// Which item there.
    pub id: ItemId,
}

/// Everything other files can see of a file, in source order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemIndex {
    /// `import`s.
    pub imports: Vec<Import>,
    /// `fn`s and `pure fn`s.
    pub functions: Vec<Function>,
    /// `effect`s.
    pub effects: Vec<Effect>,
    /// `test`s.
    pub tests: Vec<Test>,
    /// Positions in the vectors above, sorted by id, so that a lookup in a huge file is not a scan.
    lookup: Vec<(ItemKind, u32)>,
}

impl ItemIndex {
    /// An index of these items, each list in source order. Ordinals are counted here.
    pub fn new(
        mut imports: Vec<Import>,
        mut functions: Vec<Function>,
        mut effects: Vec<Effect>,
        mut tests: Vec<Test>,
    ) -> Self {
        count_ordinals(&mut imports);
        count_ordinals(&mut functions);
        count_ordinals(&mut effects);
        count_ordinals(&mut tests);
        let mut index = Self {
            imports,
            functions,
            effects,
            tests,
            lookup: Vec::new(),
        };
        let mut lookup = Vec::new();
        for (kind, count) in [
            (ItemKind::Import, index.imports.len()),
            (ItemKind::Function, index.functions.len()),
            (ItemKind::Effect, index.effects.len()),
            (ItemKind::Test, index.tests.len()),
        ] {
            lookup.extend((0..count as u32).map(|at| (kind, at)));
        }
        lookup.sort_by(|a, b| index.id_at(*a).cmp(index.id_at(*b)));
        index.lookup = lookup;
        index
    }

    fn id_at(&self, (kind, at): (ItemKind, u32)) -> &ItemId {
        let at = at as usize;
        match kind {
            ItemKind::Import => &self.imports[at].id,
            ItemKind::Function => &self.functions[at].id,
            ItemKind::Effect => &self.effects[at].id,
            ItemKind::Test => &self.tests[at].id,
        }
    }

    /// Position of the item in the vector of its kind; the source map uses the same positions.
    pub fn position(&self, id: &ItemId) -> Option<usize> {
        let found = self
            .lookup
            .binary_search_by(|entry| self.id_at(*entry).cmp(id))
            .ok()?;
        Some(self.lookup[found].1 as usize)
    }

    /// The import with this id.
    pub fn import(&self, id: &ItemId) -> Option<&Import> {
        (id.kind == ItemKind::Import)
            .then(|| self.position(id))?
            .map(|at| &self.imports[at])
    }

    /// The function with this id.
    pub fn function(&self, id: &ItemId) -> Option<&Function> {
        (id.kind == ItemKind::Function)
            .then(|| self.position(id))?
            .map(|at| &self.functions[at])
    }

    /// The effect with this id.
    pub fn effect(&self, id: &ItemId) -> Option<&Effect> {
        (id.kind == ItemKind::Effect)
            .then(|| self.position(id))?
            .map(|at| &self.effects[at])
    }

    /// The test with this id.
    pub fn test(&self, id: &ItemId) -> Option<&Test> {
        (id.kind == ItemKind::Test)
            .then(|| self.position(id))?
            .map(|at| &self.tests[at])
    }

    /// All functions of a name in source order.
    pub fn functions_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Function> {
        self.named(ItemKind::Function, name).map(|at| &self.functions[at])
    }

    /// The first effect of a name; later ones are dead.
    pub fn effect_named(&self, name: &str) -> Option<&Effect> {
        self.named(ItemKind::Effect, name)
            .next()
            .map(|at| &self.effects[at])
    }

    fn named<'a>(&'a self, kind: ItemKind, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let from = self.lookup.partition_point(|entry| {
            let id = self.id_at(*entry);
            (id.kind, id.name.as_str()) < (kind, name)
        });
        self.lookup[from..]
            .iter()
            .take_while(move |entry| entry.0 == kind && self.id_at(**entry).name == name)
            .map(|entry| entry.1 as usize)
    }

    /// All ids in the order imports, functions, effects, tests; each group in source order.
    pub fn ids(&self) -> impl Iterator<Item = &ItemId> {
        let imports = self.imports.iter().map(|item| &item.id);
        let functions = self.functions.iter().map(|item| &item.id);
        let effects = self.effects.iter().map(|item| &item.id);
        let tests = self.tests.iter().map(|item| &item.id);
        imports.chain(functions).chain(effects).chain(tests)
    }
}

/// Anything that has an [`ItemId`].
trait HasId {
    fn id_mut(&mut self) -> &mut ItemId;
}

fn count_ordinals<T: HasId>(items: &mut [T]) {
    let mut seen: FxHashMap<Name, u32> = FxHashMap::default();
    for item in items {
        let id = item.id_mut();
        let count = seen.entry(id.name.clone()).or_default();
        id.ordinal = *count;
        *count += 1;
    }
}

macro_rules! has_id {
    ($($item:ty),*) => {$(
        impl HasId for $item {
            fn id_mut(&mut self) -> &mut ItemId {
                &mut self.id
            }
        }
    )*};
}
has_id!(Import, Function, Effect, Test);

/// `import path` or `import path { names }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Kind [`ItemKind::Import`]; the name is the path below `relux/lib` without extension.
    pub id: ItemId,
    /// The list in braces; `None` for everything the module exports.
    pub names: Option<Vec<ImportName>>,
}

impl Import {
    /// Path below `relux/lib` without extension: `api/http`.
    pub fn path(&self) -> &Name {
        &self.id.name
    }
}

/// A name in the list of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportName {
    /// As the module exports it.
    pub name: Name,
    /// `as` name.
    pub alias: Option<Name>,
}

impl ImportName {
    /// The name under which it is in scope.
    pub fn local(&self) -> &Name {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// `fn name(params)` or `pure fn name(params)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Kind [`ItemKind::Function`]; overloads of one name count up the ordinal.
    pub id: ItemId,
    /// Parameter names in order.
    pub params: Vec<Name>,
    /// Whether all parameters could be read; otherwise nobody knows how many it takes.
    pub has_whole_header: bool,
    /// `pure fn`.
    pub pure: bool,
    /// Markers above it.
    pub markers: Vec<MarkerItem>,
}

impl Function {
    /// Name as written.
    pub fn name(&self) -> &Name {
        &self.id.name
    }

    /// Number of parameters.
    pub fn arity(&self) -> usize {
        self.params.len()
    }
}

/// `effect Name { … }` without its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Kind [`ItemKind::Effect`].
    pub id: ItemId,
    /// All `expect` names in order; duplicates are kept.
    pub expects: Vec<Name>,
    /// `let`s of the effect in order.
    pub lets: Vec<LetItem>,
    /// `start`s in order.
    pub starts: Vec<StartItem>,
    /// `expose`s in order.
    pub exposes: Vec<ExposeItem>,
    /// Shell blocks in order.
    pub shells: Vec<ShellItem>,
    /// Whether it has a `cleanup` block.
    pub cleanup: bool,
    /// Markers above it.
    pub markers: Vec<MarkerItem>,
}

impl Effect {
    /// An effect of which nothing else is known.
    pub(crate) fn named(id: ItemId) -> Self {
        Self {
            id,
            expects: Vec::new(),
            lets: Vec::new(),
            starts: Vec::new(),
            exposes: Vec::new(),
            shells: Vec::new(),
            cleanup: false,
            markers: Vec::new(),
        }
    }

    /// Name as written.
    pub fn name(&self) -> &Name {
        &self.id.name
    }

    /// What a starter can see: the exposes, or the first own shell where the effect says nothing (edition 2026-04).
    /// Of two with the same exposed name the last one wins.
    pub fn exposed(&self) -> Cow<'_, [ExposeItem]> {
        if !self.exposes.is_empty() {
            return Cow::Borrowed(&self.exposes);
        }
        let first = self.shells.iter().find(|shell| shell.qualifier.is_none());
        first
            .map(|shell| ExposeItem {
                kind: ExposeKind::Shell,
                from: None,
                target: shell.name.clone(),
                alias: None,
            })
            .into_iter()
            .collect()
    }
}

/// `test "name" { … }` without its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Kind [`ItemKind::Test`]; the name is the text between the quotes.
    pub id: ItemId,
    /// Timeout in the header, where it is valid.
    pub timeout: Option<Timeout>,
    /// `let`s of the test in order.
    pub lets: Vec<LetItem>,
    /// `start`s in order.
    pub starts: Vec<StartItem>,
    /// Shell blocks in order.
    pub shells: Vec<ShellItem>,
    /// Whether it has a `cleanup` block.
    pub cleanup: bool,
    /// Markers above it.
    pub markers: Vec<MarkerItem>,
}

impl Test {
    /// Name as written between the quotes.
    pub fn name(&self) -> &Name {
        &self.id.name
    }

    /// The name as part of ids and paths: ASCII letters and digits, `-` and `_` kept and lowered, everything else `-`,
    /// none at the ends.
    pub fn slug(&self) -> String {
        slug(self.name())
    }
}

/// The part of a test id that stands for its name.
pub fn slug(name: &str) -> String {
    let mapped: String = name
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '-' | '_' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    mapped.trim_matches('-').to_owned()
}

/// `let name …` of a test or effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetItem {
    /// The variable.
    pub name: Name,
    /// Whether the value is a call of `available_port`.
    pub port: bool,
}

/// `start Effect as Alias { overlay }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartItem {
    /// Name of the effect; empty where it is missing.
    pub effect: Name,
    /// `as` name.
    pub alias: Option<Name>,
    /// Entries in order; duplicates are kept.
    pub overlay: Vec<OverlayItem>,
}

/// `KEY` or `KEY = value` in an overlay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlayItem {
    /// Environment name that is set.
    pub key: Name,
    /// What it is set to.
    pub value: OverlayShape,
    /// `Alias.name` that the value reads, in order of appearance, also inside of strings.
    pub siblings: Vec<SiblingRef>,
}

/// The shape of an overlay value, as far as other files can care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverlayShape {
    /// `KEY` alone: the variable of the same name.
    Shorthand,
    /// A single variable.
    Var(Name),
    /// `Alias.name`, also the first of [`OverlayItem::siblings`].
    Sibling,
    /// Anything else, as the text of its source: equal texts in one scope mean equal values unless a call is in it.
    Other(Arc<str>),
}

/// `Alias.name` in an overlay value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiblingRef {
    /// Alias of the start.
    pub alias: Name,
    /// Exposed variable.
    pub name: Name,
}

/// `expose …` in the words of both editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposeItem {
    /// Shell or variable; without a keyword it is a shell.
    pub kind: ExposeKind,
    /// Alias of the start it comes from; `None` for an own shell or `let`.
    pub from: Option<Name>,
    /// Name of the shell or variable there.
    pub target: Name,
    /// `as` name.
    pub alias: Option<Name>,
}

impl ExposeItem {
    /// Name under which a starter sees it.
    pub fn name(&self) -> &Name {
        self.alias.as_ref().unwrap_or(&self.target)
    }
}

/// The header of a shell block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellItem {
    /// Alias of the start whose shell is meant; `None` for an own shell.
    pub qualifier: Option<Name>,
    /// The shell.
    pub name: Name,
    /// Whether there is neither statement nor comment in it.
    pub empty: bool,
}

/// The head of a condition marker; its condition belongs to the bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarkerItem {
    /// What it decides; `None` where the word is unknown.
    pub kind: Option<MarkerKind>,
    /// `unless` instead of `if`.
    pub negated: bool,
    /// Whether it has a condition.
    pub conditional: bool,
}

/// The item index of a file.
#[salsa::tracked(returns(ref))]
pub fn item_index(db: &dyn Db, file: SourceFile) -> Arc<ItemIndex> {
    crate::lower::lowered(db, file).index.clone()
}
