//! Names that the other edition writes differently: aliases, shells, and whatever is called `var`.
//!
//! A name changes wherever it stands, in all modules; which places these are is for [`crate::names`] to say.

use relux_syntax::TextRange;
use relux_syntax::names::{KEYWORD_VAR, is_camel, is_keyword, is_snake, to_snake};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Rewrite, words};
use crate::bodies::exposed::{exposed, find_start, started};
use crate::db::SourceFile;
use crate::edition::Edition;
use crate::items::{Def, Effect, ItemKind, Name, ShellItem, StartItem, item_index};
use crate::names::{Occurrence, Role, Symbol, collect};
use crate::plan::ExposeKind;
use crate::scope::scope;
use crate::source_map::source_map;

/// What gets another name.
#[derive(Debug, Default)]
pub(super) struct Renames {
    symbols: FxHashMap<Symbol, String>,
    /// Those that are called `var` where they are used; their new name.
    var: FxHashSet<Symbol>,
    new_var: String,
    /// Names in use, by owner and kind.
    taken: FxHashMap<(Def, Kind), FxHashSet<String>>,
}

/// Kinds of names that must differ among each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Alias,
    Shell,
    Exposed,
}

impl Renames {
    /// The new name of a symbol that is written like this now.
    fn of<'a>(&'a self, symbol: &Symbol, text: &'a str) -> &'a str {
        if text == KEYWORD_VAR && self.var.contains(symbol) {
            return &self.new_var;
        }
        self.symbols.get(symbol).map_or(text, String::as_str)
    }

    /// The new name of an own shell.
    pub(super) fn shell<'a>(&'a self, owner: &Def, name: &'a str) -> &'a str {
        let symbol = Symbol::Shell {
            owner: owner.clone(),
            name: Name::from(name),
        };
        self.of(&symbol, name)
    }

    /// Whether something is called `var`.
    pub(super) fn changes_word(&self) -> bool {
        !self.var.is_empty()
    }

    /// Whether all names stay.
    pub(super) fn is_empty(&self) -> bool {
        self.symbols.is_empty() && self.var.is_empty()
    }

    /// Whether other files than these may name what is renamed.
    pub(super) fn reach(&self, files: &[SourceFile]) -> bool {
        let files: FxHashSet<SourceFile> = files.iter().copied().collect();
        let stays = |symbol: &Symbol| symbol.local_file().is_some_and(|file| files.contains(&file));
        !self.symbols.keys().chain(&self.var).all(stays)
    }
}

/// Decides which names change.
pub(super) fn plan(rewrite: &mut Rewrite<'_>) {
    for &file in rewrite.files {
        let text: &str = file.text(rewrite.db);
        for occurrence in collect(rewrite.db, rewrite.suite, file) {
            if rewrite.wants(occurrence.range) {
                consider(rewrite, file, &occurrence, occurrence.range.slice(text));
            }
        }
        for (range, (symbol, name)) in entered(rewrite, file) {
            if rewrite.wants(range) {
                let role = Role::Reference;
                let declared = None;
                let occurrence = Occurrence {
                    range,
                    symbol,
                    role,
                    declared,
                };
                consider(rewrite, file, &occurrence, &name);
            }
        }
    }
}

/// Finds the word that `var` becomes: one that no name of the suite is.
pub(super) fn find_word(rewrite: &mut Rewrite<'_>) {
    if rewrite.renames.changes_word() {
        let mut taken = FxHashSet::default();
        for &file in rewrite.suite.files(rewrite.db).iter() {
            let text: &str = file.text(rewrite.db);
            let names = collect(rewrite.db, rewrite.suite, file);
            taken.extend(names.iter().map(|it| it.range.slice(text).to_owned()));
        }
        rewrite.renames.new_var = words::keyword(KEYWORD_VAR, &taken);
    }
}

