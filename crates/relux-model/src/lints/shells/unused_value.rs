//! `unused-value`: a statement that only computes a value.
//!
//! Functions may be called for what they assert, so of calls only those of built-in functions count.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use crate::bodies::body::{ExprId, ExprKind, Stmt};
use crate::bodies::calls::{Called, resolve};
use crate::bodies::walk::Site;
use crate::codes;
use crate::names::Symbol;

pub(super) fn check(flow: &mut Flow<'_, '_, '_>, site: Site, stmt: Stmt, value: ExprId) {
    let is_last = || {
        let body = flow.bodies.stmts(flow.definition.body);
        body.last().is_some_and(|last| last.range == stmt.range)
    };
    // The last statement of a function is its value.
    if matches!(site, Site::Function { .. }) && is_last() {
        return;
    }
    let expr = *flow.bodies.expr(value);
    let source = flow.cx.text;
    let what = match expr.kind {
        ExprKind::Text(_) => "this text",
        ExprKind::Number => "this number",
        ExprKind::Capture(_) => "this capture",
        // What nothing sets has a finding of its own.
        ExprKind::Var if is_of_environment(flow, expr.range) => return,
        ExprKind::Var | ExprKind::Exposed { .. } => "this variable",
        ExprKind::Call { name, args } => {
            match resolve(flow.cx.scope, name.slice(source), args.len(), site.is_pure()) {
                Called::Builtin(builtin) if builtin.signature().pure => "what this call returns",
                _ => return,
            }
        }
        ExprKind::Missing => return,
    };
    let message = format!("nothing is done with {what}");
    let diagnostic = Diagnostic::new(codes::UNUSED_VALUE, Severity::Warning, stmt.range, message);
    let diagnostic = match expr.kind {
        ExprKind::Text(_) => diagnostic
            .with_help("`>` sends a text, `log(…)` notes it, `//` begins a comment")
            .with_fix(Fix::needs_a_look(
                "Note it in the log",
                stmt.range,
                format!("log({})", stmt.range.slice(source)),
            )),
        _ => match flow.line(stmt.range) {
            Some(line) => diagnostic
                .with_help("remove it, or give the value a name with `let`")
                .with_fix(Fix::needs_a_look("Remove it", line, "")),
            None => diagnostic.with_help("remove it, or give the value a name with `let`"),
        },
    };
    flow.cx.found.push(diagnostic);
}

fn is_of_environment(flow: &Flow<'_, '_, '_>, range: TextRange) -> bool {
    let names = flow.cx.names;
    let at = names.partition_point(|it| it.range < range);
    let here = names[at..].iter().take_while(|it| it.range == range);
    here.into_iter()
        .any(|it| matches!(it.symbol, Symbol::Environment(_)))
}
