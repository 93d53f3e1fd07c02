//! Edits that several diagnostics and editor features share: importing a name, adding overlay entries.
//!
//! Everything here works on ranges of the source map and on text; nothing reads the tree.

use relux_syntax::{Edit, TextRange};

use crate::db::{Db, SourceFile, Suite};
use crate::edition::{Edition, edition};
use crate::items::{StartItem, item_index};
use crate::source_map::{StartRanges, source_map};

/// Widest line that a fix writes, as the formatter does.
const MAX_WIDTH: usize = 100;

/// The edit that brings `name` of the module `import_path` into scope in `file`.
pub fn import_name(db: &dyn Db, file: SourceFile, import_path: &str, name: &str) -> Edit {
    let (index, map) = (item_index(db, file), source_map(db, file));
    for (import, ranges) in index.imports.iter().zip(&map.imports) {
        if let (true, Some(names), Some(list)) = (import.path() == import_path, &import.names, ranges.list)
            && !names.is_empty()
            && let Some(last) = ranges.names.last()
        {
            let entries = ranges.names.iter().map(|name| name.whole);
            let separator = separator(file.text(db), list, entries);
            return insert(last.whole.end, format!("{separator}{name}"));
        }
    }
    let newline = newline(file.text(db));
    if let Some(last) = map.imports.last() {
        let line = format!("{newline}import {import_path} {{ {name} }}");
        return insert(last.whole.end, line);
    }
    let mark = '\u{feff}';
    let has_mark = file.text(db).starts_with(mark);
    let at = if has_mark { mark.len_utf8() as u32 } else { 0 };
    let line = format!("import {import_path} {{ {name} }}{newline}{newline}");
    insert(at, line)
}

/// What stands between the entries of a list, as it is written: a newline with its indentation where the list takes
/// several lines, with a comma unless the list does without.
fn separator(text: &str, block: TextRange, entries: impl Iterator<Item = TextRange>) -> String {
    let (mut gaps, mut end, mut last) = (String::new(), block.start, block);
    for entry in entries {
        gaps.push_str(TextRange::new(end, entry.start).slice(text));
        (end, last) = (entry.end, entry);
    }
    gaps.push_str(TextRange::new(end, block.end).slice(text));
    if !block.slice(text).contains('\n') {
        return ", ".to_owned();
    }
    let comma = if gaps.contains(',') { "," } else { "" };
    format!("{comma}{}{}", newline(text), indent_at(text, last.start))
}

/// How the lines of a text end.
pub fn newline(text: &str) -> &'static str {
    let end = text.find('\n').unwrap_or_default();
    if text[..end].ends_with('\r') { "\r\n" } else { "\n" }
}

/// The blanks at the beginning of the line that holds `offset`.
pub fn indent_at(text: &str, offset: u32) -> &str {
    let before = text.get(..offset as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = &text[line..];
    let end = rest.find(|c| c != ' ' && c != '\t').unwrap_or(rest.len());
    &rest[..end]
}

fn insert(at: u32, new_text: impl Into<String>) -> Edit {
    Edit {
        file: None,
        range: TextRange::empty(at),
        new_text: new_text.into(),
    }
}

/// The operator that binds in the edition of a module.
pub fn bind_operator(db: &dyn Db, suite: Suite, file: SourceFile) -> &'static str {
    match edition(db, suite, file).edition {
        Edition::E2026_04 => "=",
        Edition::E2026_08 => ":=",
    }
}

/// The edit that adds entries to the overlay of a start, creating the block where there is none.
pub fn add_overlay_entries(text: &str, start: &StartItem, ranges: &StartRanges, entries: &[String]) -> Edit {
    let indent = indent_at(text, ranges.whole.start);
    match (ranges.overlay, ranges.entries.last()) {
        (Some(block), Some(last)) => {
            let separator = separator(text, block, ranges.entries.iter().map(|entry| entry.whole));
            let added = entries.join(&separator);
            insert(last.whole.end, format!("{separator}{added}"))
        }
        (Some(list), None) => Edit {
            file: None,
            range: list,
            new_text: overlay_block(newline(text), indent, start, entries),
        },
        (None, _) => insert(
            ranges.whole.end,
            format!(" {}", overlay_block(newline(text), indent, start, entries)),
        ),
    }
}

fn overlay_block(newline: &str, indent: &str, start: &StartItem, entries: &[String]) -> String {
    let alias = start.alias.as_ref().map_or(0, |alias| alias.len() + 4);
    let one_line = format!("{{ {} }}", entries.join(", "));
    if indent.len() + "start ".len() + start.effect.len() + alias + 1 + one_line.len() <= MAX_WIDTH {
        return one_line;
    }
    let inner = format!("{indent}    ");
    let lines = entries.join(&format!(",{newline}{inner}"));
    format!("{{{newline}{inner}{lines},{newline}{indent}}}")
}
