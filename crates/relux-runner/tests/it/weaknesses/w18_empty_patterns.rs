//! Patterns that are empty after interpolation: they match at once, so a match says nothing and a fail pattern fails.

use relux_runner::event::FailureKind;

use crate::suite::suite;

#[test]
fn w18_empty_patterns_are_errors() {
    for (statement, message) in [
        (
            "<? ${nothing}",
            "the pattern is empty after its variables were filled in",
        ),
        (
            "<= ${nothing}",
            "the pattern is empty after its variables were filled in",
        ),
        (
            "<{\n            = ${nothing}\n        }",
            "the pattern is empty after its variables were filled in",
        ),
        (
            "!? ${nothing}",
            "the fail pattern is empty after its variables were filled in",
        ),
        (
            "!= ${nothing}",
            "the fail pattern is empty after its variables were filled in",
        ),
    ] {
        let ran = suite(&format!(
            r#"
test "t" {{
    shell s {{
        let nothing = ""
        > echo something
        {statement}
        match_ok()
    }}
}}
"#
        ))
        .run();
        let failure = ran.only().failure.as_ref().unwrap();
        assert_eq!(failure.kind, FailureKind::Pattern, "{}", ran.output);
        assert_eq!(failure.message, message);
    }
}