fn consider(rewrite: &mut Rewrite<'_>, file: SourceFile, occurrence: &Occurrence, text: &str) {
    let symbol = &occurrence.symbol;
    if rewrite.to == Edition::E2026_04 {
        if let Symbol::Alias { owner, name } = symbol {
            lower_alias(rewrite, owner, name, symbol);
        }
        return;
    }
    let is_var = text == KEYWORD_VAR;
    match symbol {
        Symbol::Alias { owner, name } if !is_camel(name) => {
            rename(rewrite, symbol, owner, Kind::Alias, |taken| {
                words::camel(name, taken)
            });
        }
        Symbol::Shell { owner, name } if !is_shell(name) => rename_shell(rewrite, owner, name),
        Symbol::Exposed {
            effect,
            kind: ExposeKind::Shell,
            name,
        } if !is_shell(name) => match implicit(rewrite, effect) {
            Some(shell) if shell == *name => rename_shell(rewrite, effect, name),
            _ => rename(rewrite, symbol, effect, Kind::Exposed, |taken| {
                words::snake(name, taken)
            }),
        },
        Symbol::Variable { .. }
        | Symbol::Parameter { .. }
        | Symbol::Function(_)
        | Symbol::Exposed {
            kind: ExposeKind::Var,
            ..
        } if is_var => {
            rewrite.renames.var.insert(symbol.clone());
        }
        Symbol::Expect { .. } | Symbol::Environment(_) if is_var => rewrite.refuse(
            file,
            occurrence.range,
            "edition 2026-08 cannot name an environment variable `var`: the word is a keyword there",
            Some("rename the variable, also in the programs that read it"),
        ),
        _ => {}
    }
}

/// Whether 2026-08 takes the name for a shell.
fn is_shell(name: &str) -> bool {
    is_snake(name) && name != KEYWORD_VAR
}

/// An alias of 2026-04 is usually written in lower case. Where that name is taken, the capital stays: both are legal.
fn lower_alias(rewrite: &mut Rewrite<'_>, owner: &Def, name: &Name, symbol: &Symbol) {
    let lower = to_snake(name);
    let is_new = rewrite.reads(owner.file) == Edition::E2026_08;
    if !is_new || !is_camel(name) || is_keyword(&lower) || rewrite.renames.symbols.contains_key(symbol) {
        return;
    }
    let taken = taken(rewrite, owner, Kind::Alias);
    if taken.insert(lower.clone()) {
        rewrite.renames.symbols.insert(symbol.clone(), lower);
    }
}

/// A shell of an effect that says nothing about exposes may be what others see.
fn rename_shell(rewrite: &mut Rewrite<'_>, owner: &Def, name: &Name) {
    let symbol = Symbol::Shell {
        owner: owner.clone(),
        name: name.clone(),
    };
    rename(rewrite, &symbol, owner, Kind::Shell, |taken| {
        words::snake(name, taken)
    });
    if implicit(rewrite, owner).is_some_and(|shell| shell == *name)
        && let Some(new) = rewrite.renames.symbols.get(&symbol).cloned()
    {
        let seen = Symbol::Exposed {
            effect: owner.clone(),
            kind: ExposeKind::Shell,
            name: name.clone(),
        };
        rewrite.renames.symbols.insert(seen, new);
    }
}

fn rename(
    rewrite: &mut Rewrite<'_>,
    symbol: &Symbol,
    owner: &Def,
    kind: Kind,
    new: impl FnOnce(&FxHashSet<String>) -> String,
) {
    if rewrite.renames.symbols.contains_key(symbol) {
        return;
    }
    let taken = taken(rewrite, owner, kind);
    let new = new(taken);
    taken.insert(new.clone());
    rewrite.renames.symbols.insert(symbol.clone(), new);
}

/// The names that a new one of this kind must not equal.
fn taken<'r>(rewrite: &'r mut Rewrite<'_>, owner: &Def, kind: Kind) -> &'r mut FxHashSet<String> {
    let (db, suite) = (rewrite.db, rewrite.suite);
    let key = (owner.clone(), kind);
    rewrite.renames.taken.entry(key).or_insert_with(|| {
        let (starts, shells, effect) = parts(item_index(db, owner.file), owner);
        if let (Kind::Exposed, Some(effect)) = (kind, effect) {
            let seen = exposed(db, suite, owner, effect);
            return seen.iter().map(|item| item.name().to_string()).collect();
        }
        // `shell name` may mean an alias, so that both differ from both.
        let aliases = starts.iter().filter_map(|start| start.alias.as_ref());
        let shells = shells.iter().filter(|shell| shell.qualifier.is_none());
        let shells = shells.map(|shell| &shell.name);
        aliases.chain(shells).map(ToString::to_string).collect()
    })
}

/// Starts and shells of a test or effect, and the effect.
fn parts<'a>(
    index: &'a crate::items::ItemIndex,
    owner: &Def,
) -> (&'a [StartItem], &'a [ShellItem], Option<&'a Effect>) {
    if let Some(effect) = index.effect(&owner.id) {
        return (&effect.starts, &effect.shells, Some(effect));
    }
    match index.test(&owner.id) {
        Some(test) => (&test.starts, &test.shells, None),
        None => (&[], &[], None),
    }
}

