//! Statements of shells and functions, and the expressions in them.

use relux_model::edition::Edition;

use super::list::List;
use super::place::Around;
use super::snippet::{Insert, Snippet};
use super::words::{self, keyword};
use super::{CompletionItem, CompletionKind, Context, calls, effects, variables};

/// Groups of the list.
const OPERATORS: u32 = 0;
const WORDS: u32 = 1;
/// How far variables stand back where a statement begins.
const VARIABLES: u32 = 6;

/// A statement of a shell, a cleanup or a function.
pub(super) fn statement(cx: &Context<'_>, list: &mut List) {
    let pure = cx.place.around == Around::Function { pure: true };
    let head = cx.place.head.trim_end();
    if let Some((before, alias)) = cx.place.qualifier() {
        if before.is_empty() || wants_value(before) {
            effects::exposed_variables(cx, alias, list);
        }
        return;
    }
    if head.is_empty() {
        return begin(cx, pure, list);
    }
    if wants_value(head) && !is_text(cx, head) {
        expression(cx, pure, list);
    }
}

fn begin(cx: &Context<'_>, pure: bool, list: &mut List) {
    if !pure {
        words::operators(cx, OPERATORS, list);
    }
    let bind = relux_model::fixes::bind_operator(cx.db, cx.entry.suite, cx.entry.file);
    let snippet = Snippet::default()
        .text("let ")
        .hole("name")
        .text(&format!(" {bind} "))
        .end();
    list.add(
        WORDS,
        keyword("let", "declare a variable").insert(Insert::snippet("let ", snippet)),
    );
    variables::in_expression(cx, VARIABLES, list);
    calls::functions(cx, pure, list);
}

/// Whether an expression must follow.
pub(super) fn wants_value(head: &str) -> bool {
    head.ends_with(['=', '(', ','])
}

/// Whether what follows `name =` is text: edition 2026-08 compares with it.
fn is_text(cx: &Context<'_>, head: &str) -> bool {
    let assigns = head.starts_with("let ") || head.ends_with(":=") || !head.ends_with('=');
    !assigns && (cx.edition == Edition::E2026_08 || head.ends_with("=="))
}

/// An expression; `pure` where there is no shell.
pub(super) fn expression(cx: &Context<'_>, pure: bool, list: &mut List) {
    variables::in_expression(cx, 0, list);
    calls::functions(cx, pure, list);
}

/// A value behind `let name =` in a test or effect, or in a marker.
pub(super) fn pure_value(cx: &Context<'_>, list: &mut List) {
    if let Some((before, alias)) = cx.place.qualifier() {
        if wants_value(before) {
            effects::exposed_variables(cx, alias, list);
        }
        return;
    }
    if wants_value(cx.place.head.trim_end()) {
        expression(cx, true, list);
    }
}

/// A word that begins a block with its braces.
pub(super) fn block(word: &str, detail: &str, snippet: Snippet) -> CompletionItem {
    CompletionItem::new(CompletionKind::Keyword, word)
        .detail(detail)
        .insert(Insert::snippet(format!("{word} "), snippet))
}
