//! Formatting some lines: the edits of the whole file that belong to them.
//!
//! A statement is formatted as a whole or not at all, so the lines that come out are those that formatting the whole
//! file gives.

use relux_syntax::{Edit, Parse, TextRange};

use crate::edits::shrunk;
use crate::{Damage, Formatted, format};

/// The edits that format the lines of a range. Where the range touches a statement, header or block of imports, that is
/// formatted as a whole.
pub fn format_range(source: &Parse, range: TextRange) -> Result<Vec<Edit>, Damage> {
    Ok(edits_in(&format(source)?, range))
}

/// The edits of a formatted file that belong to the lines of a range.
pub(crate) fn edits_in(formatted: &Formatted, range: TextRange) -> Vec<Edit> {
    let text = formatted.source.text();
    let touched = touched(formatted, lines_of(text, range));
    formatted
        .gaps()
        .into_iter()
        .filter_map(|gap| inside(gap, text, touched))
        .filter_map(|edit| shrunk(&edit, text))
        .collect()
}

/// Lines together with everything that begins or ends on them.
pub(crate) fn touched(formatted: &Formatted, lines: TextRange) -> TextRange {
    let units = formatted.printed.units.iter();
    units
        .filter(|it| it.start <= lines.end && lines.start <= it.end)
        .fold(lines, |all, it| all.cover(*it))
}

/// From the beginning of the first line of a range to the end of its last, without the newline.
pub(crate) fn lines_of(text: &str, range: TextRange) -> TextRange {
    let start = text.get(..range.start as usize).unwrap_or(text);
    let start = start.rfind('\n').map_or(0, |at| at + 1);
    // A range that ends at the beginning of a line does not mean that line.
    let end = range.end as usize;
    let is_behind = !range.is_empty() && text.get(..end).is_some_and(|it| it.ends_with('\n'));
    let end = if is_behind { end - 1 } else { end };
    let rest = text.get(end..).unwrap_or_default();
    TextRange::from(start..end + rest.find('\n').unwrap_or(rest.len()))
}

/// The part of an edit that belongs to whole lines. Only edits between two statements can reach beyond, and those are
/// made of newlines and blanks: what lies before the first newline belongs to the line before, what lies behind the last
/// one to the line behind, and what is between are empty lines.
fn inside(edit: Edit, text: &str, lines: TextRange) -> Option<Edit> {
    if lines.covers(edit.range) {
        return Some(edit);
    }
    if edit.range.end < lines.start || lines.end < edit.range.start {
        return None;
    }
    let (old, new) = (edit.range.slice(text), &*edit.new_text);
    let blank = |it: &str| it.bytes().all(|it| it.is_ascii_whitespace());
    if !blank(old) || !blank(new) {
        return Some(edit);
    }
    let (first, last) = (old.find('\n')?, old.rfind('\n')?);
    let (new_first, new_last) = (new.find('\n')?, new.rfind('\n')?);
    let place = |at: usize| edit.range.start + at as u32;
    let has_before = lines.start <= edit.range.start;
    let has_behind = edit.range.end <= lines.end;
    let has_empty = first < last && lines.start <= place(last) && place(first) < lines.end;
    let (from, new_from) = match (has_before, has_empty) {
        (true, _) => (0, 0),
        (false, true) => (first, new_first),
        (false, false) => (last + 1, new_last + 1),
    };
    let (to, new_to) = match (has_behind, has_empty) {
        (true, _) => (old.len(), new.len()),
        (false, true) => (last + 1, new_last + 1),
        (false, false) => (first, new_first),
    };
    (from <= to && new_from <= new_to).then(|| Edit {
        file: None,
        range: TextRange::new(place(from), place(to)),
        new_text: new[new_from..new_to].to_owned(),
    })
}
