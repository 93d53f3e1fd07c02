//! Imports: paths of modules, and the names that a module exports.

use relux_model::items::{Effect, Function, item_index};
use relux_model::modules::modules;
use relux_model::{Def, Name};
use relux_syntax::ast::{AstNode, Import};
use rustc_hash::FxHashSet;

use super::effects::{about, cut};
use super::list::List;
use super::{Completed, CompletionItem, CompletionKind, Context};
use crate::places::path_of;

/// The paths that can be imported. The whole path is completed, so that any part of it can be typed.
pub(super) fn paths(cx: &Context<'_>, list: &mut List) {
    let (db, entry) = (cx.db, cx.entry);
    let modules = modules(db, entry.suite);
    let own = entry.file.import_path(db);
    let mut found: Vec<(u32, &Name)> = modules
        .import_paths()
        .into_iter()
        .filter(|it| Some(it.as_str()) != own)
        .filter_map(|it| Some((list.score(it)?, it)))
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    for (score, path) in cut(found, list) {
        let Some(file) = modules.import(path) else {
            continue;
        };
        let item = CompletionItem::new(CompletionKind::Module, path.as_str())
            .about(Completed::Module(path_of(db, entry.suite, file)));
        list.add_scored(0, score, item);
    }
}

/// The names in the list of an import.
pub(super) fn names(cx: &Context<'_>, list: &mut List) {
    let db = cx.db;
    // Behind `as` stands a new name.
    if cx.place.head.trim_end().ends_with(" as") {
        return;
    }
    let around = cx.place.ancestors().find_map(Import::cast);
    let import = around.filter(|_| cx.place.opener.is_none());
    let path = match (&import, cx.place.opener) {
        (Some(import), _) => import.path_text(),
        (None, Some(opener)) => opener.split_whitespace().nth(1).unwrap_or_default(),
        (None, None) => return,
    };
    let Some(file) = modules(db, cx.entry.suite).import(path) else {
        return;
    };
    let taken = taken(cx, import);
    let index = item_index(db, file);
    let mut seen = FxHashSet::default();
    let effects = index
        .effects
        .iter()
        .map(|it: &Effect| (CompletionKind::Effect, &it.id));
    let functions = index
        .functions
        .iter()
        .map(|it: &Function| (CompletionKind::Function, &it.id));
    for (kind, id) in effects.chain(functions) {
        let name = id.name.as_str();
        if name.is_empty() || taken.contains(name) || !seen.insert(name) {
            continue;
        }
        let def = Def { file, id: id.clone() };
        let mut item = CompletionItem::new(kind, name).about(about(cx, &def));
        item.detail = match index.function(id) {
            Some(function) => format!("({})", function.params.join(", ")),
            None => String::new(),
        };
        list.add(0, item);
    }
}

/// The names that the list has already, without the one at the cursor.
fn taken<'a>(cx: &Context<'a>, import: Option<Import<'a>>) -> FxHashSet<&'a str> {
    let import = import.or_else(|| {
        let line = cx.place.line_start();
        let mut imports = cx.place.ancestors().last()?.children_as::<Import<'a>>();
        imports.find(|it| it.range().start >= line)
    });
    let names = import.and_then(|it| it.names()).into_iter().flatten();
    let names = names.filter_map(|it| it.name());
    names
        .filter(|it| !it.range().touches(cx.place.word.end))
        .map(|it| it.text())
        .collect()
}
