//! `start-shadows`: a shell of a test or effect is called like an alias, so `shell db` and `shell db.main` are strangers.

use relux_syntax::{Diagnostic, Related, Severity};
use rustc_hash::FxHashMap;

use super::Context;
use crate::codes;
use crate::names::Symbol;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    for body in cx.bodies() {
        let starts = body.starts.iter().zip(&body.ranges.starts);
        let mut aliases: FxHashMap<_, _> = starts
            .filter_map(|(start, at)| Some((start.alias.as_ref()?, at.alias?)))
            .collect();
        if aliases.is_empty() {
            continue;
        }
        let shells = body.shells.iter().zip(&body.ranges.shells);
        for (shell, at) in shells.filter(|(shell, _)| shell.qualifier.is_none()) {
            // `shell db` may mean the only shell of what is started as `db`.
            if !cx.means(at.name, |symbol| matches!(symbol, Symbol::Shell { .. })) {
                continue;
            }
            let Some(alias) = aliases.remove(&shell.name) else {
                continue;
            };
            let message = format!("`{}` is a shell of its own and the alias of a start", shell.name);
            let related = Related {
                file: None,
                range: alias,
                message: "the alias".to_owned(),
            };
            cx.found.push(
                Diagnostic::new(codes::START_SHADOWS, Severity::Info, at.name, message)
                    .with_related(related)
                    .with_help("give one of them another name"),
            );
        }
    }
}