/// The shell that others see although the effect does not say so.
fn implicit(rewrite: &Rewrite<'_>, owner: &Def) -> Option<Name> {
    let effect = item_index(rewrite.db, owner.file).effect(&owner.id)?;
    if !effect.exposes.is_empty() {
        return None;
    }
    let exposed = exposed(rewrite.db, rewrite.suite, owner, effect);
    exposed.first().map(|item| item.name().clone())
}

/// Changes every place that names what was planned.
pub(super) fn rewrite(rewrite: &mut Rewrite<'_>) {
    let chosen: FxHashSet<SourceFile> = rewrite.files.iter().copied().collect();
    let files: Vec<SourceFile> = if rewrite.renames.reach(rewrite.files) {
        rewrite.suite.files(rewrite.db).to_vec()
    } else {
        rewrite.files.to_vec()
    };
    for file in files {
        let text: &str = file.text(rewrite.db);
        let names = collect(rewrite.db, rewrite.suite, file);
        let entered = entered(rewrite, file);
        for here in names.chunk_by(|a, b| a.range == b.range) {
            let Some(first) = here.first() else { continue };
            let range = first.range;
            let old = range.slice(text);
            let mut new = new_name(rewrite, here, old);
            if let Some((symbol, shell)) = entered.get(&range)
                && (new != old || chosen.contains(&file) && rewrite.wants(range))
            {
                new = format!("{new}.{}", rewrite.renames.of(symbol, shell));
            }
            if new != old {
                rewrite.changes.replace(file, range, new);
            }
        }
    }
}

/// What a word becomes that has these meanings. An exposed shell may get another name than what it exposes.
fn new_name(rewrite: &Rewrite<'_>, here: &[Occurrence], old: &str) -> String {
    let name = |occurrence: &Occurrence| rewrite.renames.of(&occurrence.symbol, old).to_owned();
    let outside = here.iter().find(|it| {
        it.role == Role::Definition
            && matches!(it.symbol, Symbol::Exposed { .. })
            && here.iter().any(|other| other.role == Role::Reference)
    });
    let Some(outside) = outside else {
        return here
            .iter()
            .map(name)
            .find(|new| new != old)
            .unwrap_or_else(|| old.to_owned());
    };
    let inside = here
        .iter()
        .find(|it| it.role == Role::Reference)
        .map_or_else(String::new, name);
    let outside = name(outside);
    if inside == outside {
        inside
    } else {
        format!("{inside} as {outside}")
    }
}

/// `shell alias { }` in 2026-04 goes on with the only shell of that start: where such headers stand, and the
/// shell that 2026-08 wants behind the alias, with its name.
fn entered(rewrite: &Rewrite<'_>, file: SourceFile) -> FxHashMap<TextRange, (Symbol, Name)> {
    let mut found = FxHashMap::default();
    if rewrite.to != Edition::E2026_08 {
        return found;
    }
    let (index, map) = (item_index(rewrite.db, file), source_map(rewrite.db, file));
    for id in index.ids() {
        let Some(at) = index.position(id) else { continue };
        let (starts, shells, ranges) = match id.kind {
            ItemKind::Effect => (&index.effects[at].starts, &index.effects[at].shells, &map.effects),
            ItemKind::Test => (&index.tests[at].starts, &index.tests[at].shells, &map.tests),
            ItemKind::Import | ItemKind::Function => continue,
        };
        let Some(ranges) = ranges.get(at) else { continue };
        for (shell, ranges) in shells.iter().zip(&ranges.shells) {
            if let Some(meant) = enters(rewrite, file, starts, shell) {
                found.insert(ranges.name, meant);
            }
        }
    }
    found
}

fn enters(
    rewrite: &Rewrite<'_>,
    file: SourceFile,
    starts: &[StartItem],
    shell: &ShellItem,
) -> Option<(Symbol, Name)> {
    if shell.qualifier.is_some() {
        return None;
    }
    let start = find_start(starts, &shell.name)?;
    let scope = scope(rewrite.db, rewrite.suite, file);
    let (def, effect) = started(rewrite.db, scope, start)?;
    let seen = exposed(rewrite.db, rewrite.suite, def, effect);
    let mut shells = seen.iter().filter(|item| item.kind == ExposeKind::Shell);
    let (Some(only), None) = (shells.next(), shells.next()) else {
        return None;
    };
    let symbol = Symbol::Exposed {
        effect: def.clone(),
        kind: ExposeKind::Shell,
        name: only.name().clone(),
    };
    Some((symbol, only.name().clone()))
}
