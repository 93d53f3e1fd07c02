//! From the plain data of the features to the types of the protocol.

use std::sync::Arc;

use camino::Utf8Path;
use relux_ide::{Cancellable, Severity, Standing};
use tower_lsp_server::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    NumberOrString,
};

use crate::positions::LineText;
use crate::publisher::{Findings, TypedLines};
use crate::session::Session;
use crate::snapshot::{Lines, Snapshot};

/// Source of the checker's findings.
const SOURCE: &str = "relux";
/// What an import of a module that is not there has.
const UNRESOLVED_IMPORT: &str = "unresolved-import";

/// What the checker finds in a file; `None` for an unknown file.
pub(crate) fn findings(snapshot: &Snapshot, path: &Utf8Path) -> Cancellable<Option<Findings>> {
    let mut found = snapshot.analysis.diagnostics(path)?;
    let Some(text) = snapshot.analysis.text(path)? else {
        return Ok(None);
    };
    let standing = snapshot.analysis.standing(path)?;
    let outside = standing.as_ref().and_then(outside);
    if !matches!(standing, Some(Standing::InSuite) | None) {
        // There are none, and that is no mistake of the import.
        found.retain(|it| it.code.as_str() != UNRESOLVED_IMPORT);
    }
    if found.is_empty() && outside.is_none() {
        return Ok(Some(Findings::default()));
    }
    let lines = LineText::new(text);
    let mut files = Lines::default();
    let outside = outside.map(|it| Diagnostic {
        range: lines.first(snapshot.session.encoding),
        ..it
    });
    let all = found
        .iter()
        .map(|finding| diagnostic(snapshot, path, &lines, &mut files, finding));
    let all: Cancellable<Vec<Diagnostic>> = outside.map(Ok).into_iter().chain(all).collect();
    Ok(Some(all?.into()))
}

/// What is said of a file that no suite has, without its place.
pub(crate) fn outside(standing: &Standing) -> Option<Diagnostic> {
    let (severity, message) = match standing {
        Standing::InSuite | Standing::Unsaved => return None,
        Standing::Beside(root) => (
            DiagnosticSeverity::WARNING,
            format!(
                "this file does not belong to the suite in {root}\nhelp: modules are relux/tests/**.relux and \
                 relux/lib/**.relux"
            ),
        ),
        Standing::Alone => (
            DiagnosticSeverity::INFORMATION,
            "this file belongs to no suite: there is no Relux.toml in its directory or above\nhelp: `relux init` makes \
             a suite"
                .to_owned(),
        ),
    };
    Some(Diagnostic {
        severity: Some(severity),
        source: Some(SOURCE.to_owned()),
        message,
        ..Diagnostic::default()
    })
}

/// The lines of the statement that is being typed at a byte; `None` where there is none.
pub(crate) fn typed_lines(
    snapshot: &Snapshot,
    path: &Utf8Path,
    byte: Option<usize>,
) -> Cancellable<Option<TypedLines>> {
    let Some(byte) = byte.and_then(|it| u32::try_from(it).ok()) else {
        return Ok(None);
    };
    let statement = snapshot.analysis.typed_statement(path, byte)?;
    let Some((range, lines)) = statement.zip(snapshot.lines(path)?) else {
        return Ok(None);
    };
    let range = lines.range(range, snapshot.session.encoding);
    Ok(Some(TypedLines(range.start.line, range.end.line)))
}

/// A finding of a file whose lines these are.
pub(crate) fn diagnostic(
    snapshot: &Snapshot,
    path: &Utf8Path,
    lines: &LineText,
    files: &mut Lines,
    finding: &relux_ide::Diagnostic,
) -> Cancellable<Diagnostic> {
    let related_information = related(snapshot, path, files, finding)?;
    Ok(Diagnostic {
        related_information,
        ..plain(lines, &snapshot.session, finding)
    })
}

/// Findings of a text that the model does not know yet, without what they say of other files.
pub(crate) fn first_findings(found: &[relux_ide::Diagnostic], text: Arc<str>, session: &Session) -> Findings {
    let lines = LineText::new(text);
    found
        .iter()
        .map(|finding| plain(&lines, session, finding))
        .collect()
}

fn plain(lines: &LineText, session: &Session, finding: &relux_ide::Diagnostic) -> Diagnostic {
    let mut message = finding.message.clone();
    if let Some(help) = &finding.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let code = finding.code.as_str();
    Diagnostic {
        range: lines.range(finding.range, session.encoding),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(code.to_owned())),
        code_description: explanation(session, code),
        source: Some(SOURCE.to_owned()),
        message,
        // Editors draw these faint instead of underlining them.
        tags: (code.starts_with("unused-") || code == "dead-definition")
            .then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}

/// Where its code is explained, if the client has told.
fn explanation(session: &Session, code: &str) -> Option<CodeDescription> {
    let address = session.explanations.as_ref()?;
    let href = address.replace("{code}", code).parse().ok()?;
    Some(CodeDescription { href })
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

fn related(
    snapshot: &Snapshot,
    path: &Utf8Path,
    files: &mut Lines,
    finding: &relux_ide::Diagnostic,
) -> Cancellable<Option<Vec<DiagnosticRelatedInformation>>> {
    if !snapshot.session.related || finding.related.is_empty() {
        return Ok(None);
    }
    let mut places = Vec::new();
    for related in &finding.related {
        let file = snapshot.analysis.sibling(path, related.file.as_deref());
        if let Some(location) = files.location(snapshot, &file, related.range)? {
            places.push(DiagnosticRelatedInformation {
                location,
                message: related.message.clone(),
            });
        }
    }
    Ok(Some(places))
}
