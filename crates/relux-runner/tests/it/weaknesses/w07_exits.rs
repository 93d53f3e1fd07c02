//! A shell that ends, and nobody notices before the timeout. The waits here would take a thousand seconds.

use relux_runner::event::FailureKind;

use crate::suite::suite;

fn ends(statements: &str, status: &str) {
    let source = format!("test \"t\" @1000s {{\n    shell s {{\n        @1000s\n{statements}\n    }}\n}}\n");
    let ran = suite(&source).run();
    let failure = ran.only().failure.as_ref().expect("a failure");
    assert_eq!(failure.kind, FailureKind::ShellExited, "{}", ran.output);
    assert!(failure.message.contains(status), "{}", failure.message);
}

#[test]
fn w07_an_exit_is_noticed_at_once_with_its_status() {
    ends("> exit 3\n<? ^never$", "status 3");
}

#[test]
fn w07_so_is_a_kill_from_outside() {
    // As the kernel does it when memory runs out.
    ends("> kill -KILL $$$$\n<? ^never$", "signal 9");
}

#[test]
fn w07_sends_to_a_shell_that_has_ended_fail() {
    ends(
        "> exec sh -c 'sleep 0.1; exit 5'\nsleep(\"500ms\")\n> echo x\n<? ^x$",
        "status 5",
    );
}

#[test]
fn w07_output_before_the_end_still_counts() {
    suite("test \"t\" {\n    shell s {\n        > echo bye; exit 3\n        <? ^bye$\n    }\n}\n")
        .run()
        .ok();
}
