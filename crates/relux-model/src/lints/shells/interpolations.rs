//! `malformed-interpolation` and `literal-qualified-variable`: `${…}` that is taken as it stands.
//!
//! What only a shell can mean is its business where it is sent, and gets a hint alone.

use relux_syntax::names::{KEYWORDS, is_variable};
use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use crate::bodies::body::Text;
use crate::bodies::walk::TextKind;
use crate::codes;

/// Looks at a piece of a text that is taken as it stands.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, text: Text, piece: TextRange, kind: TextKind) {
    // In a regex it would be an error.
    if kind == TextKind::Regex {
        return;
    }
    let source = flow.cx.text;
    for (at, _) in piece.slice(source).match_indices("${") {
        let start = piece.start + at as u32;
        let rest = TextRange::new(start + 2, text.range.end).slice(source);
        let Some(end) = closing(rest) else {
            unclosed(flow, text, start, rest);
            return;
        };
        let range = TextRange::new(start, start + 2 + end as u32 + 1);
        let inner = &rest[..end];
        match inner.split_once('.') {
            Some((alias, name)) if is_variable(alias) && is_variable(name) && has_alias(flow, alias) => {
                qualified(flow, range, alias);
            }
            _ => malformed(flow, range, inner),
        }
    }
}

/// Where the brace is closed that was opened before this text.
fn closing(rest: &str) -> Option<usize> {
    let mut open = 1;
    let closed = rest.bytes().position(|byte| {
        open += i32::from(byte == b'{') - i32::from(byte == b'}');
        open == 0
    });
    closed.or_else(|| rest.find('}'))
}

/// `${Alias.name}` in an edition that has no such thing.
pub(super) fn exposed(flow: &mut Flow<'_, '_, '_>, range: TextRange, alias: TextRange) {
    let alias = alias.slice(flow.cx.text);
    if has_alias(flow, alias) {
        qualified(flow, range, alias);
    }
}

fn has_alias(flow: &Flow<'_, '_, '_>, name: &str) -> bool {
    let mut aliases = flow.definition.starts.iter().filter_map(|start| start.alias);
    aliases.any(|alias| alias.slice(flow.cx.text) == name)
}

fn qualified(flow: &mut Flow<'_, '_, '_>, range: TextRange, alias: &str) {
    let help = if alias.starts_with(|first: char| first.is_ascii_uppercase()) {
        "it is the exposed variable in edition 2026-08, which `edition` in Relux.toml sets"
    } else {
        "variables are exposed in edition 2026-08, under aliases that begin with a capital letter"
    };
    let message = format!("this is not a variable that `{alias}` exposes but these characters");
    flow.cx.found.push(
        Diagnostic::new(
            codes::LITERAL_QUALIFIED_VARIABLE,
            Severity::Warning,
            range,
            message,
        )
        .with_help(help),
    );
}

fn unclosed(flow: &mut Flow<'_, '_, '_>, text: Text, start: u32, rest: &str) {
    let before = TextRange::new(text.range.start, start).slice(flow.cx.text);
    let name = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    // Quoted and followed by something else it is what somebody looks for.
    if !before.matches('\'').count().is_multiple_of(2) && name == 0 {
        return;
    }
    let range = TextRange::new(start, start + 2 + name as u32);
    let diagnostic = literal(range, "there is no `}` behind it");
    flow.cx.found.push(if is_variable(&rest[..name]) {
        diagnostic
            .with_help("close it, or write `$${` to mean it as it stands")
            .with_fix(Fix::needs_a_look("Close it", TextRange::empty(range.end), "}"))
    } else {
        leave(diagnostic, start)
    });
}

fn malformed(flow: &mut Flow<'_, '_, '_>, range: TextRange, inner: &str) {
    let trimmed = inner.trim();
    let diagnostic = if inner.is_empty() {
        leave(literal(range, "it names nothing"), range.start)
    } else if trimmed.len() < inner.len() && is_variable(trimmed) {
        let fixed = format!("${{{trimmed}}}");
        literal(range, "there are blanks in the braces")
            .with_help(format!("write `{fixed}`"))
            .with_fix(Fix::needs_a_look(format!("Change to `{fixed}`"), range, fixed))
    } else if KEYWORDS.contains(&inner) {
        leave(literal(range, &format!("`{inner}` is a keyword")), range.start)
    } else if is_of_shell(inner) {
        if flow.in_send {
            let mut hint = leave(literal(range, "only the shell can mean it"), range.start);
            hint.severity = Severity::Hint;
            hint
        } else {
            leave(literal(range, "only a shell can mean it"), range.start)
        }
    } else if inner.ends_with(')') && inner.contains('(') {
        literal(range, "a call cannot stand in a text").with_help("give the value a name with `let` first")
    } else {
        leave(literal(range, "it is no name"), range.start)
    };
    flow.cx.found.push(diagnostic);
}

fn literal(range: TextRange, why: &str) -> Diagnostic {
    let message = format!("this is text as it stands: {why}");
    Diagnostic::new(codes::MALFORMED_INTERPOLATION, Severity::Warning, range, message)
}

fn leave(diagnostic: Diagnostic, dollar: u32) -> Diagnostic {
    diagnostic
        .with_help("write `$${` to mean it as it stands, for example for the shell")
        .with_fix(Fix::needs_a_look(
            "Say that it stands for itself",
            TextRange::empty(dollar),
            "$",
        ))
}

/// Whether it is an expansion that shells know, beyond a name.
fn is_of_shell(inner: &str) -> bool {
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let name = &inner[..inner.len() - rest.len()];
    if name.is_empty() {
        return rest.starts_with(['#', '!', '@', '*', '?', '-', '$']);
    }
    rest.starts_with([':', '%', '#', '/', '^', ',', '[', '=', '+', '?', '@'])
}
