//! What must hold for every text, in one place, for tests and fuzzing.
//!
//! Everything here panics when the formatter is wrong; nothing of it runs in a release build of the program.

use relux_syntax::ast::AstNode;
use relux_syntax::{Parse, SyntaxKind, TextRange, parse};

use crate::{apply, format, format_range, preview, verify};

/// Whether each comment of a source is in exactly one of these ranges: its own, or lines that were copied.
pub(crate) fn comments_are_printed_once(source: &Parse, printed: &[TextRange]) -> bool {
    let mut printed = printed.to_vec();
    printed.sort_unstable();
    let apart = printed.windows(2).all(|pair| pair[0].end <= pair[1].start);
    let all = source.module().syntax().descendants();
    let mut comments = all.filter(|it| it.kind() == SyntaxKind::Comment);
    apart
        && comments.all(|comment| {
            let start = comment.range().start;
            let behind = printed.partition_point(|it| it.start <= start);
            behind > 0 && printed[behind - 1].contains(start)
        })
}

/// Asserts for any bytes, however broken: formatting does not panic; it keeps the tree, the payloads and the comments;
/// formatting the result changes nothing; the edits lead to the result; and formatting a part does what formatting
/// everything does there. Bytes that are no text are skipped.
///
/// # Panics
/// When one of these does not hold.
pub fn check(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_text(text);
    }
}

fn check_text(text: &str) {
    let source = parse(text);
    let formatted = match format(&source) {
        Ok(formatted) => formatted,
        Err(damage) => panic!("{damage}\n--- source\n{text}"),
    };
    let result = parse(formatted.text());
    if let Err(damage) = verify::compare(&source, &result) {
        panic!("{damage}\n--- source\n{text}\n--- result\n{}", formatted.text());
    }
    let preview = preview(&source).expect("a text of this size is formatted");
    assert_eq!(preview.is_changed, formatted.is_changed(), "preview of\n{text}");
    assert_eq!(preview.kept, formatted.kept, "preview of\n{text}");
    let again = match format(&result) {
        Ok(again) => again,
        Err(damage) => panic!("the second time {damage}\n--- source\n{text}"),
    };
    assert_eq!(
        apply(text, &formatted.edits()),
        formatted.text(),
        "edits of\n{text}"
    );
    // What is broken may look otherwise after a part was formatted: braces are paired by indentation, and of two mistakes
    // on a line the first is told.
    if formatted.kept.is_empty() && again.kept.is_empty() {
        for part in parts(text) {
            check_range(&source, part, formatted.text());
        }
    }
}

/// The whole text, and a few parts of it.
fn parts(text: &str) -> [TextRange; 4] {
    let end = text.len() as u32;
    [
        TextRange::new(0, end),
        TextRange::new(0, end / 2),
        TextRange::new(end / 3, end / 2),
        TextRange::new(end / 2, end),
    ]
}

/// Formatting a part and then everything is formatting everything.
fn check_range(source: &Parse, range: TextRange, whole: &str) {
    let text = source.text();
    let Ok(edits) = format_range(source, range) else {
        panic!("range {range:?} of\n{text}");
    };
    let part = apply(text, &edits);
    match format(&parse(part.as_str())) {
        Ok(then) => assert_eq!(then.text(), whole, "range {range:?} of\n{text}\n--- gave\n{part}"),
        Err(damage) => panic!("{damage} behind range {range:?} of\n{text}\n--- gave\n{part}"),
    }
}
