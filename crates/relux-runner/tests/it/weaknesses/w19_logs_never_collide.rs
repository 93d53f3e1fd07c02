//! 19: logs of different tests lie in different directories, and a retry finds no artifacts of the attempt before.

use std::collections::HashSet;
use std::fs;

use relux_model::plan::TestEntry;
use relux_runner::event::Outcome;

use crate::lower::lower;
use crate::suite::suite;

fn test(name: &str) -> String {
    format!(
        "test \"{name}\" {{\n    shell s {{\n        > touch ${{__RELUX_TEST_ARTIFACTS}}/mine\n        match_ok()\n    }}\n}}\n"
    )
}

/// The only test of a file.
fn from(path: &str, name: &str) -> TestEntry {
    let mut lowered = lower(path, &test(name));
    let Some(TestEntry::Ready(plan)) = lowered.tests.pop() else {
        panic!("a plan");
    };
    let mut plan = (*plan).clone();
    let module = path.trim_start_matches("relux/tests/").trim_end_matches(".relux");
    plan.id = format!("{module}/{name}");
    // Places of another program would not fit.
    plan.loc.range = relux_syntax::TextRange::new(0, 0);
    TestEntry::Ready(plan.into())
}

#[test]
fn w19_a_file_and_a_directory_of_its_name_have_logs_of_their_own() {
    let ran = suite(&test("x"))
        .extra(from("relux/tests/t/x.relux", "artifacts"))
        .extra(from("relux/tests/t/x.relux", "attempt-2"))
        .extra(from("relux/tests/t.d/x.relux", "y"))
        .extra(from("relux/tests/t/X.relux", "artifacts"))
        .run()
        .ok();
    let dirs: Vec<_> = ran
        .report
        .results
        .iter()
        .map(|result| ran.report.run_dir.join(result.log_dir.as_ref().unwrap()))
        .collect();
    assert_eq!(dirs.iter().collect::<HashSet<_>>().len(), 5);
    for dir in &dirs {
        assert!(
            dirs.iter().all(|other| dir == other || !other.starts_with(dir)),
            "{dir:?}"
        );
        assert_eq!(fs::read_dir(dir.join("artifacts")).unwrap().count(), 1, "{dir:?}");
    }
}

#[test]
fn w19_every_attempt_has_fresh_artifacts_and_keeps_them() {
    let source = "# flaky\ntest \"x\" {\n    shell s {\n        > ls -A ${__RELUX_TEST_ARTIFACTS} | wc -l\n        <? ^0$\n        > touch ${__RELUX_TEST_ARTIFACTS}/mine; echo x >> count; test $$(wc -l < count) -ge 3\n        match_ok()\n    }\n}\n";
    let ran = suite(source)
        .with(|suite| suite.options.flaky_retries = Some(5))
        .run()
        .ok();
    let result = ran.only();
    assert_eq!((result.outcome, result.earlier.len()), (Outcome::Flaky, 2));
    let dirs = result.earlier.iter().map(|it| &it.log_dir).chain(&result.log_dir);
    for dir in dirs {
        let artifacts = ran.report.run_dir.join(dir).join("artifacts");
        assert!(artifacts.join("mine").exists(), "{artifacts:?}");
    }
}
