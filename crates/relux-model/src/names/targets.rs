//! Where a symbol is defined.

use relux_syntax::TextRange;

use super::{Occurrence, Role, Symbol, VariableScope, occurrences};
use crate::bodies::exposed::{find_start, started};
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, ItemKind, Name, StartItem, item_index};
use crate::plan::ExposeKind;
use crate::scope::scope;
use crate::source_map::{BodyRanges, item_range, name_range, source_map};

/// A place where something is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub file: SourceFile,
    /// The name; empty at the start of a module.
    pub name: TextRange,
    /// The whole definition.
    pub full: TextRange,
}

/// Re-exposes are followed at most so far; more than a hundred levels are a circle.
const MOST_HOPS: usize = 100;

/// The definitions of what occurs in `file`.
pub fn targets(db: &dyn Db, suite: Suite, file: SourceFile, occurrence: &Occurrence) -> Vec<Target> {
    match &occurrence.symbol {
        Symbol::Module(module) => vec![Target {
            file: *module,
            name: TextRange::default(),
            full: TextRange::new(0, module.text(db).len() as u32),
        }],
        Symbol::Function(def) | Symbol::Effect(def) | Symbol::Test(def) => {
            item(db, def).into_iter().collect()
        }
        Symbol::Builtin(_) => Vec::new(),
        Symbol::Alias { owner, name } => alias(db, owner, name).into_iter().collect(),
        Symbol::Shell { owner, name } => shell(db, owner, name).into_iter().collect(),
        Symbol::Exposed { effect, kind, name } => {
            exposed(db, suite, effect, *kind, name).into_iter().collect()
        }
        Symbol::Variable { .. } => variable(db, suite, file, occurrence),
        Symbol::Parameter { function, name } => parameter(db, function, name).into_iter().collect(),
        Symbol::Expect { effect, name } => expect(db, effect, name).into_iter().collect(),
        Symbol::Environment(name) => environment(db, suite, file, name),
        Symbol::Capture { .. } => occurrence
            .declared
            .map(|range| at(file, range))
            .into_iter()
            .collect(),
    }
}

/// Where the name comes into sight of `file`: the import that brings it, the `expose` that shows it, otherwise its
/// definitions.
pub fn declarations(db: &dyn Db, suite: Suite, file: SourceFile, occurrence: &Occurrence) -> Vec<Target> {
    let declared = match &occurrence.symbol {
        Symbol::Function(def) | Symbol::Effect(def) => import_of(db, suite, file, def),
        Symbol::Exposed { effect, kind, name } => {
            expose_range(db, effect, *kind, name).map(|(name, full)| Target {
                file: effect.file,
                name,
                full,
            })
        }
        _ => None,
    };
    // From there it is one more step to the definition.
    let elsewhere = declared.filter(|it| it.file != file || !it.name.covers(occurrence.range));
    match elsewhere {
        Some(declared) => vec![declared],
        None => targets(db, suite, file, occurrence),
    }
}

/// The import by which `file` sees an item of another one.
fn import_of(db: &dyn Db, suite: Suite, file: SourceFile, def: &Def) -> Option<Target> {
    let (index, map, scope) = (item_index(db, file), source_map(db, file), scope(db, suite, file));
    let imports = index.imports.iter().zip(&map.imports).enumerate();
    imports
        .filter(|(at, _)| file != def.file && scope.import(*at) == Some(def.file))
        .find_map(|(_, (import, ranges))| {
            let Some(names) = &import.names else {
                return Some(Target {
                    file,
                    name: ranges.path,
                    full: ranges.whole,
                });
            };
            let position = names.iter().position(|name| name.name == def.id.name)?;
            let ranges = ranges.names.get(position)?;
            Some(Target {
                file,
                name: ranges.whole,
                full: ranges.whole,
            })
        })
}

/// The `expose` that makes a name visible to starters: the name and the whole line. `None` where an effect exposes its
/// shell without saying so.
fn expose_range(db: &dyn Db, effect: &Def, kind: ExposeKind, name: &Name) -> Option<(TextRange, TextRange)> {
    let index = item_index(db, effect.file);
    let position = index.position(&effect.id)?;
    let items = &index.effects.get(position)?.exposes;
    let at = items
        .iter()
        .rposition(|item| item.kind == kind && item.name() == name)?;
    let ranges = source_map(db, effect.file)
        .effects
        .get(position)?
        .exposes
        .get(at)?;
    Some((ranges.alias.unwrap_or(ranges.target), ranges.whole))
}

fn at(file: SourceFile, range: TextRange) -> Target {
    Target {
        file,
        name: range,
        full: range,
    }
}

fn item(db: &dyn Db, def: &Def) -> Option<Target> {
    Some(Target {
        file: def.file,
        name: name_range(db, def.file, &def.id)?,
        full: item_range(db, def.file, &def.id)?,
    })
}

