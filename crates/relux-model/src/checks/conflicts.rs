//! `name-conflict`: one name brought by two definitions or imports. Own definitions are checked where they stand,
//! so an importer never has to answer for what is wrong in the module it imports.

use relux_syntax::{Diagnostic, Fix, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, here};
use crate::codes;
use crate::items::{Function, Import, ItemIndex, Name, item_index};
use crate::source_map::ImportRanges;

/// Functions by name and number of parameters, effects by name.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Function(Name, usize),
    Effect(Name),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Function(name, arity) => write!(f, "`{name}/{arity}`"),
            Self::Effect(name) => write!(f, "`{name}`"),
        }
    }
}

/// Where a name came into scope first, with what to say about it.
type Origins = FxHashMap<Key, (TextRange, &'static str)>;

pub(super) fn check(cx: &mut Context<'_>) {
    let mut origins = Origins::default();
    own_functions(cx, &mut origins);
    own_effects(cx, &mut origins);
    for at in 0..cx.index.imports.len() {
        check_import(cx, at, &mut origins);
    }
}

fn own_functions(cx: &mut Context<'_>, origins: &mut Origins) {
    let (index, map) = (cx.index, cx.map);
    let mut seen: FxHashMap<(Key, bool), TextRange> = FxHashMap::default();
    for (function, ranges) in index.functions.iter().zip(&map.functions) {
        if function.name().is_empty() {
            continue;
        }
        let key = Key::Function(function.name().clone(), function.arity());
        origins
            .entry(key.clone())
            .or_insert((ranges.name, "defined here"));
        // A `fn` beside a `pure fn` is dead, not a conflict.
        let Some(first) = seen.get(&(key.clone(), function.pure)).copied() else {
            seen.insert((key, function.pure), ranges.name);
            continue;
        };
        let message = format!("{key} is defined twice in this module");
        let diagnostic = Diagnostic::error(codes::NAME_CONFLICT, ranges.name, message)
            .with_related(here(first, "first defined here"))
            .with_help("rename one of them or give it another number of parameters");
        cx.push(diagnostic);
    }
}

fn own_effects(cx: &mut Context<'_>, origins: &mut Origins) {
    let (index, map) = (cx.index, cx.map);
    for (effect, ranges) in index.effects.iter().zip(&map.effects) {
        if effect.name().is_empty() {
            continue;
        }
        let key = Key::Effect(effect.name().clone());
        if let Some((first, _)) = origins.get(&key).copied() {
            let message = format!("the effect {key} is defined twice in this module");
            let diagnostic = Diagnostic::error(codes::NAME_CONFLICT, ranges.name, message)
                .with_related(here(first, "first defined here"))
                .with_help("rename one of them");
            cx.push(diagnostic);
        } else {
            origins.insert(key, (ranges.name, "defined here"));
        }
    }
}

fn check_import(cx: &mut Context<'_>, at: usize, origins: &mut Origins) {
    let (Some(import), Some(ranges)) = (cx.index.imports.get(at), cx.map.imports.get(at)) else {
        return;
    };
    let Some(target) = cx.scope.import(at) else {
        return;
    };
    let index = item_index(cx.db, target);
    if target == cx.file {
        let message = "a module cannot import itself";
        let diagnostic = Diagnostic::error(codes::NAME_CONFLICT, ranges.path, message)
            .with_help("what it defines is in scope anyway")
            .with_fix(Fix::safe("Remove the import", whole_line(cx, ranges.whole), ""));
        return cx.push(diagnostic);
    }
    match &import.names {
        None => wildcard(cx, import, ranges, index, origins),
        Some(_) => selective(cx, import, ranges, index, origins),
    }
}

/// The range with its line, where nothing else stands on it.
fn whole_line(cx: &Context<'_>, range: TextRange) -> TextRange {
    let text: &str = cx.file.text(cx.db);
    let after = text.get(range.end as usize..).unwrap_or_default();
    let newline = after.find('\n').filter(|end| after[..*end].trim().is_empty());
    let end = newline.map_or(range.end, |newline| range.end + newline as u32 + 1);
    TextRange::new(range.start, end)
}

fn wildcard(
    cx: &mut Context<'_>,
    import: &Import,
    ranges: &ImportRanges,
    index: &ItemIndex,
    origins: &mut Origins,
) {
    let functions = index
        .functions
        .iter()
        .map(|it| Key::Function(it.name().clone(), it.arity()));
    let effects = index.effects.iter().map(|it| Key::Effect(it.name().clone()));
    let mut seen = FxHashSet::default();
    let mut clashes: Vec<(Key, (TextRange, &'static str))> = Vec::new();
    for key in functions.chain(effects) {
        if !seen.insert(key.clone()) {
            continue;
        }
        match origins.get(&key) {
            Some(origin) => clashes.push((key, *origin)),
            None => {
                origins.insert(key, (ranges.path, "imported here"));
            }
        }
    }
    let Some((first, _)) = clashes.first() else {
        return;
    };
    let more = match clashes.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let message = format!(
        "`import {}` brings {first}{more}, already in scope",
        import.path()
    );
    let mut diagnostic = Diagnostic::error(codes::NAME_CONFLICT, ranges.path, message)
        .with_help("import only the names that are needed, or give them other names with `as`");
    for (key, (range, what)) in clashes.iter().take(3) {
        diagnostic = diagnostic.with_related(here(*range, format!("{key} {what}")));
    }
    cx.push(diagnostic);
}

fn selective(
    cx: &mut Context<'_>,
    import: &Import,
    ranges: &ImportRanges,
    index: &ItemIndex,
    origins: &mut Origins,
) {
    for (name, at) in import.names.iter().flatten().zip(&ranges.names) {
        let local = name.local();
        let arities: FxHashSet<usize> = index.functions_named(&name.name).map(Function::arity).collect();
        let mut keys: Vec<Key> = arities
            .into_iter()
            .map(|arity| Key::Function(local.clone(), arity))
            .collect();
        if index.effect_named(&name.name).is_some() {
            keys.push(Key::Effect(local.clone()));
        }
        let clash = keys
            .iter()
            .find_map(|key| Some((key.clone(), *origins.get(key)?)));
        for key in keys {
            origins.entry(key).or_insert((at.whole, "imported here"));
        }
        let Some((key, (first, what))) = clash else {
            continue;
        };
        let message = format!("{key} is already in scope");
        let diagnostic = Diagnostic::error(codes::NAME_CONFLICT, at.alias.unwrap_or(at.name), message)
            .with_related(here(first, what))
            .with_help(format!(
                "give it another name: `{} as …`, or remove one of both",
                name.name
            ));
        cx.push(diagnostic);
    }
}
