//! How failures look: one snapshot per kind, with times and paths left out.

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::{Ran, invalid, suite};

fn fails(kind: FailureKind, source: &str) -> String {
    let ran = suite(source)
        .with(|suite| suite.options.match_timeout = Some(std::time::Duration::from_secs(5)))
        .run();
    check(kind, &ran)
}

fn check(kind: FailureKind, ran: &Ran) -> String {
    let result = &ran.report.results[0];
    assert_eq!(result.outcome, Outcome::Failed, "{}", ran.output);
    assert_eq!(result.failure.as_ref().unwrap().kind, kind, "{}", ran.output);
    assert_eq!(ran.report.exit_code(), 1);
    ran.redacted()
}

#[test]
fn match_timeout() {
    insta::assert_snapshot!(fails(
        FailureKind::MatchTimeout,
        r#"
fn deep(a, b) {
    > echo "${a}"; printf '\033[1mbold\033[0m\tx\n'
    <? ^(x y)$
    <@80ms? ^never (\d+)$
}
effect E {
    expect K
    shell own {
        deep("x y", "second line")
    }
}
test "fails in an effect" {
    let outer = "value"
    start E as e { K = outer }
    shell client {
        > true
    }
}
"#
    ));
}

#[test]
fn multimatch() {
    insta::assert_snapshot!(fails(
        FailureKind::MultiMatch,
        r#"
test "fails" {
    shell s {
        > echo b
        <@80ms{
            ? ^a$
            = b
        }
    }
}
"#
    ));
}

#[test]
fn fail_pattern() {
    insta::assert_snapshot!(fails(
        FailureKind::FailPattern,
        r#"
test "fails" {
    shell s {
        !? ^error: (.*)$
        > echo "error: no such thing"; sleep 100
        <? ^never$
    }
}
"#
    ));
}

#[test]
fn pure_match() {
    insta::assert_snapshot!(fails(
        FailureKind::PureMatch,
        r#"
test "fails" {
    let version = "2.0"
    version ?? ^1\.
    shell s {
        > true
    }
}
"#
    ));
}

#[test]
fn exit_status() {
    insta::assert_snapshot!(fails(
        FailureKind::ExitStatus,
        r#"
test "fails" {
    shell s {
        > sh -c 'exit 7'
        match_ok()
    }
}
"#
    ));
}

#[test]
fn exit_status_that_must_not_be_zero() {
    insta::assert_snapshot!(fails(
        FailureKind::ExitStatus,
        r#"
test "fails" {
    shell s {
        > true
        match_not_ok()
    }
}
"#
    ));
}

#[test]
fn shell_exited() {
    insta::assert_snapshot!(fails(
        FailureKind::ShellExited,
        r#"
test "fails" {
    shell s {
        > exit 3
        <? ^ready$
    }
}
"#
    ));
}

#[test]
fn send_to_a_dead_shell() {
    insta::assert_snapshot!(fails(
        FailureKind::ShellExited,
        r#"
test "fails" {
    shell s {
        > kill -9 $$$$
        <{
            = kill
        }
    }
    shell other {
        > while kill -0 0 2>/dev/null && test -d /proc/self; do break; done
        match_ok()
    }
    shell s {
        sleep("300ms")
        > echo lost
    }
}
"#
    ));
}

