//! Literal values that tests and effects hold on the machine: each is looked at once, by all rules about them.
//!
//! In a test they matter only where tests run at the same time; an effect may be started by any number of them.
//! Functions are left alone, for what they get comes from their callers.

use relux_syntax::TextRange;

use super::{Context, hard_coded_port, shared_path};
use crate::bodies::body::{DefBody, DefKind, ExprId, ExprKind, FileBodies, Stmt, StmtKind};
use crate::manifest::manifest;
use crate::plan::Jobs;

/// Where a literal text stands.
#[derive(Clone, Copy)]
pub(super) enum Literal<'a> {
    /// The payload of a send.
    Sent,
    /// The whole value of a `let` of this name.
    Let(&'a str),
    /// The whole value of this key of an overlay.
    Overlay(&'a str),
}

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let together = !matches!(manifest(cx.db, cx.suite).jobs, None | Some(Jobs::Count(..=1)));
    for definition in &bodies.definitions {
        let concerns = match definition.kind {
            DefKind::Effect => true,
            DefKind::Test => together,
            DefKind::Function | DefKind::PureFunction => false,
        };
        if concerns {
            in_definition(cx, bodies, definition);
        }
    }
}

fn in_definition(cx: &mut Context<'_, '_>, bodies: &FileBodies, definition: &DefBody) {
    for stmt in bodies.stmts(definition.preamble) {
        in_statement(cx, bodies, stmt);
    }
    for entry in definition.starts.iter().flat_map(|start| &start.overlay) {
        if let Some(value) = entry.value.filter(|_| !entry.shorthand) {
            let key = cx.word(entry.key);
            in_value(cx, bodies, Literal::Overlay(key), value);
        }
    }
    for block in &definition.blocks {
        for stmt in bodies.stmts(block.body) {
            in_statement(cx, bodies, stmt);
        }
    }
}

fn in_statement(cx: &mut Context<'_, '_>, bodies: &FileBodies, stmt: &Stmt) {
    match stmt.kind {
        StmtKind::Send { text, .. } => judge(cx, Literal::Sent, text.range),
        StmtKind::Let {
            name,
            value: Some(value),
        } => {
            let name = cx.word(name);
            in_value(cx, bodies, Literal::Let(name), value);
        }
        _ => {}
    }
}

fn in_value(cx: &mut Context<'_, '_>, bodies: &FileBodies, place: Literal<'_>, value: ExprId) {
    let value = bodies.expr(value);
    match value.kind {
        ExprKind::Text(text) => judge(cx, place, text.range),
        ExprKind::Number => judge(cx, place, value.range),
        _ => {}
    }
}

fn judge(cx: &mut Context<'_, '_>, place: Literal<'_>, text: TextRange) {
    let found = hard_coded_port::judge(cx, place, text);
    cx.found.extend(found);
    let found = shared_path::judge(cx, text);
    cx.found.extend(found);
}
