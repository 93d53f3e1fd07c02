//! What a block sent last could be killed before the shell had even read it.

use relux_runner::event::Outcome;

use crate::suite::suite;

#[test]
fn w22_trailing_sends_are_executed() {
    // Often, because it was a race.
    for shell in ["/bin/dash", "/bin/bash"] {
        let tests = (0..20).map(|number| {
            format!("test \"{number}\" {{\n    shell s {{\n        > echo x > file-{number}\n    }}\n}}\n")
        });
        let tests = tests.collect::<Vec<String>>().concat();
        let ran = suite(&tests).shell(&[shell]).run();
        assert!(
            ran.outcomes().iter().all(|&outcome| outcome == Outcome::Passed),
            "{}",
            ran.output
        );
        for number in 0..20 {
            let path = ran.suite.path(&format!("file-{number}"));
            assert!(
                path.exists(),
                "{shell}: file-{number} was not written\n{}",
                ran.output
            );
        }
    }
}

#[test]
fn w22_trailing_sends_of_a_cleanup_are_finished() {
    let source = "test \"t\" {\n    shell s {\n        > true\n    }\n    cleanup {\n        > sleep 0.2; echo x > file\n    }\n}\n";
    let ran = suite(source).run().ok();
    assert!(ran.suite.path("file").exists(), "{}", ran.output);
}
