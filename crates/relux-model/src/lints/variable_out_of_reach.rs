//! `variable-out-of-reach`: a function reads what only its callers have. Functions see their parameters, their own
//! `let`s and the environment of the test, so the name reads as nothing.

use relux_syntax::{Diagnostic, Severity};

use super::Context;
use super::environment::{Read, known_names, names_of_lets};
use super::undefined_variable::is_meant_as_call;
use crate::bodies::body::DefKind;
use crate::codes;

pub(super) fn judge(cx: &Context<'_, '_>, read: Read<'_>) -> Option<Diagnostic> {
    if is_meant_as_call(cx, read) {
        return None;
    }
    let name = read.name;
    let from_overlay = known_names(cx.db, cx.suite).given.contains(name);
    // Called in a `let` of an effect, a pure function sees the overlay of that effect.
    let reaches = from_overlay && read.definition.kind == DefKind::PureFunction;
    let whose = match from_overlay {
        _ if reaches => return None,
        true => "overlays set it for effects",
        false if names_of_lets(cx.db, cx.suite).contains(name) => "tests or effects declare it",
        false => return None,
    };
    let message = format!("no function sees `{name}`: {whose}, and here it reads as \"\"");
    Some(
        Diagnostic::new(
            codes::VARIABLE_OUT_OF_REACH,
            Severity::Warning,
            read.range,
            message,
        )
        .with_help("make it a parameter, and pass the value where the function is called"),
    )
}
