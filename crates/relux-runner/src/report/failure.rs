//! A failure as people read it: the line that failed, what called it, the shell's output, the variables.

use std::borrow::Cow;
use std::fmt::Write;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use relux_model::plan::Program;

use super::console::{BOLD, DIM, styled};
use crate::event::{Failure, OutputTail, Place};
use crate::vm::visible;

/// Lines of source around the failing one that are handed to the renderer.
const CONTEXT: usize = 1;

/// Renders a failure; ends with a line feed.
pub(super) fn render(program: &Program, failure: &Failure, color: bool) -> String {
    let mut text = excerpt(program, failure, color);
    text.push('\n');
    stack(&mut text, failure, color);
    if let Some(tail) = &failure.tail {
        output(&mut text, failure.shell.as_deref().unwrap_or("?"), tail, color);
    }
    variables(&mut text, failure, color);
    text
}

fn excerpt(program: &Program, failure: &Failure, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // Values of variables and what shells print may hold anything; a terminal must not obey it.
    let message = visible(&failure.message);
    let label = failure.label.as_deref().map(visible);
    let notes: Vec<String> = failure.notes.iter().map(|note| visible(note)).collect();
    let title = Level::ERROR.primary_title(message.as_str());
    let window = failure.place.as_ref().and_then(|place| window(program, place));
    let notes = notes.iter().map(|note| Level::NOTE.message(note.as_str()));
    let group = match &window {
        Some(window) => title.element(
            Snippet::source(window.source)
                .line_start(window.first_line)
                .path(window.path)
                .annotation(
                    AnnotationKind::Primary
                        .span(window.span.clone())
                        .label(label.as_deref()),
                ),
        ),
        None => annotate_snippets::Group::with_title(title),
    };
    renderer.render(&[group.elements(notes)])
}

/// The lines around a place, so that the renderer need not walk a big file.
struct Window<'a> {
    path: &'a str,
    source: &'a str,
    first_line: usize,
    span: std::ops::Range<usize>,
}

fn window<'a>(program: &'a Program, place: &'a Place) -> Option<Window<'a>> {
    let file = program.files.iter().find(|file| file.path == place.file)?;
    let text: &str = &file.text;
    let start = (place.start_byte as usize).min(text.len());
    let end = (place.end_byte as usize).clamp(start, text.len());
    let before = text.get(..start)?;
    let mut from = before.rfind('\n').map_or(0, |newline| newline + 1);
    let mut first_line = place.line as usize;
    for _ in 0..CONTEXT {
        if from == 0 {
            break;
        }
        from = text[..from - 1].rfind('\n').map_or(0, |newline| newline + 1);
        first_line -= 1;
    }
    let to = text
        .get(end..)?
        .find('\n')
        .map_or(text.len(), |newline| end + newline);
    Some(Window {
        path: &place.file,
        source: &text[from..to],
        first_line,
        span: start - from..end - from,
    })
}

fn heading(text: &mut String, heading: &str, color: bool) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {}", styled(color, BOLD, heading));
}

fn stack(text: &mut String, failure: &Failure, color: bool) {
    if failure.stack.is_empty() {
        return;
    }
    heading(text, "in:", color);
    let width = failure
        .stack
        .iter()
        .map(|entry| entry.what.chars().count())
        .max()
        .unwrap_or(0)
        .min(60);
    for entry in &failure.stack {
        let place = &entry.place;
        let at = format!("{}:{}:{}", place.file, place.line, place.column);
        let _ = writeln!(
            text,
            "    {:width$}  {}",
            visible(&entry.what),
            styled(color, DIM, &at)
        );
    }
}

/// At most so many characters of a line of output are shown: the beginning and a little of the end.
const LINE_HEAD: usize = 160;
const LINE_END: usize = 40;

/// A line of output, without its middle if it is long.
fn clipped(line: &str) -> Cow<'_, str> {
    let count = line.chars().count();
    if count <= LINE_HEAD + LINE_END + 20 {
        return Cow::Borrowed(line);
    }
    let head: String = line.chars().take(LINE_HEAD).collect();
    let end: String = line.chars().skip(count - LINE_END).collect();
    let left_out = count - LINE_HEAD - LINE_END;
    Cow::Owned(format!("{head} [… {left_out} characters …] {end}"))
}

/// Lines that a match had read are marked with `:`, the others with `|`.
fn output(text: &mut String, shell: &str, tail: &OutputTail, color: bool) {
    if tail.read.is_empty() && tail.unread.is_empty() {
        heading(text, &format!("shell `{shell}` has printed nothing"), color);
        return;
    }
    let mark = if tail.unread.is_empty() {
        ":` matched before"
    } else {
        ":` matched before, `|` not matched"
    };
    heading(text, &format!("output of shell `{shell}` (`{mark}):"), color);
    let read_end = tail.read.len();
    let whole = format!("{}{}", tail.read, tail.unread);
    let mut at = 0;
    for line in whole.lines() {
        let end = at + line.len();
        let is_read = end <= read_end && (at < read_end || !line.is_empty());
        if is_read {
            let _ = writeln!(
                text,
                "    {}",
                styled(color, DIM, &format!(": {}", clipped(line)))
            );
        } else {
            let split = read_end.saturating_sub(at).min(line.len());
            let (read, unread) = line.split_at(split);
            let (read, unread) = (clipped(read), clipped(unread));
            let _ = writeln!(text, "    | {}{unread}", styled(color, DIM, &read));
        }
        at = end + 1;
    }
}

fn variables(text: &mut String, failure: &Failure, color: bool) {
    if failure.vars.is_empty() {
        return;
    }
    heading(text, "variables:", color);
    for variable in &failure.vars {
        let _ = writeln!(text, "    {} = {:?}", variable.name, variable.value);
    }
}
