//! `unused-variable`: a `let` whose value nothing reads.

use relux_syntax::{Diagnostic, Edit, Fix, Severity, TextRange};

use super::{Context, unread};
use crate::codes;
use crate::names::Symbol;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let variables = unread(cx.names, |symbol| match symbol {
        Symbol::Variable { name, .. } => Some(name),
        _ => None,
    });
    for (name, range) in variables {
        if is_returned(cx, range) {
            continue;
        }
        let message = format!("`{name}` is never read");
        cx.found.push(
            Diagnostic::new(codes::UNUSED_VARIABLE, Severity::Warning, range, message)
                .with_help(format!("remove it, or call it `_{name}` if that is meant"))
                .with_fix(renamed(cx, name, range)),
        );
    }
}

/// The variable is called `_name` wherever it is declared or set.
fn renamed(cx: &Context<'_, '_>, name: &str, range: TextRange) -> Fix {
    let new = format!("_{name}");
    let mut fix = Fix::needs_a_look(format!("Rename to `{new}`"), range, new.clone());
    let symbol = cx.names.iter().find(|it| it.range == range).map(|it| &it.symbol);
    let others = cx
        .names
        .iter()
        .filter(|it| Some(&it.symbol) == symbol && it.range != range);
    fix.edits.extend(others.map(|it| Edit {
        file: None,
        range: it.range,
        new_text: new.clone(),
    }));
    fix
}

/// Whether the `let` is the last statement of a function, whose value the function returns.
fn is_returned(cx: &Context<'_, '_>, name: TextRange) -> bool {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let function = bodies.definition_at(name.start).filter(|it| it.is_function());
    let last = function.and_then(|it| bodies.stmts(it.body).last());
    last.is_some_and(|last| last.range.covers(name))
}
