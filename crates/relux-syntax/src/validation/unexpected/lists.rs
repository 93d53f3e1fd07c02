//! Text in a `start`, and between the braces of overlays and imports.

use super::{shown, trimmed};
use crate::ast::{AstNode, Start, SyntaxKind, SyntaxNode, Unexpected};
use crate::validation::sink::Sink;
use crate::validation::{codes, confusables, values};
use crate::{Diagnostic, Fix, TextRange, names};

/// Text in a `start`, before its overlay or end.
pub(in crate::validation) fn in_start(start: Start<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
    let range = trimmed(junk);
    let text = range.slice(junk.syntax().source());
    let found = Diagnostic::error(
        codes::UNEXPECTED_TEXT,
        range,
        format!("`{}` cannot follow here", shown(text)),
    );
    sink.push(match start.effect() {
        Some(_) if text.starts_with('(') => {
            let found = found.with_help("what an effect needs is passed between braces");
            match text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
                Some(inner) if !inner.trim().is_empty() => found.with_fix(Fix::safe(
                    "Write braces",
                    range,
                    format!(" {{ {} }}", inner.trim()),
                )),
                Some(_) => found.with_fix(Fix::safe("Remove the parentheses", range, "")),
                None => found,
            }
        }
        Some(_) if text.starts_with("with ") => {
            found.with_help("what an effect needs is passed between braces")
        }
        _ => found.with_help(
            "a start is written `start Effect`, `start Effect as alias` or with `{ KEY = value }`",
        ),
    });
}

/// Text between the braces of an overlay or import.
pub(in crate::validation) fn in_list(
    what: &str,
    before: SyntaxNode<'_>,
    junk: Unexpected<'_>,
    sink: &mut Sink<'_>,
) {
    let range = trimmed(junk);
    let text = range.slice(junk.syntax().source());
    let found = confusables::find(text, range.start)
        .or_else(|| key_mistake(what, before, junk, range))
        .or_else(|| values::in_place_of_value(before, range))
        .or_else(|| values::number_with_tail(before, range))
        .unwrap_or_else(|| {
            let code = if text.starts_with('?') {
                codes::MISPLACED_PATTERN
            } else {
                codes::UNEXPECTED_TEXT
            };
            Diagnostic::error(
                code,
                range,
                format!("`{}` cannot be placed between the braces of {what}", shown(text)),
            )
            .with_help(match text.as_bytes().first() {
                Some(b'=' | b':') => "a key, its operator and its value share one line: `KEY = value`",
                Some(b'*') => "an import without braces takes everything",
                _ if what.ends_with("import") => "list the names of functions and effects",
                _ => "write `KEY = value`, or `KEY` alone to pass on a variable of that name",
            })
        });
    sink.push(found);
}

/// `"KEY": value`, `KEY: value`: overlays as objects of other languages.
fn key_mistake(
    what: &str,
    before: SyntaxNode<'_>,
    junk: Unexpected<'_>,
    range: TextRange,
) -> Option<Diagnostic> {
    if what.ends_with("import") {
        return None;
    }
    let text = range.slice(junk.syntax().source());
    let error = |range, message: &str| Diagnostic::error(codes::UNEXPECTED_TEXT, range, message);
    let inner = text.trim_matches(['"', '\'']);
    if text.starts_with(['"', '\'']) && names::is_variable(inner) {
        return Some(
            error(range, "a key is written without quotes")
                .with_help(format!("write `{inner} = value`"))
                .with_fix(Fix::safe("Remove the quotes", range, inner)),
        );
    }
    if !text.starts_with(':') || text.starts_with(":=") || before.kind() != SyntaxKind::OverlayEntry {
        return None;
    }
    // Each entry of such an overlay is written so; one fix mends them all.
    let colons = junk.syntax().parent()?.children().filter_map(|it| {
        let colon =
            Unexpected::cast(it).filter(|it| it.text().starts_with(':') && !it.text().starts_with(":="))?;
        let start = colon.range().start;
        Some(TextRange::new(start, start + 1))
    });
    let mut fix = Fix::safe("Write `=`", TextRange::new(range.start, range.start + 1), " =");
    fix.edits.clear();
    fix.edits.extend(colons.map(|range| crate::Edit {
        file: None,
        range,
        new_text: " =".to_owned(),
    }));
    let colon = TextRange::new(range.start, range.start + 1);
    Some(
        error(colon, "a key is bound with `=` or `:=`, not with `:`")
            .with_help("write `KEY = value`, or `KEY` alone to pass on a variable of that name")
            .with_fix(fix),
    )
}
