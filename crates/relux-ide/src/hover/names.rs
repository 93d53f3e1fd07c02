//! Names: variables with what defines them, captures with their pattern, everything else as what it is.

use relux_model::names::{Occurrence, Role, Symbol, VariableScope, occurrences, targets};
use relux_model::plan::ExposeKind;
use relux_model::scope::scope;
use relux_model::source_map::source_map;
use relux_model::{Db, Def, ItemKind, item_index};

use super::{Page, items, line_at, line_number};
use crate::suites::Entry;

pub(super) fn hover(db: &dyn Db, entry: Entry, occurrence: &Occurrence) -> Option<String> {
    match &occurrence.symbol {
        Symbol::Module(file) => Some(items::module(db, *file)),
        Symbol::Function(def) => items::function(db, def),
        Symbol::Effect(def) => items::effect(db, entry, def, occurrence.range),
        Symbol::Test(def) => Some(items::test(db, def)),
        Symbol::Builtin(builtin) => Some(items::builtin(*builtin)),
        Symbol::Alias { owner, .. } => alias(db, entry, occurrence, owner),
        Symbol::Shell { owner, name } => {
            let mut page = Page::code(&format!("shell {name}"));
            page.text(&format!("A shell of {}.", owned(owner)));
            Some(page.0)
        }
        Symbol::Exposed { effect, kind, .. } => exposed(db, entry, occurrence, effect, *kind),
        Symbol::Variable { owner, scope, .. } => Some(variable(db, entry, occurrence, owner, scope)),
        Symbol::Parameter { function, .. } => {
            let declared = item_index(db, function.file).function(&function.id)?;
            let mut page = Page::code(&items::signature(declared));
            page.text("A parameter.");
            Some(page.0)
        }
        Symbol::Expect { effect, name } => Some(expect(db, entry, occurrence, effect, name)),
        Symbol::Environment(name) => {
            let from = items::from_environment(db, entry.suite, entry.file, name);
            let known = if name.starts_with("__RELUX") {
                "set by the runner"
            } else {
                &from
            };
            Some(format!("`{name}` {known}\n\nA variable of the environment."))
        }
        Symbol::Capture { index, .. } => {
            let text = occurrence.declared?.slice(entry.file.text(db));
            let what = match index {
                0 => "All that was matched by".to_owned(),
                index => format!("Group {index} of"),
            };
            let mut page = Page::default();
            page.text(&what);
            page.block("regex", text);
            Some(page.0)
        }
    }
}

/// Whose a shell or variable is, in words.
fn owned(owner: &Def) -> String {
    match owner.id.kind {
        ItemKind::Test => format!("test “{}”", owner.id.name),
        ItemKind::Effect => format!("effect `{}`", owner.id.name),
        ItemKind::Function | ItemKind::Import => format!("function `{}`", owner.id.name),
    }
}

fn alias(db: &dyn Db, entry: Entry, occurrence: &Occurrence, owner: &Def) -> Option<String> {
    let target = targets(db, entry.suite, entry.file, occurrence)
        .into_iter()
        .next()?;
    let mut page = Page::code(line_at(db, target.file, target.full).trim_end_matches(['{', ' ']));
    let map = source_map(db, owner.file);
    let mut starts = map.effects.iter().chain(&map.tests).flat_map(|it| &it.starts);
    let start = starts.find(|it| it.whole == target.full)?;
    let effect = start.effect.slice(owner.file.text(db));
    if let Some(def) = scope(db, entry.suite, owner.file).effect(effect) {
        page.text(&items::doc(db, def));
        page.text(&items::exposes(db, entry.suite, def));
    }
    Some(page.0)
}

fn exposed(
    db: &dyn Db,
    entry: Entry,
    occurrence: &Occurrence,
    effect: &Def,
    kind: ExposeKind,
) -> Option<String> {
    let target = targets(db, entry.suite, entry.file, occurrence)
        .into_iter()
        .next()?;
    let line = line_at(db, target.file, target.name);
    let mut page = Page::code(line.trim_end_matches(['{', ' ']));
    let what = match kind {
        ExposeKind::Shell => "A shell",
        ExposeKind::Var => "A variable",
    };
    let place = format!(
        "{}:{}",
        target.file.path(db),
        line_number(db, target.file, target.name.start)
    );
    page.text(&format!(
        "{what} that `{}` exposes, from {place}.",
        effect.id.name
    ));
    Some(page.0)
}

fn variable(
    db: &dyn Db,
    entry: Entry,
    occurrence: &Occurrence,
    owner: &Def,
    scope: &VariableScope,
) -> String {
    let target = targets(db, entry.suite, entry.file, occurrence)
        .into_iter()
        .next();
    let declared = target.map_or(occurrence.range, |it| it.name);
    let mut page = Page::code(&line_at(db, entry.file, declared));
    let whose = match scope {
        VariableScope::Body | VariableScope::Function => owned(owner),
        VariableScope::Shell(name) => format!("shell `{name}` of {}", owned(owner)),
        VariableScope::Cleanup => format!("the cleanup of {}", owned(owner)),
    };
    page.text(&format!("A variable of {whose}."));
    let writes = occurrences(db, entry.suite, entry.file).iter();
    let writes = writes.filter(|it| it.role == Role::Write && it.symbol == occurrence.symbol);
    let lines: Vec<String> = writes
        .map(|it| line_number(db, entry.file, it.range.start).to_string())
        .collect();
    if !lines.is_empty() {
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        page.text(&format!("Set again in {noun} {}.", lines.join(", ")));
    }
    page.0
}

fn expect(db: &dyn Db, entry: Entry, occurrence: &Occurrence, effect: &Def, name: &str) -> String {
    let map = source_map(db, entry.file);
    let mut entries = map
        .effects
        .iter()
        .chain(&map.tests)
        .flat_map(|it| &it.starts)
        .flat_map(|it| &it.entries);
    let overlay = entries.find(|it| it.key == occurrence.range);
    let code = match overlay {
        Some(overlay) => overlay.whole.slice(entry.file.text(db)).to_owned(),
        None => format!("expect {name}"),
    };
    let mut page = Page::code(&code);
    page.text(&format!(
        "`{}` expects `{name}` from whoever starts it.",
        effect.id.name
    ));
    page.0
}
