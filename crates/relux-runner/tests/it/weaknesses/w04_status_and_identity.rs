//! `match_not_ok()` that is satisfied by the echo, and effects that are merged although they differ.

use std::fs;

use relux_runner::event::FailureKind;

use crate::suite::suite;

fn fails_with_status(statements: &str) {
    let ran = suite(&format!(
        "test \"t\" {{\n    shell s {{\n{statements}\n    }}\n}}\n"
    ))
    .run();
    let failure = ran.only().failure.as_ref().expect("a failure");
    assert_eq!(failure.kind, FailureKind::ExitStatus, "{}", ran.output);
}

#[test]
fn w04_match_not_ok_fails_after_a_command_that_succeeded() {
    fails_with_status("> true\nmatch_not_ok()");
}

#[test]
fn w04_the_status_cannot_be_forged_by_output() {
    // What an earlier form of the question would have taken for the answer.
    fails_with_status("> echo 'relux> '; echo ::0::; echo 'relux> '; false\nmatch_ok()");
    fails_with_status("> echo 'relux> '; echo ::1::; true\nmatch_not_ok()");
}

#[test]
fn w04_a_background_job_that_prints_statuses_does_not_matter() {
    fails_with_status(
        "> while echo ::0::; do sleep 0.01; done &\n> sh -c 'exit 4'\n<? exit 4\nmatch_prompt()\n> sh -c 'exit 4'\nmatch_ok()",
    );
}

#[test]
fn w04_effects_that_inherit_different_values_are_different() {
    let ran = suite(
        r#"
effect Leaf {
    expect P
    shell s {
        > echo leaf ${P} >> journal
        match_ok()
    }
}
effect Mid {
    start Leaf
    shell s {
        > true
        match_ok()
    }
}
test "t" {
    start Mid { P = "1" }
    start Mid { P = "2" }
    shell s {
        > sort journal
        <? ^leaf 1$
        <? ^leaf 2$
        match_ok()
    }
}
"#,
    )
    .run()
    .ok();
    let journal = fs::read_to_string(ran.suite.path("journal")).unwrap();
    assert_eq!(journal.lines().count(), 2, "{journal}");
}
