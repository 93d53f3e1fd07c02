//! Findings as one JSON document, for scripts and editors. Its shape is described in the book and pinned by a test.

use std::io::{self, Write};

use relux_syntax::{Applicability, Diagnostic};
use serde::Serialize;

use super::place::{Place, Places};
use super::{Findings, severity_name};

/// Raised when a field changes its meaning; new fields do not count.
const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    checked: usize,
    diagnostics: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    file: String,
    start: Place,
    end: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    related: Vec<RelatedItem<'a>>,
    fixes: Vec<FixItem<'a>>,
}

#[derive(Serialize)]
struct RelatedItem<'a> {
    file: String,
    start: Place,
    end: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct FixItem<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditItem<'a>>,
}

#[derive(Serialize)]
struct EditItem<'a> {
    file: String,
    start: Place,
    end: Place,
    new_text: &'a str,
}

/// Writes the document and a line feed.
pub(crate) fn write(out: &mut dyn Write, findings: &Findings) -> io::Result<()> {
    let places = Places::new(findings);
    let diagnostics = findings
        .list
        .iter()
        .map(|(path, finding)| item(findings, &places, path, finding))
        .collect();
    let document = Document {
        version: FORMAT_VERSION,
        checked: findings.checked,
        diagnostics,
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn item<'a>(findings: &'a Findings, places: &Places<'a>, path: &'a str, finding: &'a Diagnostic) -> Item<'a> {
    let at = |file: Option<&'a str>, offset: u32| places.place(file.unwrap_or(path), offset);
    let shown = |file: Option<&str>| findings.shown(file.unwrap_or(path));
    Item {
        code: finding.code.as_str(),
        severity: severity_name(finding.severity),
        message: &finding.message,
        file: shown(None),
        start: at(None, finding.range.start),
        end: at(None, finding.range.end),
        label: finding.label.as_deref(),
        help: finding.help.as_deref(),
        related: finding
            .related
            .iter()
            .map(|related| RelatedItem {
                file: shown(related.file.as_deref()),
                start: at(related.file.as_deref(), related.range.start),
                end: at(related.file.as_deref(), related.range.end),
                message: &related.message,
            })
            .collect(),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| FixItem {
                title: &fix.title,
                safe: fix.applicability == Applicability::Safe,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditItem {
                        file: shown(edit.file.as_deref()),
                        start: at(edit.file.as_deref(), edit.range.start),
                        end: at(edit.file.as_deref(), edit.range.end),
                        new_text: &edit.new_text,
                    })
                    .collect(),
            })
            .collect(),
    }
}
