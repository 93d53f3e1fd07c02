//! Cleanups without bounds. That a second signal skips them is tested with the other signals.

use std::time::Duration;

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::suite;

const SOURCE: &str = r#"
effect E {
    shell s {
        > true
        match_ok()
    }
    cleanup {
        sleep("1000s")
    }
}
test "t" {
    start E
    shell s {
        > true
        match_ok()
    }
    cleanup {
        @1000s
        > sleep 1000
        <? ^never$
    }
}
"#;

#[test]
fn w12_cleanups_end_with_their_time_and_are_reported() {
    let ran = suite(SOURCE)
        .with(|suite| suite.settings.cleanup_timeout = Duration::from_millis(300))
        .run();
    let result = ran.only();
    assert_eq!(result.outcome, Outcome::Passed, "{}", ran.output);
    let kinds: Vec<FailureKind> = result.warnings.iter().map(|warning| warning.kind).collect();
    assert_eq!(kinds, [FailureKind::TestTimeout; 2], "{}", ran.output);
    assert_eq!(ran.output.matches("cleanup failed").count(), 2, "{}", ran.output);
}

#[test]
fn w12_a_cleanup_that_fails_can_fail_its_test() {
    let ran = suite(SOURCE)
        .with(|suite| {
            suite.settings.cleanup_timeout = Duration::from_millis(300);
            suite.settings.cleanup_failure_fails = true;
        })
        .run();
    assert_eq!(ran.only().outcome, Outcome::Failed, "{}", ran.output);
}

#[test]
fn w12_the_suite_timeout_does_not_make_a_run_green_that_ends_in_a_cleanup() {
    let ran = suite(&SOURCE.replace("<? ^never$", "sleep(\"1200ms\")"))
        .with(|suite| {
            suite.options.suite_timeout = Some(Duration::from_millis(900));
            suite.settings.cleanup_timeout = Duration::from_secs(2);
        })
        .run();
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
}
