//! Names that only the environment can have. Where one is read that it does not have, the rule that knows best why
//! speaks: here is decided where the name stands and who may set it.
//!
//! What another machine may set is never reported: a name that effects expect and no overlay gives.

use relux_syntax::TextRange;
use rustc_hash::FxHashSet;

use super::{
    Context, effect_variable_in_qualified_block, marker_variable_never_set, undefined_variable,
    unset_in_cleanup, variable_out_of_reach,
};
use crate::bodies::body::{DefBody, DefKind, ShellBlock};
use crate::checks::MAX_SEARCHES;
use crate::db::{Db, Suite};
use crate::dot_env::env_file;
use crate::items::{LetItem, Name, OverlayShape, StartItem, item_index};
use crate::names::{Occurrence, Role, Symbol};

/// How the names begin that the runner sets.
pub(super) const RESERVED: &str = "__RELUX";

/// A name that is read and not in the environment, as far as that is known.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    pub(super) name: &'a Name,
    pub(super) range: TextRange,
    /// The function, effect or test around it.
    pub(super) definition: &'a DefBody,
}

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let mut searches = MAX_SEARCHES;
    let names = cx.names;
    for occurrence in names {
        let (Symbol::Environment(name), Role::Reference) = (&occurrence.symbol, occurrence.role) else {
            continue;
        };
        let range = occurrence.range;
        let Some(definition) = bodies.definition_at(range.start) else {
            continue;
        };
        let read = Read {
            name,
            range,
            definition,
        };
        let marker = definition.markers.iter().any(|it| it.range.covers(range));
        // An overlay key that no effect expects reads nothing; it has a finding of its own.
        if is_in_environment(cx.db, cx.suite, name) || is_key(definition, range) {
            continue;
        }
        if marker {
            cx.found.extend(marker_variable_never_set::judge(cx, read));
        } else if !name.starts_with(RESERVED) {
            let found = best(cx, read).or_else(|| undefined_variable::judge(cx, read, &mut searches));
            cx.found.extend(found);
        }
    }
}

/// What is said by the rule that knows why the name has no value here.
fn best(cx: &Context<'_, '_>, read: Read<'_>) -> Option<relux_syntax::Diagnostic> {
    let definition = read.definition;
    if definition.is_function() {
        return variable_out_of_reach::judge(cx, read);
    }
    let in_cleanup = definition.cleanup.as_ref();
    if in_cleanup.is_some_and(|it| it.range.covers(read.range)) {
        return unset_in_cleanup::judge(cx, read);
    }
    let block = definition.blocks.iter().find(|it| it.range.covers(read.range))?;
    let alias = alias_of(cx, block)?;
    effect_variable_in_qualified_block::judge(cx, read, block, alias)
}

/// The alias whose shell a block means.
fn alias_of(cx: &Context<'_, '_>, block: &ShellBlock) -> Option<TextRange> {
    block.qualifier.or_else(|| {
        let name = block.name?;
        cx.means(name, |symbol| matches!(symbol, Symbol::Alias { .. }))
            .then_some(name)
    })
}

/// Whether this machine sets it, or some `.env` file of the suite.
pub(super) fn is_in_environment(db: &dyn Db, suite: Suite, name: &Name) -> bool {
    suite.host_env(db).get(name).is_some() || dot_env_names(db, suite).contains(name)
}

/// Whether a place is the key of an overlay entry that has a value of its own.
fn is_key(definition: &DefBody, range: TextRange) -> bool {
    let start = definition.starts.iter().find(|it| it.range.covers(range));
    let mut entries = start.into_iter().flat_map(|it| &it.overlay);
    entries.any(|entry| entry.key == range && !entry.shorthand)
}

/// Whether the name may have a value here on another machine, or in an effect from those that start it.
pub(super) fn may_be_set(cx: &Context<'_, '_>, read: Read<'_>) -> bool {
    let known = known_names(cx.db, cx.suite);
    let given = known.given.contains(read.name);
    match read.definition.kind {
        DefKind::Test | DefKind::Function => known.expected.contains(read.name) && !given,
        // An effect reads the overlays of all that start it, and so does a pure function that it calls.
        DefKind::Effect | DefKind::PureFunction => known.expected.contains(read.name) || given,
    }
}

/// The names that a definition holds, in source order.
pub(super) fn inside<'a>(cx: &Context<'a, '_>, definition: &DefBody) -> &'a [Occurrence] {
    let names = cx.names;
    let first = names.partition_point(|it| it.range.start < definition.range.start);
    let count = names[first..].partition_point(|it| it.range.end <= definition.range.end);
    &names[first..first + count]
}

/// Names that are in some way known to be set.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct KnownNames {
    /// What effects expect, and what overlays hand on from the environment.
    expected: FxHashSet<Name>,
    /// What overlays give a value.
    pub(super) given: FxHashSet<Name>,
}

/// The names of all expects and overlays of the suite.
#[salsa::tracked(returns(ref))]
pub(super) fn known_names(db: &dyn Db, suite: Suite) -> KnownNames {
    let mut names = KnownNames::default();
    for &file in suite.files(db).iter() {
        let index = item_index(db, file);
        for effect in &index.effects {
            names.expected.extend(effect.expects.iter().cloned());
            names.add_keys(&effect.starts, &effect.lets, &effect.expects);
        }
        for test in &index.tests {
            names.add_keys(&test.starts, &test.lets, &[]);
        }
    }
    names
}

impl KnownNames {
    fn add_keys(&mut self, starts: &[StartItem], lets: &[LetItem], expects: &[Name]) {
        for entry in starts.iter().flat_map(|start| &start.overlay) {
            let own = match &entry.value {
                OverlayShape::Shorthand => true,
                OverlayShape::Var(name) => *name == entry.key,
                OverlayShape::Sibling | OverlayShape::Other(_) => false,
            };
            let declared = || lets.iter().any(|it| it.name == entry.key) || expects.contains(&entry.key);
            let names = if own && !declared() {
                &mut self.expected
            } else {
                &mut self.given
            };
            names.insert(entry.key.clone());
        }
    }
}

/// Every name that a `.env` file of the suite sets.
#[salsa::tracked(returns(ref))]
fn dot_env_names(db: &dyn Db, suite: Suite) -> FxHashSet<Name> {
    let files = suite.dot_env_files(db).iter();
    files
        .flat_map(|&file| &env_file(db, file).entries)
        .map(|entry| Name::from(entry.name.as_str()))
        .collect()
}

/// The names of variables that tests and effects of the suite declare before their shells.
#[salsa::tracked(returns(ref))]
pub(super) fn names_of_lets(db: &dyn Db, suite: Suite) -> FxHashSet<Name> {
    let mut names = FxHashSet::default();
    for &file in suite.files(db).iter() {
        let index = item_index(db, file);
        let effects = index.effects.iter().flat_map(|it| &it.lets);
        let tests = index.tests.iter().flat_map(|it| &it.lets);
        names.extend(effects.chain(tests).map(|it| it.name.clone()));
    }
    names
}
