//! Whole runs: retries, markers, timeouts, strategies, jobs, events, files.

use std::fs;
use std::time::Duration;

use relux_model::plan::Jobs;
use relux_runner::event::{Event, FailureKind, Outcome, RunStop, Step};
use relux_runner::{SUMMARY_FILE, Strategy};

use crate::suite::suite;

const COUNTS_TO_TWO: &str = r#"
# flaky
test "third time lucky" {
    shell s {
        > echo x >> count; test $$(wc -l < count) -ge 3
        match_ok()
        > test -z "$$(ls ${__RELUX_TEST_ARTIFACTS})" && touch ${__RELUX_TEST_ARTIFACTS}/mine
        match_ok()
    }
}
"#;

#[test]
fn flaky_tests_are_retried_with_fresh_artifacts() {
    let (ran, events) = suite(COUNTS_TO_TWO)
        .with(|suite| suite.options.flaky_retries = Some(5))
        .events();
    let result = ran.only();
    assert_eq!((result.outcome, result.attempts), (Outcome::Flaky, 3));
    assert!(result.is_flaky());
    assert_eq!(ran.report.summary.flaky, 1);
    assert_eq!(ran.report.exit_code(), 0);
    let failed: Vec<(u32, u32)> = events
        .iter()
        .filter_map(|event| match event {
            Event::AttemptFailed {
                attempt, attempts, ..
            } => Some((*attempt, *attempts)),
            _ => None,
        })
        .collect();
    assert_eq!(failed, [(1, 6), (2, 6)]);
    let dir = ran.report.run_dir.join(result.log_dir.as_ref().unwrap());
    assert!(
        dir.ends_with("logs/relux/tests/t.relux/third-time-lucky/attempt-3"),
        "{dir:?}"
    );
    assert!(dir.join("artifacts/mine").exists());
    assert!(dir.parent().unwrap().join("attempt-2/test.log").exists());
}

#[test]
fn retries_end_with_the_last_failure_and_only_flaky_tests_have_any() {
    let ran = suite(COUNTS_TO_TWO)
        .with(|suite| suite.options.flaky_retries = Some(1))
        .run();
    assert_eq!((ran.only().outcome, ran.only().attempts), (Outcome::Failed, 2));
    insta::assert_snapshot!(ran.redacted());
    let ran = suite(&COUNTS_TO_TWO.replace("# flaky", "# flaky unless \"yes\""))
        .with(|suite| suite.options.flaky_retries = Some(5))
        .run();
    assert_eq!((ran.only().outcome, ran.only().attempts), (Outcome::Failed, 1));
}

#[test]
fn markers_read_the_environment_when_the_test_runs() {
    use Outcome::{Passed, Skipped};
    let test = |marker: &str, name: &str| {
        format!("{marker}\ntest \"{name}\" {{\n    shell s {{\n        > true\n    }}\n}}\n")
    };
    let source = [
        test("# skip if SET", "a"),
        test("# skip unless SET", "b"),
        test("# run if UNSET", "c"),
        test("# run unless UNSET", "d"),
        test("# skip if \"${SET}\" = \"on\"", "e"),
        test("# skip if SET ? ^o.$", "f"),
        test("# skip unless which(\"sh\")", "g"),
        test("# run if SET\n# skip if which(\"no-such-program\")", "h"),
        test("# skip", "i"),
        test("# skip if __RELUX_TEST_ID", "j"),
    ]
    .concat();
    let ran = suite(&source)
        .with(|suite| suite.host_env.push(("SET".to_owned(), "on".to_owned())))
        .run();
    assert_eq!(
        ran.outcomes(),
        [
            Skipped, Passed, Skipped, Passed, Skipped, Skipped, Passed, Passed, Skipped, Passed
        ]
    );
    assert_eq!(ran.report.results[2].reason.as_deref(), Some("# run if UNSET"));
    assert_eq!(ran.report.exit_code(), 0);
}

#[test]
fn dot_env_is_below_relux_variables_and_above_the_host() {
    suite(
        r#"
# run if DOT = "env"
test "t" {
    shell s {
        > echo "$${DOT} ${DOT} [${__RELUX_EVIL}]"
        <? ^env env \[\]$
        __RELUX == /usr/bin/relux
    }
}
"#,
    )
    .with(|suite| {
        suite.host_env.push(("DOT".to_owned(), "host".to_owned()));
        for (name, value) in [("DOT", "env"), ("__RELUX", "evil"), ("__RELUX_EVIL", "evil")] {
            suite.dot_env.push((name.to_owned(), value.to_owned()));
        }
    })
    .run()
    .ok();
}

