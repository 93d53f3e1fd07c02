//! Call hierarchy (who calls a function, who starts an effect, and what these use themselves) and type hierarchy (the
//! same for starts alone).
//!
//! Items are handed to the client and come back later: they are found again by file, kind and name.

use camino::Utf8PathBuf;
use relux_model::bodies::lower;
use relux_model::names::{Occurrence, Role, Symbol, occurrences, references, resolve_at};
use relux_model::source_map::{item_range, name_range, source_map};
use relux_model::{Db, Def, ItemKind, SourceFile, item_index};
use relux_syntax::TextRange;

use crate::places::path_of;
use crate::suites::Entry;

/// What an item of a hierarchy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HierarchyKind {
    /// `fn` and `pure fn`
    Function,
    /// `effect`
    Effect,
    /// `test`
    Test,
}

/// A function, effect or test in a hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HierarchyItem {
    /// As written.
    pub name: String,
    /// What it is.
    pub kind: HierarchyKind,
    /// Its module, and the parameters of a function.
    pub detail: String,
    /// Absolute path.
    pub file: Utf8PathBuf,
    /// All of it.
    pub whole: TextRange,
    /// The name in it.
    pub focus: TextRange,
}

/// A caller or callee with the places where it calls or is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The other end.
    pub item: HierarchyItem,
    /// The calls, all in the file of the caller.
    pub ranges: Vec<TextRange>,
}

/// Which hierarchy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hierarchy {
    /// Calls of functions, and starts.
    Calls,
    /// Starts alone.
    Starts,
}

/// The items at an offset. A call hierarchy also begins at a test, or at a name's own header.
pub(crate) fn prepare(db: &dyn Db, entry: Entry, offset: u32, what: Hierarchy) -> Vec<HierarchyItem> {
    let Some(found) = resolve_at(db, entry.suite, entry.file, offset) else {
        return Vec::new();
    };
    let def = |it: &Occurrence| match &it.symbol {
        Symbol::Effect(def) => Some(def.clone()),
        Symbol::Function(def) | Symbol::Test(def) if what == Hierarchy::Calls => Some(def.clone()),
        _ => None,
    };
    let defs = found.occurrences.iter().filter_map(def);
    defs.filter_map(|def| item(db, entry, &def)).collect()
}

/// Who uses the item, by file and position.
pub(crate) fn incoming(db: &dyn Db, entry: Entry, name: &str, was: u32, kind: HierarchyKind) -> Vec<Calls> {
    let symbol = match (find(db, entry.file, name, was, kind), kind) {
        (Some(def), HierarchyKind::Function) => Symbol::Function(def),
        (Some(def), HierarchyKind::Effect) => Symbol::Effect(def),
        _ => return Vec::new(),
    };
    let mut calls: Vec<(Def, TextRange)> = Vec::new();
    for (file, at) in references(db, entry.suite, &symbol) {
        if at.role == Role::Reference
            && let Some(def) = enclosing(db, file, at.range)
        {
            calls.push((def, at.range));
        }
    }
    grouped(db, entry, calls)
}

/// What the item uses, in the order of its first use.
pub(crate) fn outgoing(
    db: &dyn Db,
    entry: Entry,
    name: &str,
    was: u32,
    kind: HierarchyKind,
    what: Hierarchy,
) -> Vec<Calls> {
    let Some(own) = find(db, entry.file, name, was, kind) else {
        return Vec::new();
    };
    let mut calls = Vec::new();
    for at in occurrences(db, entry.suite, entry.file) {
        let used = match &at.symbol {
            Symbol::Effect(def) => def,
            Symbol::Function(def) if what == Hierarchy::Calls => def,
            _ => continue,
        };
        if at.role == Role::Reference && enclosing(db, entry.file, at.range).as_ref() == Some(&own) {
            calls.push((used.clone(), at.range));
        }
    }
    grouped(db, entry, calls)
}

fn grouped(db: &dyn Db, entry: Entry, calls: Vec<(Def, TextRange)>) -> Vec<Calls> {
    let mut groups: Vec<(Def, Vec<TextRange>)> = Vec::new();
    for (def, range) in calls {
        match groups.iter_mut().find(|(known, _)| *known == def) {
            Some((_, ranges)) => ranges.push(range),
            None => groups.push((def, vec![range])),
        }
    }
    let calls = |(def, ranges): (Def, Vec<TextRange>)| {
        let item = item(db, entry, &def)?;
        Some(Calls { item, ranges })
    };
    groups.into_iter().filter_map(calls).collect()
}

/// The definition whose header, markers or body hold a range.
fn enclosing(db: &dyn Db, file: SourceFile, range: TextRange) -> Option<Def> {
    let definition = lower(db, file).definition_at(range.start)?;
    let (index, at) = (item_index(db, file), definition.position as usize);
    let id = match definition.item_kind() {
        ItemKind::Function => &index.functions.get(at)?.id,
        ItemKind::Effect => &index.effects.get(at)?.id,
        ItemKind::Test => &index.tests.get(at)?.id,
        ItemKind::Import => return None,
    };
    Some(Def { file, id: id.clone() })
}

fn item(db: &dyn Db, entry: Entry, def: &Def) -> Option<HierarchyItem> {
    let module = def.file.module_id(db);
    let index = item_index(db, def.file);
    let (kind, detail) = match def.id.kind {
        ItemKind::Function => {
            let params = index.function(&def.id)?.params.join(", ");
            (HierarchyKind::Function, format!("({params}) {module}"))
        }
        ItemKind::Effect => (HierarchyKind::Effect, module.to_owned()),
        ItemKind::Test => (HierarchyKind::Test, module.to_owned()),
        ItemKind::Import => return None,
    };
    let (whole, focus) = (
        item_range(db, def.file, &def.id)?,
        name_range(db, def.file, &def.id)?,
    );
    Some(HierarchyItem {
        name: def.id.name.to_string(),
        kind,
        detail,
        file: path_of(db, entry.suite, def.file),
        whole,
        focus: if whole.covers(focus) { focus } else { whole },
    })
}

/// The definition that an item of a client means: that of its name nearest to where it was.
fn find(db: &dyn Db, file: SourceFile, name: &str, was: u32, kind: HierarchyKind) -> Option<Def> {
    let (index, map) = (item_index(db, file), source_map(db, file));
    let wanted = match kind {
        HierarchyKind::Function => ItemKind::Function,
        HierarchyKind::Effect => ItemKind::Effect,
        HierarchyKind::Test => ItemKind::Test,
    };
    let ids = index.ids().filter(|id| id.kind == wanted && id.name == name);
    let id = ids.min_by_key(|id| {
        let at = index.position(id).and_then(|at| match kind {
            HierarchyKind::Function => map.functions.get(at).map(|it| it.name),
            HierarchyKind::Effect => map.effects.get(at).map(|it| it.name),
            HierarchyKind::Test => map.tests.get(at).map(|it| it.name),
        });
        at.unwrap_or_default().start.abs_diff(was)
    })?;
    Some(Def { file, id: id.clone() })
}

#[cfg(test)]
mod tests;
