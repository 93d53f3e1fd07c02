//! Cancellation that is noticed only at some statements.

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::suite;

fn times_out(source: &str) {
    let ran = suite(source).run();
    let result = ran.only();
    assert_eq!(result.outcome, Outcome::Failed, "{}", ran.output);
    assert_eq!(
        result.failure.as_ref().unwrap().kind,
        FailureKind::TestTimeout,
        "{}",
        ran.output
    );
}

/// Doubling functions, so that nothing is deep and all of it would take for ever.
fn busy() -> String {
    let mut source = String::from("pure fn f0(x) {\n    x\n}\n");
    for level in 1..60 {
        let below = level - 1;
        let function = format!("pure fn f{level}(x) {{\n    f{below}(x)\n    f{below}(x)\n}}\n");
        source.push_str(&function);
    }
    source
}

#[test]
fn w21_functions_that_only_compute_end_with_the_test() {
    let source = format!(
        "{}test \"t\" ~500ms {{\n    shell s {{\n        let x = f59(\"a\")\n    }}\n}}\n",
        busy()
    );
    times_out(&source);
}

#[test]
fn w21_so_do_preambles() {
    let source = format!(
        "{}test \"t\" ~500ms {{\n    let x = f59(\"a\")\n    shell s {{\n        > true\n    }}\n}}\n",
        busy()
    );
    times_out(&source);
}

#[test]
fn w21_statements_of_a_function_are_not_finished_first() {
    let sends = "    > sleep 0.05\n    match_prompt()\n".repeat(200);
    times_out(&format!(
        "fn f() {{\n{sends}}}\ntest \"t\" ~500ms {{\n    shell s {{\n        f()\n    }}\n}}\n"
    ));
}

#[test]
fn w21_a_shell_that_starts_ends_with_the_test() {
    let ran = suite("test \"t\" ~300ms {\n    shell s {\n        > true\n    }\n}\n")
        .shell(&["sleep", "1000"])
        .with(|suite| suite.settings.shell_timeout = std::time::Duration::from_secs(1000))
        .run();
    assert_eq!(
        ran.only().failure.as_ref().unwrap().kind,
        FailureKind::TestTimeout,
        "{}",
        ran.output
    );
}

#[test]
fn w21_calls_without_end_fail_and_end_nothing_else() {
    let ran = suite(
        "fn f(x) {\n    f(x)\n}\ntest \"deep\" {\n    shell s {\n        f(\"a\")\n    }\n}\ntest \"next\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n",
    )
    .run();
    assert_eq!(
        ran.outcomes(),
        [Outcome::Failed, Outcome::Passed],
        "{}",
        ran.output
    );
    assert!(ran.output.contains("calls"), "{}", ran.output);
}