#[test]
fn line_too_long() {
    let long = "x".repeat(4093);
    let text = fails(
        FailureKind::Send,
        &format!(
            r#"
test "fails" {{
    shell s {{
        > : {long}
        match_prompt()
        > : y{long}
    }}
}}
"#
        ),
    );
    insta::assert_snapshot!(
        text.replace(&long, "[4093 x]")
            .lines()
            .filter(|line| !line.contains("^^^^"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn nobody_reads_what_is_sent() {
    let lines = "line\\n".repeat(30_000);
    let text = fails(
        FailureKind::Send,
        &format!(
            r#"
test "fails" {{
    shell s {{
        > stty -echo; sh -c 'echo up; exec sleep 100'
        <? ^up$
        @100ms
        > {lines}
    }}
}}
"#
        ),
    );
    insta::assert_snapshot!(
        text.replace(&lines, "[lines]")
            .lines()
            .filter(|line| !line.contains("^^^^"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn argument() {
    insta::assert_snapshot!(fails(
        FailureKind::Argument,
        r#"
test "fails" {
    shell s {
        let x = rand("many")
    }
}
"#
    ));
}

#[test]
fn bad_durations_and_statuses_are_arguments() {
    for call in [
        "sleep(\"soon\")",
        "match_exit_code(\"x\")",
        "match_not_ok(0)",
        "match_not_ok(-1)",
    ] {
        let call = call.replace("-1", "\"-1\"");
        fails(
            FailureKind::Argument,
            &format!("\ntest \"fails\" {{\n    shell s {{\n        > true\n        {call}\n    }}\n}}\n"),
        );
    }
}

#[test]
fn invalid_pattern() {
    insta::assert_snapshot!(fails(
        FailureKind::Pattern,
        r#"
test "fails" {
    let open = "("
    shell s {
        <? a${open}
    }
}
"#
    ));
}

#[test]
fn empty_fail_pattern() {
    insta::assert_snapshot!(fails(
        FailureKind::Pattern,
        r#"
test "fails" {
    shell s {
        != ${nothing}
    }
}
"#
    ));
}

#[test]
fn undeclared_variable() {
    insta::assert_snapshot!(fails(
        FailureKind::Runtime,
        r#"
test "fails" {
    shell s {
        x := "1"
    }
}
"#
    ));
}

#[test]
fn read_only_variable() {
    insta::assert_snapshot!(fails(
        FailureKind::Runtime,
        r#"
test "fails" {
    shell s {
        HOME := "1"
    }
}
"#
    ));
}

#[test]
fn functions_assign_only_their_own() {
    insta::assert_snapshot!(fails(
        FailureKind::Runtime,
        r#"
fn change() {
    x := "2"
}
test "fails" {
    let x = "1"
    shell s {
        change()
    }
}
"#
    ));
}

#[test]
fn shell_that_is_not_exposed() {
    insta::assert_snapshot!(fails(
        FailureKind::Runtime,
        r#"
effect E {
    shell s {
        > true
    }
}
test "fails" {
    start E as e
    shell e.s {
        > true
    }
}
"#
    ));
}

#[test]
fn test_timeout() {
    insta::assert_snapshot!(fails(
        FailureKind::TestTimeout,
        r#"
test "fails" ~100ms {
    shell s {
        sleep("100s")
    }
}
"#
    ));
}

#[test]
fn shell_command_that_does_not_exist() {
    let ran = suite("\ntest \"fails\" {\n    shell s {\n        > true\n    }\n}\n")
        .shell(&["/no/such/shell", "-i"])
        .run();
    insta::assert_snapshot!(check(FailureKind::ShellStart, &ran));
}

#[test]
fn shell_that_ends_at_once() {
    let ran = suite("\ntest \"fails\" {\n    shell s {\n        > true\n    }\n}\n")
        .shell(&["sh", "-c", "echo broken; exit 4"])
        .run();
    insta::assert_snapshot!(check(FailureKind::ShellStart, &ran));
}

#[test]
fn shell_without_a_prompt() {
    let ran = suite("\ntest \"fails\" {\n    shell s {\n        > true\n    }\n}\n")
        .shell(&["cat"])
        .with(|suite| suite.settings.shell_timeout = std::time::Duration::from_millis(700))
        .run();
    insta::assert_snapshot!(check(FailureKind::ShellStart, &ran));
}

#[test]
fn failed_cleanup() {
    let source = r#"
test "passes" {
    shell s {
        > true
    }
    cleanup {
        > false
        match_ok()
    }
}
"#;
    let ran = suite(source).run().ok();
    insta::assert_snapshot!(ran.redacted());
    let ran = suite(source)
        .with(|suite| suite.settings.cleanup_failure_fails = true)
        .run();
    assert_eq!(ran.only().outcome, Outcome::Failed);
    assert!(ran.only().warnings.is_empty(), "said once");
}

#[test]
fn cleanups_have_a_time_of_their_own() {
    let ran = suite(
        r#"
test "passes" ~5s {
    shell s {
        > true
    }
    cleanup {
        sleep("100s")
    }
}
"#,
    )
    .with(|suite| suite.settings.cleanup_timeout = std::time::Duration::from_millis(80))
    .run()
    .ok();
    assert_eq!(
        ran.only().warnings[0].message,
        "the cleanup took longer than 80ms"
    );
}

#[test]
fn invalid_tests_fail_the_run() {
    let ran = suite("").extra(invalid("a.relux/broken")).run();
    assert_eq!(ran.outcomes(), [Outcome::Invalid]);
    assert_eq!(ran.report.exit_code(), 1);
    insta::assert_snapshot!(ran.redacted());
}

#[test]
fn nothing_selected_is_not_green() {
    let ran = suite("").run();
    assert_eq!(ran.report.exit_code(), 4);
    insta::assert_snapshot!(ran.redacted());
}
