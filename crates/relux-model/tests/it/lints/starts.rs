//! Starts, their aliases and what effects expose.

use crate::check::{check_lints, report_lints};

#[test]
fn aliases_that_nothing_uses() {
    check_lints(
        r#"//- Relux.toml
edition = "2026-08"
//- relux/tests/t.relux
effect Db {
    let port := "1"
    expose shell main
    expose var port
    shell main {
        > ${port}
    }
}
effect Api {
    expect DB
    start Db as Inner
    start Db as Idle
                ^^^^ unused-alias
    expose shell Inner.main
    shell s {
        > ${DB}
    }
}
test "in a block, in text, in an overlay" {
    start Db as Block
    start Db as Text
    start Db as Value
    start Db as _Kept
    start Db as Nobody
                ^^^^^^ unused-alias
    start Api { DB := Value.port }
    shell Block.main {
        > a ${Text.port}
    }
}
"#,
        &[],
    );
}

#[test]
fn an_alias_alone_may_name_a_shell() {
    check_lints(
        r#"
effect Db {
    expose main
    shell main {
        > a
    }
}
effect Two {
    expose one
    expose two
    shell one {
        > a
    }
    shell two {
        > a
    }
}
test "t" {
    start Db as db
    start Two as two
    start Two as three
    shell db {
        > a
    }
    shell two {
          ^^^ start-shadows
        > a
    }
    shell two {
        > b
    }
    shell two.one {
        > a
    }
    shell three.two {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn exposes_of_one_name() {
    check_lints(
        r#"//- Relux.toml
edition = "2026-08"
//- relux/tests/t.relux
effect Db {
    let main := "1"
    expose shell main
    expose var main
    expose shell second as client
                           ^^^^^^ duplicate-expose
    expose shell main as client
    shell main {
        > ${main}
    }
    shell second {
        > a
    }
}
test "t" {
    start Db as A
    shell A.main {
        > ${A.main}
    }
}
"#,
        &[],
    );
}

#[test]
fn starts_that_do_the_same() {
    check_lints(
        r#"
effect Db {
    expect PORT, HOST
    shell s {
        > ${PORT} ${HOST}
    }
}
test "t" {
    let port = available_port()
    start Db { PORT = port, HOST = "a" }
    start Db { HOST = "a", PORT = port }
          ^^ duplicate-start
    start Db { PORT = port, HOST = "b" }
    start Db { PORT = available_port(), HOST = "a" }
    start Db { PORT = available_port(), HOST = "a" }
    shell s {
        > a
    }
}
test "another" {
    start Db { PORT = "1", HOST = "a" }
    start Db as _second { PORT = "1", HOST = "a" }
    shell s {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"
effect Db {
    expose one as main
    expose two as main
    shell one {
        > a
    }
    shell two {
        > a
    }
}
effect Two {
    expose one
    expose two
    shell one {
        > a
    }
    shell two {
        > a
    }
}
test "t" {
    start Db
    start Db
    start Db as unused
    start Two as one
    shell one {
        > a
    }
    shell one.two {
        > a
    }
}
"#
    ));
}
