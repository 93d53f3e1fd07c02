//! Effects: what can be started, the keys of overlays, and what stands behind an alias.

use relux_model::bodies::exposed;
use relux_model::dot_env::{RUN_TIME_NAMES, dot_env};
use relux_model::effects::{effect_graph, needs};
use relux_model::exports::exports;
use relux_model::fixes::{bind_operator, import_name};
use relux_model::items::{ExposeItem, item_index};
use relux_model::plan::ExposeKind;
use relux_model::scope::scope;
use relux_model::source_map::source_map;
use relux_model::supply::{Variables, is_port};
use relux_model::{Def, Name, SourceFile};
use relux_syntax::ast::{AstNode, Start, SyntaxKind};
use rustc_hash::FxHashSet;

use super::list::List;
use super::place::{Around, Inside};
use super::snippet::{Insert, Snippet};
use super::{Completed, CompletionItem, CompletionKind, Context, statements, variables};
use crate::places::path_of;

/// Groups of the list.
const IN_SCOPE: u32 = 0;
const NOT_IMPORTED: u32 = 1;

/// What stands behind `start`.
pub(super) fn start_names(cx: &Context<'_>, list: &mut List) {
    let (db, entry) = (cx.db, cx.entry);
    let scope = scope(db, entry.suite, entry.file);
    let mut names: Vec<&Name> = scope.effect_names().collect();
    names.sort_unstable();
    for name in names {
        if let Some(def) = scope.effect(name)
            && !is_around(cx, def)
        {
            list.add(IN_SCOPE, effect(cx, name, def));
        }
    }
    let exports = exports(db, entry.suite);
    let unknown = exports.effect_names().filter(|it| scope.effect(it).is_none());
    let mut found: Vec<(u32, &Name)> = unknown.filter_map(|it| Some((list.score(it)?, it))).collect();
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    for (score, name) in cut(found, list) {
        for &file in exports.effect(name) {
            let Some(declared) = item_index(db, file).effect_named(name) else {
                continue;
            };
            let def = Def {
                file,
                id: declared.id.clone(),
            };
            let item = imported(cx, file, name, effect(cx, name, &def));
            list.add_scored(NOT_IMPORTED, score, item);
        }
    }
}

/// An item of another module, with the import that it needs.
pub(super) fn imported(
    cx: &Context<'_>,
    file: SourceFile,
    name: &str,
    mut item: CompletionItem,
) -> CompletionItem {
    if let Some(path) = file.import_path(cx.db) {
        item.detail = format!("import {path}");
        item.edits.push(import_name(cx.db, cx.entry.file, path, name));
    }
    item
}

/// How many names of other modules are offered at once.
const MOST_FOREIGN: usize = 100;

/// The best of what other modules export.
pub(super) fn cut<T>(mut found: Vec<T>, list: &mut List) -> Vec<T> {
    if found.len() > MOST_FOREIGN {
        found.truncate(MOST_FOREIGN);
        list.cut();
    }
    found
}

/// Whether the cursor is in this very effect.
fn is_around(cx: &Context<'_>, def: &Def) -> bool {
    around(cx).is_some_and(|it| it == *def)
}

/// The effect that the cursor is in.
pub(super) fn around(cx: &Context<'_>) -> Option<Def> {
    let node = cx
        .place
        .definition()
        .filter(|it| it.kind() == SyntaxKind::Effect)?;
    let file = cx.entry.file;
    let map = source_map(cx.db, file);
    let at = map
        .effects
        .iter()
        .position(|it| it.whole.start == node.range().start)?;
    let id = item_index(cx.db, file).effects.get(at)?.id.clone();
    Some(Def { file, id })
}

fn effect(cx: &Context<'_>, name: &str, def: &Def) -> CompletionItem {
    let missing = missing(cx, def, &FxHashSet::default());
    let mut item = CompletionItem::new(CompletionKind::Effect, name)
        .detail(def.file.module_id(cx.db))
        .about(about(cx, def));
    // In an effect, what is missing becomes a need of its own.
    let in_test = cx.place.around == Around::Test;
    if in_test && !missing.is_empty() && cx.place.ends_line() {
        let snippet = entries_of(cx, &missing, Snippet::default().text(name).text(" { "));
        item.insert = Insert::snippet(name, snippet.text(" }"));
    }
    item
}

