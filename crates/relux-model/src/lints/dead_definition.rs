//! `dead-definition`: a `fn` that no call reaches, because a `pure fn` of the module has its name and number of arguments.

use relux_syntax::{Diagnostic, Related, Severity};
use rustc_hash::FxHashMap;

use super::Context;
use crate::codes;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let functions = || cx.index.functions.iter().zip(&cx.map.functions);
    if functions().len() < 2 {
        return;
    }
    let pure: FxHashMap<_, _> = functions()
        .filter(|(function, _)| function.pure && !function.name().is_empty())
        .map(|(function, ranges)| ((function.name(), function.arity()), ranges.name))
        .collect();
    for (function, ranges) in cx.index.functions.iter().zip(&cx.map.functions) {
        let key = (function.name(), function.arity());
        let Some(other) = pure.get(&key).filter(|_| !function.pure) else {
            continue;
        };
        let message = format!("no call reaches this `{}/{}`", key.0, key.1);
        let related = Related {
            file: None,
            range: *other,
            message: "the pure one is called everywhere".to_owned(),
        };
        cx.found.push(
            Diagnostic::new(codes::DEAD_DEFINITION, Severity::Warning, ranges.name, message)
                .with_related(related)
                .with_help("remove it, rename it or give it another number of parameters"),
        );
    }
}
