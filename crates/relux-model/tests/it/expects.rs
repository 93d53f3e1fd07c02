//! `missing-expect` and `expect-from-host-environment`: the cases of the published tools, with our answers.

use crate::check::{check, check_with_env, fixed, report, report_with_env};

/// `Auth` passes on what it gets; `Web` starts `Db` without declaring what it needs.
const LIB: &str = "\
//- /relux/lib/services.relux
effect Db {
    expect DB_PORT
    expose service
    shell service {
        > serve ${DB_PORT}
    }
}
effect Auth {
    expect DB_PORT, AUTH_PORT
    start Db
    expose service
    shell service {
        > serve ${AUTH_PORT}
    }
}
effect Web {
    expect WEB_PORT
    start Db
    expose service
    shell service {
        > serve ${WEB_PORT}
    }
}
effect Renaming {
    expect STORE_PORT
    start Db { DB_PORT = STORE_PORT }
}
";

fn with_test(body: &str) -> String {
    format!(
        "{LIB}\
//- /relux/tests/t.relux
import services
test \"t\" {{
{body}    shell client {{
        > x
    }}
}}
"
    )
}

#[track_caller]
fn check_test(body: &str) {
    check(&with_test(body));
}

#[test]
fn an_overlay_satisfies() {
    check_test("    start Db { DB_PORT = \"1\" }\n");
    check_test("    start Db { DB_PORT }\n");
    check_test("    start Db { DB_PORT = nope }\n");
    check_test("    let p = available_port()\n    start Auth { DB_PORT = p, AUTH_PORT = p }\n");
}

#[test]
fn without_an_overlay_it_is_missing() {
    check_test("    start Db\n          ^^ missing-expect\n");
    check_test("    start Db { }\n          ^^ missing-expect\n");
    check_test("    start Db { PORT = \"1\" }\n          ^^ missing-expect\n");
}

#[test]
fn a_let_of_the_same_name_does_not_count() {
    check_test("    let DB_PORT = \"1\"\n    start Db\n          ^^ missing-expect\n");
}

#[test]
fn overlays_do_not_reach_siblings() {
    check_test("    start Db { DB_PORT = \"1\" }\n    start Db\n          ^^ missing-expect\n");
}

#[test]
fn inner_starts_inherit() {
    check_test("    start Auth { DB_PORT = \"1\", AUTH_PORT = \"2\" }\n");
    check_test("    start Auth { AUTH_PORT = \"2\" }\n          ^^^^ missing-expect\n");
}

#[test]
fn what_an_effect_does_not_declare_is_needed_all_the_same() {
    check_test("    start Web { WEB_PORT = \"1\", DB_PORT = \"2\" }\n");
    check_test("    start Web { WEB_PORT = \"1\" }\n          ^^^ missing-expect\n");
}

#[test]
fn an_inner_overlay_satisfies() {
    check_test("    start Renaming { STORE_PORT = \"1\" }\n");
    check_test("    start Renaming { DB_PORT = \"1\" }\n          ^^^^^^^^ missing-expect\n");
}

#[test]
fn the_answer_does_not_depend_on_the_order_of_tests() {
    let good = "\
test \"good\" {
    start Web { WEB_PORT = \"1\", DB_PORT = \"2\" }
    shell s {
        > x
    }
}
";
    let bad = "\
test \"bad\" {
    start Web { WEB_PORT = \"1\" }
          ^^^ missing-expect
    shell s {
        > x
    }
}
";
    for (first, second) in [(good, bad), (bad, good)] {
        check(&format!(
            "{LIB}\
//- /relux/tests/a.relux
import services
{first}{second}\
//- /relux/tests/b.relux
import services
{second}{first}"
        ));
    }
}

#[test]
fn dot_env_files_satisfy_on_the_way_to_the_test() {
    check(&format!(
        "{LIB}\
//- /relux/tests/db/.env
DB_PORT=9000
//- /.env
export AUTH_PORT=\"9001\" # default
//- /relux/tests/db/t.relux
import services
test \"t\" {{
    start Auth
    shell s {{
        > x
    }}
}}
//- /relux/tests/other/t.relux
import services
test \"t\" {{
    start Auth
          ^^^^ missing-expect
    shell s {{
        > x
    }}
}}
"
    ));
}

#[test]
fn the_host_environment_satisfies_with_a_word() {
    check_with_env(
        &with_test("    start Db\n          ^^ expect-from-host-environment\n"),
        &[("DB_PORT", "")],
    );
    check_with_env(
        &with_test("    start Db { DB_PORT = \"1\" }\n"),
        &[("DB_PORT", "9")],
    );
}

