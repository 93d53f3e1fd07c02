//! The parts that both pages have: a failure with its source, its shell's output and its variables.

use maud::{Markup, html};
use relux_model::plan::Program;

use crate::event::{Failure, Leak, Outcome, OutputTail, Place};
use crate::report::words::{leak_line, outcome_word};
use crate::vm::visible;

/// Lines of source in front of the one that failed, and behind it.
const CONTEXT: usize = 3;

/// A word in the colour of its outcome.
pub(super) fn tag(outcome: Outcome) -> Markup {
    let word = outcome_word(outcome);
    html! { span class={ "tag " (word) } { (word) } }
}

/// Why something failed, with everything around it.
pub(super) fn failure(program: &Program, failure: &Failure) -> Markup {
    html! {
        p.message { (visible(&failure.message)) }
        @if let Some(place) = &failure.place { (excerpt(program, place, failure.label.as_deref())) }
        @else if let Some(label) = &failure.label { p { (visible(label)) } }
        @for note in &failure.notes { p.dim { (visible(note)) } }
        @if !failure.stack.is_empty() {
            p.dim {
                @for (index, entry) in failure.stack.iter().enumerate() {
                    @if index > 0 { br; }
                    "in " code { (visible(&entry.what)) } " at " (entry.place.file) ":" (entry.place.line)
                }
            }
        }
        @if let Some(tail) = &failure.tail { (output_tail(failure.shell.as_deref().unwrap_or("?"), tail)) }
        @if !failure.vars.is_empty() {
            details open[failure.vars.len() <= 8] {
                summary { "Variables" }
                table.vars {
                    @for variable in &failure.vars {
                        tr { td.mono { (variable.name) } td.mono { (visible(&variable.value)) } }
                    }
                }
            }
        }
    }
}

/// The lines around a place, which is marked.
pub(super) fn excerpt(program: &Program, place: &Place, label: Option<&str>) -> Markup {
    let file = program.files.iter().find(|file| file.path == place.file);
    let text: &str = file.map_or("", |file| &file.text);
    let start = (place.start_byte as usize).min(text.len());
    let end = (place.end_byte as usize).clamp(start, text.len());
    let (Some(before), Some(marked), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return html! {};
    };
    let first = memchr::memrchr_iter(b'\n', before.as_bytes())
        .nth(CONTEXT)
        .map_or(0, |newline| newline + 1);
    let last = memchr::memchr_iter(b'\n', after.as_bytes())
        .nth(CONTEXT)
        .unwrap_or(after.len());
    let before = &before[first..];
    let lines_before = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let number = (place.line as usize).saturating_sub(lines_before);
    let after = after[..last].trim_end_matches('\n');
    let label = label.map(visible);
    lines(number, before, marked, after, &place.file, label.as_deref())
}

fn lines(first: usize, before: &str, marked: &str, after: &str, file: &str, label: Option<&str>) -> Markup {
    let whole = [(before, false), (marked, true), (after, false)];
    let mut number = first;
    let mut rows: Vec<Vec<(&str, bool)>> = vec![Vec::new()];
    for (text, is_marked) in whole {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.last_mut() {
                row.push((line, is_marked));
            }
        }
    }
    html! {
        p.dim.mono { (file) }
        pre {
            @for row in rows {
                span.n { (number) }
                @for &(text, is_marked) in &row {
                    @if is_marked && !text.is_empty() { mark.bad { (visible(text)) } } @else { (visible(text)) }
                }
                "\n"
                @let () = { number += 1; };
            }
        }
        @if let Some(label) = label { p { span.failed { "↑ " } (label) } }
    }
}

fn output_tail(shell: &str, tail: &OutputTail) -> Markup {
    if tail.read.is_empty() && tail.unread.is_empty() {
        return html! { p.dim { "Shell " code { (shell) } " has printed nothing." } };
    }
    html! {
        p.dim { "End of the output of shell " code { (shell) } "; what no match had read is dark." }
        pre { span.read { (tail.read) } (tail.unread) }
    }
}

/// Processes that outlived a test.
pub(super) fn leaks(leaks: &[Leak]) -> Markup {
    html! {
        @for leak in leaks {
            div.note {
                span.tag.leak { "leak" } " " (visible(&leak_line(leak)))
                @if let Some(sent) = &leak.sent { br; "sent: " code { (visible(sent)) } }
            }
        }
    }
}
