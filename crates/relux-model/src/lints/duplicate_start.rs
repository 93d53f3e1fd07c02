//! `duplicate-start`: one effect started twice in the same way. Both starts mean the same instance, so the second one
//! does nothing.

use relux_syntax::{Diagnostic, Fix, Related, Severity};

use super::{Context, line_of};
use crate::codes;
use crate::items::{OverlayItem, OverlayShape, StartItem};

pub(super) fn check(cx: &mut Context<'_, '_>) {
    for body in cx.bodies() {
        let starts = body.starts.iter().zip(&body.ranges.starts);
        let mut first = rustc_hash::FxHashMap::default();
        for (start, ranges) in starts {
            let Some(overlay) = plain_overlay(start) else {
                continue;
            };
            let Some(before) = first.insert((&start.effect, overlay), ranges.whole) else {
                continue;
            };
            let message = format!("`{}` is started twice in the same way", start.effect);
            let related = Related {
                file: None,
                range: before,
                message: "started here".to_owned(),
            };
            let diagnostic = Diagnostic::new(codes::DUPLICATE_START, Severity::Hint, ranges.effect, message)
                .with_related(related)
                .with_help("both starts mean the same instance");
            cx.found.push(match line_of(cx.text, ranges.whole) {
                Some(line) => diagnostic.with_fix(Fix::safe("Remove this start", line, "")),
                None => diagnostic,
            });
        }
    }
}

/// The overlay by key, where the start has no alias and no value can differ between two evaluations.
fn plain_overlay(start: &StartItem) -> Option<Vec<(&str, &str)>> {
    if start.alias.is_some() || start.effect.is_empty() {
        return None;
    }
    let mut entries: Vec<(&str, &str)> = start.overlay.iter().map(constant).collect::<Option<_>>()?;
    entries.sort_unstable();
    Some(entries)
}

fn constant(entry: &OverlayItem) -> Option<(&str, &str)> {
    let value = match &entry.value {
        OverlayShape::Shorthand => &entry.key,
        OverlayShape::Var(name) => name,
        OverlayShape::Other(text) if !text.contains('(') => return Some((&entry.key, text)),
        OverlayShape::Sibling | OverlayShape::Other(_) => return None,
    };
    Some((&entry.key, value))
}
