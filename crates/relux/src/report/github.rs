//! Findings as workflow commands of GitHub Actions, which shows them at their lines in a pull request.
//!
//! Format: "Workflow commands for GitHub Actions", section "Setting an error message".

use std::io::{self, Write};

use relux_syntax::Severity;

use super::Findings;
use super::place::Places;

/// Writes one line per finding but hints.
pub(crate) fn write(out: &mut dyn Write, findings: &Findings) -> io::Result<()> {
    let places = Places::new(findings);
    for (path, finding) in &findings.list {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
            Severity::Hint => continue,
        };
        let (start, end) = places.places(path, finding.range);
        // GitHub ignores columns of annotations that span lines.
        let end_column = if start.line == end.line {
            format!(",endColumn={}", end.column)
        } else {
            String::new()
        };
        let mut message = finding.message.clone();
        if let Some(help) = &finding.help {
            message = format!("{message}\nhelp: {help}");
        }
        writeln!(
            out,
            "::{command} title=relux ({code}),file={file},line={line},col={column},endLine={end_line}{end_column}::{message}",
            code = finding.code,
            file = escape_property(&findings.shown(path)),
            line = start.line,
            column = start.column,
            end_line = end.line,
            message = escape_data(&message),
        )?;
    }
    Ok(())
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