/// The ranges and starts of a test or effect.
fn body<'a>(db: &'a dyn Db, def: &Def) -> Option<(&'a BodyRanges, &'a [StartItem])> {
    let index = item_index(db, def.file);
    let position = index.position(&def.id)?;
    let map = source_map(db, def.file);
    Some(match def.id.kind {
        ItemKind::Effect => (map.effects.get(position)?, &index.effects.get(position)?.starts),
        ItemKind::Test => (map.tests.get(position)?, &index.tests.get(position)?.starts),
        ItemKind::Import | ItemKind::Function => return None,
    })
}

fn alias(db: &dyn Db, owner: &Def, name: &Name) -> Option<Target> {
    let (ranges, starts) = body(db, owner)?;
    let position = starts
        .iter()
        .rposition(|start| start.alias.as_ref() == Some(name))?;
    let ranges = ranges.starts.get(position)?;
    Some(Target {
        file: owner.file,
        name: ranges.alias?,
        full: ranges.whole,
    })
}

fn shell(db: &dyn Db, owner: &Def, name: &Name) -> Option<Target> {
    let (ranges, _) = body(db, owner)?;
    let text = owner.file.text(db);
    let ranges = ranges
        .shells
        .iter()
        .find(|shell| shell.qualifier.is_none() && shell.name.slice(text) == name.as_str())?;
    Some(Target {
        file: owner.file,
        name: ranges.name,
        full: ranges.whole,
    })
}

/// Follows re-exposes down to the shell block or `let`.
fn exposed(db: &dyn Db, suite: Suite, effect: &Def, kind: ExposeKind, name: &Name) -> Option<Target> {
    let (mut effect, mut name) = (effect.clone(), name.clone());
    for _ in 0..MOST_HOPS {
        let declared = item_index(db, effect.file).effect(&effect.id)?;
        let exposed = crate::bodies::exposed(db, suite, &effect, declared);
        let item = exposed
            .iter()
            .rev()
            .find(|item| item.kind == kind && *item.name() == name)?;
        let Some(alias) = &item.from else {
            return match kind {
                ExposeKind::Shell => shell(db, &effect, &item.target),
                ExposeKind::Var => body_variable(db, &effect, &item.target),
            };
        };
        let start = find_start(&declared.starts, alias)?;
        let (inner, _) = started(db, scope(db, suite, effect.file), start)?;
        name = item.target.clone();
        effect = inner.clone();
    }
    None
}

/// The last `let` of a name before the starts.
fn body_variable(db: &dyn Db, owner: &Def, name: &Name) -> Option<Target> {
    let (ranges, _) = body(db, owner)?;
    let text = owner.file.text(db);
    let ranges = ranges
        .lets
        .iter()
        .rev()
        .find(|it| it.name.slice(text) == name.as_str())?;
    Some(Target {
        file: owner.file,
        name: ranges.name,
        full: ranges.whole,
    })
}

fn variable(db: &dyn Db, suite: Suite, file: SourceFile, occurrence: &Occurrence) -> Vec<Target> {
    if let Some(range) = occurrence.declared {
        return vec![at(file, range)];
    }
    if let Symbol::Variable {
        owner,
        scope: VariableScope::Body,
        name,
    } = &occurrence.symbol
        && let Some(target) = body_variable(db, owner, name)
    {
        return vec![target];
    }
    occurrences(db, suite, file)
        .iter()
        .filter(|other| other.role == Role::Definition && other.symbol == occurrence.symbol)
        .map(|other| at(file, other.range))
        .collect()
}

fn parameter(db: &dyn Db, function: &Def, name: &Name) -> Option<Target> {
    let index = item_index(db, function.file);
    let position = index.position(&function.id)?;
    // The last of equal names is the one that is read.
    let param = index
        .functions
        .get(position)?
        .params
        .iter()
        .rposition(|it| it == name)?;
    let range = source_map(db, function.file)
        .functions
        .get(position)?
        .params
        .get(param)?;
    Some(at(function.file, *range))
}

fn expect(db: &dyn Db, effect: &Def, name: &Name) -> Option<Target> {
    let (ranges, _) = body(db, effect)?;
    let declared = item_index(db, effect.file).effect(&effect.id)?;
    let position = declared.expects.iter().position(|it| it == name)?;
    Some(at(effect.file, *ranges.expects.get(position)?))
}

/// The line of the deepest `.env` file that sets the name.
fn environment(db: &dyn Db, suite: Suite, file: SourceFile, name: &Name) -> Vec<Target> {
    let files = crate::dot_env::dot_env_files(db, suite, file);
    let found = files.iter().rev().find_map(|env| {
        let entries = &crate::dot_env::env_file(db, *env).entries;
        let entry = entries.iter().rev().find(|entry| entry.name == name.as_str())?;
        Some(at(*env, entry.range))
    });
    found.into_iter().collect()
}
