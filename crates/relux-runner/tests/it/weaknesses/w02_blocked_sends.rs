//! Sends that wait for ever, beyond all timeouts.

use std::time::Duration;

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::suite;

/// More lines than a terminal holds, for a program that reads none.
fn source(timeout: &str, test_timeout: &str) -> String {
    let line = "x".repeat(100);
    let lines = format!("        > {line}\n").repeat(2000);
    format!(
        "test \"t\" {test_timeout} {{\n    shell s {{\n        {timeout}\n        > stty -echo; echo here; sleep 1000\n        <? ^here$\n{lines}    }}\n}}\n"
    )
}

#[test]
fn w02_a_blocked_send_ends_with_its_timeout() {
    let ran = suite(&source("@300ms", "")).run();
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.kind, FailureKind::Send, "{}", ran.output);
}

#[test]
fn w02_a_blocked_send_ends_with_the_test() {
    let ran = suite(&source("@1000s", "~1s")).run();
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.kind, FailureKind::TestTimeout, "{}", ran.output);
}

#[test]
fn w02_a_blocked_send_ends_with_the_suite() {
    let ran = suite(&source("@1000s", "@1000s"))
        .with(|suite| suite.options.suite_timeout = Some(Duration::from_secs(1)))
        .run();
    assert_eq!(ran.only().outcome, Outcome::Cancelled, "{}", ran.output);
}

#[test]
fn w02_an_interrupt_gets_through_although_a_line_is_unfinished() {
    suite(
        r#"
test "t" {
    shell s {
        > sh -c 'echo here; exec sleep 1000'
        <? ^here$
        => 0123456789
        ctrl_c()
        match_not_ok(130)
    }
}
"#,
    )
    .run()
    .ok();
}
