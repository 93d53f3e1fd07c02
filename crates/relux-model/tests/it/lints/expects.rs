//! Expects and overlays that do not meet.

use crate::check::{check_lints, fixed, report_lints};

#[test]
fn keys_that_nobody_expects() {
    check_lints(
        r#"
effect Db {
    expect DB_PORT
    shell s {
        > db ${DB_PORT} $MENTIONED; printenv DB_COLOUR; echo $$lower
    }
}
effect Api {
    expect API_PORT, DB_PORT
    start Db
    shell s {
        > api ${API_PORT}
    }
}
effect Deep {
    expect DEEP_PORT
    let port = DEEP_PORT
    start Db { DB_PROT = port }
               ^^^^^^^ overlay-key-not-expected
    start Db { db_port = port }
               ^^^^^^^ overlay-key-not-expected
    start Api { API_PORT = port, DB_PORT = port }
    shell s {
        > a
    }
}
test "t" {
    let port = "1"
    start Api { API_PORT = port, DB_PORT = port, DB_PORTS = port }
                                                 ^^^^^^^^ overlay-key-not-expected
    start Db { DB_PORT = port, MENTIONED = "1", DB_COLOUR = "red", lower = "a" }
    start Db { DB_PORT = port, PATH = "/bin", RUST_LOG = "debug" }
                                              ^^^^^^^^ overlay-key-not-expected
    start Deep { DEEP_PORT = port, DB_PORT = port }
    shell s {
        > a
    }
}
"#,
        &[("PATH", "/usr/bin")],
    );
}

#[test]
fn expects_that_nothing_needs() {
    check_lints(
        r#"
effect Db {
    expect READ, IN_TEXT, BY_SHELL, FOR_INNER, HANDED, _KEPT
    expect IDLE
           ^^^^ unused-expect
    expect GIVEN, IN_CLEANUP
           ^^^^^ unused-expect
    let read = READ
    start Inner as one { INNER = HANDED }
    start Inner as two { INNER = "1" }
    expose one.s
    expose two.s as second
    shell s {
        > a ${read} ${IN_TEXT} $${BY_SHELL}
    }
    cleanup {
        > rm ${IN_CLEANUP}
    }
}
effect Inner {
    expect INNER, FOR_INNER
    expose s
    shell s {
        > b ${INNER} ${FOR_INNER}
    }
}
fn _env() {
    > printenv OF_A_FUNCTION
}
effect Last {
    expect OF_A_FUNCTION
    shell s {
        _env()
    }
}
test "t" {
    start Last { OF_A_FUNCTION = "1" }
    start Db {
        READ = "1"
        IN_TEXT = "1"
        BY_SHELL = "1"
        FOR_INNER = "1"
        HANDED = "1"
        _KEPT = "1"
        IDLE = "1"
        GIVEN = "1"
        IN_CLEANUP = "1"
    }
    shell s {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn needs_that_an_effect_does_not_name() {
    check_lints(
        r#"//- .env
FROM_FILE=1
//- relux/tests/t.relux
effect Db {
    expect DB_PORT, DB_NAME, FROM_FILE, HOME, __RELUX_TEST_ID
    shell s {
        > db ${DB_PORT} ${DB_NAME} ${FROM_FILE} ${HOME} ${__RELUX_TEST_ID}
    }
}
effect Api {
    expect DB_NAME
    start Db
          ^^ inherited-expect-not-declared
    start Db as _other
    shell s {
        > a
    }
}
effect Web {
    expect DB_NAME
    let port = "1"
    start Api { DB_PORT = port }
    start Db { DB_PORT = port }
    shell s {
        > a
    }
}
effect Outer {
    start Web
          ^^^ inherited-expect-not-declared
    shell s {
        > a
    }
}
test "t" {
    start Outer { DB_NAME = "a" }
    shell s {
        > a
    }
}
"#,
        &[("HOME", "/root")],
    );
}

#[test]
fn an_expect_is_added() {
    let db = "effect Db {\n    expect A, B\n    shell s {\n        > ${A} ${B}\n    }\n}\n";
    let fixed = |effect: &str| fixed(&format!("{effect}{db}"), "inherited-expect-not-declared");
    insta::assert_snapshot!(fixed(
        "effect Api {\n    // A comment.\n    start Db\n    shell s {\n        > a\n    }\n}\n"
    ));
    insta::assert_snapshot!(fixed(
        "effect Api {\n    expect B\n    expect C\n    start Db\n    shell s {\n        > ${B} ${C}\n    }\n}\n"
    ));
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"
effect Db {
    expect DB_PORT, IDLE
    shell s {
        > ${DB_PORT}
    }
}
effect Api {
    expect IDLE, DB_PORTS
    start Db { DB_PORTS }
    start Db { OTHER = "1" }
    shell s {
        > a
    }
}
test "t" {
    start Api { IDLE = "1", DB_PORT = "1", DB_PORTS = "1" }
    shell s {
        > a
    }
}
"#
    ));
}
