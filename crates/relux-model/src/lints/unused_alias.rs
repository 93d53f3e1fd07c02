//! `unused-alias`: a start is given a name that nothing uses. A hint: the name is often written before its first use.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::{Context, unread};
use crate::codes;
use crate::names::Symbol;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let aliases = unread(cx.names, |symbol| match symbol {
        Symbol::Alias { name, .. } => Some(name),
        _ => None,
    });
    let unused: FxHashSet<TextRange> = aliases.into_iter().map(|(_, range)| range).collect();
    if unused.is_empty() {
        return;
    }
    for body in cx.bodies() {
        for (start, ranges) in body.starts.iter().zip(&body.ranges.starts) {
            let Some(alias) = ranges.alias.filter(|alias| unused.contains(alias)) else {
                continue;
            };
            let message = format!("nothing uses `{}` by this name", start.effect);
            cx.found.push(
                Diagnostic::new(codes::UNUSED_ALIAS, Severity::Hint, alias, message).with_fix(Fix::safe(
                    format!("Remove `as {}`", cx.word(alias)),
                    TextRange::new(ranges.effect.end, alias.end),
                    "",
                )),
            );
        }
    }
}
