//! Which forms of a file only one edition has.
//!
//! Blanks at line ends and on empty lines are left out although the editions differ there: editors add and remove them,
//! and they say nothing about what the author meant.

use relux_syntax::ast::{self, AstNode, ExposeKind, Section, Statement, Token};
use relux_syntax::{SyntaxKind, TextRange, names};

use crate::edition::{Edition, Evidence, EvidenceItem};

fn add(found: &mut Evidence, edition: Edition, range: TextRange, what: &'static str) {
    found.add(EvidenceItem { edition, range, what });
}

fn old(found: &mut Evidence, range: TextRange, what: &'static str) {
    add(found, Edition::E2026_04, range, what);
}

fn new(found: &mut Evidence, range: TextRange, what: &'static str) {
    add(found, Edition::E2026_08, range, what);
}

fn bind(found: &mut Evidence, operator: Option<Token<'_>>, old_form: &'static str) {
    let Some(operator) = operator else { return };
    match operator.kind() {
        SyntaxKind::ColonEquals => new(found, operator.range(), "`:=`"),
        SyntaxKind::Equals => old(found, operator.range(), old_form),
        _ => {}
    }
}

/// Evidence of a section and of the statements in it.
pub(super) fn of_section(section: &Section<'_>, found: &mut Evidence) {
    match section {
        Section::Let(it) => of_let(*it, found),
        Section::Start(it) => of_start(*it, found),
        Section::Expose(it) => of_expose(*it, found),
        Section::ShellBlock(it) => of_shell(*it, found),
        Section::Cleanup(it) => {
            if let Some(body) = it.body() {
                of_statements(body, found);
            }
        }
        Section::AssertEqual(it) => new(found, it.range(), "an assertion"),
        Section::AssertRegex(it) => new(found, it.range(), "an assertion"),
        Section::AssignOrAssert(it) => new(found, it.range(), "an assertion outside of a shell"),
        Section::Docstring(_) | Section::Expect(_) => {}
    }
}

fn of_let(it: ast::Let<'_>, found: &mut Evidence) {
    bind(found, it.operator_token(), "`let … =`");
    if let Some(name) = it.name().filter(|name| name.text() == names::KEYWORD_VAR) {
        old(found, name.range(), "the name `var`");
    }
}

fn of_start(it: ast::Start<'_>, found: &mut Evidence) {
    if let Some(alias) = it.alias().filter(|alias| is_lower(alias.text())) {
        old(found, alias.range(), "an alias in lower case");
    }
    for entry in it.entries() {
        bind(found, entry.operator_token(), "`=` in an overlay");
    }
}

fn of_expose(it: ast::Expose<'_>, found: &mut Evidence) {
    let Some(form) = it.form() else { return };
    match form.kind {
        ExposeKind::Bare => old(found, it.range(), "`expose` without `shell` or `var`"),
        ExposeKind::Shell => new(found, it.range(), "`expose shell`"),
        ExposeKind::Var => new(found, it.range(), "`expose var`"),
    }
}

fn of_shell(it: ast::ShellBlock<'_>, found: &mut Evidence) {
    if let Some(name) = it.name() {
        if let Some(alias) = name.qualifier().filter(|alias| is_lower(alias.text())) {
            old(found, alias.range(), "an alias in lower case");
        }
        if let Some(name) = name.name().filter(|name| !names::is_snake(name.text())) {
            old(found, name.range(), "a shell name with capitals");
        }
    }
    if let Some(body) = it.body() {
        of_statements(body, found);
    }
}

fn is_lower(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Evidence of the statements of a shell, function or cleanup body.
pub(super) fn of_statements(body: ast::Body<'_>, found: &mut Evidence) {
    for statement in body.statements() {
        match statement {
            Statement::Let(it) => of_let(it, found),
            Statement::Assign(it) => bind(found, it.operator_token(), ""),
            Statement::Multimatch(it) => new(found, start_of(it.range()), "`<{`"),
            Statement::AssertRegex(it) => new(found, it.range(), "an assertion with `?`"),
            Statement::AssertEqual(it) => new(found, it.range(), "an assertion"),
            Statement::AssignOrAssert(it) if !may_be_expression(it) => {
                new(found, it.range(), "a comparison with more than one word");
            }
            _ => {}
        }
    }
}

/// The first bytes of something that may be long.
fn start_of(range: TextRange) -> TextRange {
    TextRange::new(range.start, range.end.min(range.start + 2))
}

/// Whether the right side may be what 2026-04 assigns: exactly one expression. Simple ones are told without parsing.
fn may_be_expression(it: ast::AssignOrAssert<'_>) -> bool {
    let Some(value) = it.value() else { return false };
    let text = value.text().trim_end_matches([' ', '\t']);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if names::is_variable(text) || digits(text) || text.strip_prefix('$').is_some_and(digits) {
        return true;
    }
    text.ends_with(['"', ')']) && it.value_as_expression().is_some()
}
