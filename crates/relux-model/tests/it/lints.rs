//! What runs but is likely wrong: each rule where it speaks and, more important, where it does not.

mod allows;
mod expects;
mod literals;
mod markers;
mod modules;
mod reach;
mod starts;

use crate::check::{check_lints, report_lints};

#[test]
fn imports_that_bring_nothing() {
    check_lints(
        r#"//- relux/lib/tools.relux
fn used() {
    > a
}
fn spare() {
   ^^^^^ unused-function
    > b
}
effect Base {
    shell s {
        > c
    }
}
//- relux/lib/other.relux
fn unwanted() {
   ^^^^^^^^ unused-function
    > a
}
//- relux/tests/list.relux
import tools { used, Base as Ground, spare as more }
                                     ^^^^^^^^^^^^^ unused-import
import other { unwanted }
^^^^^^^^^^^^^^^^^^^^^^^^^ unused-import
test "t" {
    start Ground
    shell s {
        used()
    }
}
//- relux/tests/wildcard.relux
import tools
import other
^^^^^^^^^^^^ unused-import
test "t" {
    shell s {
        used()
    }
}
"#,
        &[],
    );
}

#[test]
fn nothing_is_unused_while_a_file_is_half_typed() {
    check_lints(
        r#"//- relux/lib/tools.relux
fn used() {
   ^^^^ unused-function
    > a
}
//- relux/tests/t.relux
import tools { used }
test "t" {
    let x = "1"
    shell s {
        us
    }
"#,
        &[],
    );
}

#[test]
fn variables_that_nothing_reads() {
    check_lints(
        r#"
effect E {
    let handed = "1"
    let kept = "2"
        ^^^^ unused-variable
    let passed = "3"
    start F { KEY = passed }
    expose var handed
    shell s {
        > a
    }
}
effect F {
    expect KEY
    shell s {
        > ${KEY}
    }
}
test "t" {
    let outer = "x"
        ^^^^^ unused-variable
    let _ignored = "x"
    start E
    shell s {
        let written = "a"
            ^^^^^^^ unused-variable
        written := "b"
        let read = "c"
        > echo ${read}
        let next = "d"
        <? ^${next}$
    }
    shell other {
        let read = "c"
            ^^^^ unused-variable
        > a
    }
}
fn f(used, spare) {
           ^^^^^ unused-parameter
    > ${used}
}
fn g(_spare) {
   ^ unused-function
    f("a", "b")
    let early = "x"
        ^^^^^ unused-variable
    let returned = "x"
}
"#,
        &[],
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"//- relux/lib/tools.relux
fn used(a, b) {
    > ${a}
}
fn spare() {
    > b
}
effect Ground {
    shell s {
        > a
    }
}
//- relux/tests/t.relux
import tools { used, spare }
test "t" {
    let port = "1"
    shell s {
        used("a", "b")
        > ${prt} ${i}
        match_ok
    }
}
//- relux/tests/u.relux
import tools
test "u" {
    shell s {
        > a
    }
}
"#
    ));
}