#[test]
fn what_the_runner_sets_is_there() {
    check(
        "\
effect Logs {
    expect __RELUX_TEST_ARTIFACTS
}
test \"t\" {
    start Logs
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn circles_need_what_their_members_need() {
    check(
        "\
effect A {
    expect A_PORT
    start B
          ^ effect-cycle
}
effect B {
    expect B_PORT
    start C { C_PORT = B_PORT }
}
effect C {
    expect C_PORT
    start A
}
test \"all\" {
    start A { A_PORT = \"1\", B_PORT = \"2\" }
    start C { A_PORT = \"1\", B_PORT = \"2\", C_PORT = \"3\" }
    shell s {
        > x
    }
}
test \"some\" {
    start A { A_PORT = \"1\" }
          ^ missing-expect
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn what_is_said() {
    insta::assert_snapshot!(report(&format!(
        "{LIB}\
effect Top {{
    let DB_PORT = \"1\"
    start Auth as auth
    expose auth.service as service
}}
//- /relux/tests/a.relux
import services
test \"nothing\" {{
    start Top
    shell s {{
        > x
    }}
}}
test \"a let\" {{
    let DB_PORT = available_port()
    start Web as web {{
        WEB_PORT = \"1\"
    }}
    shell s {{
        > x
    }}
}}
"
    )));
}

#[test]
fn what_is_said_about_the_host() {
    let env = [("DB_PORT", "1"), ("AUTH_PORT", "2")];
    insta::assert_snapshot!(report_with_env(&with_test("    start Auth\n"), &env));
}

#[track_caller]
fn fixed_test(body: &str) -> String {
    let text = fixed(&with_test(body), "missing-expect");
    let from = text.find("test").expect("the test is there");
    let to = text.find("    shell client").expect("the shell is there");
    text[from..to].to_owned()
}

#[test]
fn fixes_create_the_overlay_and_the_port() {
    insta::assert_snapshot!(fixed_test("    start Auth\n"), @r#"
    test "t" {
        let db_port = available_port()
        let auth_port = available_port()

        start Auth { DB_PORT = db_port, AUTH_PORT = auth_port }
    "#);
}

#[test]
fn fixes_use_the_variables_that_fit() {
    insta::assert_snapshot!(
        fixed_test("    let db_port = available_port()\n    let x = \"1\"\n\n    start Auth as a {\n        AUTH_PORT = x\n    }\n"),
        @r#"
    test "t" {
        let db_port = available_port()
        let x = "1"

        start Auth as a {
            AUTH_PORT = x
            DB_PORT = db_port
        }
    "#);
    insta::assert_snapshot!(fixed_test("    let DB_PORT = \"1\"\n    start Db {}\n"), @r#"
    test "t" {
        let DB_PORT = "1"
        start Db { DB_PORT }
    "#);
}

#[test]
fn fixes_speak_the_edition_of_the_module() {
    insta::assert_snapshot!(fixed_test("    let x := \"1\"\n    start Db\n"), @r#"
    test "t" {
        let x := "1"
        let db_port := available_port()
        start Db { DB_PORT := db_port }
    "#);
}

#[test]
fn long_overlays_take_several_lines() {
    insta::assert_snapshot!(
        fixed(
            "\
effect Big {
    expect FIRST_LONG_NAME, SECOND_LONG_NAME, THIRD_LONG_NAME, FOURTH_LONG_NAME, FIFTH_LONG_NAME
}
test \"t\" {
    start Big
    shell s {
        > x
    }
}
",
            "missing-expect"
        ),
        @r#"
    effect Big {
        expect FIRST_LONG_NAME, SECOND_LONG_NAME, THIRD_LONG_NAME, FOURTH_LONG_NAME, FIFTH_LONG_NAME
    }
    test "t" {
        start Big {
            FIRST_LONG_NAME,
            SECOND_LONG_NAME,
            THIRD_LONG_NAME,
            FOURTH_LONG_NAME,
            FIFTH_LONG_NAME,
        }
        shell s {
            > x
        }
    }
    "#);
}

#[test]
fn fixes_write_like_the_file() {
    insta::assert_snapshot!(
        fixed_test("    let db_port = \"1\"\n    start Auth {\n        AUTH_PORT = \"a, b\"\n    }\n"),
        @r#"
    test "t" {
        let db_port = "1"
        start Auth {
            AUTH_PORT = "a, b"
            DB_PORT = db_port
        }
    "#
    );
    insta::assert_snapshot!(
        fixed_test("    let db_port = \"1\"\n    start Auth {\n        AUTH_PORT = \"1\",\n    }\n"),
        @r#"
    test "t" {
        let db_port = "1"
        start Auth {
            AUTH_PORT = "1",
            DB_PORT = db_port,
        }
    "#
    );
    let text = fixed(
        &with_test("    start Auth\n").replace('\n', "\r\n"),
        "missing-expect",
    );
    assert_eq!(
        text.matches('\n').count(),
        text.matches("\r\n").count(),
        "{text:?}"
    );
}

#[test]
fn fixes_of_one_test_declare_different_variables() {
    let (db, suite, _) = crate::check::load(&with_test("    start Db as One\n    start Db as Two\n"), &[]);
    let found: Vec<_> = relux_model::all_files(&db, suite)
        .into_iter()
        .flat_map(|file| relux_model::diagnostics(&db, suite, file))
        .filter(|it| it.code.as_str() == "missing-expect")
        .collect();
    let declared: Vec<&str> = found
        .iter()
        .map(|it| it.fixes[0].edits[0].new_text.trim())
        .collect();
    assert_eq!(
        declared,
        [
            "let db_port = available_port()",
            "let db_port_2 = available_port()"
        ]
    );
}
