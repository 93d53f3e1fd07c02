//! `effect-variable-in-qualified-block`: a block on a shell of an effect reads what the effect has. The block belongs to
//! the one that writes it, and sees its variables.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Context;
use super::environment::Read;
use super::undefined_variable::interpolation;
use crate::bodies::body::{ShellBlock, StmtKind};
use crate::bodies::exposed::{find_start, started};
use crate::codes;
use crate::edition::{Edition, edition};
use crate::items::Effect;

pub(super) fn judge(
    cx: &Context<'_, '_>,
    read: Read<'_>,
    block: &ShellBlock,
    alias: TextRange,
) -> Option<Diagnostic> {
    let starts = crate::bodies::starts(cx.index, read.definition);
    let start = find_start(starts, cx.word(alias))?;
    let (_, effect) = started(cx.db, cx.scope, start)?;
    let name = read.name;
    let is_given = start.overlay.iter().any(|entry| entry.key == *name);
    let is_let = effect.lets.iter().any(|it| it.name == *name);
    if !is_given && !is_let {
        return None;
    }
    let message = format!(
        "`{name}` belongs to `{}`: in this block it reads as \"\"",
        effect.name()
    );
    let code = codes::EFFECT_VARIABLE_IN_QUALIFIED_BLOCK;
    let diagnostic = Diagnostic::new(code, Severity::Warning, read.range, message);
    if is_let {
        return Some(diagnostic.with_help(let_help(cx, effect, name, cx.word(alias))));
    }
    let diagnostic = diagnostic.with_help(format!(
        "give the value a name with `let` and use that, or write `$${{{name}}}`: the shell has it in its environment"
    ));
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let stmt = bodies
        .stmts(block.body)
        .iter()
        .find(|it| it.range.covers(read.range));
    let is_send = stmt.is_some_and(|it| matches!(it.kind, StmtKind::Send { .. }));
    Some(match interpolation(cx.text, read.range).filter(|_| is_send) {
        Some(dollar) => {
            let title = "Read it from the environment of the shell";
            diagnostic.with_fix(Fix::needs_a_look(title, TextRange::empty(dollar), "$"))
        }
        None => diagnostic,
    })
}

fn let_help(cx: &Context<'_, '_>, effect: &Effect, name: &str, alias: &str) -> String {
    if edition(cx.db, cx.suite, cx.file).edition == Edition::E2026_08 {
        format!("expose it in `{}` and read `{alias}.{name}`", effect.name())
    } else {
        "declare the value where the effect is started, and hand it over in the overlay".to_owned()
    }
}
