//! Names that have a value elsewhere: each is told by the rule that knows why, and by no other.

use crate::check::{check_lints, report_lints};

#[test]
fn a_default_asks_whether_a_name_is_set() {
    check_lints(
        r#"test "t" {
    let level = default(LEVEL, "quick")
    shell s {
        > echo ${level} ${LEVEL}
                          ^^^^^ undefined-variable
    }
}
"#,
        &[],
    );
}

#[test]
fn functions_see_parameters_and_the_environment() {
    check_lints(
        r#"//- .env
FROM_FILE=1
//- relux/lib/db.relux
effect Db {
    expect DB_PORT, API_TOKEN
    let url = address("a")
    shell s {
        > db ${DB_PORT} ${API_TOKEN} ${url}
        ask("a")
    }
}
fn ask(host) {
    let path = "/"
    > curl ${host}:${DB_PORT}${path} ${port} ${HOME}
                     ^^^^^^^ variable-out-of-reach
                                       ^^^^ variable-out-of-reach
    > curl ${API_TOKEN} ${FROM_FILE} ${__RELUX_TEST_ID} ${hots}
                                                          ^^^^ undefined-variable
    match_ok
    ^^^^^^^^ undefined-variable
}
pure fn address(host) {
    "${host}:${DB_PORT}:${port}"
                          ^^^^ variable-out-of-reach
}
//- relux/tests/t.relux
import db { Db }
test "t" {
    let port = available_port()
    let api = "1"
    start Db { DB_PORT = port, API_TOKEN }
    shell s {
        > a ${api} ${DB_PORT} ${API_TOKEN}
                     ^^^^^^^ undefined-variable
    }
}
"#,
        &[("HOME", "/root"), ("API_TOKEN", "x")],
    );
}

#[test]
fn what_another_machine_may_set_is_left_alone() {
    check_lints(
        r"
effect Db {
    expect API_TOKEN
    shell s {
        > db ${API_TOKEN}
    }
}
fn _ask() {
    > curl ${API_TOKEN}
}
effect Api {
    start Db { API_TOKEN = API_TOKEN }
    shell s {
        > a
    }
}
# skip unless API_TOKEN
# skip if CI
effect Other {
       ^^^^^ unused-effect
    start Db { API_TOKEN }
    start Api
    shell s {
        > a
    }
}
",
        &[],
    );
}

#[test]
fn cleanups_see_no_shell() {
    check_lints(
        r#"
effect Db {
    expect NAME
    let dir = "a"
    let value = ""
    shell s {
        let made = "x"
        let dir = "b"
        value = "c"
        > ${made} ${dir} ${value}
    }
    shell t {
        > ${made}
            ^^^^ undefined-variable
    }
    cleanup {
        let own = "z"
        > rm ${made} ${dir} ${value} ${own} ${NAME} ${nothing}
               ^^^^ unset-in-cleanup
                                                      ^^^^^^^ undefined-variable
    }
}
test "t" {
    start Db { NAME = "a" }
    shell s {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn blocks_on_shells_of_effects_belong_to_the_starter() {
    check_lints(
        r#"
effect Db {
    expect NAME, CI_TOKEN
    let dir = "a"
    expose main
    shell main {
        > ${NAME} ${dir} ${CI_TOKEN}
    }
}
effect Api {
    expect NAME
    let dir = "b"
    start Db as db { NAME = dir }
    expose db.main
    shell db.main {
        > ${NAME} ${dir} $${NAME}
    }
}
test "t" {
    let name = "a"
    start Db as db { NAME = name }
    start Api { NAME = name }
    shell db {
        > ${dir} ${name}
            ^^^ effect-variable-in-qualified-block
    }
    shell db.main {
        > ${NAME} ${CI_TOKEN} $${NAME}
            ^^^^ effect-variable-in-qualified-block
        <? ^${NAME}$
              ^^^^ effect-variable-in-qualified-block
        let dir = "c"
        > ${dir}
    }
    shell own {
        > ${NAME}
            ^^^^ undefined-variable
    }
}
"#,
        &[("CI_TOKEN", "x")],
    );
}

#[test]
fn markers_see_the_environment() {
    check_lints(
        r#"//- .env
FROM_FILE=1
//- relux/tests/t.relux
# skip if system = "Linux"
          ^^^^^^ marker-variable-never-set
# skip if "${__RELUX_TEST_ID}"
             ^^^^^^^^^^^^^^^ marker-variable-never-set
# skip unless CI
# skip unless FROM_FILE
# skip unless HOME
# skip unless other
test "t" {
    let system = "Linux"
    let HOME = system
    start Db { NAME = HOME }
    shell s {
        f("a")
    }
}
test "u" {
    let other = "a"
    shell s {
        > ${other}
    }
}
# skip if text
          ^^^^ marker-variable-never-set
fn f(text) {
    > ${text}
}
# skip unless NAME
              ^^^^ marker-variable-never-set
# skip unless TOKEN
effect Db {
    expect NAME, TOKEN
    shell s {
        > ${NAME} ${TOKEN}
    }
}
"#,
        &[("HOME", "/root"), ("TOKEN", "1")],
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    let url = "a"
    expose main
    shell main {
        let made = "${url}"
        > db ${DB_PORT} ${made}
    }
    cleanup {
        > rm ${made}
    }
}
fn ask() {
    > curl ${DB_PORT} ${port}
}
//- relux/tests/t.relux
import db
# skip if port
# run if __RELUX_RUN_ID
test "t" {
    let port = available_port()
    start Db as db { DB_PORT = port }
    shell db.main {
        ask()
        > ${DB_PORT} ${url}
        > ${late}
        let late = "1"
        > ${late}
    }
    shell other {
        > ${late}
    }
}
"#
    ));
}
