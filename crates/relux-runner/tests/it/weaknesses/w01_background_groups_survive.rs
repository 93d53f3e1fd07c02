//! Only the shell itself was killed: every background group lived on, whatever the end of the test was.

use relux_runner::event::Outcome;

use crate::suite::{alive, suite, unique};

fn ends_with_its_test(last: &str, outcome: Outcome) {
    let seconds = unique();
    let source = format!(
        "test \"t\" {{\n    shell s {{\n        > sleep {seconds} &\n        match_ok()\n        > nohup sleep {seconds} > \
         /dev/null 2>&1 &\n        match_ok()\n        {last}\n    }}\n}}\n"
    );
    let ran = suite(&source).run();
    assert_eq!(ran.only().outcome, outcome, "{}", ran.output);
    assert_eq!(alive(&seconds), Vec::<String>::new());
}

#[test]
fn w01_background_groups_survive_a_test_that_passes() {
    ends_with_its_test("> true", Outcome::Passed);
}

#[test]
fn w01_background_groups_survive_a_test_that_fails() {
    ends_with_its_test("<@10ms? never", Outcome::Failed);
}

#[test]
fn w01_background_groups_survive_a_shell_that_exits() {
    ends_with_its_test("> exit", Outcome::Passed);
}
