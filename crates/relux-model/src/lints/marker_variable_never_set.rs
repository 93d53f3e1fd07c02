//! `marker-variable-never-set`: a marker reads what does not exist yet when it is evaluated, so its condition is always
//! the same. Names that the environment of another machine may have are nobody's mistake.

use relux_syntax::{Diagnostic, Severity};

use super::Context;
use super::environment::{RESERVED, Read, inside, known_names};
use crate::codes;
use crate::names::{Role, Symbol};

pub(super) fn judge(cx: &Context<'_, '_>, read: Read<'_>) -> Option<Diagnostic> {
    let name = read.name;
    let why = if name.starts_with(RESERVED) {
        "the runner sets it when a test starts"
    } else {
        declared(cx, read)?
    };
    let message = format!("no marker sees `{name}`: {why}");
    let code = codes::MARKER_VARIABLE_NEVER_SET;
    Some(
        Diagnostic::new(code, Severity::Warning, read.range, message)
            .with_help("markers are evaluated before anything else and see the environment only"),
    )
}

fn declared(cx: &Context<'_, '_>, read: Read<'_>) -> Option<&'static str> {
    let mut definitions = inside(cx, read.definition)
        .iter()
        .filter(|it| it.role == Role::Definition);
    definitions.find_map(|it| match &it.symbol {
        Symbol::Variable { name, .. } if name == read.name => Some("it is a variable of what stands below"),
        Symbol::Parameter { name, .. } if name == read.name => Some("it is a parameter of the function"),
        Symbol::Expect { name, .. } if name == read.name => known_names(cx.db, cx.suite)
            .given
            .contains(name)
            .then_some("it comes with a start"),
        _ => None,
    })
}
