//! Headers of items and blocks: missing names, parameter lists and keywords, and how their names are written.

use super::codes;
use super::names::{Case, check_identifier, check_shell_name};
use super::sink::Sink;
use super::unexpected;
use crate::ast::{AstNode, Block, Expose, ExposeKind, Function, Start, SyntaxKind, Unexpected};
use crate::{Diagnostic, Fix, TextRange, names};

/// Reports what is wrong between the keyword of a block and its brace.
pub(super) fn check(block: Block<'_>, sink: &mut Sink<'_>) {
    let keyword_end = TextRange::empty(block.keyword().map_or(0, |it| it.range().end));
    if let Some(found) = in_import_list(block, sink) {
        sink.push(found);
        return;
    }
    match block {
        Block::Function(it) => check_function(it, keyword_end, sink),
        Block::Effect(it) => match it.name() {
            Some(name) => check_identifier(name, Case::Camel, "effect names", sink),
            None => missing_name(
                block,
                keyword_end,
                "an effect needs a name",
                "write `effect Name {`",
                sink,
            ),
        },
        Block::Test(it) => {
            if it.name().is_none() {
                missing_name(
                    block,
                    keyword_end,
                    "a test needs a name",
                    "write `test \"name\" {`",
                    sink,
                );
            }
        }
        Block::ShellBlock(it) => match it.name() {
            Some(name) => check_shell_name(name, Case::Any, Case::Any, "shells", sink),
            None => missing_name(
                block,
                keyword_end,
                "a shell block needs the name of a shell",
                "write `shell name {`, or `shell alias.name {` for a shell of a started effect",
                sink,
            ),
        },
        Block::Cleanup(_) => {}
    }
    if let Some(junk) = block.syntax().child_as::<Unexpected<'_>>() {
        unexpected::in_header(block, junk, sink);
    }
}

/// `import path { fn name }`.
fn in_import_list(block: Block<'_>, sink: &Sink<'_>) -> Option<Diagnostic> {
    let name = match block {
        Block::Function(it) if it.body().is_none() && it.parameters().is_none() => it.name()?,
        Block::Effect(it) if it.body().is_none() => it.name()?,
        _ => return None,
    };
    let start = block.syntax().range().start;
    let before = &sink.source()[..start as usize];
    let list = before.rfind('{').filter(|it| !before[*it..].contains('}'))?;
    let line = before[..list].rfind('\n').map_or(0, |it| it + 1);
    let is_import = before[line..list].trim_start().starts_with("import ");
    let keyword = TextRange::new(start, name.range().start);
    is_import.then(|| {
        Diagnostic::error(
            codes::UNEXPECTED_TEXT,
            TextRange::new(
                start,
                start + keyword.slice(sink.source()).trim_end().len() as u32,
            ),
            "an import lists names alone, without their keywords",
        )
        .with_fix(Fix::safe("Remove the keyword", keyword, ""))
    })
}

/// A missing name, unless something else stands in its place: that is reported instead.
fn missing_name(block: Block<'_>, at: TextRange, message: &str, help: &str, sink: &mut Sink<'_>) {
    if block.syntax().child_as::<Unexpected<'_>>().is_none() {
        sink.push(Diagnostic::error(codes::MISSING_NAME, at, message).with_help(help));
    }
}

fn check_function(function: Function<'_>, keyword_end: TextRange, sink: &mut Sink<'_>) {
    let block = Block::Function(function);
    if function.is_pure() && function.syntax().token(SyntaxKind::FnKeyword).is_none() {
        let keyword = TextRange::new(keyword_end.end - 4, keyword_end.end);
        let other = function.name().filter(|it| names::KEYWORDS.contains(&it.text()));
        sink.push(match other {
            None => Diagnostic::error(codes::MISSING_KEYWORD, keyword, "`pure` is followed by `fn`")
                .with_fix(Fix::safe("Insert `fn`", keyword_end, " fn")),
            Some(other) => {
                let both = TextRange::new(keyword.start, other.range().start);
                Diagnostic::error(codes::MISSING_KEYWORD, keyword, "only functions are pure")
                    .with_fix(Fix::safe("Remove `pure`", both, ""))
            }
        });
        if other.is_some() {
            return;
        }
    }
    let Some(name) = function.name() else {
        missing_name(
            block,
            keyword_end,
            "a function needs a name",
            "write `fn name(a, b) {`",
            sink,
        );
        return;
    };
    check_identifier(name, Case::Snake, "function names", sink);
    let Some(parameters) = function.parameters() else {
        if block.syntax().child_as::<Unexpected<'_>>().is_none() {
            let end = TextRange::empty(name.range().end);
            sink.push(
                Diagnostic::error(
                    codes::MISSING_PARENTHESIS,
                    end,
                    "a function needs a parameter list, even an empty one",
                )
                .with_fix(Fix::safe("Insert `()`", end, "()")),
            );
        }
        return;
    };
    let gap = TextRange::new(name.range().end, parameters.range().start);
    if !gap.is_empty() {
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_BLANK,
                gap,
                "the parameter list follows the name without a blank",
            )
            .with_fix(Fix::safe("Remove the blank", gap, "")),
        );
    }
    for parameter in parameters.params() {
        super::names::check(parameter.text(), parameter.range(), Case::Any, "parameters", sink);
    }
}

