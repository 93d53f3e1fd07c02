//! Imports: the path. Names in the list are a matter of names, its commas of lists.

use super::codes;
use super::sink::Sink;
use crate::ast::{AstNode, Import, ImportPath};
use crate::{Diagnostic, Fix, TextRange, names};

const FORM: &str =
    "a path is made of names joined by `/`, below the suite's `lib` directory, without extension";

const EXTENSION: &str = ".relux";

/// Reports an import without a path, or with one that is none.
pub(super) fn check(import: Import<'_>, sink: &mut Sink<'_>) {
    match import.path() {
        Some(path) => check_path(path, sink),
        None => sink.push(
            Diagnostic::error(
                codes::MISSING_NAME,
                TextRange::empty(import.range().start + 6),
                "an import needs the path of a module",
            )
            .with_help(FORM),
        ),
    }
}

fn check_path(path: ImportPath<'_>, sink: &mut Sink<'_>) {
    let (text, range) = (path.text(), path.range());
    if let Some((whole, joined)) = torn(path, sink) {
        let found = Diagnostic::error(
            codes::INVALID_IMPORT_PATH,
            whole,
            "an import path has no blank inside",
        );
        sink.push(
            found
                .with_help(FORM)
                .with_fix(Fix::safe(format!("Write `{joined}`"), whole, joined)),
        );
        return;
    }
    let Some(reason) = mistake(text) else {
        return;
    };
    let mut found = Diagnostic::error(codes::INVALID_IMPORT_PATH, range, reason).with_help(FORM);
    let better = tidy(text);
    if mistake(&better).is_none() {
        found = found.with_fix(Fix::safe(format!("Write `{better}`"), range, better));
    }
    sink.push(found);
}

/// `a/ b` and `a /b` with what they were meant to be.
fn torn(path: ImportPath<'_>, sink: &Sink<'_>) -> Option<(TextRange, String)> {
    let range = path.range();
    let rest = TextRange::new(range.end, sink.lines().line(range.end).end).slice(sink.source());
    let next = rest.trim_start_matches([' ', '\t']);
    let gap = rest.len() - next.len();
    let word = next.split([' ', '\t', '{']).next().unwrap_or_default();
    let joined = format!("{}{word}", path.text());
    let is_torn = path.text().ends_with('/') != word.starts_with('/') && gap > 0 && word.len() > 1;
    (is_torn && mistake(&joined).is_none()).then(|| {
        (
            TextRange::new(range.start, range.end + (gap + word.len()) as u32),
            joined,
        )
    })
}

/// Whether an `import` can be followed by this path.
pub fn is_import_path(text: &str) -> bool {
    mistake(text).is_none()
}

/// What is wrong with a path.
fn mistake(text: &str) -> Option<String> {
    if text.ends_with(EXTENSION) {
        return Some("an import path has no extension".to_owned());
    }
    if text.split('/').any(|it| it == "." || it == "..") {
        return Some("an import path is not relative to the file".to_owned());
    }
    if text.split('/').any(str::is_empty) {
        return Some("an import path has a `/` between names only".to_owned());
    }
    if let Some(keyword) = text.split('/').find(|it| names::KEYWORDS.contains(it)) {
        return Some(format!(
            "the keyword `{keyword}` cannot be part of an import path"
        ));
    }
    let odd = text
        .chars()
        .find(|it| it.is_ascii() && !it.is_ascii_alphanumeric() && !"_/:%&*+;^`|'".contains(*it));
    odd.map(|it| format!("an import path cannot hold `{}`", it.escape_debug()))
}

/// The path as names joined by slashes: without an extension, and from `lib` instead of from where the file lies.
fn tidy(text: &str) -> String {
    let stem = text.strip_suffix(EXTENSION).unwrap_or(text);
    let names = stem.split(['/', '.', '\\']).filter(|it| !it.is_empty());
    let names: Vec<&str> = names.collect();
    let below = if text.contains("..") {
        names.strip_prefix(&["lib"])
    } else {
        None
    };
    below.unwrap_or(&names).join("/")
}
