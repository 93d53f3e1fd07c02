//! Functions: own, imported, built in, and those of other modules with the import that they need.

use relux_model::builtins::{Signature, TABLE};
use relux_model::exports::exports;
use relux_model::items::item_index;
use relux_model::scope::scope;
use relux_model::{Def, Name};

use super::effects::{about, cut, imported};
use super::list::List;
use super::snippet::{Insert, Snippet};
use super::{CompletionItem, CompletionKind, Context};

/// Groups of the list, behind the variables near by and before the environment.
const IN_SCOPE: u32 = 4;
const BUILT_IN: u32 = 5;
const NOT_IMPORTED: u32 = 10;

/// Names of other modules are offered from so many letters on.
const FEWEST_LETTERS: usize = 2;

/// Everything that can be called; `pure` where there is no shell.
pub(super) fn functions(cx: &Context<'_>, pure: bool, list: &mut List) {
    let (db, entry) = (cx.db, cx.entry);
    let scope = scope(db, entry.suite, entry.file);
    let mut names: Vec<&Name> = scope.function_names().collect();
    names.sort_unstable();
    for name in names {
        let mut overloads: Vec<_> = scope.functions_named(name).iter().collect();
        overloads.sort_by_key(|it| it.arity);
        for function in overloads.iter().filter(|it| it.pure || !pure) {
            list.add(IN_SCOPE, item(cx, name, &function.def));
        }
    }
    for signature in TABLE.iter().filter(|it| it.pure || !pure) {
        if scope.function(signature.name, signature.params.len()).is_none() {
            list.add(BUILT_IN, builtin(cx, signature));
        }
    }
    if list.letters() < FEWEST_LETTERS {
        return list.cut();
    }
    let exports = exports(db, entry.suite);
    let unknown = exports
        .function_names()
        .filter(|it| scope.functions_named(it).is_empty());
    let mut found: Vec<(u32, &Name)> = unknown.filter_map(|it| Some((list.score(it)?, it))).collect();
    found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    for (score, name) in cut(found, list) {
        for file in exports.function(name) {
            for function in item_index(db, file).functions_named(name) {
                if pure && !function.pure {
                    continue;
                }
                let def = Def {
                    file,
                    id: function.id.clone(),
                };
                let item = imported(cx, file, name, item(cx, name, &def));
                list.add_scored(NOT_IMPORTED, score, item);
            }
        }
    }
}

fn item(cx: &Context<'_>, name: &str, def: &Def) -> CompletionItem {
    let function = item_index(cx.db, def.file).function(&def.id);
    let params: Vec<&str> = function.map_or_else(Vec::new, |it| it.params.iter().map(Name::as_str).collect());
    call(cx, CompletionKind::Function, name, &params)
        .detail(def.file.module_id(cx.db))
        .about(about(cx, def))
}

fn builtin(cx: &Context<'_>, signature: &Signature) -> CompletionItem {
    call(cx, CompletionKind::Builtin, signature.name, signature.params)
        .detail("built in")
        .doc(signature.doc)
}

fn call(cx: &Context<'_>, kind: CompletionKind, name: &str, params: &[&str]) -> CompletionItem {
    let mut item = CompletionItem::new(kind, name);
    item.suffix = format!("({})", params.join(", "));
    if cx.place.rest.starts_with('(') {
        return item;
    }
    if params.is_empty() {
        return item.insert(Insert::text(format!("{name}()")));
    }
    let mut snippet = Snippet::default().text(name).text("(");
    for (at, param) in params.iter().enumerate() {
        snippet = snippet.text(if at > 0 { ", " } else { "" }).hole(param);
    }
    // Who types the parenthesis is shown the parameters.
    item.insert(Insert::snippet(name, snippet.text(")")))
}
