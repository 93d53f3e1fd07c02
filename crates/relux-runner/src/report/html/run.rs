//! The page of a run: its verdict, what did not go well, and all tests in declaration order.

use std::path::Path;

use maud::{Markup, html};

use super::{address, page, parts, time};
use crate::event::{Outcome, Summary, TestResult};
use crate::report::files::Told;
use crate::report::words::{module_of, outcome_word};
use crate::vm::visible;

/// Failures beyond this number are folded.
const MOST_OPEN: usize = 20;

/// The page, for a file at `path`, so that its links lead to the directory of the run.
pub(in crate::report) fn run_page(told: &Told<'_>, path: Option<&Path>) -> String {
    let beside = path.and_then(Path::parent) == Some(told.run_dir);
    let base = if beside {
        String::new()
    } else {
        format!("{}/", address(&told.run_dir.to_string_lossy()))
    };
    let body = html! {
        header { (head(told)) }
        main {
            (problems(told.summary))
            (not_well(told, &base))
            (tests(told, &base))
        }
    };
    page(
        &format!("{} · {}", told.facts.suite, verdict(told.summary)),
        true,
        &body,
    )
}

fn verdict(summary: &Summary) -> &'static str {
    match summary.exit_code {
        0 => "passed",
        _ => "failed",
    }
}

fn head(told: &Told<'_>) -> Markup {
    let (summary, facts) = (told.summary, told.facts);
    let counts = [
        (summary.passed - summary.flaky, "passed"),
        (summary.flaky, "flaky"),
        (summary.failed, "failed"),
        (summary.cancelled, "cancelled"),
        (summary.invalid, "invalid"),
        (summary.skipped, "skipped"),
    ];
    html! {
        h1 { (facts.suite) " " span class={ "tag " (verdict(summary)) } { (verdict(summary)) } }
        p.facts {
            @for (count, word) in counts.iter().filter(|(count, word)| *count > 0 || *word == "passed") {
                b class=(word) { (count) " " (word) } " · "
            }
            (time(summary.duration_ms))
            @if facts.jobs > 1 { ", " (time(summary.tests_duration_ms)) " one after the other, up to " (facts.jobs) " at once" }
        }
        p.facts {
            "Run " code { (facts.run_id) } " began " (facts.started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
            " · exit code " (summary.exit_code) " · " code { (told.run_dir.display()) }
        }
    }
}

fn problems(summary: &Summary) -> Markup {
    html! {
        @if let Some(stopped) = &summary.stopped { div.note.bad { "Stopped by " (stopped) "." } }
        @if summary.broken_files > 0 {
            div.note.bad { (summary.broken_files) " selected files have errors; " code { "relux check" } " shows them." }
        }
        @for error in &summary.report_errors { div.note.bad { (visible(error)) } }
        @for warning in &summary.warnings { div.note { (visible(warning)) } }
    }
}

/// Whether a test has something that people should look at.
fn needs_a_look(result: &TestResult) -> bool {
    !matches!(result.outcome, Outcome::Passed | Outcome::Skipped)
        || !result.warnings.is_empty()
        || !result.leaks.is_empty()
}

fn not_well(told: &Told<'_>, base: &str) -> Markup {
    let all: Vec<(usize, &TestResult)> = told
        .tests
        .iter()
        .enumerate()
        .filter(|(_, result)| needs_a_look(result))
        .collect();
    html! {
        @if !all.is_empty() {
            h2 { "What needs a look" }
            @for (shown, (index, result)) in all.iter().enumerate() {
                article id={ "t" (index) } { (card(told, result, base, shown < MOST_OPEN)) }
            }
        }
    }
}

fn card(told: &Told<'_>, result: &TestResult, base: &str, open: bool) -> Markup {
    html! {
        h3 { (parts::tag(result.outcome)) " " span.dim { (module_of(&result.id)) " /" } " " (visible(&result.name)) }
        p.dim {
            @if result.attempts > 1 { "attempt " (result.attempts) " · " }
            (time(result.duration_ms))
            @if let Some(reason) = &result.reason { " · " (visible(reason)) }
            @if let Some(page) = &result.page { " · " a href={ (base) (address(page)) } { "timeline and output" } }
            @if let Some(dir) = &result.log_dir { " · " a href={ (base) (address(dir)) "/" } { "logs" } }
        }
        @for error in &result.errors { pre { (visible(error)) } }
        (parts::leaks(&result.leaks))
        details open[open] {
            summary { "Details" }
            @if let Some(failure) = &result.failure { (parts::failure(told.program, failure)) }
            @for earlier in &result.earlier {
                h3 { "Attempt " (earlier.attempt) " failed after " (time(earlier.duration_ms)) }
                (parts::failure(told.program, &earlier.failure))
            }
            @for warning in &result.warnings {
                h3.flaky { "Did not change the outcome" }
                (parts::failure(told.program, warning))
            }
        }
    }
}

fn tests(told: &Told<'_>, base: &str) -> Markup {
    let outcomes = [
        Outcome::Passed,
        Outcome::Flaky,
        Outcome::Failed,
        Outcome::Cancelled,
        Outcome::Invalid,
        Outcome::Skipped,
    ];
    let there = |outcome| told.tests.iter().any(|result| result.outcome == outcome);
    html! {
        h2 { "Tests" }
        div.tools hidden {
            input type="search" id="q" placeholder="Filter by name or file" aria-label="Filter";
            @for outcome in outcomes.into_iter().filter(|outcome| there(*outcome)) {
                label { input type="checkbox" checked value=(outcome_word(outcome)); " " (outcome_word(outcome)) }
            }
            span.dim id="count" {}
        }
        table {
            thead { tr { th { "Result" } th { "Test" } th.wide { "File" } th.num { "Time" } } }
            tbody {
                @for (index, result) in told.tests.iter().enumerate() { (row(index, result, base)) }
            }
        }
    }
}

fn row(index: usize, result: &TestResult, base: &str) -> Markup {
    html! {
        tr class=(outcome_word(result.outcome)) {
            td { (outcome_word(result.outcome)) }
            td {
                @if needs_a_look(result) { a href={ "#t" (index) } { (visible(&result.name)) } }
                @else if let Some(dir) = &result.log_dir { a href={ (base) (address(dir)) "/" } { (visible(&result.name)) } }
                @else { (visible(&result.name)) }
                @if let (Outcome::Skipped, Some(reason)) = (result.outcome, &result.reason) { span.dim { " — " (visible(reason)) } }
            }
            td.wide.dim {
                (result.file)
                @if let Some(place) = &result.place { ":" (place.line) }
            }
            td.num { @if result.attempts > 0 { (time(result.duration_ms)) } }
        }
    }
}
