//! `unchecked-last-send`: the last thing that a test does is to send a line.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use crate::bodies::body::{DefKind, StmtKind};
use crate::codes;

/// What ends a program, or types nothing.
const FAREWELLS: [&str; 6] = ["", "exit", "logout", "quit", "q", ":q"];

pub(super) fn check(flow: &mut Flow<'_, '_, '_>) {
    if flow.definition.kind != DefKind::Test {
        return;
    }
    let Some(block) = flow.definition.blocks.last() else {
        return;
    };
    let Some(stmt) = flow.bodies.stmts(block.body).last() else {
        return;
    };
    let StmtKind::Send { text, newline: true } = stmt.kind else {
        return;
    };
    let first = text.range.slice(flow.cx.text).split_whitespace().next();
    // The shell of an effect may still be at work when the effect ends.
    if block.qualifier.is_some() || FAREWELLS.contains(&first.unwrap_or_default()) {
        return;
    }
    let wait = format!("\n{}match_ok()", flow.indent(stmt.range.start));
    flow.cx.found.push(
        Diagnostic::new(
            codes::UNCHECKED_LAST_SEND,
            Severity::Info,
            stmt.range,
            "the test ends here: whether this runs at all, and how it ends, is not checked",
        )
        .with_help("wait for what it prints, or for its end with `match_ok()`")
        .with_fix(Fix::needs_a_look(
            "Wait for it",
            TextRange::empty(stmt.range.end),
            wait,
        )),
    );
}
