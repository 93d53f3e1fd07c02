//! What is renamed: the symbols that share the name under the cursor, and which names they can have.

use relux_model::bodies::exposed;
use relux_model::builtins::Builtin;
use relux_model::items::item_index;
use relux_model::names::{Occurrence, Resolution, Symbol, names_of_one_thing, occurrences};
use relux_model::plan::ExposeKind;
use relux_model::{Db, SourceFile};
use relux_syntax::names::{is_camel, is_keyword, is_snake, is_variable};

use super::Refused;
use crate::suites::Entry;

/// What gets another name.
#[derive(Debug)]
pub(super) struct Subject {
    /// The symbols whose places change, where they are written as `old`.
    pub(super) symbols: Vec<Symbol>,
    /// The name as it is.
    pub(super) old: String,
    /// The only file that changes: an import gives the thing a name of its own there.
    pub(super) only: Option<SourceFile>,
}

impl Subject {
    /// What the name under the cursor stands for, if that can have another name.
    pub(super) fn new(db: &dyn Db, entry: Entry, found: &Resolution) -> Result<Self, Refused> {
        let old = found.range.slice(entry.file.text(db)).to_owned();
        let items = found.occurrences.iter().all(|it| is_item(&it.symbol));
        if items {
            let symbols = found.occurrences.iter().map(|it| it.symbol.clone()).collect();
            return Ok(Self::item(db, entry, symbols, old));
        }
        // Of two meanings the second is the nearer one: the variable of a shorthand, the name that starters see.
        let mut refused = None;
        for occurrence in found.occurrences.iter().rev() {
            match refusal(&occurrence.symbol, &old) {
                Some(reason) => refused = refused.or(Some(reason)),
                None => {
                    return Ok(Self {
                        symbols: together(db, entry, &occurrence.symbol),
                        old,
                        only: None,
                    });
                }
            }
        }
        Err(Refused(refused.unwrap_or_default()))
    }

    /// A function or effect: itself, or what this file calls it.
    fn item(db: &dyn Db, entry: Entry, symbols: Vec<Symbol>, old: String) -> Self {
        let own = symbols.iter().any(|it| it.name(db) == Some(&old));
        if own {
            return Self {
                symbols,
                old,
                only: None,
            };
        }
        let text = entry.file.text(db);
        let mut all = symbols;
        // An import gives all functions of a name another one.
        let named = |it: &&Occurrence| is_item(&it.symbol) && it.range.slice(text) == old;
        let items: Vec<&Occurrence> = occurrences(db, entry.suite, entry.file)
            .iter()
            .filter(named)
            .collect();
        for here in items.chunk_by(|a, b| a.range == b.range) {
            if here.iter().any(|it| all.contains(&it.symbol)) {
                let others: Vec<Symbol> = here.iter().map(|it| it.symbol.clone()).collect();
                all.extend(others);
            }
        }
        let mut symbols: Vec<Symbol> = Vec::new();
        for symbol in all {
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
        Self {
            symbols,
            old,
            only: Some(entry.file),
        }
    }

    /// Whether the place is one of those that change.
    pub(super) fn covers(&self, file: SourceFile, occurrence: &Occurrence, text: &str) -> bool {
        self.only.is_none_or(|only| only == file)
            && text == self.old
            && self.symbols.contains(&occurrence.symbol)
    }

    /// Whether this can be called so, as far as the word alone tells.
    pub(super) fn accepts(&self, new: &str) -> Result<(), Refused> {
        if is_keyword(new) {
            return Err(Refused(format!("`{new}` is a word of the language")));
        }
        if !is_variable(new) {
            return Err(Refused(format!(
                "`{new}` is no name: names consist of letters, digits and `_`, and do not begin with a digit"
            )));
        }
        for symbol in &self.symbols {
            match symbol {
                Symbol::Function(_) if !is_snake(new) => {
                    return Err(Refused(format!(
                        "functions have names in lower case, unlike `{new}`"
                    )));
                }
                Symbol::Effect(_) if !is_camel(new) => {
                    return Err(Refused(format!(
                        "effects have names that begin with a capital, unlike `{new}`"
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a function of the suite would hide a built-in one.
    pub(super) fn hides(&self, db: &dyn Db, new: &str) -> bool {
        self.symbols.iter().any(|symbol| {
            let Symbol::Function(def) = symbol else {
                return false;
            };
            let function = item_index(db, def.file).function(&def.id);
            function.is_some_and(|it| Builtin::find(new, it.arity()).is_some())
        })
    }
}

fn is_item(symbol: &Symbol) -> bool {
    matches!(symbol, Symbol::Function(_) | Symbol::Effect(_))
}

/// Why a symbol cannot be renamed.
fn refusal(symbol: &Symbol, old: &str) -> Option<String> {
    Some(match symbol {
        Symbol::Module(_) => "a module is renamed by moving its file: imports follow".to_owned(),
        Symbol::Builtin(_) => format!("`{old}` is built in"),
        Symbol::Test(_) => "the name of a test is text: change it where it stands".to_owned(),
        Symbol::Environment(_) => {
            format!("`{old}` comes from the environment: rename it where it is set")
        }
        Symbol::Capture { .. } => "captures have numbers, not names".to_owned(),
        _ => return None,
    })
}

/// The symbols that can only have one name between them.
fn together(db: &dyn Db, entry: Entry, symbol: &Symbol) -> Vec<Symbol> {
    match symbol {
        Symbol::Expect { .. } => names_of_one_thing(db, entry.suite, symbol),
        Symbol::Shell { owner, name }
        | Symbol::Exposed {
            effect: owner,
            kind: ExposeKind::Shell,
            name,
        } => {
            // An effect that says nothing about exposes shows its first shell under its own name.
            let effect = item_index(db, owner.file).effect(&owner.id);
            let silent = effect.filter(|effect| effect.exposes.is_empty());
            let shown = silent.is_some_and(|effect| {
                let items = exposed(db, entry.suite, owner, effect);
                items.iter().any(|item| item.name() == name)
            });
            if !shown {
                return vec![symbol.clone()];
            }
            let (owner, name) = (owner.clone(), name.clone());
            let seen = Symbol::Exposed {
                effect: owner.clone(),
                kind: ExposeKind::Shell,
                name: name.clone(),
            };
            vec![Symbol::Shell { owner, name }, seen]
        }
        _ => vec![symbol.clone()],
    }
}
