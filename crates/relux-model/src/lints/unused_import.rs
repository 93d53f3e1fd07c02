//! `unused-import`: nothing that an import brings is named in the module.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::{Context, line_of};
use crate::codes;
use crate::db::SourceFile;
use crate::items::{Def, Import};
use crate::names::Symbol;
use crate::source_map::ImportRanges;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    if cx.index.imports.is_empty() {
        return;
    }
    let used = Used::new(cx);
    let (index, map) = (cx.index, cx.map);
    for (position, (import, ranges)) in index.imports.iter().zip(&map.imports).enumerate() {
        let Some(target) = cx.scope.import(position) else {
            continue;
        };
        match &import.names {
            None if !used.files.contains(&target) => cx.found.push(whole(cx.text, import, ranges)),
            None => {}
            Some(_) => listed(cx, &used, import, ranges),
        }
    }
}

/// What is named outside of imports.
struct Used<'a> {
    names: FxHashSet<&'a str>,
    files: FxHashSet<SourceFile>,
}

impl<'a> Used<'a> {
    fn new(cx: &Context<'_, 'a>) -> Self {
        let mut used = Self {
            names: FxHashSet::default(),
            files: FxHashSet::default(),
        };
        for occurrence in cx.names {
            let (Symbol::Function(Def { file, .. }) | Symbol::Effect(Def { file, .. })) = &occurrence.symbol
            else {
                continue;
            };
            if !cx.in_import(occurrence.range) {
                used.names.insert(cx.word(occurrence.range));
                used.files.insert(*file);
            }
        }
        used
    }
}

fn listed(cx: &mut Context<'_, '_>, used: &Used<'_>, import: &Import, ranges: &ImportRanges) {
    let names = import.names.as_deref().unwrap_or_default();
    let is_used = |at: usize| used.names.contains(names[at].local().as_str());
    if !names.is_empty() && !(0..names.len()).any(is_used) {
        let diagnostic = whole(cx.text, import, ranges);
        return cx.found.push(diagnostic);
    }
    for (at, (name, range)) in names.iter().zip(&ranges.names).enumerate() {
        if is_used(at) {
            continue;
        }
        let local = name.local();
        let diagnostic = Diagnostic::new(
            codes::UNUSED_IMPORT,
            Severity::Warning,
            range.whole,
            format!("`{local}` is imported and never used"),
        );
        let removed = match at.checked_sub(1) {
            Some(before) => TextRange::new(ranges.names[before].whole.end, range.whole.end),
            None => TextRange::new(
                range.whole.start,
                ranges
                    .names
                    .get(1)
                    .map_or(range.whole.end, |next| next.whole.start),
            ),
        };
        let diagnostic = if cx.word(removed).contains("//") {
            diagnostic.with_help("remove it from the list")
        } else {
            diagnostic.with_fix(Fix::safe(
                format!("Remove `{local}` from the import"),
                removed,
                "",
            ))
        };
        cx.found.push(diagnostic);
    }
}

fn whole(text: &str, import: &Import, ranges: &ImportRanges) -> Diagnostic {
    let message = format!("nothing of `{}` is used", import.path());
    let diagnostic = Diagnostic::new(codes::UNUSED_IMPORT, Severity::Warning, ranges.whole, message);
    match line_of(text, ranges.whole) {
        Some(line) => diagnostic.with_fix(Fix::safe("Remove the import", line, "")),
        None => diagnostic.with_help("remove it"),
    }
}