pub(super) fn about(cx: &Context<'_>, def: &Def) -> Completed {
    Completed::Item {
        file: path_of(cx.db, cx.entry.suite, def.file),
        id: def.id.clone(),
    }
}

/// Entries for keys, separated by commas.
fn entries_of(cx: &Context<'_>, keys: &[Name], mut snippet: Snippet) -> Snippet {
    let mut variables = passable(cx);
    for (at, key) in keys.iter().enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        snippet = entry_of(cx, key, &mut variables, snippet.text(comma));
    }
    snippet
}

/// `KEY = value`, or the key alone where a variable of that name can be meant.
fn entry_of(cx: &Context<'_>, key: &Name, variables: &mut Variables<'_>, snippet: Snippet) -> Snippet {
    let variable = variables.for_name(key);
    if variable.as_ref() == Some(key) || variables::expects(cx).contains(&key.as_str()) {
        return snippet.text(key);
    }
    let bind = bind_operator(cx.db, cx.entry.suite, cx.entry.file);
    let snippet = snippet.text(&format!("{key} {bind} "));
    match variable {
        Some(variable) => snippet.hole(&variable),
        None if is_port(key) => snippet.hole("available_port()"),
        None => snippet.text("\"").hole("").text("\""),
    }
}

/// What the body around can pass on: its variables above the line.
fn passable<'a>(cx: &Context<'a>) -> Variables<'a> {
    let Some(definition) = cx.place.definition() else {
        return Variables::default();
    };
    let (index, map) = (item_index(cx.db, cx.entry.file), source_map(cx.db, cx.entry.file));
    let effects = index
        .effects
        .iter()
        .map(|it| (&it.lets, &it.starts))
        .zip(&map.effects);
    let tests = index
        .tests
        .iter()
        .map(|it| (&it.lets, &it.starts))
        .zip(&map.tests);
    let mut bodies = effects.chain(tests);
    let Some(((lets, starts), ranges)) = bodies.find(|(_, it)| it.whole.start == definition.range().start)
    else {
        return Variables::default();
    };
    let line = cx.place.line_start();
    let above = lets
        .iter()
        .zip(&ranges.lets)
        .filter(|(_, it)| it.whole.end < line);
    Variables::new(above.map(|(it, _)| it), starts)
}

/// What an effect needs here and nothing supplies but an overlay.
fn missing(cx: &Context<'_>, def: &Def, given: &FxHashSet<&str>) -> Vec<Name> {
    let (db, entry) = (cx.db, cx.entry);
    let host = entry.suite.host_env(db);
    let in_effect = variables::expects(cx);
    let env = dot_env(db, entry.suite, entry.file);
    let is_known = |name: &str| {
        let in_env = || {
            env.binary_search_by(|(known, _)| known.as_str().cmp(name))
                .is_ok()
        };
        given.contains(name)
            || RUN_TIME_NAMES.contains(&name)
            || in_effect.contains(&name)
            || in_env()
            || host.get(name).is_some()
    };
    let needed = needs(db, entry.suite, def);
    needed.iter().filter(|it| !is_known(it)).cloned().collect()
}

/// What follows the name of an effect in its `start`.
pub(super) fn behind_name(cx: &Context<'_>, effect: &str, list: &mut List) {
    if !cx.place.head.contains(" as ") {
        list.add(0, super::words::keyword("as", "give this start a name"));
    }
    let Some(def) = named(cx, effect) else { return };
    let missing = missing(cx, &def, &FxHashSet::default());
    if missing.is_empty() || !cx.place.ends_line() {
        return;
    }
    let snippet = entries_of(cx, &missing, Snippet::default().text("{ "));
    let names: Vec<&str> = missing.iter().map(Name::as_str).collect();
    let item = CompletionItem::new(CompletionKind::Key, format!("{{ {} }}", names.join(", ")))
        .detail("what this effect needs");
    list.add(0, item.insert(Insert::snippet("{ ", snippet.text(" }"))));
}

