//! Modules: what is defined where, and under which names.

use crate::check::{check_lints, report_lints};

#[test]
fn tests_belong_to_tests() {
    check_lints(
        r#"//- relux/lib/a.relux
test "here" {
     ^^^^^^ test-in-library
    shell s {
        f()
        h()
    }
}
fn f() {
    > a
}
fn h() {
    > a
}
//- relux/lib/b.relux
import a { h }
fn _i() {
    h()
}
//- relux/tests/a.relux
test "there" {
    shell s {
        > a
    }
}
"#,
        &[],
    );
}

#[test]
fn functions_with_names_of_built_in_ones() {
    check_lints(
        r#"//- relux/lib/a.relux
fn sleep(time) {
   ^^^^^ shadowed-builtin
    > sleep ${time}
}
pure fn len(text) {
        ^^^ shadowed-builtin
    let length = text
}
fn len(text, unit) {
    > ${text} ${unit}
}
fn clip(text) {
    > ${text}
}
//- relux/tests/a.relux
import a { sleep, clip as trim, len }
                          ^^^^ shadowed-builtin
test "t" {
    let n = len("a")
    shell s {
        sleep("1")
        trim(n)
        len("a", "b")
    }
}
"#,
        &[],
    );
}

#[test]
fn a_pure_function_wins() {
    check_lints(
        r#"
fn f() {
   ^ dead-definition
    > a
}
pure fn f() {
    "a"
}
pure fn g(a) {
    a
}
fn g(a) {
   ^ dead-definition
    > ${a}
}
fn g() {
    > a
}
test "t" {
    shell s {
        f()
        g()
        g("a")
    }
}
"#,
        &[],
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report_lints(
        r#"//- relux/lib/b.relux
fn f() {
    > a
}
//- relux/lib/a.relux
import b { f as ctrl_c }
fn f() {
    > a
}
pure fn f() {
    "a"
}
fn lower(text) {
    > ${text}
}
test "t" {
    shell s {
        ctrl_c()
        f()
        lower("A")
    }
}
"#
    ));
}
