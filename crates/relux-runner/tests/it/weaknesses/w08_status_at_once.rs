//! `match_ok()` that takes a whole timeout to say that a command failed. The waits here would take a thousand seconds.

use relux_runner::event::FailureKind;

use crate::suite::suite;

#[test]
fn w08_another_status_is_reported_at_once() {
    for (call, wanted) in [
        ("match_ok()", "status 7, not 0"),
        ("match_not_ok(3)", "status 7, not 3"),
        ("match_prompt()\nmatch_exit_code(0)", "status 7, not 0"),
    ] {
        let source =
            format!("test \"t\" @1000s {{\n    shell s {{\n@1000s\n> sh -c 'exit 7'\n{call}\n    }}\n}}\n");
        let ran = suite(&source).run();
        let failure = ran.only().failure.as_ref().expect("a failure");
        assert_eq!(failure.kind, FailureKind::ExitStatus, "{}", ran.output);
        assert!(failure.message.contains(wanted), "{}", failure.message);
    }
}
