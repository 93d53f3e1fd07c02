//! Ports and paths that are the same in every test.

use crate::check::{check_lints, fixed, report_lints};

#[test]
fn effects_are_looked_at_in_every_suite() {
    check_lints(
        r#"
effect Server {
    expect DB_PORT
    let port = 8080
               ^^^^ hard-coded-port
    let address = "localhost:8081/path"
                             ^^^^ hard-coded-port
    let report = 2026
    let free = available_port()
    start Db { DB_PORT = "5432", YEAR = 2026 }
                          ^^^^ hard-coded-port
    shell s {
        > serve --port 9090 --also-port 9091 ${port} ${free} ${report} ${DB_PORT}
                       ^^^^ hard-coded-port
        > serve --port ${port} > /tmp/log ${address}
                                 ^^^^^^^^ shared-path
        > cat /tmp/${__RELUX_TEST_ID} 2026
        let file = "/var/tmp/made"
                    ^^^^^^^^^^^^^ shared-path
        > rm ${file}
        <? 8080 /tmp/log
    }
    cleanup {
        > rm /tmp/log
    }
}
effect Db {
    expect DB_PORT, YEAR
    shell s {
        > ${DB_PORT} ${YEAR}
    }
}
fn ask() {
    > curl localhost:8080 > /tmp/asked
}
test "t" {
    let port = 8080
    start Server { DB_PORT = port }
    shell s {
        ask()
        > serve -p 8080 > /tmp/log
    }
}
"#,
        &[],
    );
}

#[test]
fn tests_are_looked_at_where_they_run_together() {
    check_lints(
        r#"//- Relux.toml
[run]
jobs = 2
//- relux/tests/t.relux
test "t" {
    let port = 8080
               ^^^^ hard-coded-port
    shell s {
        > serve ${port} > /tmp/log
                          ^^^^^^^^ shared-path
        let port = "8080"
                    ^^^^ hard-coded-port
        > curl http://127.0.0.1:${port}/
    }
}
"#,
        &[],
    );
}

#[test]
fn a_quoted_port_is_replaced_with_its_quotes() {
    insta::assert_snapshot!(fixed(
        "effect E {\n    let port = \"8080\"\n    shell s {\n        > ${port}\n    }\n}\n",
        "hard-coded-port",
    ));
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"
effect Server {
    let port = 8080
    shell s {
        > serve --port ${port} localhost:9090 > /tmp/log
    }
}
test "t" {
    start Server
    shell s {
        > a
    }
}
"#
    ));
}
