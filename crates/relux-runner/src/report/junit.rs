//! `JUnit` XML, as Jenkins, GitLab and others read it: a suite per file, a case per test, retries as Maven writes them.
//!
//! Format: the schema of the Jenkins xUnit plugin, with `flakyFailure` and `rerunFailure` of Maven Surefire.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::failure;
use super::files::Told;
use super::words::{kind_word, leak_line, module_of};
use crate::event::{Failure, Outcome, TestResult};
use crate::vm::visible;

/// The document.
pub(super) fn render(told: &Told<'_>) -> Result<Vec<u8>, SerializeError> {
    let mut report = Report::new(told.facts.suite);
    report.set_time(Duration::from_millis(told.summary.duration_ms));
    let mut suites: Vec<(&str, TestSuite)> = Vec::new();
    for result in told.tests {
        // Files come in the order of their first tests.
        let index = suites.iter().position(|(file, _)| *file == result.file);
        let index = index.unwrap_or_else(|| {
            suites.push((&result.file, TestSuite::new(&*result.file)));
            suites.len() - 1
        });
        suites[index].1.add_test_case(case(told, result));
    }
    let mut suites: Vec<TestSuite> = suites.into_iter().map(|(_, suite)| suite).collect();
    for suite in &mut suites {
        let time = suite.test_cases.iter().filter_map(|case| case.time).sum();
        suite.set_time(time);
        let began = told
            .facts
            .started_at
            .strftime("%Y-%m-%dT%H:%M:%S+00:00")
            .to_string();
        suite.extra.insert("timestamp".into(), began.into());
    }
    if let Some(suite) = run_itself(told) {
        suites.push(suite);
    }
    report.add_test_suites(suites);
    let mut bytes = Vec::new();
    report.serialize(&mut bytes)?;
    Ok(bytes)
}

/// What went wrong without being the fault of a test; otherwise a reader of this file alone would see green.
fn run_itself(told: &Told<'_>) -> Option<TestSuite> {
    let summary = told.summary;
    let mut problems = summary.report_errors.clone();
    if summary.broken_files > 0 {
        problems.push(format!("{} selected files have errors", summary.broken_files));
    }
    if problems.is_empty() {
        return None;
    }
    let mut suite = TestSuite::new("relux run");
    for problem in problems {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(visible(&problem)).set_type("run");
        let mut case = TestCase::new("the run itself", status);
        case.set_classname("relux");
        case.set_time(Duration::ZERO);
        suite.add_test_case(case);
    }
    suite.set_time(Duration::ZERO);
    Some(suite)
}

fn case(told: &Told<'_>, result: &TestResult) -> TestCase {
    let mut case = TestCase::new(visible(&result.name), status(told, result));
    case.set_classname(module_of(&result.id));
    case.set_time(Duration::from_millis(result.duration_ms));
    case.extra.insert("file".into(), result.file.as_str().into());
    if let Some(place) = &result.place {
        case.extra.insert("line".into(), place.line.to_string().into());
    }
    let mut out: Vec<String> = result.leaks.iter().map(leak_line).collect();
    out.extend(result.warnings.iter().map(|warning| described(told, warning)));
    if result.outcome != Outcome::Passed
        && let Some(dir) = &result.log_dir
    {
        // What Jenkins and GitLab take for a file that belongs to the case.
        let log = told.run_dir.join(dir).join("test.log");
        out.push(format!("[[ATTACHMENT|{}]]", log.display()));
    }
    if !out.is_empty() {
        case.set_system_out(out.join("\n"));
    }
    case
}

fn status(told: &Told<'_>, result: &TestResult) -> TestCaseStatus {
    let mut status = match result.outcome {
        Outcome::Passed | Outcome::Flaky => TestCaseStatus::success(),
        Outcome::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Cancelled | Outcome::Invalid => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Skipped => TestCaseStatus::skipped(),
    };
    match result.outcome {
        Outcome::Passed | Outcome::Flaky => {}
        Outcome::Failed => {
            if let Some(failure) = &result.failure {
                status
                    .set_message(visible(&failure.message))
                    .set_type(kind_word(failure.kind))
                    .set_description(described(told, failure));
            }
        }
        Outcome::Cancelled => {
            let reason = result.reason.as_deref().unwrap_or("the run ended");
            status
                .set_message(format!("cancelled: {}", visible(reason)))
                .set_type("cancelled");
        }
        Outcome::Invalid => {
            let first = result
                .errors
                .first()
                .map_or("the module has errors", String::as_str);
            status
                .set_message(visible(first))
                .set_type("invalid")
                .set_description(visible(&result.errors.join("\n")));
        }
        Outcome::Skipped => {
            if let Some(reason) = &result.reason {
                status.set_message(visible(reason));
            }
        }
    }
    status.add_reruns(result.earlier.iter().map(|earlier| {
        let mut rerun = TestRerun::new(NonSuccessKind::Failure);
        rerun
            .set_time(Duration::from_millis(earlier.duration_ms))
            .set_message(visible(&earlier.failure.message))
            .set_type(kind_word(earlier.failure.kind))
            .set_description(described(told, &earlier.failure));
        rerun
    }));
    status
}

fn described(told: &Told<'_>, failure: &Failure) -> String {
    failure::render(told.program, failure, false)
}
