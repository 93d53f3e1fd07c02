//! Assignments that fail in every run: `assign-undeclared` and `assign-read-only`.
//!
//! Bodies have no branches, so what is declared before a line is certain. A variable of a shell lives on in later
//! blocks of the same shell; a variable of a function ends with the call.

use relux_syntax::{Diagnostic, Fix, Related, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{DefBody, DefKind, StmtKind, Stmts};
use super::check::Check;
use crate::codes;
use crate::items::Name;
use relux_syntax::nearest::nearest;

/// Checks all assignments of a definition.
pub(super) fn check(check: &mut Check<'_>, definition: &DefBody) {
    let mut outer = Names::default();
    if definition.is_function() {
        let function = check.index.functions.get(definition.position as usize);
        outer.extend(
            function
                .into_iter()
                .flat_map(|function| &function.params)
                .map(Name::as_str),
        );
        let mut inner = Names::default();
        statements(check, definition, definition.body, &outer, &mut inner);
        return;
    }
    statements(
        check,
        definition,
        definition.preamble,
        &Names::default(),
        &mut outer,
    );
    let mut shells: FxHashMap<(Option<&str>, &str), Names<'_>> = FxHashMap::default();
    for block in &definition.blocks {
        let key = (
            block.qualifier.map(|range| check.text(range)),
            block.name.map_or("", |range| check.text(range)),
        );
        statements(
            check,
            definition,
            block.body,
            &outer,
            shells.entry(key).or_default(),
        );
    }
    if let Some(cleanup) = &definition.cleanup {
        statements(check, definition, cleanup.body, &outer, &mut Names::default());
    }
}

type Names<'a> = FxHashSet<&'a str>;

fn statements<'a>(
    check: &mut Check<'a>,
    definition: &DefBody,
    stmts: Stmts,
    outer: &Names<'a>,
    inner: &mut Names<'a>,
) {
    let bodies = check.bodies;
    for stmt in bodies.stmts(stmts) {
        match check.read(stmt.kind) {
            StmtKind::Let { name, .. } => {
                inner.insert(check.text(name));
            }
            StmtKind::Assign { name, .. } => {
                let text = check.text(name);
                if !inner.contains(text) && !outer.contains(text) {
                    let diagnostic = finding(check, definition, name, outer, inner);
                    check.out.push(diagnostic);
                    // Said once; what follows may rely on it.
                    inner.insert(text);
                }
            }
            _ => {}
        }
    }
}

fn finding(
    check: &Check<'_>,
    definition: &DefBody,
    name: TextRange,
    outer: &Names<'_>,
    inner: &Names<'_>,
) -> Diagnostic {
    let text = check.text(name);
    let declare = Fix::needs_a_look(
        format!("Declare `{text}` with `let`"),
        TextRange::empty(name.start),
        "let ",
    );
    if is_environment(check, definition, text) {
        return Diagnostic::error(
            codes::ASSIGN_READ_ONLY,
            name,
            format!("`{text}` belongs to the environment and cannot be assigned"),
        )
        .with_help("declare a variable of the same name with `let`")
        .with_fix(declare);
    }
    let diagnostic = Diagnostic::error(
        codes::ASSIGN_UNDECLARED,
        name,
        format!("`{text}` is assigned but not declared"),
    );
    if let Some(elsewhere) = declared_in_another_shell(check, definition, text) {
        return diagnostic
            .with_related(Related {
                file: None,
                range: elsewhere,
                message: "declared here, for this shell only".to_owned(),
            })
            .with_help("declare it before the first `start` or shell block to share it")
            .with_fix(declare);
    }
    let mut known: Vec<&str> = outer.union(inner).copied().collect();
    known.sort_unstable();
    let diagnostic = match nearest(text, known) {
        Some(meant) => diagnostic
            .with_help(format!("there is a variable `{meant}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), name, meant)),
        None => diagnostic.with_help(format!("declare it first: `let {text}`")),
    };
    diagnostic.with_fix(declare)
}

fn is_environment(check: &Check<'_>, definition: &DefBody, name: &str) -> bool {
    let expected = definition.kind == DefKind::Effect
        && check
            .index
            .effects
            .get(definition.position as usize)
            .is_some_and(|effect| effect.expects.iter().any(|expect| expect == name));
    expected || name.starts_with("__RELUX") || check.suite.host_env(check.db).get(name).is_some()
}

fn declared_in_another_shell(check: &Check<'_>, definition: &DefBody, text: &str) -> Option<TextRange> {
    definition
        .blocks
        .iter()
        .flat_map(|block| check.bodies.stmts(block.body))
        .find_map(|stmt| match stmt.kind {
            StmtKind::Let { name, .. } if check.text(name) == text => Some(name),
            _ => None,
        })
}