/// Reports what is wrong with a `start`, its overlay left out.
pub(super) fn check_start(start: Start<'_>, sink: &mut Sink<'_>) {
    let range = start.range();
    match start.effect() {
        Some(effect) => check_identifier(effect, Case::Camel, "effect names", sink),
        None if start.syntax().child_as::<Unexpected<'_>>().is_none() => sink.push(
            Diagnostic::error(
                codes::MISSING_NAME,
                TextRange::empty(range.start + 5),
                "`start` needs the name of an effect",
            )
            .with_help(
                "write `start Name`, `start Name as alias`, and `{ KEY = value }` for what it expects",
            ),
        ),
        None => {}
    }
    check_alias(
        start.syntax(),
        start.alias().is_some() || start.late_alias().is_some(),
        sink,
    );
    if let Some(alias) = start.alias() {
        check_identifier(alias, Case::Any, "aliases", sink);
    }
    if let (Some(alias), Some(overlay)) = (start.late_alias(), start.overlay()) {
        let from = TextRange::new(overlay.range().end, range.end);
        let mut fix = Fix::safe("Move the alias before the overlay", from, "");
        fix.edits.push(crate::Edit {
            file: None,
            range: TextRange::empty(overlay.range().start),
            new_text: format!("as {} ", alias.text()),
        });
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_SECTION,
                TextRange::new(
                    alias.range().start.saturating_sub(3).max(overlay.range().end),
                    alias.range().end,
                ),
                "the alias must come before the overlay",
            )
            .with_fix(fix),
        );
    }
    if let Some(junk) = start.syntax().child_as::<Unexpected<'_>>() {
        unexpected::in_start(start, junk, sink);
    }
}

/// Reports what is wrong with an `expose`, in whichever form it is written.
pub(super) fn check_expose(expose: Expose<'_>, sink: &mut Sink<'_>) {
    let range = expose.range();
    check_alias(expose.syntax(), expose.alias().is_some(), sink);
    let Some(form) = expose.form() else {
        if let Some(target) = expose.target() {
            check_shell_name(target, Case::Any, Case::Any, "shells", sink);
        } else {
            let rest = sink.lines().line(range.end).end;
            let followed = TextRange::new(range.end, rest).slice(sink.source());
            if followed.trim().is_empty() || expose.alias().is_some() {
                sink.push(
                    Diagnostic::error(
                        codes::MISSING_NAME,
                        TextRange::empty(range.end),
                        "`expose` needs the name of a shell or variable",
                    )
                    .with_help("name a shell block of this effect, or one of an effect that it starts: `alias.shell`"),
                );
            }
        }
        return;
    };
    let (target, what) = match form.kind {
        ExposeKind::Bare => (Case::Any, "shells"),
        ExposeKind::Shell => (Case::Snake, "shells"),
        ExposeKind::Var => (Case::Any, "variables"),
    };
    if let Some(name) = expose.target() {
        // `start E as p` is a form of the other edition, and a file may hold forms of both.
        check_shell_name(name, Case::Any, target, what, sink);
    }
    if let Some((text, range)) = form.alias {
        super::names::check(text, range, target, what, sink);
    }
}

/// `as` without a name behind it.
fn check_alias(node: crate::SyntaxNode<'_>, has_alias: bool, sink: &mut Sink<'_>) {
    if has_alias {
        return;
    }
    if let Some(keyword) = node.token(SyntaxKind::AsKeyword) {
        sink.push(
            Diagnostic::error(
                codes::MISSING_NAME,
                TextRange::empty(keyword.range().end),
                "a name is missing behind `as`",
            )
            .with_help("write the other name, or remove `as`"),
        );
    }
}

/// `as` without a name in the list of an import.
pub(super) fn check_import_alias(name: crate::ast::ImportName<'_>, sink: &mut Sink<'_>) {
    check_alias(name.syntax(), name.alias().is_some(), sink);
}
