//! `unused-parameter`: a function that does nothing with an argument. A hint only: the arity may be wanted.

use relux_syntax::{Diagnostic, Severity};

use super::{Context, unread};
use crate::codes;
use crate::names::Symbol;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let parameters = unread(cx.names, |symbol| match symbol {
        Symbol::Parameter { name, .. } => Some(name),
        _ => None,
    });
    cx.found.extend(parameters.into_iter().map(|(name, range)| {
        let message = format!("the function never reads `{name}`");
        Diagnostic::new(codes::UNUSED_PARAMETER, Severity::Hint, range, message)
    }));
}
