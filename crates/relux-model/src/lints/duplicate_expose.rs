//! `duplicate-expose`: an effect exposes two things under one name, and starters see the last one only.

use relux_syntax::{Diagnostic, Fix, Related, Severity};
use rustc_hash::FxHashMap;

use super::{Context, line_of};
use crate::codes;
use crate::plan::ExposeKind;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    for (effect, ranges) in cx.index.effects.iter().zip(&cx.map.effects) {
        if effect.exposes.len() < 2 {
            continue;
        }
        let mut seen = FxHashMap::default();
        for (expose, at) in effect.exposes.iter().zip(&ranges.exposes).rev() {
            let Some(wins) = seen.insert((expose.kind == ExposeKind::Var, expose.name()), at.whole) else {
                continue;
            };
            let message = format!("`{}` is exposed again below, which is what counts", expose.name());
            let related = Related {
                file: None,
                range: wins,
                message: "this one counts".to_owned(),
            };
            let range = at.alias.unwrap_or(at.target);
            let diagnostic = Diagnostic::new(codes::DUPLICATE_EXPOSE, Severity::Warning, range, message)
                .with_related(related)
                .with_help("remove one of them, or give it another name with `as`");
            cx.found.push(match line_of(cx.text, at.whole) {
                Some(line) => diagnostic.with_fix(Fix::needs_a_look("Remove this one", line, "")),
                None => diagnostic,
            });
        }
    }
}
