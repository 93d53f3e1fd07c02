//! Comments that allow something, and those that allow nothing.

use crate::check::{check_lints, fixed, report_lints};

const SUITE: &str = r#"//- Relux.toml
[lints]
unused-parameter = "allow"
//- relux/tests/t.relux
// relux: allow(unused-parameter)
fn f(a) {
    > a
}
test "t" {
    // relux: allow(unused-variable, unused-import)
                                     ^^^^^^^^^^^^^ unused-allow
    let a = "1"
    // relux: allow(unused-variable)
                    ^^^^^^^^^^^^^^^ unused-allow

    let b = "1"
        ^ unused-variable
    // relux: allow(undefined-variable) where no environment sets it
    shell s {
        f("a")
        //relux: allow(unused-varible)
                       ^^^^^^^^^^^^^^ unused-allow
        let c = "1"
            ^ unused-variable
        // relux: allow(no-such-thing)
                        ^^^^^^^^^^^^^ unused-allow
        > // relux: allow(unused-variable)
        // relux: allow(unused-allow)
        // relux: allow(missing-expect)
        > a
        // relux: allow(missing-expect, unused-variable)
                                        ^^^^^^^^^^^^^^^ unused-allow
                        ^^^^^^^^^^^^^^ unused-allow
        > b
    }
}
"#;

#[test]
fn comments_that_allow_nothing() {
    check_lints(SUITE, &[]);
}

#[test]
fn errors_hide_findings_that_may_be_allowed() {
    check_lints(
        r#"
test "t" {
    // relux: allow(unused-variable)
    let a = "1"
    shell s {
        nothing()
        // relux: allow(no-such-thing)
        > ${a}
    }
}
"#,
        &[],
    );
}

#[test]
fn suites_decide_about_unused_comments_too() {
    check_lints(
        r#"//- Relux.toml
[lints]
unused-allow = "allow"
//- relux/tests/t.relux
test "t" {
    // relux: allow(unused-variable)
    shell s {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn codes_are_removed_one_by_one() {
    let fixed = |list: &str, used: &str| {
        let text = format!(
            "test \"t\" {{\n    // relux: allow({list})\n    let a = {used}\n    shell s {{\n        > b\n    }}\n}}\n"
        );
        fixed(&text, "unused-allow")
    };
    insta::assert_snapshot!(fixed("unused-import, unused-variable", "\"1\""));
    insta::assert_snapshot!(fixed("unused-variable, unused-import", "\"1\""));
    insta::assert_snapshot!(fixed("unused-import", "\"1\""));
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(SUITE));
}
