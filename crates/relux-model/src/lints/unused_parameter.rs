//! `unused-parameter`: a function that does nothing with an argument. A hint only: the arity may be wanted.

use relux_syntax::{Diagnostic, Severity};
use rustc_hash::FxHashSet;

use super::{Context, is_exempt};
use crate::codes;
use crate::names::{Role, Symbol};

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let read: FxHashSet<&Symbol> = cx
        .names
        .iter()
        .filter(|it| it.role == Role::Reference && matches!(it.symbol, Symbol::Parameter { .. }))
        .map(|it| &it.symbol)
        .collect();
    for occurrence in cx.names {
        let Symbol::Parameter { name, .. } = &occurrence.symbol else {
            continue;
        };
        let declared = occurrence.role == Role::Definition;
        if declared && !read.contains(&occurrence.symbol) && !is_exempt(name) {
            cx.found.push(Diagnostic::new(
                codes::UNUSED_PARAMETER,
                Severity::Hint,
                occurrence.range,
                format!("the function never reads `{name}`"),
            ));
        }
    }
}
