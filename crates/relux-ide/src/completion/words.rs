//! The words and operators of the language, and durations.

use super::list::List;
use super::place::Around;
use super::snippet::{Insert, Snippet};
use super::{CompletionItem, CompletionKind, Context};

/// An operator with what it does and what it takes.
struct Operator {
    text: &'static str,
    detail: &'static str,
    doc: &'static str,
}

const fn operator(text: &'static str, detail: &'static str, doc: &'static str) -> Operator {
    Operator { text, detail, doc }
}

/// Statements that begin with an operator.
const OPERATORS: &[Operator] = &[
    operator(">", "send a line", "Sends the text and a line end to the shell."),
    operator(
        "<?",
        "wait for a pattern",
        "Waits until the output matches the regular expression. Alone it forgets the output so far.",
    ),
    operator(
        "<=",
        "wait for text",
        "Waits until the output holds the text. Alone it forgets the output so far.",
    ),
    operator(
        "=>",
        "send without a line end",
        "Sends the text as it is: keys, or half of a line.",
    ),
    operator(
        "!?",
        "set the fail pattern",
        "From now on the test fails when the output matches the regular expression. Alone it clears it.",
    ),
    operator(
        "!=",
        "set the fail text",
        "From now on the test fails when the output holds the text. Alone it clears it.",
    ),
    operator(
        "<{",
        "wait for several patterns",
        "Waits until each of the patterns was found, in any order.",
    ),
    operator(
        "<~",
        "wait with a timeout of its own",
        "`<~5s?` and `<~5s=` wait for this match with another timeout. `<@5s?` asserts that it takes no longer.",
    ),
];

/// Timeouts as statements.
const TIMEOUTS: &[(&str, &str, &str)] = &[
    (
        "~",
        "set the timeout",
        "The timeout of the matches that follow in this shell. `-m` and the factor of retries scale it.",
    ),
    (
        "@",
        "set a limit",
        "Asserts that each match that follows in this shell takes no longer. Nothing scales it.",
    ),
];

/// Statements with an operator, and timeouts.
pub(super) fn operators(cx: &Context<'_>, group: u32, list: &mut List) {
    let typed = cx.place.typed_text();
    for operator in OPERATORS.iter().filter(|it| it.text.starts_with(typed)) {
        let mut item = CompletionItem::new(CompletionKind::Operator, operator.text)
            .detail(operator.detail)
            .doc(operator.doc);
        let text = Snippet::default().text(operator.text);
        item.insert = match operator.text {
            "<{" | "<~" if !cx.place.ends_line() => Insert::text(operator.text),
            "<{" => Insert::snippet(operator.text, text.text("\n    ? ").end().text("\n}")),
            "<~" => Insert::snippet(operator.text, text.hole("5s").text("? ").end()),
            _ => Insert::text(format!("{} ", operator.text)),
        };
        list.add(group, item);
    }
    for (sigil, detail, doc) in TIMEOUTS {
        let snippet = Snippet::default().text(sigil).hole("5s").end();
        let item = CompletionItem::new(CompletionKind::Operator, *sigil)
            .detail(*detail)
            .doc(*doc);
        list.add(group, item.insert(Insert::snippet(*sigil, snippet)));
    }
}

/// The lines of a multimatch.
pub(super) fn multimatch(cx: &Context<'_>, list: &mut List) {
    if !cx.place.head.is_empty() || !cx.place.word.is_empty() {
        return;
    }
    for (text, detail) in [("?", "one of the patterns"), ("=", "one of the texts")] {
        let item = CompletionItem::new(CompletionKind::Operator, text).detail(detail);
        list.add(0, item.insert(Insert::text(format!("{text} "))));
    }
}

/// Durations that are often meant, and with digits those in all units.
const USUAL: &[&str] = &["5s", "10s", "30s", "1m", "500ms", "100ms"];
const UNITS: &[(&str, &str)] = &[
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("m", "minutes"),
    ("h", "hours"),
];

/// What stands behind `~` or `@`.
pub(super) fn durations(cx: &Context<'_>, list: &mut List) {
    let in_list = matches!(cx.place.around, Around::Overlay | Around::Imports);
    if in_list {
        return;
    }
    let detail = match cx.place.sigil() {
        Some('@') => "at most; nothing scales it",
        _ => "times -m and the factor of retries",
    };
    let typed = cx.place.typed_text();
    let digits = &typed[..typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len())];
    if digits.is_empty() {
        for duration in USUAL {
            list.add(
                0,
                CompletionItem::new(CompletionKind::Duration, *duration).detail(detail),
            );
        }
        return;
    }
    for (unit, name) in UNITS {
        let item = CompletionItem::new(CompletionKind::Duration, format!("{digits}{unit}"));
        list.add(0, item.detail(format!("{name}, {detail}")));
    }
}

/// A word of the language that stands alone.
pub(super) fn keyword(word: &str, detail: &str) -> CompletionItem {
    CompletionItem::new(CompletionKind::Keyword, word).detail(detail)
}
