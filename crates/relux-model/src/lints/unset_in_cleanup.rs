//! `unset-in-cleanup`: a cleanup block reads a variable of a shell. The shells are gone by then, with their variables.

use relux_syntax::{Diagnostic, Related, Severity};

use super::Context;
use super::environment::{Read, inside};
use crate::codes;
use crate::names::{Role, Symbol, VariableScope};

pub(super) fn judge(cx: &Context<'_, '_>, read: Read<'_>) -> Option<Diagnostic> {
    let declared = inside(cx, read.definition).iter().find(|it| {
        let shell = matches!(
            &it.symbol,
            Symbol::Variable { name, scope: VariableScope::Shell(_), .. } if name == read.name
        );
        shell && it.role == Role::Definition
    })?;
    let name = read.name;
    let message = format!("no cleanup sees `{name}`, a variable of a shell: it reads as \"\"");
    Some(
        Diagnostic::new(codes::UNSET_IN_CLEANUP, Severity::Warning, read.range, message)
            .with_related(Related {
                file: None,
                range: declared.range,
                message: "declared here, for this shell only".to_owned(),
            })
            .with_help(format!(
                "declare `{name}` before the starts and shells, and assign it in the shell"
            )),
    )
}
