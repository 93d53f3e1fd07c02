//! What must hold for every text, in one place, for tests and fuzzing.
//!
//! Everything here panics when the formatter is wrong; nothing of it runs in a release build of the program.

use relux_syntax::ast::AstNode;
use relux_syntax::{Parse, SyntaxKind, TextRange, parse};

use crate::{apply, format, format_range, preview, proof, verify};

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
/// what is proven of the result, or of what resembles it, is true; formatting the result changes nothing; the edits lead to the result; and formatting a part does what formatting
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
    check_proof(&source, formatted.text());
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

/// What is proven is true, also of results that formatting does not give: with something put in, left out or turned
/// around here and there.
fn check_proof(source: &Parse, result: &str) {
    const PUT_IN: [&str; 10] = [" ", "\n", ",", ", ", "\n\n", "}", "\"", "\r", "\r\n", "x"];
    let seed = source.text().bytes().fold(0x9e37_79b9_u32, |seed, byte| {
        (seed ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let mut random = seed;
    let mut next = |below: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % below.max(1)
    };
    for text in [result, source.text()] {
        for turn in 0..24 {
            let mut at = next(text.len() + 1);
            // Mostly where something is between two tokens.
            if turn % 4 > 0 {
                let rest = &text.as_bytes()[at..];
                at += rest.iter().position(|it| b" \n,{}".contains(it)).unwrap_or(0);
            }
            let is_longer = turn % 2 == 0;
            let end = at + usize::from(!is_longer) * (1 + next(2));
            let (Some(before), Some(behind)) = (text.get(..at), text.get(end..)) else {
                continue;
            };
            let put_in = if is_longer || turn % 3 == 0 {
                PUT_IN[next(PUT_IN.len())]
            } else {
                ""
            };
            let other = [before, put_in, behind].concat();
            if proof::holds(source, &other)
                && let Err(damage) = verify::compare(source, &parse(other.as_str()))
            {
                panic!(
                    "proven, but {damage}: {put_in:?} instead of {:?} at {at}\n--- source\n{}\n--- result\n{other}",
                    text.get(at..end),
                    source.text()
                );
            }
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
