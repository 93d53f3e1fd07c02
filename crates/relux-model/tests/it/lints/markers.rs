//! Markers that decide the same in every run.

use crate::check::{check_lints, report_lints};

const SUITE: &str = r#"
# run
^^^^^ constant-marker
# skip if 0
          ^ constant-marker
# skip if ""
          ^^ constant-marker
# flaky unless "CI"
               ^^^^ constant-marker
# run if "a" = "b"
         ^^^^^^^^^ constant-marker
# skip unless "linux" ? ^lin
              ^^^^^^^^^^^^^^ constant-marker
# skip if which("docker")
# skip if "${CI}" = "true"
# skip unless CI ? ^1$
# flaky
test "t" {
    shell s {
        > a
    }
}
# skip
test "u" {
    shell s {
        > a
    }
}
"#;

#[test]
fn conditions_without_a_variable() {
    check_lints(SUITE, &[]);
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(SUITE));
}
