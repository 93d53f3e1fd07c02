//! 3: a run in which something did not run that was asked for never ends with 0.

use std::time::Duration;

use relux_runner::event::RunStop;

use crate::suite::{invalid, suite};

const GOOD: &str = "test \"good\" {\n    shell s {\n        > true\n    }\n}\n";

#[test]
fn w03_a_selected_file_that_cannot_be_read_fails_the_run() {
    let ran = suite(GOOD).with(|suite| suite.broken_files = 1).run();
    assert_eq!(ran.report.summary.passed, 1);
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
    assert!(ran.output.contains("1 file with errors"), "{}", ran.output);
}

#[test]
fn w03_a_test_that_cannot_run_fails_the_run() {
    let ran = suite(GOOD).extra(invalid("t/broken")).run();
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
}

#[test]
fn w03_nothing_selected_is_not_success() {
    let ran = suite("").run();
    assert_eq!(ran.report.exit_code(), 4, "{}", ran.output);
}

#[test]
fn w03_a_suite_timeout_during_a_cleanup_is_never_green() {
    let source = "test \"good\" {\n    shell s {\n        > true\n    }\n    cleanup {\n        > read line < fifo\n        <? ^never$\n    }\n}\n";
    let ran = suite(&format!("{source}{}", GOOD.replace("good", "later")))
        .with(|suite| suite.settings.cleanup_timeout = Duration::from_secs(3))
        .with(|suite| suite.options.suite_timeout = Some(Duration::from_secs(1)))
        .with(|suite| {
            let fifo = suite.path("fifo");
            let made = std::process::Command::new("mkfifo").arg(fifo).status().unwrap();
            assert!(made.success());
        })
        .run();
    let summary = &ran.report.summary;
    assert!(
        matches!(summary.stopped, Some(RunStop::SuiteTimeout { .. })),
        "{}",
        ran.output
    );
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
    assert!(ran.report.results[1].not_run, "{}", ran.output);
}
