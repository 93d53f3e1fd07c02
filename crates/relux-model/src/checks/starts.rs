//! What is wrong with `start`s whatever they need: `unresolved-effect`, `duplicate-alias`, `duplicate-overlay-key`,
//! `overlay-cycle`.

use relux_syntax::{Applicability, Diagnostic, Fix, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, here, listed};
use crate::codes;
use crate::components::cycles;
use crate::exports::exports;
use crate::fixes;
use crate::items::{Name, StartItem};
use crate::source_map::StartRanges;
use relux_syntax::nearest::nearest;

pub(super) fn check(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    let effects = index.effects.iter().map(|it| &it.starts).zip(&map.effects);
    let tests = index.tests.iter().map(|it| &it.starts).zip(&map.tests);
    for (starts, ranges) in effects.chain(tests) {
        for (start, at) in starts.iter().zip(&ranges.starts) {
            unresolved_effect(cx, start, at);
            duplicate_keys(cx, start, at);
        }
        duplicate_aliases(cx, starts, &ranges.starts);
        overlay_cycles(cx, starts, &ranges.starts);
    }
}

fn unresolved_effect(cx: &mut Context<'_>, start: &StartItem, at: &StartRanges) {
    let name = &start.effect;
    if name.is_empty() || cx.scope.effect(name).is_some() || cx.scope.may_be_missing_import(name) {
        return;
    }
    let message = format!("there is no effect `{name}` in scope");
    let mut diagnostic = Diagnostic::error(codes::UNRESOLVED_EFFECT, at.effect, message);
    let modules = exports(cx.db, cx.suite).effect(name);
    let paths: Vec<&str> = modules
        .iter()
        .filter_map(|file| file.import_path(cx.db))
        .collect();
    for path in paths.iter().take(3) {
        diagnostic = diagnostic.with_fix(Fix {
            title: format!("Import `{name}` from `{path}`"),
            applicability: if paths.len() == 1 {
                Applicability::Safe
            } else {
                Applicability::Unsafe
            },
            edits: vec![fixes::import_name(cx.db, cx.file, path, name)],
        });
    }
    if !paths.is_empty() {
        let shown = &paths[..paths.len().min(3)];
        cx.push(diagnostic.with_help(format!("it is exported by {}; import it", listed(shown))));
        return;
    }
    if !cx.may_search() {
        return cx.push(diagnostic);
    }
    if let Some(near) = nearest(name, cx.scope.effect_names().map(Name::as_str)) {
        diagnostic = diagnostic
            .with_help(format!("there is an effect `{near}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{near}`"), at.effect, near));
    } else if let Some(near) = nearest(name, exports(cx.db, cx.suite).effect_names().map(Name::as_str)) {
        let modules = exports(cx.db, cx.suite).effect(near);
        let paths: Vec<&str> = modules
            .iter()
            .filter_map(|file| file.import_path(cx.db))
            .take(3)
            .collect();
        diagnostic = diagnostic.with_help(format!("there is an effect `{near}` in {}", listed(&paths)));
        for path in &paths {
            let title = format!("Change to `{near}` and import it from `{path}`");
            let mut fix = Fix::needs_a_look(title, at.effect, near);
            fix.edits.push(fixes::import_name(cx.db, cx.file, path, near));
            diagnostic = diagnostic.with_fix(fix);
        }
    } else {
        let help = format!("define it with `effect {name} {{`, or import the module that does");
        diagnostic = diagnostic.with_help(help);
    }
    cx.push(diagnostic);
}

fn duplicate_keys(cx: &mut Context<'_>, start: &StartItem, at: &StartRanges) {
    let mut seen: FxHashMap<&Name, TextRange> = FxHashMap::default();
    for (entry, range) in start.overlay.iter().zip(&at.entries) {
        if let Some(first) = seen.insert(&entry.key, range.key) {
            let message = format!("`{}` is set twice in this overlay", entry.key);
            let diagnostic = Diagnostic::error(codes::DUPLICATE_OVERLAY_KEY, range.key, message)
                .with_related(here(first, "set here first"))
                .with_help("the last one would win; remove one of them");
            cx.push(diagnostic);
        }
    }
}

fn duplicate_aliases(cx: &mut Context<'_>, starts: &[StartItem], ranges: &[StartRanges]) {
    let mut seen: FxHashMap<&Name, TextRange> = FxHashMap::default();
    for (start, at) in starts.iter().zip(ranges) {
        let (Some(alias), Some(range)) = (&start.alias, at.alias) else {
            continue;
        };
        if let Some(first) = seen.insert(alias, range) {
            let message = format!("two starts have the alias `{alias}`");
            let diagnostic = Diagnostic::error(codes::DUPLICATE_ALIAS, range, message)
                .with_related(here(first, "the first one"))
                .with_help("the last one would win; give this start another alias");
            cx.push(diagnostic);
        }
    }
}

/// For each start of a body the positions of the starts whose exposed variables its overlay reads.
pub(crate) fn sibling_edges(starts: &[StartItem]) -> Vec<Vec<usize>> {
    let aliases: FxHashMap<&Name, usize> = starts
        .iter()
        .enumerate()
        .filter_map(|(at, start)| Some((start.alias.as_ref()?, at)))
        .collect();
    let edges = |start: &StartItem| {
        let siblings = start.overlay.iter().flat_map(|entry| &entry.siblings);
        let mut edges: Vec<usize> = siblings
            .filter_map(|it| aliases.get(&it.alias).copied())
            .collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    };
    starts.iter().map(edges).collect()
}

fn overlay_cycles(cx: &mut Context<'_>, starts: &[StartItem], ranges: &[StartRanges]) {
    if starts
        .iter()
        .all(|start| start.overlay.iter().all(|entry| entry.siblings.is_empty()))
    {
        return;
    }
    let edges = sibling_edges(starts);
    for members in cycles(&edges) {
        report_overlay_cycle(cx, &members, starts, ranges);
    }
}

/// More overlays of a circle than this are not shown.
const MAX_SHOWN: usize = 8;

fn report_overlay_cycle(
    cx: &mut Context<'_>,
    members: &[usize],
    starts: &[StartItem],
    ranges: &[StartRanges],
) {
    let aliases: Vec<&Name> = members
        .iter()
        .filter_map(|&at| starts[at].alias.as_ref())
        .collect();
    let in_circle: FxHashSet<&Name> = aliases.iter().copied().collect();
    let reads = |at: usize| {
        let (start, ranges) = (&starts[at], &ranges[at]);
        let entries = start.overlay.iter().zip(&ranges.entries);
        entries.into_iter().find_map(|(entry, range)| {
            let read = entry.siblings.iter().find(|it| in_circle.contains(&it.alias))?;
            Some((range.value.unwrap_or(range.whole), read))
        })
    };
    let Some((range, _)) = members.first().and_then(|at| reads(*at)) else {
        return;
    };
    let message = match aliases.as_slice() {
        [alias] => format!("the overlay of `{alias}` reads a variable of `{alias}` itself"),
        _ => format!(
            "the overlays of {} read each other, so none can start first",
            listed(&aliases)
        ),
    };
    let mut diagnostic = Diagnostic::error(codes::OVERLAY_CYCLE, range, message);
    for at in members.iter().skip(1).take(MAX_SHOWN) {
        if let Some((range, read)) = reads(*at) {
            diagnostic = diagnostic.with_related(here(
                range,
                format!("this one reads `{}.{}`", read.alias, read.name),
            ));
        }
    }
    cx.push(diagnostic);
}
