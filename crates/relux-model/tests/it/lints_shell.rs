//! The lints about what happens in shells: each rule where it speaks and, more important, where it does not.

use crate::check::{check_codes, report_codes};

#[test]
fn captures_that_hold_nothing() {
    check_codes(
        r#"
effect Db {
    expose shell service
    shell service {
        > true ${1}
               ^^^^ capture-before-match
        <? ^(a)(b)$
        > true ${0} ${1} ${2}
    }
}
test "t" {
    let name := "a-b"
    let early := $1
                 ^^ capture-before-match
    name ? ^(\w)-(\w)$
    let parts := "${1}${2}${3}"
                          ^^^^ capture-out-of-range
    start Db as Db
    shell Db.service {
        > true ${1}
        <? ^one (group)$
        > true ${2}
               ^^^^ capture-out-of-range
    }
    shell sh {
        > true ${1}
               ^^^^ capture-before-match
        <? ^x(?:y)[(]$
        > true ${0} ${1}
                    ^^^^ capture-out-of-range
        <= literal
        match_ok()
        > true ${1}
               ^^^^ capture-out-of-range
        <? ^(\d)${early}$
        > true ${1} ${7}
    }
    shell other {
        > true ${1}
               ^^^^ capture-before-match
    }
    shell sh {
        > true ${9}
        <? ^(a)(b)$
        helper($2)
        helper("${2}")
        parts ? ^b(?P<c>.)$
        > true $1 ${1}
        <? ^${1} (next)$
        <? ^${2}$
    }
    cleanup {
        > true ${1}
               ^^^^ capture-before-match
    }
}
fn helper(word) {
    > true ${1}
           ^^^^ capture-before-match
    <{
        ? ^(a)$
    }
    > true ${1}
           ^^^^ capture-before-match
    let second := split(word, $1, 1)
                              ^^ capture-before-match
}
"#,
        &["capture-out-of-range", "capture-before-match"],
    );
}

#[test]
fn dollars_before_digits() {
    check_codes(
        r#"
test "t" {
    shell sh {
        > echo $1 "$2"
        <? ^(\d)(\d)$
        > echo $1 "$2" $3 $0 $$1 \\$1 ${1} $12
               ^^ dollar-digit-in-text
                   ^^ dollar-digit-in-text
        > awk '{print $1}' | awk "{print $1}"
        > curl -d '{"id": "$1"}'
        > f() { echo "$1"; }
        > set -- a b; echo $1
        <= got $1
               ^^ dollar-digit-in-text
        log("got $2")
                 ^^ dollar-digit-in-text
        let price = "$9"
        <? ^$1 of \$2
            ^^ dollar-digit-in-text
        > echo $1
    }
    shell other {
        > echo $1
    }
}
fn f(a) {
    > psql -c "select $1" -v ${a}
    <? ^ok$
    > psql -c "select $1" -v ${a}
}
"#,
        &["dollar-digit-in-text", "impossible-regex"],
    );
}

#[test]
fn regexes_that_do_something_else() {
    check_codes(
        r#"
test "t" {
    let value := "a"
    value ? .*
            ^^ empty-matching-regex
    value ? ^\d*$
    shell sh {
        !? (error)?
           ^^^^^^^^ empty-matching-regex
        > run
        <? a*
           ^^ empty-matching-regex
        <? ^.*
           ^^^ empty-matching-regex
        <? ^.*$
        <? .+
        <?
        <~1s?
        <= .*
        <? ${value}*
        <? .*done
        <{
            ? ^\s*
              ^^^^ empty-matching-regex
            ? ^\s*$
        }
        <? costs $5
                 ^ impossible-regex
        <? $HOME/bin
           ^ impossible-regex
        <? a^
            ^ impossible-regex
        <? \$5$
        <? ^done$$
        <? ^a$|^b$
        <? a$\r\n^b
        <? (?P<what>\w+) is (?<how>\w+)
            ^^^^^^^^ named-group
                             ^^^^^^ named-group
    }
}
"#,
        &["empty-matching-regex", "impossible-regex", "named-group"],
    );
}

#[test]
fn messages_about_captures_and_regexes() {
    insta::assert_snapshot!(report_codes(
        r#"
test "t" {
    let value := "a"
    value ? .*
    shell sh {
        !? .*
        <? a*
        > echo ${1} ${2}
        <? (?P<n>a)(b)
        > echo $1 ${3}
        <? a^$5
    }
    shell other {
        > echo ${1}
    }
    cleanup {
        > echo ${1}
    }
}
fn f() {
    let a := $1
}
"#,
        &[
            "capture-out-of-range",
            "capture-before-match",
            "dollar-digit-in-text",
            "empty-matching-regex",
            "impossible-regex",
            "named-group",
        ]
    ));
}
