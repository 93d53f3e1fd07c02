//! Markers: the words of `# skip|run|flaky [if|unless condition]`. Where they may stand is a matter of placement.

use super::codes;
use super::sink::{Sink, shown};
use crate::ast::{AstNode, Condition, Marker, SyntaxKind, SyntaxNode};
use crate::nearest::nearest;
use crate::{Diagnostic, Edit, Fix, TextRange, names};

const KINDS: &[&str] = &["skip", "run", "flaky"];
const FORMS: &str =
    "a marker is `# skip`, `# run` or `# flaky`, then nothing or `if`/`unless` and a condition";

const CONDITION: &str =
    "write a name of the environment such as `CI`, a quoted string, or a call of a pure function";

/// Reports a marker that is none.
pub(super) fn check(marker: Marker<'_>, sink: &mut Sink<'_>) {
    let range = marker.range();
    let Some(kind) = marker.kind() else {
        let found = Diagnostic::error(
            codes::INVALID_MARKER,
            range,
            "`#` begins a marker, and its kind is missing",
        );
        let line = sink.lines().line(range.start);
        sink.push(if line.slice(sink.source()).starts_with("#!") {
            found
                .with_help("modules are not run by themselves: remove this line")
                .with_fix(Fix::needs_a_look("Remove the line", line, ""))
        } else {
            found.with_help(FORMS)
        });
        return;
    };
    let word = kind.text();
    if !KINDS.contains(&word) {
        sink.push(unknown_kind(marker, word, kind.range()));
    } else if let Some(modifier) = marker.modifier()
        && marker.condition().is_none()
        && rest_of_line(range.end, sink).is_empty()
    {
        sink.push(
            Diagnostic::error(
                codes::INVALID_MARKER,
                TextRange::empty(modifier.range().end),
                format!("a condition is missing behind `{}`", modifier.text()),
            )
            .with_help(CONDITION),
        );
    }
}

/// A word behind `#`: a kind with a typing mistake, or a comment of another language.
fn unknown_kind(marker: Marker<'_>, word: &str, range: TextRange) -> Diagnostic {
    let found = Diagnostic::error(
        codes::INVALID_MARKER,
        range,
        format!("`{word}` is not a kind of marker"),
    );
    let meant = match word.to_ascii_lowercase().as_str() {
        "ignore" | "ignored" | "disable" | "disabled" | "pending" | "todo" | "xfail" | "off" => Some("skip"),
        "only" | "enable" | "enabled" => Some("run"),
        "retry" | "retries" | "unstable" => Some("flaky"),
        _ => None,
    };
    if let Some(meant) = meant {
        return found
            .with_help(format!("did you mean `{meant}`? A comment begins with `//`"))
            .with_fix(Fix::needs_a_look(format!("Write `{meant}`"), range, meant));
    }
    let glued = KINDS.iter().find_map(|kind| {
        let modifier = word.strip_prefix(kind)?.trim_start_matches(['_', '-']);
        matches!(modifier, "if" | "unless").then(|| format!("{kind} {modifier}"))
    });
    if let Some(better) = glued {
        return found
            .with_help(format!("write `# {better} …`"))
            .with_fix(Fix::safe(format!("Write `{better}`"), range, better));
    }
    if matches!(word, "if" | "unless") {
        return found.with_help("name the kind first: `# skip if …`, `# run if …` or `# flaky if …`");
    }
    if let Some(near) = nearest(word, KINDS.iter().copied()) {
        return found
            .with_help(format!("did you mean `{near}`?"))
            .with_fix(Fix::safe(format!("Write `{near}`"), range, near));
    }
    let hash = TextRange::new(marker.range().start, marker.range().start + 1);
    found
        .with_help("a comment begins with `//`")
        .with_fix(Fix::safe("Make it a comment", hash, "//"))
}

fn rest_of_line<'t>(from: u32, sink: &Sink<'t>) -> &'t str {
    let end = sink.lines().line(from).end;
    TextRange::new(from, end.max(from)).slice(sink.source()).trim()
}

