//! Cleanups that are skipped because an effect failed.

use relux_runner::event::Outcome;

use crate::suite::suite;

#[test]
fn w13_cleanups_run_although_an_effect_failed() {
    let ran = suite(
        r#"
effect Fails {
    shell s {
        > false
        match_ok()
    }
    cleanup {
        > echo effect >> journal
        match_ok()
    }
}
test "t" {
    start Fails
    shell s {
        > echo body >> journal
        match_ok()
    }
    cleanup {
        > echo test >> journal
        match_ok()
    }
}
"#,
    )
    .run();
    assert_eq!(ran.only().outcome, Outcome::Failed, "{}", ran.output);
    let journal = std::fs::read_to_string(ran.suite.path("journal")).unwrap();
    assert_eq!(journal, "test\neffect\n");
}
