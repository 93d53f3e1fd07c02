//! Findings for people: excerpt, labels, related places, help.
//!
//! Only a window of lines around each annotation goes to the renderer, because its cost grows with the source it gets.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use std::rc::Rc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use relux_syntax::{Diagnostic, Severity, TextRange};

use super::place::{Lines, Places};
use super::{Findings, counted};

/// Lines kept before and after an annotated line.
const CONTEXT_LINES: usize = 1;

/// Writes all findings but hints, then a summary line, and where to read more.
pub(crate) fn write(out: &mut dyn Write, findings: &Findings, color: bool) -> io::Result<()> {
    excerpts(out, findings, color, true)?;
    writeln!(out, "{}", summary(findings))?;
    match more(findings) {
        Some(line) => writeln!(out, "{line}"),
        None => Ok(()),
    }
}

/// Writes places that are no findings of a check, so that no page explains them.
pub(crate) fn draw(out: &mut dyn Write, places: &Findings, color: bool) -> io::Result<()> {
    excerpts(out, places, color, false)
}

fn excerpts(out: &mut dyn Write, findings: &Findings, color: bool, codes: bool) -> io::Result<()> {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .decor_style(DecorStyle::Unicode);
    let places = Places::new(findings);
    for (path, finding) in &findings.list {
        if finding.severity > Severity::Hint {
            let code = codes.then_some(finding.code.as_str());
            writeln!(
                out,
                "{}\n",
                one(&renderer, &places, findings, path, finding, code)
            )?;
        }
    }
    Ok(())
}

/// Where the findings are explained, if there are any: by the code of the worst one.
fn more(findings: &Findings) -> Option<String> {
    let shown = || findings.list.iter().map(|(_, finding)| finding);
    let shown = || shown().filter(|finding| finding.severity > Severity::Hint);
    let worst = shown().rev().max_by_key(|finding| finding.severity)?.code;
    Some(if shown().all(|finding| finding.code == worst) {
        format!("`relux explain {worst}` says more")
    } else {
        format!("`relux explain CODE` says more, for example `relux explain {worst}`")
    })
}

/// `checked 12 files: 1 error, 2 warnings`.
fn summary(findings: &Findings) -> String {
    let mut parts = Vec::new();
    for (severity, noun) in [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ] {
        let count = findings.count(severity);
        if count > 0 {
            parts.push(counted(count, noun));
        }
    }
    let verdict = if parts.is_empty() {
        "no problems".to_owned()
    } else {
        parts.join(", ")
    };
    format!("checked {}: {verdict}", counted(findings.checked, "file"))
}

/// One finding, drawn.
fn one<'a>(
    renderer: &Renderer,
    places: &Places<'a>,
    findings: &'a Findings,
    path: &'a str,
    finding: &'a Diagnostic,
    code: Option<&'a str>,
) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info | Severity::Hint => Level::NOTE,
    };
    let mut windows = vec![Window::new(findings, places, path)];
    windows[0].annotate(AnnotationKind::Primary, finding.range, finding.label.as_deref());
    for related in &finding.related {
        let file = related.file.as_deref().unwrap_or(path);
        let at = windows
            .iter()
            .position(|window| window.path == file)
            .unwrap_or_else(|| {
                windows.push(Window::new(findings, places, file));
                windows.len() - 1
            });
        windows[at].annotate(AnnotationKind::Context, related.range, Some(&related.message));
    }
    let title = level.primary_title(finding.message.as_str());
    let title = match code {
        Some(code) => title.id(code),
        None => title,
    };
    let mut group = title.elements(windows.into_iter().flat_map(Window::into_snippets));
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let report: [Group<'_>; 1] = [group];
    renderer.render(&report)
}

/// The part of one file that a finding shows.
struct Window<'a> {
    path: &'a str,
    shown: String,
    text: &'a str,
    lines: Rc<Lines<'a>>,
    notes: Vec<(AnnotationKind, Range<usize>, Option<&'a str>)>,
}

impl<'a> Window<'a> {
    fn new(findings: &'a Findings, places: &Places<'a>, path: &'a str) -> Self {
        Self {
            path,
            shown: findings.shown(path),
            text: findings.source(path),
            lines: places.lines(path),
            notes: Vec::new(),
        }
    }

    fn annotate(&mut self, kind: AnnotationKind, range: TextRange, label: Option<&'a str>) {
        self.notes.push((kind, on_boundaries(self.text, range), label));
    }

    /// One snippet per run of lines that lie close together.
    fn into_snippets(self) -> Vec<Snippet<'a, Annotation<'a>>> {
        let mut groups: BTreeMap<usize, (Range<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, (_, range, _)) in self.notes.iter().enumerate() {
            let lines = line_window(self.text, range);
            let near = groups
                .iter()
                .find(|(_, (other, _))| lines.start <= other.end && other.start <= lines.end);
            match near.map(|(key, _)| *key) {
                Some(key) => {
                    if let Some((window, members)) = groups.get_mut(&key) {
                        *window = window.start.min(lines.start)..window.end.max(lines.end);
                        members.push(index);
                    }
                }
                None => {
                    groups.insert(lines.start, (lines, vec![index]));
                }
            }
        }
        // The primary place first, whatever its line.
        let mut ordered: Vec<_> = groups.into_values().collect();
        ordered.sort_by_key(|(_, members)| members.iter().min().copied());
        ordered
            .into_iter()
            .map(|(window, members)| {
                let annotations = members.iter().map(|index| {
                    let (kind, range, label) = &self.notes[*index];
                    kind.span(range.start - window.start..range.end - window.start)
                        .label(*label)
                });
                Snippet::source(&self.text[window.clone()])
                    .line_start(self.lines.line(window.start))
                    .path(self.shown.clone())
                    .annotations(annotations)
            })
            .collect()
    }
}

/// The range inside the text, on character boundaries.
fn on_boundaries(text: &str, range: TextRange) -> Range<usize> {
    let floor = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    floor(range.start)..floor(range.end)
}

/// The whole lines of a range and their neighbours.
fn line_window(text: &str, range: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let mut start = range.start;
    for step in 0..=CONTEXT_LINES {
        start = bytes[..start]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + usize::from(step == CONTEXT_LINES));
    }
    let mut end = range.end;
    for step in 0..=CONTEXT_LINES {
        let from = if step == 0 {
            end
        } else {
            (end + 1).min(bytes.len())
        };
        end = bytes[from..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(bytes.len(), |at| from + at);
    }
    start..end
}