/// Text behind a marker, or in place of its condition.
pub(super) fn left_over(node: SyntaxNode<'_>, text: &str, range: TextRange) -> Diagnostic {
    let error = |message: String| Diagnostic::error(codes::INVALID_MARKER, range, message);
    let unknown = || error(format!("`{}` is not part of a marker", shown(text)));
    let word = text.split([' ', '\t']).next().unwrap_or_default();
    let first = TextRange::new(range.start, range.start + word.len() as u32);
    let Some(marker) = Marker::cast(node) else {
        return unknown();
    };
    if marker.modifier().is_none() {
        if text.starts_with(['"', '\'']) {
            return error("a marker has no reason".to_owned()).with_help("tell it in a comment above");
        }
        let glued = ["if", "unless"]
            .into_iter()
            .find(|it| word.starts_with(it) && word.len() > it.len());
        if let Some(modifier) =
            glued.filter(|it| word[it.len()..].starts_with(|it: char| it.is_ascii_uppercase()))
        {
            let end = TextRange::empty(range.start + modifier.len() as u32);
            return unknown()
                .with_help(format!("a blank belongs behind `{modifier}`"))
                .with_fix(Fix::safe("Insert a blank", end, " "));
        }
        return match nearest(word, ["if", "unless"]) {
            Some(near) => unknown()
                .with_help(format!("did you mean `{near}`?"))
                .with_fix(Fix::safe(format!("Write `{near}`"), first, near)),
            None if matches!(word, "when" | "where" | "on" | "only") => unknown()
                .with_help("a condition begins with `if` or `unless`")
                .with_fix(Fix::needs_a_look("Write `if`", first, "if")),
            None => unknown().with_help(FORMS),
        };
    }
    if marker.condition().is_none() {
        return in_place_of_condition(node, text, range);
    }
    match text.as_bytes() {
        [b'a', b'n', b'd', ..] | [b'&', ..] => {
            unknown().with_help("write one marker per line: all have to hold")
        }
        [b'o', b'r', ..] | [b'|', ..] => unknown().with_help(
            "write one `# skip if` per line: one that holds is enough; or let a pure function decide",
        ),
        [b'(', ..] => unknown().with_help("conditions have no parentheses"),
        [b'i', b'n' | b's', ..] | [b'<' | b'>' | b'~', ..] => {
            unknown().with_help("a condition compares with `=`, or with `?` and a regular expression")
        }
        _ => unknown().with_help(FORMS),
    }
}

/// `# skip if !CI`, `$CI`, `(CI)`.
fn in_place_of_condition(marker: SyntaxNode<'_>, text: &str, range: TextRange) -> Diagnostic {
    let error = |message: &str| Diagnostic::error(codes::INVALID_MARKER, range, message);
    let first = TextRange::new(range.start, range.start + 1);
    if text.starts_with('!') {
        let found = error("a condition is not negated").with_help("exchange `if` and `unless`");
        return match swapped(marker, first) {
            Some(fix) => found.with_fix(fix),
            None => found,
        };
    }
    if let Some(name) = text.strip_prefix('$').filter(|it| names::is_variable(it)) {
        return error("a variable is read without `$`")
            .with_help(format!("write `{name}`"))
            .with_fix(Fix::safe(format!("Write `{name}`"), range, name));
    }
    let glued = !marker.source()[..range.start as usize].ends_with([' ', '\t']);
    let gap = if glued { " " } else { "" };
    if let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        return error("conditions have no parentheses")
            .with_help("remove them")
            .with_fix(Fix::safe(
                "Remove the parentheses",
                range,
                format!("{gap}{}", inner.trim()),
            ));
    }
    error("this is no condition").with_help(CONDITION)
}

/// Exchanges `if` and `unless`, and removes the sign of a negation.
pub(super) fn swapped(marker: SyntaxNode<'_>, sign: TextRange) -> Option<Fix> {
    let modifier = Marker::cast(marker)?.modifier()?;
    let (range, other) = match modifier.text() {
        "if" => (modifier.range(), "unless"),
        _ => (modifier.range(), "if"),
    };
    let mut fix = Fix::safe(format!("Write `{other}`"), range, other);
    fix.edits.push(Edit {
        file: None,
        range: sign,
        new_text: String::new(),
    });
    Some(fix)
}

/// The operator of a condition.
pub(super) fn check_condition(condition: Condition<'_>, sink: &mut Sink<'_>) {
    let Some(operator) = condition.operator_token() else {
        return;
    };
    match operator.kind() {
        SyntaxKind::EqualsEquals | SyntaxKind::ColonEquals => sink.push(
            Diagnostic::error(
                codes::WRONG_OPERATOR,
                operator.range(),
                format!("a condition compares with `=`, not with `{}`", operator.text()),
            )
            .with_fix(Fix::safe("Write `=`", operator.range(), "=")),
        ),
        SyntaxKind::Equals if condition.right().is_none() => sink.push(Diagnostic::error(
            codes::MISSING_VALUE,
            TextRange::empty(operator.range().end),
            "a value is missing behind `=`",
        )),
        _ => {}
    }
}