/// A name for a start.
pub(super) fn alias_for(cx: &Context<'_>, effect: &str, list: &mut List) {
    let lower = relux_syntax::names::to_snake(effect);
    let name = match cx.edition {
        relux_model::edition::Edition::E2026_04 => lower,
        relux_model::edition::Edition::E2026_08 => effect.to_owned(),
    };
    if !name.is_empty() {
        list.add(
            0,
            CompletionItem::new(CompletionKind::Alias, name).detail("a name for this start"),
        );
    }
}

/// Keys and values of an overlay.
pub(super) fn overlay(cx: &Context<'_>, list: &mut List) {
    let head = cx.place.head.trim_end();
    if let Some((before, alias)) = cx.place.qualifier() {
        if before.ends_with('=') || before.ends_with('(') {
            exposed_variables(cx, alias, list);
        }
        return;
    }
    let is_call = head.matches('(').count() > head.matches(')').count();
    if head.ends_with('=') || (is_call && statements::wants_value(head)) {
        return statements::expression(cx, true, list);
    }
    if cx.place.inside != Inside::Code {
        return;
    }
    let start = cx.place.opener.is_none().then(|| cx.place.start()).flatten();
    let name = match (&start, cx.place.opener) {
        (Some(start), _) => start.effect_text(),
        (None, Some(opener)) => opener.split_whitespace().nth(1).unwrap_or_default(),
        (None, None) => return,
    };
    if let Some(def) = named(cx, name) {
        keys(cx, &def, &given(cx, start), list);
    }
}

/// The keys that the overlay has already, without the one at the cursor.
fn given<'a>(cx: &Context<'a>, start: Option<Start<'a>>) -> FxHashSet<&'a str> {
    let start = start.or_else(|| {
        let line = cx.place.line_start();
        let body = cx.place.ancestors().find(|it| it.kind() == SyntaxKind::Body)?;
        let mut starts = body.children_as::<Start<'a>>();
        starts.find(|it| it.range().start >= line && it.range().start <= cx.place.word.start)
    });
    let entries = start.into_iter().flat_map(|it| it.entries());
    let keys = entries.filter_map(|it| it.key());
    keys.filter(|it| !it.range().touches(cx.place.word.end))
        .map(|it| it.text())
        .collect()
}

fn keys(cx: &Context<'_>, def: &Def, given: &FxHashSet<&str>, list: &mut List) {
    let (db, suite) = (cx.db, cx.entry.suite);
    let needed = needs(db, suite, def);
    let missing = missing(cx, def, given);
    let bind = bind_operator(db, suite, cx.entry.file);
    let is_bound = cx.place.rest.trim_start().starts_with(['=', ':']);
    for name in needed.iter().filter(|it| !given.contains(it.as_str())) {
        let is_missing = missing.contains(name);
        let from = match effect_graph(db, suite).path_to_expect(def, name) {
            Some((_, effect)) => format!("expected by {}", effect.id.name),
            None => String::new(),
        };
        let detail = if is_missing {
            from
        } else {
            format!("{from}, set already")
        };
        let mut item = CompletionItem::new(CompletionKind::Key, name.as_str()).detail(detail);
        if !is_bound {
            let snippet = entries_of(cx, std::slice::from_ref(name), Snippet::default());
            let known = variables::local(cx).iter().any(|it| it.name == name.as_str());
            let plain = if known {
                name.to_string()
            } else {
                format!("{name} {bind} ")
            };
            item.insert = Insert::snippet(plain, snippet);
        }
        list.add(u32::from(!is_missing), item);
    }
}

/// The effect of a name: the one in scope, otherwise the first that could be imported.
fn named(cx: &Context<'_>, name: &str) -> Option<Def> {
    if let Some(def) = scope(cx.db, cx.entry.suite, cx.entry.file).effect(name) {
        return Some(def.clone());
    }
    let &file = exports(cx.db, cx.entry.suite).effect(name).first()?;
    let id = item_index(cx.db, file).effect_named(name)?.id.clone();
    Some(Def { file, id })
}