#[test]
fn a_marker_that_cannot_be_evaluated_fails_the_test() {
    let ran = suite("# skip if \"x\" ? (\ntest \"t\" {\n    shell s {\n        > true\n    }\n}\n").run();
    assert_eq!(ran.only().failure.as_ref().unwrap().kind, FailureKind::Pattern);
}

#[test]
fn tolerances_are_scaled_and_assertions_are_not() {
    let label = |line: &str| {
        let ran = suite(&format!(
            "test \"t\" {{\n    shell s {{\n        {line}\n    }}\n}}\n"
        ))
        .with(|suite| suite.options.multiplier = Some(3.0))
        .run();
        ran.only().failure.as_ref().unwrap().label.clone().unwrap()
    };
    assert_eq!(label("<~20ms? x"), "`x` was not printed within 60ms");
    assert_eq!(label("<@20ms? x"), "`x` was not printed within 20ms");
}

#[test]
fn retries_scale_tolerances() {
    let (ran, events) = suite("# flaky\ntest \"t\" {\n    shell s {\n        <~20ms? x\n    }\n}\n")
        .with(|suite| suite.options.flaky_retries = Some(1))
        .with(|suite| suite.settings.flaky_multiplier = 2.0)
        .events();
    let Some(Event::AttemptFailed { failure, .. }) = events
        .iter()
        .find(|event| matches!(event, Event::AttemptFailed { .. }))
    else {
        panic!("{}", ran.output)
    };
    assert_eq!(failure.label.as_deref(), Some("`x` was not printed within 20ms"));
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.label.as_deref(), Some("`x` was not printed within 40ms"));
}

const THREE: &str = r#"
test "one" {
    shell s {
        > true
        match_ok()
    }
}
test "two" {
    shell s {
        > false
        match_ok()
    }
}
test "three" {
    shell s {
        > true
        match_ok()
    }
}
"#;

#[test]
fn fail_fast_skips_the_rest() {
    use Outcome::{Failed, Passed, Skipped};
    let ran = suite(THREE).run();
    assert_eq!(ran.outcomes(), [Passed, Failed, Passed]);
    let ran = suite(THREE)
        .with(|suite| suite.options.strategy = Strategy::FailFast)
        .run();
    assert_eq!(ran.outcomes(), [Passed, Failed, Skipped]);
    let reason = ran.report.results[2].reason.as_deref();
    assert_eq!(reason, Some("fail-fast after t.relux/two"));
    assert_eq!(ran.report.exit_code(), 1);
}

#[test]
fn the_suite_timeout_is_never_green() {
    let ran = suite(
        r#"
test "long" {
    shell s {
        sleep("100s")
    }
    cleanup {
        > touch cleaned
        match_ok()
    }
}
test "next" {
    shell s {
        > true
    }
}
"#,
    )
    .with(|suite| suite.options.suite_timeout = Some(Duration::from_millis(300)))
    .run();
    assert_eq!(ran.outcomes(), [Outcome::Cancelled, Outcome::Skipped]);
    assert_eq!(ran.report.exit_code(), 1);
    assert_eq!(
        ran.report.summary.stopped,
        Some(RunStop::SuiteTimeout { limit_ms: 300 })
    );
    assert!(ran.suite.path("cleaned").exists());
    insta::assert_snapshot!(ran.redacted());
}

