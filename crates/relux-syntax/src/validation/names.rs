//! Names: which words are reserved, and how each kind of name is written.

use super::codes;
use super::confusables;
use super::sink::Sink;
use crate::ast::{AstNode, Identifier, ImportName, QualifiedVariable, ShellName};
use crate::{Diagnostic, Fix, TextRange, names};

/// How a kind of name is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Letters, digits and `_`, no digit first.
    Any,
    /// The same without capitals.
    Snake,
    /// The same with a capital first.
    Camel,
}

/// Reports a name that is a keyword or not written as it should be; `what` names its kind in the plural.
pub(super) fn check(text: &str, range: TextRange, case: Case, what: &str, sink: &mut Sink<'_>) {
    if names::KEYWORDS.contains(&text) {
        let message = format!("`{text}` is a keyword and cannot be used as a name");
        sink.push(
            Diagnostic::error(codes::KEYWORD_AS_NAME, range, message)
                .with_help("choose another name, for example with a `_` at its end")
                .with_fix(Fix::needs_a_look(
                    format!("Rename to `{text}_`"),
                    range,
                    format!("{text}_"),
                )),
        );
        return;
    }
    if !names::is_variable(text) {
        if let Some(found) = confusables::find(text, range.start) {
            sink.push(found);
            return;
        }
        let odd = text.chars().find(|it| !it.is_ascii_alphanumeric() && *it != '_');
        let odd = odd.map_or_else(String::new, |it| format!("; `{}` is none", it.escape_debug()));
        let message = format!("names are made of ASCII letters, digits and `_`{odd}");
        sink.push(
            Diagnostic::error(codes::INVALID_NAME, range, message)
                .with_help("write it in letters from `a` to `z`"),
        );
        return;
    }
    let (rule, better): (_, fn(&str) -> String) = match case {
        Case::Snake if !names::is_snake(text) => ("are written in lower case", names::to_snake),
        Case::Camel if !names::is_camel(text) => ("begin with a capital letter", names::to_camel),
        _ => return,
    };
    let better = better(text);
    let mut found = Diagnostic::error(codes::INVALID_NAME, range, format!("{what} {rule}"));
    if !better.is_empty() && better != text {
        found = found
            .with_help(format!("write `{better}`"))
            .with_fix(Fix::needs_a_look(format!("Rename to `{better}`"), range, better));
    }
    sink.push(found);
}

/// [`check`] of an identifier.
pub(super) fn check_identifier(name: Identifier<'_>, case: Case, what: &str, sink: &mut Sink<'_>) {
    check(name.text(), name.range(), case, what, sink);
}

/// A name of a shell or exposed variable, with or without an alias before the dot.
pub(super) fn check_shell_name(name: ShellName<'_>, alias: Case, own: Case, what: &str, sink: &mut Sink<'_>) {
    if let Some(qualifier) = name.qualifier() {
        check_identifier(qualifier, alias, "aliases", sink);
    }
    match name.name() {
        Some(it) => check_identifier(it, own, what, sink),
        None => missing_behind_dot(name.range(), sink),
    }
    no_blanks_around_dot(&name, sink);
}

/// `Alias.name` as an expression.
pub(super) fn check_qualified(variable: QualifiedVariable<'_>, sink: &mut Sink<'_>) {
    if let Some(alias) = variable.qualifier() {
        let text = alias.text();
        if names::is_variable(text) && !names::is_camel(text) && !names::is_keyword(text) {
            if let Some(found) = method(&variable, text, sink) {
                sink.push(found);
                return;
            }
            let better = names::to_camel(text);
            sink.push(
                Diagnostic::error(
                    codes::INVALID_NAME,
                    alias.range(),
                    format!("`{text}` cannot be read from: only an alias that begins with a capital letter has variables"),
                )
                .with_help(format!("name the start `{better}` and write `{better}.…`")),
            );
        } else {
            check_identifier(alias, Case::Camel, "aliases", sink);
        }
    }
    match variable.name() {
        Some(it) => check_identifier(it, Case::Any, "variables", sink),
        None => missing_behind_dot(variable.range(), sink),
    }
    no_blanks_around_dot(&variable, sink);
}

/// `name.trim()`, `http.get("…")`.
fn method(variable: &QualifiedVariable<'_>, owner: &str, sink: &Sink<'_>) -> Option<Diagnostic> {
    let name = variable.name()?.text();
    let end = variable.range().end;
    let behind = TextRange::new(end, sink.lines().line(end).end).slice(sink.source());
    let found = Diagnostic::error(
        codes::INVALID_NAME,
        variable.range(),
        "a function is called by its name alone",
    );
    match behind.as_bytes() {
        [b'(', b')', ..] => {
            let better = format!("{name}({owner})");
            let whole = TextRange::new(variable.range().start, end + 2);
            Some(
                found
                    .with_help(format!("write `{better}`"))
                    .with_fix(Fix::needs_a_look(format!("Write `{better}`"), whole, better)),
            )
        }
        [b'(', ..] => Some(
            found
                .with_help(format!("write `{name}(…)`"))
                .with_fix(Fix::needs_a_look(
                    format!("Remove `{owner}.`"),
                    TextRange::new(variable.range().start, end - name.len() as u32),
                    "",
                )),
        ),
        _ => None,
    }
}

/// A name in the list of an import: an effect or a function, and its alias of the same kind.
pub(super) fn check_imported(import: ImportName<'_>, sink: &mut Sink<'_>) {
    let Some(name) = import.name() else { return };
    let text = name.text();
    let case = if text.starts_with(|it: char| it.is_ascii_uppercase()) {
        Case::Camel
    } else {
        Case::Snake
    };
    check_identifier(name, case, "functions", sink);
    if let Some(alias) = import.alias() {
        let what = match case {
            Case::Camel => "aliases of effects",
            _ => "aliases of functions",
        };
        check_identifier(alias, case, what, sink);
    }
}

fn missing_behind_dot(range: TextRange, sink: &mut Sink<'_>) {
    let end = TextRange::empty(range.end);
    sink.push(
        Diagnostic::error(codes::MISSING_NAME, end, "a name is missing behind the dot")
            .with_help("before the dot stands the alias of a start, behind it what its effect exposes"),
    );
}

fn no_blanks_around_dot<'t>(node: &impl AstNode<'t>, sink: &mut Sink<'_>) {
    let text = node.text();
    if text.contains([' ', '\t']) {
        let glued: String = text.split([' ', '\t']).collect();
        sink.push(
            Diagnostic::error(
                codes::MISPLACED_BLANK,
                node.range(),
                "there are no blanks around the dot of a name",
            )
            .with_fix(Fix::safe("Remove the blanks", node.range(), glued)),
        );
    }
}
