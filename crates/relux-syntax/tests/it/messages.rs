//! What is said about each mistake, and whether the fixes mend it.

use std::fmt::Write as _;

use relux_syntax::{Applicability, Diagnostic, Edit, LineIndex, TextRange, parse, validate};

use crate::support::suites;
use crate::verdicts::verdict_rows;

/// A diagnostic as people see it: the line, carets, the sentence, and what hangs on it.
fn rendered(text: &str, found: &Diagnostic) -> String {
    let index = LineIndex::new(text);
    let line = index.line(found.range.start);
    let start = index.line_start(line);
    let source = index.line_text(text, line);
    let before = TextRange::new(start, found.range.start)
        .slice(text)
        .chars()
        .count();
    let width = found
        .range
        .slice(text)
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    let mut out = format!(
        "  | {source}\n  | {}{}",
        " ".repeat(before),
        "^".repeat(width.max(1))
    );
    if let Some(label) = &found.label {
        let _ = write!(out, " {label}");
    }
    let _ = write!(out, "\n  error[{}]: {}\n", found.code, found.message);
    for related in &found.related {
        let _ = writeln!(
            out,
            "  note: {:?}: {}",
            related.range.slice(text),
            related.message
        );
    }
    if let Some(help) = &found.help {
        let _ = writeln!(out, "  help: {help}");
    }
    for fix in &found.fixes {
        let _ = writeln!(out, "  fix ({:?}): {}", fix.applicability, fix.title);
    }
    out
}

#[test]
fn every_mistake_has_a_helpful_message() {
    let mut out = String::new();
    for row in verdict_rows().filter(|it| !it.accepted) {
        let _ = writeln!(out, "{}", row.code);
        for found in validate(&parse(row.text.as_str())) {
            out.push_str(&rendered(&row.text, &found));
        }
        out.push('\n');
    }
    insta::assert_snapshot!("messages", out);
}

fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|it| (it.range.start, it.range.end));
    let mut out = String::new();
    let mut at = 0;
    for edit in edits {
        assert!(edit.range.start >= at, "edits of a fix do not overlap: {edit:?}");
        out.push_str(TextRange::new(at, edit.range.start).slice(text));
        out.push_str(&edit.new_text);
        at = edit.range.end;
    }
    out + &text[at as usize..]
}

#[test]
fn a_fix_mends_its_mistake() {
    let mut failed = String::new();
    for row in verdict_rows().filter(|it| !it.accepted) {
        let found = validate(&parse(row.text.as_str()));
        for diagnostic in &found {
            for fix in &diagnostic.fixes {
                let mended = applied(&row.text, &fix.edits);
                let left = validate(&parse(mended.as_str()));
                let same = left.iter().any(|it| it.message == diagnostic.message);
                let certain = fix.applicability == Applicability::Safe;
                if (same && left.len() >= found.len()) || (certain && left.len() >= found.len()) {
                    let _ = writeln!(failed, "{} ({})\n{mended}\n{left:#?}", fix.title, row.code);
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn the_suites_of_the_repository_have_no_syntax_errors() {
    let mut wrong = String::new();
    for (path, text) in suites() {
        for found in validate(&parse(text.as_str())) {
            let _ = writeln!(wrong, "{}\n{}", path.display(), rendered(&text, &found));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
