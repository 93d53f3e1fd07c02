//! `// relux: allow(code, …)`: what a comment allows on the line below it, and which of them allow nothing.
//!
//! Comments are found in the text: a line is a comment wherever it stands, and broken files have no tree to rely on.

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use crate::codes;

const ALLOW: &str = "relux: allow(";

/// Findings that depend on the environment of the machine: elsewhere a comment may allow something.
const OF_THE_MACHINE: &[relux_syntax::Code] = &[
    codes::EFFECT_VARIABLE_IN_QUALIFIED_BLOCK,
    codes::EXPECT_FROM_HOST_ENVIRONMENT,
    codes::INHERITED_EXPECT_NOT_DECLARED,
    codes::MARKER_VARIABLE_NEVER_SET,
    codes::OVERLAY_KEY_NOT_EXPECTED,
    codes::UNDEFINED_VARIABLE,
    codes::UNSET_IN_CLEANUP,
    codes::VARIABLE_OUT_OF_REACH,
];

/// A comment that allows codes on the line below.
pub(crate) struct Allow {
    /// Its line with the newline.
    line: TextRange,
    /// The codes that it names.
    codes: Vec<TextRange>,
}

/// The comments of a text, from top to bottom.
pub(crate) fn comments(text: &str) -> Vec<Allow> {
    text.match_indices(ALLOW)
        .filter_map(|(at, _)| {
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let before = text[start..at].trim_start_matches('\u{feff}').trim();
            if before != "//" {
                return None;
            }
            let first = at + ALLOW.len();
            let rest = &text[first..];
            let end = rest.find('\n').map_or(text.len(), |newline| first + newline + 1);
            let (list, _) = text[first..end].split_once(')')?;
            let place = |code: &str| {
                let start = code.as_ptr() as usize - text.as_ptr() as usize;
                (start..start + code.len()).into()
            };
            let codes = list.split(',').map(str::trim).filter(|code| !code.is_empty());
            Some(Allow {
                line: (start..end).into(),
                codes: codes.map(place).collect(),
            })
        })
        .collect()
}

/// The comments of a text, each with the line below it, which it is about.
pub fn places(text: &str) -> Vec<TextRange> {
    let below = |line: TextRange| {
        let rest = &text[line.end as usize..];
        let length = rest.find('\n').unwrap_or(rest.len());
        TextRange::new(line.start, line.end + length as u32)
    };
    comments(text).iter().map(|it| below(it.line)).collect()
}

/// Leaves out what comments allow, and says where they would hide an error.
pub(crate) fn hear(text: &str, found: &mut Vec<Diagnostic>) {
    let comments = comments(text);
    if comments.is_empty() {
        return;
    }
    let mut refused: Vec<Diagnostic> = Vec::new();
    found.retain(|it| {
        let Some(range) = allowed(text, &comments, it) else {
            return true;
        };
        let always = codes::is_always_error(it.code.as_str());
        if always && refused.last().is_none_or(|last| last.range != range) {
            refused.push(cannot_be_allowed(it.code.as_str(), range));
        }
        always
    });
    if !refused.is_empty() {
        found.append(&mut refused);
        found.sort_by_key(|it| (it.range.start, it.range.end));
    }
}

/// What is said where `[lints]` or a comment would hide an error.
pub(crate) fn cannot_be_allowed(code: &str, range: TextRange) -> Diagnostic {
    Diagnostic::new(
        codes::CANNOT_BE_ALLOWED,
        Severity::Warning,
        range,
        format!("`{code}` is an error and cannot be allowed"),
    )
    .with_help("mend what it reports: a run would fail there all the same")
}

/// The diagnostic's code in the comment on the line before it.
fn allowed(text: &str, comments: &[Allow], diagnostic: &Diagnostic) -> Option<TextRange> {
    let at = diagnostic.range.start;
    let above = comments.partition_point(|comment| comment.line.end <= at);
    let comment = &comments[above.checked_sub(1)?];
    if text.get(comment.line.end as usize..at as usize)?.contains('\n') {
        return None;
    }
    let code = comment
        .codes
        .iter()
        .find(|range| range.slice(text) == diagnostic.code.as_str())?;
    Some(*code)
}

/// `unused-allow`: the codes in comments that no finding has, or that do not exist. To be asked only where nothing hides
/// findings.
pub(crate) fn unused(text: &str, found: &[Diagnostic]) -> Vec<Diagnostic> {
    let comments = comments(text);
    if comments.is_empty() {
        return Vec::new();
    }
    let used: Vec<TextRange> = found
        .iter()
        .filter_map(|it| allowed(text, &comments, it))
        .collect();
    let mut unused = Vec::new();
    for comment in &comments {
        for (at, range) in comment.codes.iter().enumerate() {
            let code = range.slice(text);
            let kept = OF_THE_MACHINE.iter().any(|it| it.as_str() == code);
            if kept || code == codes::UNUSED_ALLOW.as_str() || used.contains(range) {
                continue;
            }
            unused.push(unused_code(text, comment, at));
        }
    }
    unused
}

fn unused_code(text: &str, comment: &Allow, at: usize) -> Diagnostic {
    let range = comment.codes[at];
    let code = range.slice(text);
    let diagnostic = |message| Diagnostic::new(codes::UNUSED_ALLOW, Severity::Warning, range, message);
    if codes::rule(code).is_some() {
        return diagnostic(format!("no `{code}` is found on the next line")).with_fix(removal(comment, at));
    }
    let unknown = diagnostic(format!("`{code}` is no diagnostic"));
    match nearest(code, codes::all()) {
        Some(meant) => unknown
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), range, meant)),
        None => unknown
            .with_help("remove it: it allows nothing")
            .with_fix(removal(comment, at)),
    }
}

/// Removes a code from its list, or the comment with its last code.
fn removal(comment: &Allow, at: usize) -> Fix {
    let codes = &comment.codes;
    if codes.len() == 1 {
        return Fix::safe("Remove the comment", comment.line, "");
    }
    let removed = match at.checked_sub(1) {
        Some(before) => TextRange::new(codes[before].end, codes[at].end),
        None => TextRange::new(codes[at].start, codes[1].start),
    };
    Fix::safe("Remove the code", removed, "")
}
