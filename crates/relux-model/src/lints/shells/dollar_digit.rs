//! `dollar-digit-in-text`: `$1` in a text, where only `${1}` is the capture.
//!
//! A shell has a `$1` of its own, and so have awk and others. So it is reported only where the last regex has such a
//! group, and not where the text quotes or escapes the dollar.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use super::state::Captures;
use crate::bodies::body::Text;
use crate::bodies::walk::{Site, TextKind};
use crate::codes;

/// Words in a payload that give `$1` a meaning of its own.
const OWN_MEANING: [&str; 8] = [
    "awk",
    "perl",
    "sed ",
    "set --",
    "() {",
    "(){",
    "function ",
    "sh -c",
];

/// Looks at a piece of a text that is taken as it stands.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, site: Site, text: Text, piece: TextRange, kind: TextKind) {
    let source = flow.cx.text;
    let slice = piece.slice(source);
    for (at, _) in slice.match_indices('$') {
        let digits = slice[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let Ok(index) = slice[at + 1..at + 1 + digits].parse::<u32>() else {
            continue;
        };
        let start = piece.start + at as u32;
        let before = TextRange::new(text.range.start, start).slice(source);
        let whole = text.range.slice(source);
        // `$0` is the name of the shell; a single quote keeps the shell from looking.
        let is_meant = index == 0
            || before.ends_with('\\')
            || before.ends_with('$')
            || before.matches('\'').count() % 2 == 1
            || (kind != TextKind::Regex && OWN_MEANING.iter().any(|word| whole.contains(word)));
        let captures = flow.shell(site).captures;
        if is_meant || !matches!(captures, Captures::Groups(groups, _) if index <= groups) {
            continue;
        }
        let range = TextRange::new(start, start + 1 + digits as u32);
        flow.cx.found.push(
            Diagnostic::new(
                codes::DOLLAR_DIGIT_IN_TEXT,
                Severity::Warning,
                range,
                format!("`${index}` in a text is these characters, not the capture"),
            )
            .with_help(format!(
                "write `${{{index}}}` for the capture, `$${index}` to mean it as it stands"
            ))
            .with_fix(Fix::needs_a_look(
                format!("Insert the capture: `${{{index}}}`"),
                range,
                format!("${{{index}}}"),
            )),
        );
    }
}
