//! `ambiguous-edition`: a statement that the two editions read differently, in a module that does not show its edition.

use relux_syntax::{Diagnostic, Fix, Severity};

use super::body::{Piece, StmtKind, Stmts, Text};
use super::check::Check;
use crate::codes;
use crate::edition::Edition;

/// Reports every ambiguous statement of the file, unless the manifest or the file itself settles the edition.
pub(super) fn check(check: &mut Check<'_>) {
    if !crate::edition::edition(check.db, check.suite, check.file).is_guess() {
        return;
    }
    let bodies = check.bodies;
    for definition in &bodies.definitions {
        let blocks = definition.blocks.iter().map(|block| block.body);
        let cleanup = definition.cleanup.iter().map(|cleanup| cleanup.body);
        for stmts in blocks.chain(cleanup).chain([definition.body]) {
            statements(check, stmts);
        }
    }
}

fn statements(check: &mut Check<'_>, stmts: Stmts) {
    let bodies = check.bodies;
    for stmt in bodies.stmts(stmts) {
        let StmtKind::PureMatch {
            subject,
            pattern,
            assigned: Some(value),
        } = stmt.kind
        else {
            continue;
        };
        let name = check.text(bodies.expr(subject).range);
        let value = check.text(bodies.expr(value).range);
        let (reading, other) = match check.edition {
            Edition::E2026_04 => ("assigns", "compares with the text in 2026-08"),
            Edition::E2026_08 => ("compares with the text", "assigns in 2026-04"),
        };
        let mut diagnostic = Diagnostic::new(
            codes::AMBIGUOUS_EDITION,
            Severity::Info,
            stmt.range,
            format!("this {reading} in edition {}, but {other}", check.edition),
        )
        .with_help("set `edition` in Relux.toml, or write it so that only one reading is left")
        // Both forms are of the newer edition and so decide the other ambiguous lines of the file: the title says it.
        .with_fix(Fix::needs_a_look(
            "Assign with `:=`, which is edition 2026-08",
            stmt.range,
            format!("{name} := {value}"),
        ));
        if let Some(regex) = as_regex(check, pattern.text) {
            diagnostic = diagnostic.with_fix(Fix::needs_a_look(
                "Compare with `?`, which is edition 2026-08",
                stmt.range,
                format!("{name} ? ^{regex}$"),
            ));
        }
        check.out.push(diagnostic);
    }
}

/// A regex that matches the literal text. There is none where the text interpolates: what a variable holds would be
/// read as a regex.
fn as_regex(check: &Check<'_>, text: Text) -> Option<String> {
    check
        .bodies
        .pieces(text)
        .iter()
        .map(|piece| match *piece {
            Piece::Source(range) => Some(regex_syntax::escape(check.text(range))),
            Piece::Char { value: '\n', .. } => Some("\\n".to_owned()),
            Piece::Char { value, .. } => Some(regex_syntax::escape(value.encode_utf8(&mut [0; 4]))),
            Piece::Var { .. } | Piece::Exposed { .. } | Piece::Capture { .. } => None,
        })
        .collect()
}
