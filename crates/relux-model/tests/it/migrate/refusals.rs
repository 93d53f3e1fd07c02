//! What cannot be said, and what would mean something else.

use super::*;
use Edition::{E2026_04 as OLD, E2026_08 as NEW};

#[test]
fn what_2026_04_has_no_words_for() {
    insta::assert_snapshot!(refused(
        OLD,
        &[],
        r#"//- Relux.toml
edition = "2026-08"
//- relux/lib/e.relux
effect Db {
    let port := available_port()
    expose shell db
    expose var port
    shell db {
        > db ${port}
    }
}

effect Web {
    expect DB_PORT
    let n := "12"
    n ? ^(\d+)$
    let m := $1
    let k := "${1}"
    expose shell web
    shell web {
        > web ${DB_PORT} ${m} ${k}
    }
}

pure fn first(text) {
    text ? ^(.)
    $1
}
//- relux/tests/t.relux
import e

# skip if "${1}"
test "t" {
    start Web as Web { DB_PORT := Db.port, URL := "http://${Db.port}" }
    start Db as Db
    shell s {
        let x := Db.port
        x = 12 
        x ? ^1
        f() = 1
        <{
            ? a
            = b
        }
        > ${Db.port} ${1} $${Db.port}
        log($1)
        x := "a
b"
        first(x)
    }
}

fn f() {
    "1"
}
"#
    ));
}

#[test]
fn what_2026_08_has_no_words_for() {
    insta::assert_snapshot!(refused(
        NEW,
        &[],
        r#"effect E {
    expect var
    shell s {
        > ${var}
    }
}

test "t" {
    let x = "1"
    start E { var = x }
    shell s {
        > ${x}
        > ${var}
    }
}
"#
    ));
}

const SPLIT: &str = r#"//- relux/lib/a.relux
fn f(x) {
    x = "1"
    > ${x}
}
//- relux/tests/t.relux
import a

test "t" {
    shell s {
        let x = "2"
        x = "3"
        f(x)
    }
}
"#;

#[test]
fn a_neighbour_that_would_be_read_otherwise() {
    insta::assert_snapshot!(refused(NEW, &["relux/tests/t.relux"], SPLIT), @"relux/lib/a.relux is read as 2026-08");
    partly(
        NEW,
        &["relux/lib/a.relux"],
        SPLIT,
        "//- relux/lib/a.relux\nfn f(x) {\n    x := \"1\"\n    > ${x}\n}\n",
    );
}

#[test]
fn a_part_of_a_suite_with_another_edition() {
    let fixture = format!("//- Relux.toml\nedition = \"2026-08\"\n{SPLIT}").replace(" = \"", " := \"");
    let fixture = fixture.replace("edition :=", "edition =");
    insta::assert_snapshot!(refused(OLD, &["relux/tests/t.relux"], &fixture), @"relux/tests/t.relux is read as 2026-08");
}

#[test]
fn a_suite_with_errors() {
    let broken = "test \"t\" {\n    let x = 1\n    shell s {\n        nothing()\n        <? (\n        > ${x}\n    }\n}\n";
    assert_eq!(refused(NEW, &[], broken), "2 errors");
}