#[test]
fn many_tests_at_once_are_reported_in_their_order() {
    let source = (0..40)
        .map(|n| {
            format!(
                "test \"n{n}\" {{\n    let p = available_port()\n    shell s {{\n        > echo ${{p}} >> ports; sleep 0.0{}\n        match_ok()\n    }}\n}}\n",
                n % 7
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let ran = suite(&source)
        .with(|suite| suite.options.jobs = Some(Jobs::Count(8)))
        .run()
        .ok();
    let names: Vec<&str> = ran
        .report
        .results
        .iter()
        .map(|result| result.name.as_str())
        .collect();
    assert_eq!(names, (0..40).map(|n| format!("n{n}")).collect::<Vec<_>>());
    assert_eq!(
        fs::read_to_string(ran.suite.path("ports"))
            .unwrap()
            .lines()
            .count(),
        40
    );
}

#[test]
fn events_tell_the_story_in_order() {
    let (ran, events) = suite(
        r#"
effect E {
    shell own {
        > true
    }
}
test "t" {
    start E
    shell s {
        annotate("half way")
        <@1ms? é never
    }
    cleanup {
        > true
    }
}
"#,
    )
    .events();
    let story: Vec<String> = events
        .iter()
        .map(|event| match event {
            Event::RunStarted { tests, jobs, .. } => format!("run of {tests} with {jobs}"),
            Event::TestStarted {
                id, attempt, place, ..
            } => format!("{id} attempt {attempt} line {}", place.line),
            Event::Progress { step, text, .. } => format!("{} {text}", step_name(*step)),
            Event::AttemptFailed { .. } => "attempt failed".to_owned(),
            Event::TestFinished(result) => format!("{} {:?}", result.id, result.outcome),
            Event::RunFinished(summary) => format!("end {}", summary.exit_code),
            Event::Status(_) => "status".to_owned(),
            Event::Stopping { .. } => "stopping".to_owned(),
        })
        .collect();
    assert_eq!(
        story,
        [
            "run of 1 with 1",
            "t.relux/t attempt 1 line 7",
            "effect effect E",
            "shell shell own",
            "shell shell s",
            "annotate half way",
            "cleanup cleanup",
            "t.relux/t Failed",
            "end 1",
        ],
        "{}",
        ran.output
    );
    let place = ran.only().failure.as_ref().unwrap().place.clone().unwrap();
    assert_eq!(
        (place.line, place.range.start.line, place.range.start.character),
        (11, 10, 8)
    );
    assert_eq!(place.range.end.character, 22);
    assert_eq!(place.end_byte - place.start_byte, 15);
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::Effect => "effect",
        Step::Shell => "shell",
        Step::Cleanup => "cleanup",
        Step::Annotate => "annotate",
    }
}

#[test]
fn results_and_logs_are_on_disk() {
    let ran = suite(THREE).run();
    let latest = ran.suite.path("relux/out/latest");
    assert_eq!(
        fs::canonicalize(&latest).unwrap(),
        fs::canonicalize(&ran.report.run_dir).unwrap()
    );
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(latest.join(SUMMARY_FILE)).unwrap()).unwrap();
    assert_eq!(summary["tests"][1]["outcome"], "failed");
    assert_eq!(summary["tests"][1]["failure"]["kind"], "exit-status");
    assert_eq!(summary["summary"]["exit_code"], 1);
    let raw = fs::read_to_string(latest.join("logs/relux/tests/t.relux/two/s.log")).unwrap();
    assert!(raw.starts_with("relux> false\r\n"), "{raw:?}");
    let log = fs::read_to_string(latest.join("logs/relux/tests/t.relux/two/test.log")).unwrap();
    assert!(log.contains("s > false"), "{log}");
}

#[test]
fn a_result_directory_that_cannot_be_written_is_an_error_before_anything_runs() {
    let suite = suite(THREE);
    fs::write(suite.path("relux"), "in the way").unwrap();
    let error = suite.try_run().unwrap_err().to_string();
    assert!(error.contains("cannot write results to"), "{error}");
}

#[test]
fn fail_patterns_watch_while_other_things_happen() {
    for body in [
        // Another shell is busy.
        "shell client {\n        > sleep 100\n        <? ^never$\n    }",
        // Nothing but time passes.
        "shell client {\n        sleep(\"100s\")\n    }",
        // The line is never finished.
        "shell client {\n        > echo ready\n        <? ^ready$\n    }\n    shell service {\n        sleep(\"100s\")\n    }",
    ] {
        let ran = suite(&format!(
            r#"
test "t" {{
    shell service {{
        !? ^ERROR$
        > (sleep 0.2; printf '\nERROR') &
    }}
    {body}
}}
"#
        ))
        .run();
        let failure = ran.only().failure.as_ref().unwrap();
        assert_eq!(failure.kind, FailureKind::FailPattern, "{}", ran.output);
        assert_eq!(failure.notes, ["printed: \"ERROR\""]);
    }
}

#[test]
fn fail_patterns_watch_to_the_end_of_the_test() {
    let ran = suite(
        r#"
effect Service {
    expose shell srv
    shell srv {
        !? ^ERROR$
        > (until test -e go; do sleep 0.01; done; printf 'ERROR\n'; touch done) &
        match_ok()
    }
}
test "t" {
    start Service
    shell client {
        > touch go; until test -e done; do sleep 0.01; done
        match_ok()
    }
}
"#,
    )
    .run();
    assert_eq!(
        ran.only().failure.as_ref().unwrap().kind,
        FailureKind::FailPattern,
        "{}",
        ran.output
    );
}

#[test]
fn a_longer_line_does_not_trip_a_fail_pattern_for_the_shorter_one() {
    suite(
        r#"
test "t" {
    shell s {
        !? ^ERR$
        > printf ERR; printf 'OR\n'; printf 'ERR'; sleep 0.001; printf 'ATA\n'
        <? ^ERROR$
        <? ^ERRATA$
    }
}
"#,
    )
    .run()
    .ok();
}

#[test]
fn fail_fast_lets_a_test_under_way_have_its_retries() {
    let source = r#"
# flaky
test "under way" {
    shell s {
        > until [ -e pid ]; do sleep 0.01; done; while kill -0 $$(cat pid) 2>/dev/null; do sleep 0.01; done
        > echo x >> count; test $$(wc -l < count) -ge 2
        match_ok()
    }
}
test "fails" {
    shell s {
        > echo $$$$ > pid.new; mv pid.new pid; false
        match_ok()
    }
}
test "never begins" {
    shell s {
        > true
    }
}
"#;
    let ran = suite(source)
        .with(|suite| {
            suite.settings.jobs = Jobs::Count(2);
            suite.options.strategy = Strategy::FailFast;
            suite.options.flaky_retries = Some(3);
        })
        .run();
    assert_eq!(
        ran.outcomes(),
        [Outcome::Flaky, Outcome::Failed, Outcome::Skipped],
        "{}",
        ran.output
    );
    assert_eq!(ran.report.results[0].attempts, 2);
}

#[test]
fn files_with_errors_make_the_run_fail() {
    let ran = suite("test \"t\" {\n    shell s {\n        > true\n    }\n}\n")
        .with(|suite| suite.broken_files = 1)
        .run();
    assert_eq!(ran.only().outcome, Outcome::Passed);
    assert_eq!(ran.report.exit_code(), 1);
    assert!(
        ran.output
            .contains("FAILED. 1 passed; 0 failed; 1 file with errors"),
        "{}",
        ran.output
    );
}

#[test]
fn a_log_that_cannot_be_written_makes_the_run_fail() {
    let source = r#"
test "t" {
    shell s {
        > cd ${__RELUX_TEST_ARTIFACTS}/.. && rm -r "$$PWD"
        match_ok()
    }
    shell another {
        > true
        match_ok()
    }
}
"#;
    let ran = suite(source).run();
    assert_eq!(ran.only().outcome, Outcome::Passed, "{}", ran.output);
    assert_eq!(ran.report.exit_code(), 1);
    let errors = &ran.report.summary.report_errors;
    assert!(
        errors.len() == 1 && errors[0].contains("logs of t.relux/t are not complete"),
        "{errors:?}"
    );
}

#[test]
fn names_may_be_longer_than_files_allow() {
    let source = format!(
        "test \"{0} one\" {{\n    shell {1} {{\n        > true\n    }}\n}}\n\
         test \"{0} two\" {{\n    shell {1} {{\n        > true\n    }}\n}}\n",
        "long ".repeat(80),
        "s".repeat(300),
    );
    let ran = suite(&source).run().ok();
    let dirs: Vec<_> = ran.report.results.iter().map(|result| &result.log_dir).collect();
    assert_ne!(dirs[0], dirs[1]);
}

#[test]
fn shells_get_the_environment_byte_for_byte() {
    use std::os::unix::ffi::OsStringExt;
    let raw = |bytes: &[u8]| std::ffi::OsString::from_vec(bytes.to_vec());
    suite(
        r#"
test "t" {
    shell s {
        > printf %s "$$RAW" | od -An -tx1
        <? ^ 61 ff$
        RAW == aFFFD
    }
}
"#
        .replace("FFFD", "\u{fffd}")
        .as_str(),
    )
    .with(|suite| suite.raw_env.push((raw(b"RAW"), raw(b"a\xff"))))
    .run()
    .ok();
}

#[test]
fn programs_are_found_without_a_path_as_shells_are() {
    let source = "# run if which(\"sh\")\ntest \"t\" {\n    shell s {\n        > true\n    }\n}\n";
    let ran = suite(source)
        .shell(&["sh"])
        .with(|suite| suite.host_env.clear())
        .run();
    assert_eq!(ran.only().outcome, Outcome::Passed, "{}", ran.output);
}

#[test]
fn a_terminal_does_not_obey_what_a_failure_quotes() {
    let source = r#"
test "t" {
    let evil = EVIL
    shell s {
        > true
        <~100ms= ${evil}
    }
}
"#;
    let ran = suite(source)
        .with(|suite| suite.host_env.push(("EVIL".to_owned(), "a\u{1b}[2Jb".to_owned())))
        .run();
    assert_eq!(ran.only().outcome, Outcome::Failed);
    assert!(!ran.output.contains('\u{1b}'), "{:?}", ran.output);
    assert!(
        ran.output.contains("`a\\u{1b}[2Jb` was not printed"),
        "{}",
        ran.output
    );
}
