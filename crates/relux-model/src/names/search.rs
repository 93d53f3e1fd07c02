//! Who names a symbol, over a whole suite: files that cannot are never looked into.
//!
//! Whoever names something writes its name: an import that gives it another one writes both. So a search for the word in
//! the text of a file, which is fast, tells which files are worth lowering.

use rustc_hash::FxHashSet;

use super::{Occurrence, Symbol, VariableScope, collect, occurrences};
use crate::bodies::exposed::{exposed, find_start, started};
use crate::db::{Db, SourceFile, Suite};
use crate::effects::effect_graph;
use crate::items::{Def, Effect, ExposeItem, item_index};
use crate::plan::ExposeKind;
use crate::scope::scope;

/// All places in the suite that name the symbol, in path and position order.
pub fn references(db: &dyn Db, suite: Suite, symbol: &Symbol) -> Vec<(SourceFile, Occurrence)> {
    if let Some(file) = symbol.local_file() {
        let here = occurrences(db, suite, file).iter();
        return here
            .filter(|it| it.symbol == *symbol)
            .map(|it| (file, it.clone()))
            .collect();
    }
    let Some(word) = symbol.name(db) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for &file in suite.files(db).iter() {
        db.unwind_if_revision_cancelled();
        if !file.text(db).contains(word) {
            continue;
        }
        // Not kept: nobody asks for the names of a closed file again soon.
        let here = collect(db, suite, file);
        out.extend(
            here.into_iter()
                .filter(|it| it.symbol == *symbol)
                .map(|it| (file, it)),
        );
    }
    out
}

/// The symbols that are one thing to a person: a shell or variable and what it is exposed as, at any distance; the
/// expects of one name that get one value by inheritance.
pub fn names_of_one_thing(db: &dyn Db, suite: Suite, symbol: &Symbol) -> Vec<Symbol> {
    match symbol {
        Symbol::Expect { effect, name } => {
            let expecting = effect_graph(db, suite).sharing(effect, name);
            let expect = |effect: Def| Symbol::Expect {
                effect,
                name: name.clone(),
            };
            let mut all: Vec<Symbol> = expecting.into_iter().map(expect).collect();
            if !all.contains(symbol) {
                all.push(symbol.clone());
            }
            all
        }
        Symbol::Exposed { .. } | Symbol::Shell { .. } => exposures(db, suite, &root(db, suite, symbol)),
        Symbol::Variable {
            scope: VariableScope::Body,
            ..
        } => exposures(db, suite, symbol),
        _ => vec![symbol.clone()],
    }
}

/// The shell or variable behind an exposed name; the symbol itself where that cannot be found.
fn root(db: &dyn Db, suite: Suite, symbol: &Symbol) -> Symbol {
    let mut seen = FxHashSet::default();
    let mut here = symbol.clone();
    while seen.insert(here.clone()) {
        let Some(next) = inside(db, suite, &here) else {
            return here;
        };
        here = next;
    }
    here
}

/// What an exposed name is inside of its effect.
fn inside(db: &dyn Db, suite: Suite, symbol: &Symbol) -> Option<Symbol> {
    let Symbol::Exposed { effect, kind, name } = symbol else {
        return None;
    };
    let declared = item_index(db, effect.file).effect(&effect.id)?;
    let items = exposed(db, suite, effect, declared);
    let item = items
        .iter()
        .rev()
        .find(|item| item.kind == *kind && item.name() == name)?;
    target(db, suite, effect, declared, item)
}

/// What an `expose` of an effect names.
fn target(db: &dyn Db, suite: Suite, owner: &Def, effect: &Effect, item: &ExposeItem) -> Option<Symbol> {
    let name = item.target.clone();
    let owner_def = owner.clone();
    Some(match (&item.from, item.kind) {
        (None, ExposeKind::Shell) => Symbol::Shell {
            owner: owner_def,
            name,
        },
        (None, ExposeKind::Var) => Symbol::Variable {
            owner: owner_def,
            scope: VariableScope::Body,
            name,
        },
        (Some(alias), kind) => {
            let start = find_start(&effect.starts, alias)?;
            let (inner, _) = started(db, scope(db, suite, owner.file), start)?;
            Symbol::Exposed {
                effect: inner.clone(),
                kind,
                name,
            }
        }
    })
}

/// A shell or variable with everything that it is exposed as.
fn exposures(db: &dyn Db, suite: Suite, root: &Symbol) -> Vec<Symbol> {
    let mut all = vec![root.clone()];
    let mut next = 0;
    while let Some(symbol) = all.get(next).cloned() {
        next += 1;
        for file in exposing(db, suite, &symbol) {
            for effect in &item_index(db, file).effects {
                let owner = Def {
                    file,
                    id: effect.id.clone(),
                };
                for item in exposed(db, suite, &owner, effect).iter() {
                    if target(db, suite, &owner, effect, item).as_ref() == Some(&symbol) {
                        let seen = Symbol::Exposed {
                            effect: owner.clone(),
                            kind: item.kind,
                            name: item.name().clone(),
                        };
                        if !all.contains(&seen) {
                            all.push(seen);
                        }
                    }
                }
            }
        }
    }
    all
}

/// The files whose effects may expose the symbol.
fn exposing(db: &dyn Db, suite: Suite, symbol: &Symbol) -> Vec<SourceFile> {
    if let Some(file) = symbol.local_file() {
        return vec![file];
    }
    let word = symbol.name(db).unwrap_or_default();
    let holds = |file: &&SourceFile| file.text(db).contains("expose") && file.text(db).contains(word);
    suite.files(db).iter().filter(holds).copied().collect()
}
