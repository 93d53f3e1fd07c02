//! Mistakes in the syntax of TOML, in the words of somebody who wanted to set a key.

use relux_syntax::{Diagnostic, Fix, TextRange};

use crate::codes;

/// Offset of the beginning of the line that a range begins in.
pub(super) fn line_start(text: &str, range: TextRange) -> u32 {
    let before = text.get(..range.start as usize).unwrap_or_default();
    before.rfind('\n').map_or(0, |newline| newline as u32 + 1)
}

/// A mistake in the syntax of TOML, with what to write where that is known.
pub(super) fn toml_error(text: &str, range: TextRange, message: &str) -> Diagnostic {
    let start = line_start(text, range);
    let rest = text.get(start as usize..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    let end = start + line.len() as u32;
    let error = |message: &str| Diagnostic::error(codes::INVALID_MANIFEST, range, message);
    if message.contains("unclosed table") {
        return error("this table header is not closed")
            .with_help("end it with `]`")
            .with_fix(Fix::safe("Insert `]`", TextRange::empty(end), "]"));
    }
    if message.contains("must be quoted") {
        let value = TextRange::new(range.start, end.max(range.end));
        let inner = value.slice(text).trim().trim_matches('\'').to_owned();
        return Diagnostic::error(codes::INVALID_MANIFEST, value, "text is written in double quotes")
            .with_help(format!("write \"{inner}\""))
            .with_fix(Fix::needs_a_look("Quote it", value, format!("\"{inner}\"")));
    }
    if message.contains("duplicate key") {
        return error("this key is set twice").with_help("remove one of the two lines");
    }
    if let Some((key, _)) = line.split_once(':')
        && !line.contains('=')
    {
        let colon = start + key.len() as u32;
        let colon = TextRange::new(colon, colon + 1);
        return Diagnostic::error(
            codes::INVALID_MANIFEST,
            colon,
            "a key is set with `=`, not with `:`",
        )
        .with_help(format!("write `{} = …`", key.trim()))
        .with_fix(Fix::safe("Write `=`", colon, " ="));
    }
    error(&format!("not valid TOML: {message}"))
        .with_help("a line is `key = value` with text in double quotes, or `[table]`")
}
