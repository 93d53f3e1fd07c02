//! Searches that begin at the cursor again whenever something was printed, and buffers without a bound.
//!
//! `shell::scan` counts the bytes that are looked at; here quadratic searches would run into the match timeout.

use std::fs;

use relux_runner::event::FailureKind;

use crate::suite::suite;

#[test]
fn w10_much_output_before_a_match_takes_linear_time() {
    let ran = suite(
        r#"
test "t" {
    shell s {
        !? ^no such line$
        > seq 1 300000; echo sentinel
        <~60s{
            ? ^sentinel$
            ? ^299999$
            = 300000
        }
        match_ok()
    }
}
"#,
    )
    .run()
    .ok();
    let log = fs::read(ran.report.run_dir.join("logs/relux/tests/t.relux/t/s.log")).unwrap();
    assert!(log.len() > 2_280_000, "all of it is in the log: {}", log.len());
}

#[test]
fn w10_a_long_line_is_no_backlog() {
    suite(
        r#"
test "t" {
    shell s {
        > seq 1 200000 | tr '\n' ' '; echo sentinel; echo
        <~60s? \bsentinel\b
        match_ok()
    }
}
"#,
    )
    .run()
    .ok();
}

#[test]
#[ignore = "prints more than a search may keep, which takes a while without optimisation"]
fn w10_a_match_that_would_need_everything_is_given_up_with_a_reason() {
    let ran = suite(
        r#"
test "t" {
    shell s {
        > yes | head -c 40000000
        <~60s? (?s)^y.*end
    }
}
"#,
    )
    .run();
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.kind, FailureKind::MatchTimeout);
    assert_eq!(
        failure.message,
        "match given up in shell `s`: more than 32 MiB of output would have to be kept for it"
    );
}

/// In a process of its own: memory is that of all tests.
#[test]
#[ignore = "prints a gigabyte"]
fn w10_a_flood_leaves_memory_and_logs_bounded() {
    let ran = suite(
        r#"
test "t" {
    shell flood {
        !? ^never printed$
        > yes 0123456789012345678901234567890123456789 | head -n 24390244 && touch flooded
    }
    shell other {
        > until test -e flooded; do sleep 0.1; done
        <~600s? ^relux>
    }
    shell flood {
        <~60s? ^relux>
    }
}
"#,
    )
    .with(|suite| {
        suite.settings.test_timeout = std::time::Duration::from_secs(600);
        suite.settings.suite_timeout = suite.settings.test_timeout;
    })
    .run()
    .ok();
    let logs: u64 = fs::read_dir(ran.report.run_dir.join("logs/relux/tests/t.relux/t"))
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(logs < 70 << 20, "{logs}");
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let peak: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(peak < 120 << 10, "{peak} KiB");
}
