//! Shell blocks on shells of started effects: `unresolved-alias`, `unresolved-shell`.

use super::body::{DefBody, ShellBlock};
use super::check::Check;
use super::exposed::{Missing, exposed, find_start, started, unknown_alias};
use crate::codes;
use crate::edition::Edition;
use crate::plan::ExposeKind;
use relux_syntax::{Diagnostic, TextRange};

/// Checks the headers of all shell blocks of a test or effect.
pub(super) fn check(check: &mut Check<'_>, definition: &DefBody) {
    for block in &definition.blocks {
        if let Some(alias) = block.qualifier {
            let finding = qualified(check, definition, block, alias);
            check.out.extend(finding);
        }
    }
}

fn qualified(
    check: &Check<'_>,
    definition: &DefBody,
    block: &ShellBlock,
    alias: TextRange,
) -> Option<Diagnostic> {
    let Some(start) = find_start(check.starts(definition), check.text(alias)) else {
        return Some(unknown_alias(check, definition, alias));
    };
    let (def, effect) = started(check.db, check.scope, start)?;
    let name = block.name?;
    let text = check.text(name);
    let exposed = exposed(check.db, check.suite, def, effect);
    let found = exposed
        .iter()
        .any(|item| item.kind == ExposeKind::Shell && item.name() == text);
    if found {
        return None;
    }
    let missing = Missing {
        code: codes::UNRESOLVED_SHELL,
        kind: ExposeKind::Shell,
        effect: &start.effect,
    };
    let diagnostic = missing.diagnostic(check, name, text, &exposed);
    let hidden = effect
        .shells
        .iter()
        .any(|shell| shell.qualifier.is_none() && shell.name == text);
    Some(if hidden {
        let keyword = match crate::edition::edition(check.db, check.suite, def.file).edition {
            Edition::E2026_04 => "expose",
            Edition::E2026_08 => "expose shell",
        };
        diagnostic.with_help(format!("it has this shell: add `{keyword} {text}` to it"))
    } else {
        diagnostic
    })
}
