//! `shadowed-builtin`: a function with the name and the number of arguments of a built-in one takes its place.

use relux_syntax::{Diagnostic, Severity, TextRange};

use super::Context;
use crate::builtins::Builtin;
use crate::codes;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    for (function, ranges) in cx.index.functions.iter().zip(&cx.map.functions) {
        report(cx, ranges.name, function.name(), function.arity(), function.pure);
    }
    for (position, (import, ranges)) in cx.index.imports.iter().zip(&cx.map.imports).enumerate() {
        for (name, ranges) in import.names.iter().flatten().zip(&ranges.names) {
            // Without an alias it is said where the function is defined.
            let (Some(local), Some(range)) = (&name.alias, ranges.alias) else {
                continue;
            };
            let functions = cx.scope.functions_named(local).iter();
            for function in functions.filter(|it| it.import == Some(position as u32)) {
                report(cx, range, local, function.arity, function.pure);
            }
        }
    }
}

fn report(cx: &mut Context<'_, '_>, range: TextRange, name: &str, arity: usize, pure: bool) {
    let Some(builtin) = Builtin::find(name, arity) else {
        return;
    };
    let message = format!("`{name}/{arity}` takes the place of the built-in function");
    // Where only pure functions can be called, an impure one does not count.
    let help = if builtin.signature().pure && !pure {
        "rename it: in overlays, pure functions and `let`s outside of shells the built-in one is still called"
    } else {
        "rename it"
    };
    cx.found
        .push(Diagnostic::new(codes::SHADOWED_BUILTIN, Severity::Warning, range, message).with_help(help));
}
