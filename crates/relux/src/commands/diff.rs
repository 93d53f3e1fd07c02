//! The change of a file as people read it: a unified diff.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

/// The change of a file as a unified diff.
pub(super) fn diff(path: &str, old: &str, new: &str, color: bool) -> String {
    let paint = |color_of: AnsiColor| {
        if color {
            color_of.on_default()
        } else {
            Style::new()
        }
    };
    let bold = if color { Style::new().bold() } else { Style::new() };
    let mut out = format!("{bold}--- {path}{bold:#}\n{bold}+++ {path}{bold:#}\n");
    let diff = TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let cyan = paint(AnsiColor::Cyan);
        let _ = writeln!(out, "{cyan}{}{cyan:#}", hunk.header());
        for change in hunk.iter_changes() {
            let style = match change.tag() {
                ChangeTag::Equal => Style::new(),
                ChangeTag::Delete => paint(AnsiColor::Red),
                ChangeTag::Insert => paint(AnsiColor::Green),
            };
            let line = change.value();
            let _ = writeln!(
                out,
                "{style}{}{}{style:#}",
                change.tag(),
                line.strip_suffix('\n').unwrap_or(line)
            );
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}
