//! Fail patterns that are only looked at while statements of their own shell run.

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::{Ran, suite};

/// The test failed by the fail pattern of this shell, which says where it was set and what was printed.
fn hit(ran: &Ran, shell: &str, text: &str, line: u32) {
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.kind, FailureKind::FailPattern, "{}", ran.output);
    assert!(
        failure.message.contains(&format!("`{shell}`")),
        "{}",
        failure.message
    );
    assert_eq!(failure.notes, [format!("printed: {text:?}")]);
    assert_eq!(failure.place.as_ref().unwrap().line, line);
}

#[test]
fn w06_it_watches_while_another_effect_is_set_up() {
    let ran = suite(
        r#"
effect Service {
    expose shell srv
    shell srv {
        !? ^ERROR.*
        > (until test -e go; do sleep 0.01; done; echo ERROR: disk full) &
        match_ok()
    }
}
effect Slow {
    expose shell slow
    shell slow {
        > touch go; sleep 100
        <? ^never$
    }
}
test "t" {
    start Service
    start Slow
    shell s {
        > echo never reached
        match_ok()
    }
}
"#,
    )
    .run();
    hit(&ran, "srv", "ERROR: disk full", 5);
}

#[test]
fn w06_it_watches_during_sends_and_sleeps_and_waits_elsewhere() {
    for body in ["sleep(\"100s\")", "<? ^never$", "> sleep 100\n        <? ^never$"] {
        let ran = suite(&format!(
            r#"
test "t" {{
    shell service {{
        !? ^ERROR$
        > (until test -e go; do sleep 0.01; done; echo ERROR) &
        match_ok()
    }}
    shell client {{
        > touch go
        match_ok()
        {body}
    }}
}}
"#
        ))
        .run();
        hit(&ran, "service", "ERROR", 4);
    }
}

#[test]
fn w06_what_is_printed_after_the_last_statement_counts_up_to_the_end_of_the_test() {
    let ran = suite(
        r#"
test "t" {
    shell service {
        !? ^ERROR$
        > (until test -e go; do sleep 0.01; done; echo ERROR; touch done) &
        match_ok()
    }
    shell client {
        > touch go; until test -e done; do sleep 0.01; done; echo over
        <? ^over$
    }
}
"#,
    )
    .run();
    hit(&ran, "service", "ERROR", 4);
}

#[test]
fn w06_what_was_printed_before_the_pattern_is_cleared_or_replaced_counts() {
    for change in ["!?", "!= something else", "<?\n        !?"] {
        for read_size in [Some(1), Some(7), None] {
            let ran = suite(&format!(
                r#"
test "t" {{
    shell s {{
        > stty -opost
        match_ok()
        !? ^ERROR$
        > printf 'ok\\n\\nERROR\\n'
        <? ^ok$
        {change}
        match_ok()
    }}
}}
"#
            ))
            .with(|suite| suite.options.read_size = read_size)
            .run();
            hit(&ran, "s", "ERROR", 6);
        }
    }
}

#[test]
fn w06_the_end_of_the_test_is_no_failure_of_the_service() {
    let ran = suite(
        r#"
test "t" {
    shell service {
        !? ^ERROR$
        > trap 'echo ERROR' HUP TERM
        match_ok()
    }
}
"#,
    )
    .run();
    assert_eq!(ran.outcomes(), [Outcome::Passed], "{}", ran.output);
}
