//! Hover: what stands under the pointer, in a few lines of Markdown. Names first, then patterns, then the words and
//! operators of the language.

mod docs;
mod items;
mod names;
mod patterns;
mod words;

use std::fmt::Write as _;

pub(crate) use items::doc as doc_of;
pub(crate) use items::{
    from_environment, function as function_page, is_in_environment, module as module_page,
};
pub(crate) use patterns::groups;
use relux_model::names::resolve_at;
use relux_model::{Db, Def, SourceFile};
use relux_syntax::{LineIndex, TextRange};

use crate::suites::Entry;

/// What is shown beside a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about, in bytes.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
}

pub(crate) fn hover(db: &dyn Db, entry: Entry, offset: u32) -> Option<Hover> {
    if let Some(found) = resolve_at(db, entry.suite, entry.file, offset) {
        let mut parts: Vec<String> = Vec::new();
        for occurrence in &found.occurrences {
            let part = names::hover(db, entry, occurrence);
            parts.extend(part.filter(|it| !it.is_empty()));
        }
        parts.dedup();
        if !parts.is_empty() {
            return Some(Hover {
                range: found.range,
                markdown: parts.join("\n\n---\n\n"),
            });
        }
    }
    words::hover(db, entry, offset).or_else(|| patterns::hover(db, entry, offset))
}

/// An effect wherever it may be started.
pub(crate) fn effect_page(db: &dyn Db, entry: Entry, def: &Def) -> Option<String> {
    items::effect(db, entry, def, TextRange::default())
}

/// Paragraphs of Markdown.
#[derive(Default)]
struct Page(String);

impl Page {
    fn code(code: &str) -> Self {
        let mut page = Self::default();
        page.block("relux", code);
        page
    }

    fn block(&mut self, language: &str, code: &str) {
        self.gap();
        let _ = write!(self.0, "```{language}\n{code}\n```");
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.gap();
            self.0.push_str(text);
        }
    }

    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push_str("\n\n");
        }
    }
}

/// Names in code, separated by commas.
fn list<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|it| format!("`{}`", it.as_ref())).collect();
    names.join(", ")
}

/// The line of a place, without the blanks around it.
fn line_at(db: &dyn Db, file: SourceFile, range: TextRange) -> String {
    let text: &str = file.text(db);
    let start = text.get(..range.start as usize).and_then(|it| it.rfind('\n'));
    let rest = &text[start.map_or(0, |at| at + 1)..];
    rest.lines().next().unwrap_or_default().trim().to_owned()
}

/// The line of a place, from 1.
fn line_number(db: &dyn Db, file: SourceFile, at: u32) -> u32 {
    LineIndex::new(file.text(db)).line(at) + 1
}

#[cfg(test)]
mod tests;
