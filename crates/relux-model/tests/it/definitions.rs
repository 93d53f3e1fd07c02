//! `duplicate-parameter`, `duplicate-test-name`, `empty-test`, `mixed-editions`, and what silences them.

use crate::check::{check, check_with_env, report};

#[test]
fn parameters() {
    check(
        "\
fn f(a, b, a) {
           ^ duplicate-parameter
    > x
}
",
    );
}

#[test]
fn test_names_and_slugs() {
    check(
        "\
test \"A b\" {
    shell s {
        > x
    }
}
test \"a-b\" {
     ^^^^^ duplicate-test-name
    shell s {
        > x
    }
}
test \"A b\" {
     ^^^^^ duplicate-test-name
    shell s {
        > x
    }
}
test \"a--b\" {
    shell s {
        > x
    }
}
//- /relux/tests/other.relux
test \"A b\" {
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn empty_tests() {
    check(
        "\
test \"nothing\" {
     ^^^^^^^^^ empty-test
}
test \"empty block\" {
     ^^^^^^^^^^^^^ empty-test
    shell s {
    }
}
test \"comment\" {
    shell s {
        // to do
    }
}
",
    );
}

#[test]
fn editions_may_not_contradict_each_other() {
    check(
        "\
test \"t\" {
    let a = \"1\"
    let b = \"2\"
    let c := \"3\"
          ^^ mixed-editions
    shell s {
        > x
    }
}
",
    );
    check(
        "\
//- /Relux.toml
edition = \"2026-08\"
//- /relux/tests/t.relux
test \"t\" {
    let a = \"1\"
    let c := \"3\"
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn comments_and_the_manifest_silence() {
    let suite = |lints: &str, comment: &str| {
        format!(
            "\
//- /Relux.toml
{lints}//- /relux/tests/t.relux
effect E {{
    expect HOST
    shell s {{
        > x
    }}
}}
test \"t\" {{
{comment}    start E
"
        )
    };
    let end = "    shell s {\n        > x\n    }\n}\n";
    let host = [("HOST", "1")];
    let said = "          ^ expect-from-host-environment\n";
    check_with_env(&format!("{}{said}{end}", suite("", "")), &host);
    let comment = "    // relux: allow(other, expect-from-host-environment)\n";
    check_with_env(&format!("{}{end}", suite("", comment)), &host);
    let lints = "[lints]\nexpect-from-host-environment = \"allow\"\n";
    check_with_env(&format!("{}{end}", suite(lints, "")), &host);
}

#[test]
fn errors_cannot_be_silenced() {
    check(
        "\
// relux: allow(other, empty-test)
                       ^^^^^^^^^^ cannot-be-allowed
test \"a\" {
     ^^^ empty-test
}
// relux: allow(duplicate-test-name)
test \"b\" {
     ^^^ empty-test
}
",
    );
    check(
        "\
//- /Relux.toml
[lints]
empty-test = \"allow\"
             ^^^^^^^ cannot-be-allowed
function-cycle = \"error\"
missing-quote = \"info\"
                ^^^^^^ cannot-be-allowed
unused-import = \"allow\"
unused-imprt = \"allow\"
^^^^^^^^^^^^ unknown-manifest-key
//- /relux/tests/t.relux
test \"a\" {
     ^^^ empty-test
}
",
    );
    check(
        "\
//- /Relux.toml
[lints]
invalid-manifest = \"allow\"
                   ^^^^^^^ cannot-be-allowed
[run]
jobs = \"x\"
       ^^^ invalid-manifest
",
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report(
        "\
//- /Relux.toml
[lints]
mixed-editions = \"warn\"
//- /relux/tests/t.relux
fn f(a, a) {
    > x
}
test \"one\" {
}
test \"one\" {
    let a = \"1\"
    let b := \"1\"
    shell s {
        > x
    }
}
test \"ONE\" {
    shell s {
        > x
    }
}
"
    ));
}

#[test]
fn a_test_that_is_cut_off_is_not_called_empty() {
    check(
        "\
test \"t\" {
    fn f() {
    ^^^^^^ misplaced-item
        > x
    }
    shell s {
        f()
    }
}
",
    );
}
