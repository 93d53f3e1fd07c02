//! Patterns that find the command instead of its output.
//!
//! The echo is output, as suites expect. Anchored patterns do not match it, and the lints `match-echo` and
//! `unsynchronised-send` tell which statements need care; their pages are tests of their own.

use crate::suite::suite;

#[test]
fn w16_anchored_patterns_wait_for_the_output() {
    suite(
        r#"
test "t" {
    shell s {
        > sleep 0.3; touch done; echo foo
        <? ^foo$
    }
    shell other {
        > test -e done
        match_ok()
    }
}
"#,
    )
    .run()
    .ok();
}
