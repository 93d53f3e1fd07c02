//! `unresolved-import` and `unresolved-name-in-import`.

use relux_syntax::{Diagnostic, Fix, TextRange};

use super::{Context, listed};
use crate::codes;
use crate::exports::exports;
use crate::items::{Import, ItemIndex, Name, item_index};
use crate::modules::modules;
use crate::source_map::ImportRanges;
use relux_syntax::nearest::nearest;

pub(super) fn check(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    for (at, (import, ranges)) in index.imports.iter().zip(&map.imports).enumerate() {
        if import.path().is_empty() {
            continue;
        }
        match cx.scope.import(at) {
            None => unresolved_import(cx, import, ranges),
            Some(target) => unresolved_names(cx, import, ranges, item_index(cx.db, target)),
        }
    }
}

fn unresolved_import(cx: &mut Context<'_>, import: &Import, ranges: &ImportRanges) {
    let path = import.path();
    let message = format!("there is no module `{path}`");
    let mut diagnostic = Diagnostic::error(codes::UNRESOLVED_IMPORT, ranges.path, message)
        .with_label(format!("no file relux/lib/{path}.relux"));
    let modules = modules(cx.db, cx.suite);
    if modules.file(&format!("relux/{path}.relux")).is_some() && path.starts_with("tests/") {
        cx.push(
            diagnostic
                .with_help("modules under relux/tests cannot be imported: move what is shared to relux/lib"),
        );
        return;
    }
    if let Some(meant) = cx.may_search().then(|| meant_path(cx, path)).flatten() {
        diagnostic = diagnostic
            .with_help(format!("there is a module `{meant}`"))
            .with_fix(Fix::needs_a_look(format!("Import `{meant}`"), ranges.path, meant));
    } else {
        diagnostic = diagnostic.with_help("import paths are relative to relux/lib and have no extension");
    }
    cx.push(diagnostic);
}

/// The module that was probably meant: without a prefix or suffix too many, with a slip mended, or in a directory.
fn meant_path<'db>(cx: &Context<'db>, path: &str) -> Option<&'db str> {
    let modules = modules(cx.db, cx.suite);
    let known = |path: &str| modules.import(path)?.proper_import_path(cx.db);
    let bare = path.strip_suffix(".relux").unwrap_or(path);
    let bare = bare.trim_start_matches("./").trim_start_matches("../");
    let stripped = bare
        .strip_prefix("relux/lib/")
        .or_else(|| bare.strip_prefix("lib/"))
        .unwrap_or(bare);
    if let Some(found) = known(stripped) {
        return Some(found);
    }
    let paths: Vec<&'db str> = modules.import_paths().into_iter().map(Name::as_str).collect();
    if let Some(near) = nearest(stripped, paths.iter().copied()) {
        return Some(near);
    }
    let last = stripped.rsplit('/').next().unwrap_or(stripped);
    let mut same_name = paths
        .into_iter()
        .filter(|path| path.rsplit('/').next() == Some(last));
    match (same_name.next(), same_name.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

fn unresolved_names(cx: &mut Context<'_>, import: &Import, ranges: &ImportRanges, target: &ItemIndex) {
    let Some(names) = &import.names else { return };
    for (name, at) in names.iter().zip(&ranges.names) {
        let name = &name.name;
        if name.is_empty()
            || target.effect_named(name).is_some()
            || target.functions_named(name).next().is_some()
        {
            continue;
        }
        let path = import.path();
        let mut diagnostic = Diagnostic::error(
            codes::UNRESOLVED_NAME_IN_IMPORT,
            at.name,
            format!("the module `{path}` has no `{name}`"),
        );
        let effect = name.starts_with(|c: char| c.is_ascii_uppercase());
        let exports = exports(cx.db, cx.suite);
        let elsewhere = if effect {
            exports.effect(name)
        } else {
            &exports.function(name)
        };
        let near = if !cx.may_search() {
            None
        } else if effect {
            nearest(name, target.effects.iter().map(|it| it.name().as_str()))
        } else {
            nearest(name, target.functions.iter().map(|it| it.name().as_str()))
        };
        if let Some(near) = near {
            diagnostic = diagnostic
                .with_help(format!("it has `{near}`"))
                .with_fix(Fix::needs_a_look(format!("Change to `{near}`"), at.name, near));
        } else if !elsewhere.is_empty() {
            let paths: Vec<&str> = elsewhere
                .iter()
                .filter_map(|file| file.import_path(cx.db))
                .take(3)
                .collect();
            diagnostic = diagnostic.with_help(format!("it is exported by {}", listed(&paths)));
            for path in &paths {
                diagnostic
                    .fixes
                    .push(import_elsewhere(cx, names.len(), ranges, at, path));
            }
        } else if re_exported(cx, import, name) {
            diagnostic = diagnostic.with_help("a module does not pass on what it imports");
        }
        cx.push(diagnostic);
    }
}

/// Imports a name from the module that has it: by another path where it is the only one, else by an import of its own.
fn import_elsewhere(
    cx: &Context<'_>,
    names: usize,
    ranges: &ImportRanges,
    at: &crate::source_map::ImportNameRanges,
    path: &str,
) -> Fix {
    let text = cx.file.text(cx.db);
    let title = format!("Import it from `{path}`");
    if names == 1 {
        return Fix::needs_a_look(title, ranges.path, path);
    }
    let entry = at.whole.slice(text).to_owned();
    let behind = &text[at.whole.end as usize..];
    let gap = behind.len() - behind.trim_start_matches([',', ' ', '\t']).len();
    let gone = TextRange::new(at.whole.start, at.whole.end + gap as u32);
    let mut fix = Fix::needs_a_look(title, gone, "");
    let line = format!("{}import {path} {{ {entry} }}", crate::fixes::newline(text));
    fix.edits.push(relux_syntax::Edit {
        file: None,
        range: TextRange::empty(ranges.whole.end),
        new_text: line,
    });
    fix
}

/// Whether the imported module has the name in scope by an import of its own.
fn re_exported(cx: &Context<'_>, import: &Import, name: &str) -> bool {
    let Some(target) = modules(cx.db, cx.suite).import(import.path()) else {
        return false;
    };
    let scope = crate::scope::scope(cx.db, cx.suite, target);
    scope.effect(name).is_some() || !scope.functions_named(name).is_empty()
}