/// The aliases of the body around with their effects.
pub(super) fn aliases<'a>(cx: &Context<'a>) -> Vec<(&'a str, Def)> {
    let Some(definition) = cx.place.definition() else {
        return Vec::new();
    };
    let body = definition.children().find(|it| it.kind() == SyntaxKind::Body);
    let starts = body.into_iter().flat_map(|it| it.children_as::<Start<'a>>());
    starts
        .filter_map(|it| Some((it.alias()?.text(), named(cx, it.effect_text())?)))
        .collect()
}

/// What an effect exposes of a kind.
fn exposed_of(cx: &Context<'_>, def: &Def, kind: ExposeKind) -> Vec<ExposeItem> {
    let Some(effect) = item_index(cx.db, def.file).effect(&def.id) else {
        return Vec::new();
    };
    let items = exposed(cx.db, cx.entry.suite, def, effect);
    items.iter().filter(|it| it.kind == kind).cloned().collect()
}

/// Whether something can be read behind an alias of this effect.
pub(super) fn exposes_variables(cx: &Context<'_>, def: &Def) -> bool {
    !exposed_of(cx, def, ExposeKind::Var).is_empty()
}

fn effect_of(cx: &Context<'_>, alias: &str) -> Option<Def> {
    let aliases = aliases(cx);
    let found = aliases.into_iter().rev().find(|(name, _)| *name == alias);
    found.map(|(_, def)| def)
}

/// The variables behind `Alias.`, in code or in text.
pub(super) fn exposed_variables(cx: &Context<'_>, alias: &str, list: &mut List) {
    let Some(def) = effect_of(cx, alias) else { return };
    for item in exposed_of(cx, &def, ExposeKind::Var) {
        let name = item.name().as_str();
        let text = match cx.place.inside {
            Inside::Text { .. } => variables::closed(cx, name),
            Inside::Code => name.to_owned(),
        };
        let item = CompletionItem::new(CompletionKind::Variable, name);
        list.add(
            0,
            item.detail(format!("exposed by {}", def.id.name))
                .insert(Insert::text(text)),
        );
    }
}

/// The shells behind `Alias.`; in the header of a block with the block.
pub(super) fn exposed_shells(cx: &Context<'_>, alias: &str, block: bool, list: &mut List) {
    let Some(def) = effect_of(cx, alias) else { return };
    for item in exposed_of(cx, &def, ExposeKind::Shell) {
        list.add(
            0,
            shell(cx, item.name(), &format!("exposed by {}", def.id.name), block),
        );
    }
}

/// The shells of all aliases, qualified.
pub(super) fn qualified_shells(cx: &Context<'_>, group: u32, block: bool, list: &mut List) {
    for (alias, def) in aliases(cx) {
        for item in exposed_of(cx, &def, ExposeKind::Shell) {
            let name = format!("{alias}.{}", item.name());
            list.add(
                group,
                shell(cx, &name, &format!("exposed by {}", def.id.name), block),
            );
        }
    }
}

/// The variables of all aliases, qualified.
pub(super) fn qualified_variables(cx: &Context<'_>, group: u32, list: &mut List) {
    for (alias, def) in aliases(cx) {
        for item in exposed_of(cx, &def, ExposeKind::Var) {
            let item = CompletionItem::new(CompletionKind::Variable, format!("{alias}.{}", item.name()));
            list.add(group, item.detail(format!("exposed by {}", def.id.name)));
        }
    }
}

/// A shell, in the header of a block with the block.
pub(super) fn shell(cx: &Context<'_>, name: &str, detail: &str, block: bool) -> CompletionItem {
    let item = CompletionItem::new(CompletionKind::Shell, name).detail(detail);
    if block && cx.place.ends_line() {
        return item.insert(Insert::snippet(name, Snippet::default().text(name).block()));
    }
    item
}
