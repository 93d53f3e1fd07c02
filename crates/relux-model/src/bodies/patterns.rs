//! `invalid-regex`: what follows `<?`, `!?` and `?` must be a regular expression.

use relux_syntax::Diagnostic;

use super::body::Text;
use super::check::Check;
use super::regex;
use crate::codes;
use crate::edition::Edition;

/// Checks one regex.
pub(super) fn regex(check: &mut Check<'_>, text: Text) {
    let exposed_is_literal = check.edition == Edition::E2026_04;
    let Some(error) = regex::error(check.bodies, check.source, text, exposed_is_literal) else {
        return;
    };
    let diagnostic = Diagnostic::error(
        codes::INVALID_REGEX,
        error.range,
        format!("invalid regular expression: {}", error.reason),
    );
    let diagnostic = match help(check.text(error.range), &error.reason) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    };
    check.out.push(diagnostic);
}

/// What people mean most often when this goes wrong.
fn help(text: &str, reason: &str) -> Option<String> {
    if reason.contains("look-around") {
        return Some(
            "the engine looks at each byte once: match the text around it too and capture the part you need"
                .to_owned(),
        );
    }
    if reason.contains("backreferences") {
        return Some("capture the group and compare it with `${1}` in the next pattern".to_owned());
    }
    if reason.contains("escape sequence") {
        return Some(format!(
            "`{text}` means nothing; a backslash itself is written `\\\\`"
        ));
    }
    if reason.contains("Unicode property") {
        return Some("a class is written `\\p{L}` or `\\p{Greek}`; a backslash itself `\\\\`".to_owned());
    }
    if reason.contains("class range") {
        return Some("write the smaller character first, or `\\-` for a dash".to_owned());
    }
    let stray = ["unclosed", "unopened", "missing expression", "decimal"];
    let first = text.chars().next().filter(|first| "()[]{}*+?|".contains(*first));
    let Some(first) = first else {
        return Some("to match text as it stands use `<=`".to_owned());
    };
    stray
        .iter()
        .any(|stray| reason.contains(stray))
        .then(|| format!("write `\\{first}` to match the character itself, or use `<=` to match plain text"))
        .or_else(|| Some("to match text as it stands use `<=`".to_owned()))
}
