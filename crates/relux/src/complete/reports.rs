//! Candidates for reports of a run.

use clap_complete::engine::CompletionCandidate;
use relux_model::reports::ReportFormat;

/// All formats with what they are for.
pub(crate) fn reports() -> Vec<CompletionCandidate> {
    let help = |format| match format {
        ReportFormat::Junit => "JUnit XML, for CI servers",
        ReportFormat::Tap => "TAP 14",
        ReportFormat::Json => "all results as one JSON document",
        ReportFormat::Html => "a page for people",
        ReportFormat::Github => "annotations of GitHub Actions",
    };
    let candidate =
        |format: ReportFormat| CompletionCandidate::new(format.as_str()).help(Some(help(format).into()));
    ReportFormat::ALL.into_iter().map(candidate).collect()
}
