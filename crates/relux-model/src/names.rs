//! What every name of a file means, by range: the one answer behind go to definition, references, highlights, rename
//! and hover.
//!
//! Nothing here judges. A name that means nothing has no occurrence; why it means nothing is for the checks to say.

mod body;
mod items;
mod search;
mod targets;

use relux_syntax::TextRange;

use crate::builtins::Builtin;
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, Name};
use crate::plan::ExposeKind;
use crate::scope::{Scope, scope};

pub use search::{names_of_one_thing, references};
pub use targets::{Target, declarations, targets};

/// Something that has a name. Equal symbols are the same thing, wherever they are named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// A module, named by an import.
    Module(SourceFile),
    /// A function; overloads are different functions.
    Function(Def),
    /// An effect.
    Effect(Def),
    /// A test.
    Test(Def),
    /// A built-in function.
    Builtin(Builtin),
    /// The name after `as` of a start.
    Alias {
        /// The test or effect that starts.
        owner: Def,
        /// The alias.
        name: Name,
    },
    /// A shell of a test or effect.
    Shell {
        /// The test or effect.
        owner: Def,
        /// The shell.
        name: Name,
    },
    /// A shell or variable as a starter of the effect sees it.
    Exposed {
        /// The effect that exposes it.
        effect: Def,
        /// Shell or variable.
        kind: ExposeKind,
        /// The exposed name.
        name: Name,
    },
    /// A `let`; declarations of one name in one scope are one variable.
    Variable {
        /// The function, effect or test.
        owner: Def,
        /// Where it is visible.
        scope: VariableScope,
        /// The variable.
        name: Name,
    },
    /// A parameter.
    Parameter {
        /// The function.
        function: Def,
        /// The parameter.
        name: Name,
    },
    /// A variable that an effect expects.
    Expect {
        /// The effect.
        effect: Def,
        /// The variable.
        name: Name,
    },
    /// A variable that only the environment can have.
    Environment(Name),
    /// A group of the regex that matched last.
    Capture {
        /// The function, effect or test.
        owner: Def,
        /// The group, 0 for the whole match.
        index: u32,
    },
}

/// Where a `let` is visible.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum VariableScope {
    /// In the whole test or effect.
    Body,
    /// In all blocks of this shell, written as in their headers: `db` or `auth.service`.
    Shell(Name),
    /// In the cleanup block.
    Cleanup,
    /// In the function.
    Function,
}

/// What is done with a name at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// It is introduced.
    Definition,
    /// It gets a new value.
    Write,
    /// It is used.
    Reference,
}

/// A name at a place. Several occurrences share a range where one word means several things: a shorthand overlay key is
/// an expect of the callee and a variable of the starter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The name, without quotes, dollars or braces.
    pub range: TextRange,
    /// What it means.
    pub symbol: Symbol,
    /// What is done.
    pub role: Role,
    /// The declaration that is in force here, where a variable has several; for a capture the regex.
    pub declared: Option<TextRange>,
}

/// All names of a file in source order.
#[salsa::tracked(returns(ref), lru = 64)]
pub fn occurrences(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Occurrence> {
    collect(db, suite, file)
}

/// The same without keeping them, for those who look at every file once.
pub fn collect(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Occurrence> {
    let mut out = Vec::new();
    items::collect(db, suite, file, &mut out);
    body::collect(db, suite, file, scope(db, suite, file), &mut out);
    out.sort_by_key(|occurrence| occurrence.range);
    out
}

/// The variables in bodies of a file that only the environment can have. What other modules export has no part in that.
pub fn environment(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<(TextRange, Name)> {
    let mut names = Vec::new();
    body::collect(db, suite, file, &Scope::default(), &mut names);
    let read = names.into_iter().filter(|it| it.role == Role::Reference);
    read.filter_map(|it| match it.symbol {
        Symbol::Environment(name) => Some((it.range, name)),
        _ => None,
    })
    .collect()
}

/// What the name at an offset means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The name.
    pub range: TextRange,
    /// Its meanings, never empty.
    pub occurrences: Vec<Occurrence>,
    /// Where these are defined; empty for built-ins and for the environment.
    pub targets: Vec<Target>,
}

/// The name that `offset` lies in or touches, and what it means.
pub fn resolve_at(db: &dyn Db, suite: Suite, file: SourceFile, offset: u32) -> Option<Resolution> {
    let all = occurrences(db, suite, file);
    let range = all
        .iter()
        .map(|occurrence| occurrence.range)
        .filter(|range| range.touches(offset) && !range.is_empty())
        // Between two adjoining names the cursor belongs to the one it stands before.
        .min_by_key(|range| (!range.contains(offset), range.len()))?;
    let here: Vec<Occurrence> = all.iter().filter(|it| it.range == range).cloned().collect();
    let mut found = Vec::new();
    for occurrence in &here {
        for target in targets(db, suite, file, occurrence) {
            if !found.contains(&target) {
                found.push(target);
            }
        }
    }
    Some(Resolution {
        range,
        occurrences: here,
        targets: found,
    })
}

impl Symbol {
    /// The only file that can name it; `None` where others can.
    pub fn local_file(&self) -> Option<SourceFile> {
        match self {
            Self::Alias { owner, .. }
            | Self::Shell { owner, .. }
            | Self::Variable { owner, .. }
            | Self::Capture { owner, .. } => Some(owner.file),
            Self::Parameter { function, .. } => Some(function.file),
            Self::Test(test) => Some(test.file),
            Self::Module(_)
            | Self::Function(_)
            | Self::Effect(_)
            | Self::Builtin(_)
            | Self::Exposed { .. }
            | Self::Expect { .. }
            | Self::Environment(_) => None,
        }
    }
    /// The word by which it is named wherever no import gives it another one; `None` where nothing can name it.
    pub fn name<'a>(&'a self, db: &'a dyn Db) -> Option<&'a str> {
        match self {
            Self::Module(module) => module.import_path(db),
            Self::Function(def) | Self::Effect(def) | Self::Test(def) => Some(&def.id.name),
            Self::Builtin(builtin) => Some(builtin.signature().name),
            Self::Alias { name, .. }
            | Self::Shell { name, .. }
            | Self::Exposed { name, .. }
            | Self::Variable { name, .. }
            | Self::Parameter { name, .. }
            | Self::Expect { name, .. }
            | Self::Environment(name) => Some(name),
            Self::Capture { .. } => None,
        }
    }
}
