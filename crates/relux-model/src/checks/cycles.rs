//! `effect-cycle`: effects that start themselves. One diagnostic per circle and file, at the start that closes it.

use relux_syntax::Diagnostic;
use rustc_hash::FxHashSet;

use super::Context;
use crate::codes;
use crate::effects::{Hop, effect_graph};
use crate::items::{Def, item_index};
use crate::source_map::source_map;

/// More stations of a circle than this are not spelled out.
const MAX_SHOWN: usize = 8;

pub(super) fn check(cx: &mut Context<'_>) {
    let index = cx.index;
    if index.effects.iter().all(|effect| effect.starts.is_empty()) {
        return;
    }
    let graph = effect_graph(cx.db, cx.suite);
    let mut reported = FxHashSet::default();
    for effect in &index.effects {
        let def = Def {
            file: cx.file,
            id: effect.id.clone(),
        };
        let Some(number) = graph.circle_number(&def) else {
            continue;
        };
        if !reported.insert(number) {
            continue;
        }
        if let Some(circle) = graph.circle(&def) {
            report(cx, &circle);
        }
    }
}

fn report(cx: &mut Context<'_>, circle: &[Hop]) {
    let Some((first, others)) = circle.split_first() else {
        return;
    };
    let Some(range) = start_range(cx, first) else {
        return;
    };
    let mut names: Vec<&str> = circle.iter().map(|hop| hop.effect.id.name.as_str()).collect();
    if names.len() > MAX_SHOWN {
        names.truncate(MAX_SHOWN);
        names.push("…");
    }
    names.push(&first.effect.id.name);
    let message = format!(
        "the effect `{}` starts itself: {}",
        first.effect.id.name,
        names.join(" → ")
    );
    let mut diagnostic = Diagnostic::error(codes::EFFECT_CYCLE, range, message);
    for hop in others.iter().take(MAX_SHOWN) {
        if let Some(range) = start_range(cx, hop) {
            let text = format!("`{}` goes on here", hop.effect.id.name);
            diagnostic = diagnostic.with_related(cx.related(hop.effect.file, range, text));
        }
    }
    cx.push(diagnostic);
}

/// The effect's name in a start.
fn start_range(cx: &Context<'_>, hop: &Hop) -> Option<relux_syntax::TextRange> {
    let position = item_index(cx.db, hop.effect.file).position(&hop.effect.id)?;
    let ranges = source_map(cx.db, hop.effect.file).effects.get(position)?;
    Some(ranges.starts.get(hop.start)?.effect)
}
