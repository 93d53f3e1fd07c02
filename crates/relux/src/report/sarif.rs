//! Findings as SARIF 2.1.0 (OASIS standard), for code scanning.
//!
//! Only what consumers read is written: rules, results with region, related locations and fixes. Columns count Unicode
//! code points, which the run says in `columnKind`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use relux_syntax::{Diagnostic, Severity, TextRange};
use serde_json::{Value, json};

use super::Findings;
use super::place::Places;

/// Writes the log and a line feed.
pub(crate) fn write(out: &mut dyn Write, findings: &Findings) -> io::Result<()> {
    let rules: BTreeSet<&str> = findings
        .list
        .iter()
        .map(|(_, finding)| finding.code.as_str())
        .collect();
    let rules: Vec<&str> = rules.into_iter().collect();
    let places = Places::new(findings);
    let results: Vec<Value> = findings
        .list
        .iter()
        .map(|(path, finding)| result(&places, &rules, path, finding))
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "relux",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|code| json!({ "id": code })).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer(&mut *out, &log)?;
    writeln!(out)
}

fn result<'a>(places: &Places<'a>, rules: &[&str], path: &'a str, finding: &'a Diagnostic) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut value = json!({
        "ruleId": finding.code.as_str(),
        "ruleIndex": rules.iter().position(|code| *code == finding.code.as_str()),
        "level": match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "note",
        },
        "message": { "text": text },
        "locations": [location(places, path, finding.range, None)],
    });
    if !finding.related.is_empty() {
        value["relatedLocations"] = finding
            .related
            .iter()
            .map(|related| {
                location(
                    places,
                    related.file.as_deref().unwrap_or(path),
                    related.range,
                    Some(&related.message),
                )
            })
            .collect();
    }
    if !finding.fixes.is_empty() {
        value["fixes"] = finding
            .fixes
            .iter()
            .map(|fix| fix_value(places, path, fix))
            .collect();
    }
    value
}

fn fix_value<'a>(places: &Places<'a>, path: &'a str, fix: &'a relux_syntax::Fix) -> Value {
    let mut files: Vec<&str> = fix
        .edits
        .iter()
        .map(|edit| edit.file.as_deref().unwrap_or(path))
        .collect();
    files.sort_unstable();
    files.dedup();
    let changes: Vec<Value> = files
        .into_iter()
        .map(|file| {
            let replacements: Vec<Value> = fix
                .edits
                .iter()
                .filter(|edit| edit.file.as_deref().unwrap_or(path) == file)
                .map(|edit| {
                    json!({
                        "deletedRegion": region(places, file, edit.range),
                        "insertedContent": { "text": edit.new_text },
                    })
                })
                .collect();
            json!({ "artifactLocation": { "uri": places.findings.shown(file) }, "replacements": replacements })
        })
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn location<'a>(places: &Places<'a>, path: &'a str, range: TextRange, message: Option<&str>) -> Value {
    let mut value = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": places.findings.shown(path) },
            "region": region(places, path, range),
        },
    });
    if let Some(message) = message {
        value["message"] = json!({ "text": message });
    }
    value
}

fn region<'a>(places: &Places<'a>, path: &'a str, range: TextRange) -> Value {
    let (start, end) = places.places(path, range);
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}
