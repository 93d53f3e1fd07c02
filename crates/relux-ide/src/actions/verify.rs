//! Reads what an action makes of the suite, before it is handed out: no finding may be new, and where that was promised
//! all names must mean what they meant.

use relux_model::diagnostics::diagnostics;
use relux_model::names::{Occurrence, Symbol, collect};
use relux_model::scope::scope;
use relux_model::source_map::source_map;
use relux_model::{Db, Def, SourceFile, Suite, item_index};
use relux_syntax::{Diagnostic, TextRange};
use rustc_hash::FxHashMap;

use super::context::Context;
use super::{Promise, Work, texts_after};
use crate::analysis::look;
use crate::places::line_place;
use crate::rename::{FileEdits, Refused};
use crate::scratch::Scratch;

/// Refuses edits that break a promise.
pub(super) fn check(cx: &Context<'_>, files: &[FileEdits], promise: Promise) -> Result<(), Refused> {
    if promise == Promise::None {
        return Ok(());
    }
    let texts = texts_after(cx, files);
    let scratch = Scratch::new(cx.db, cx.suite, &texts);
    for &file in scratch.twins.keys() {
        look(cx.db);
        let is_concerned = texts.contains_key(&file) || imports_any(cx, file, &texts);
        if is_concerned && let Some(refused) = new_finding(cx, &scratch, file) {
            return Err(refused);
        }
    }
    if promise == Promise::SameNames {
        for file in texts.keys() {
            let Some(&twin) = scratch.twins.get(file) else {
                continue;
            };
            same_names(cx, *file, &scratch, twin)?;
        }
    }
    Ok(())
}

/// Whether the edits may take a finding away from the comment that allows it, or the other way round: what is found at one
/// statement may depend on all of its definition.
pub(super) fn is_in_doubt(cx: &Context<'_>, work: &Work) -> bool {
    let places = relux_model::allow::places(cx.text);
    let Work::Now(edits) = work else {
        return !places.is_empty();
    };
    let around = |it: TextRange| cx.bodies().definition_at(it.start).map(|it| it.range);
    let concerns = |place: TextRange, edit: TextRange| {
        let touches = edit.start <= place.end && place.start <= edit.end;
        touches || around(place).is_some_and(|it| around(edit) == Some(it))
    };
    let is_concerned = |place: &TextRange| edits.iter().any(|it| concerns(*place, it.range));
    places.iter().any(is_concerned)
}

/// Whether the files that change themselves have no new finding: the part of [`check`] that is fast in any suite.
pub(super) fn is_clean(cx: &Context<'_>, files: &[FileEdits]) -> bool {
    let texts = texts_after(cx, files);
    let scratch = Scratch::new(cx.db, cx.suite, &texts);
    texts
        .keys()
        .all(|file| new_finding(cx, &scratch, *file).is_none())
}

/// What is found in a file afterwards that was not found before, with its place.
fn new_finding(cx: &Context<'_>, scratch: &Scratch, file: SourceFile) -> Option<Refused> {
    let &twin = scratch.twins.get(&file)?;
    let before = diagnostics(cx.db, cx.suite, file);
    let after = diagnostics(&scratch.db, scratch.suite, twin);
    let new = first_new(&before, &after)?;
    let place = line_place(&scratch.db, twin, new.range.start);
    Some(Refused(format!("{} at {place}", new.message)))
}

/// Whether a file could see a change of what others define.
fn imports_any(
    cx: &Context<'_>,
    file: SourceFile,
    changed: &FxHashMap<SourceFile, std::sync::Arc<str>>,
) -> bool {
    let count = item_index(cx.db, file).imports.len();
    let scope = scope(cx.db, cx.suite, file);
    (0..count).any(|at| scope.import(at).is_some_and(|it| changed.contains_key(&it)))
}

/// A finding of a kind that there were fewer of before.
fn first_new<'a>(before: &[Diagnostic], after: &'a [Diagnostic]) -> Option<&'a Diagnostic> {
    let count = |of: &[Diagnostic], one: &Diagnostic| of.iter().filter(|it| it.code == one.code).count();
    after.iter().find(|it| count(after, it) > count(before, it))
}

/// Outside of imports, each name must be followed by the same names as before, and mean the same.
fn same_names(
    cx: &Context<'_>,
    file: SourceFile,
    scratch: &Scratch,
    twin: SourceFile,
) -> Result<(), Refused> {
    let before = meanings(cx.db, cx.suite, file);
    let after = meanings(&scratch.db, scratch.suite, twin);
    let mut both = before.iter().zip(&after);
    let differs = both.find(|(before, after)| before != after).map(|(it, _)| it);
    let differs = differs
        .or_else(|| before.get(after.len()))
        .or_else(|| after.get(before.len()));
    match differs {
        Some((word, _)) => Err(Refused(format!("`{word}` would mean something else"))),
        None => Ok(()),
    }
}

/// The names of a file outside of its imports with what they mean, told without handles of a database.
fn meanings(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<(String, String)> {
    let (text, imports) = (file.text(db), &source_map(db, file).imports);
    let outside = |it: &Occurrence| !imports.iter().any(|import| import.whole.covers(it.range));
    let names = collect(db, suite, file).into_iter().filter(outside);
    let mut all: Vec<(TextRange, String, String)> = names
        .map(|it| (it.range, it.range.slice(text).to_owned(), told(db, &it.symbol)))
        .collect();
    // What one word means may be listed in any order.
    all.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    all.into_iter()
        .map(|(_, word, meaning)| (word, meaning))
        .collect()
}

fn told(db: &dyn Db, symbol: &Symbol) -> String {
    let def = |def: &Def| format!("{} {:?}", def.file.path(db), def.id);
    match symbol {
        Symbol::Module(file) => file.path(db).to_string(),
        Symbol::Function(it) | Symbol::Effect(it) | Symbol::Test(it) => def(it),
        Symbol::Builtin(it) => format!("{it:?}"),
        Symbol::Alias { owner, name } => format!("alias {name} of {}", def(owner)),
        Symbol::Shell { owner, name } => format!("shell {name} of {}", def(owner)),
        Symbol::Exposed { effect, kind, name } => format!("{kind:?} {name} of {}", def(effect)),
        Symbol::Variable { owner, scope, name } => format!("{name} in {scope:?} of {}", def(owner)),
        Symbol::Parameter { function, name } => format!("parameter {name} of {}", def(function)),
        Symbol::Expect { effect, name } => format!("expect {name} of {}", def(effect)),
        Symbol::Environment(name) => format!("environment {name}"),
        Symbol::Capture { owner, index } => format!("capture {index} of {}", def(owner)),
    }
}
