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

#[test]
fn patterns_that_find_the_echo() {
    check_codes(
        r#"
test "t" {
    let word := "a"
    let empty := ""
    shell sh {
        > echo hello
        <= hello
           ^^^^^ match-echo
        match_ok()
        > echo hello
        <? ^hello$
        <? hello
        > echo hello
        <? l+
           ^^ match-echo
        > echo port 80
        <@2s? port (\d+)
              ^^^^^^^^^^ match-echo
        > echo ${word} ${empty}
        <= ${word}
        <= ${word}
        > echo ${word} 1
        <= ${word} 1
           ^^^^^^^^^ match-echo
        > echo ${word} 1
        word := "b"
        <= ${word} 1
        > echo ${word}1
        <? word
        > sleep 60
        <= sleep 60\r\n
        match_ok()
        match_ok()
        > sleep 60
        <= sleep 60
        match_ok()
        > cat
        > text
        <= text
           ^^^^ match-echo
        > echo a b
        log("between")
        <{
            = a b
              ^^^ match-echo
            ? ^a b$
        }
        > echo a b
        helper()
        <= a b
        => echo a b
        <= a b
        > echo a b
        <=
        <= a b
        > printf 'a\\tb'
        <= a\tb
        > echo a | tr a b
        <? b$
        <= ${word}
    }
}
fn helper() {
    > type
    <= type
    > echo type
    <= type
       ^^^^ match-echo
}
"#,
        &["match-echo"],
    );
}

#[test]
fn waiting_for_nothing() {
    check_codes(
        r#"
effect Db {
    expose service
    shell service {
        <? ^ready$
        ^^^^^^^^^^ match-without-send
    }
}
test "t" {
    start Db as db
    start Db as Other
    shell empty {
        <~1s?
        <?
        sleep("1s")
        <= x
        ^^^^ match-without-send
    }
    shell db.service {
        <? ^more$
        match_prompt()
        match_prompt()
    }
    shell db {
        match_ok()
    }
    shell second {
        match_ok()
        ^^^^^^^^^^ match-without-send
        match_ok()
        ^^^^^^^^^^ prompt-matched-twice
    }
    shell third {
        match_exit_code(0)
        match_exit_code(1)
        let prompt := match_prompt()
                      ^^^^^^^^^^^^^^ prompt-matched-twice
    }
    shell fourth {
        > a
        > b
        match_prompt()
        match_prompt()
        match_not_ok(3)
        ^^^^^^^^^^^^^^^ prompt-matched-twice
        ctrl_c()
        match_not_ok(130)
    }
    shell sixth {
        work()
        match_prompt()
        match_prompt()
        work()
        match_ok()
        match_prompt()
        ^^^^^^^^^^^^^^ prompt-matched-twice
        > a\nb
        match_prompt()
        match_prompt()
        => partial
        match_prompt()
        log("pure")
        match_prompt()
        ^^^^^^^^^^^^^^ prompt-matched-twice
    }
    shell fourth {
        <= later
    }
    cleanup {
        match_ok()
        ^^^^^^^^^^ match-without-send
    }
}
fn work() {
    match_prompt()
    match_prompt()
    > x
    match_prompt()
    match_ok()
    ^^^^^^^^^^ prompt-matched-twice
}
"#,
        &["match-without-send", "prompt-matched-twice"],
    );
}

#[test]
fn fail_patterns_in_the_way() {
    check_codes(
        r#"
effect Db {
    shell early {
        !? ^error
        > run
        <? ^up$
    }
    shell direct {
        > run
        !? ^error
        <? ^up$
    }
    shell late {
        > run
        <? ^up$
        !? ^error
        ^^^^^^^^^ fail-pattern-after-send
        <? ^later$
    }
    shell for_the_next {
        > run
        <? ^up$
        !? ^error
        > command
        <? ^done$
    }
    shell at_the_prompt {
        > run
        match_ok()
        !? ^error
    }
}
test "t" {
    let x := "x"
    shell sh {
        != FATAL
        > echo FATAL
          ^^^^^^^^^^ fail-pattern-matches-expected
        > echo fatal ${x} | tr a-z A-Z
        <= FATAL X
           ^^^^^^^ fail-pattern-matches-expected
        !?
        > echo FATAL
        !? ^error: (\d+)
        > echo error: 5
        <? ^error: 5$
           ^^^^^^^^^^ fail-pattern-matches-expected
        <? ^error: \d+$
        <? error: 5
        <= error: 5
        <? ^no error: 5$
        !? error|warning
        <? ^2 warnings\.$
           ^^^^^^^^^^^^^^ fail-pattern-matches-expected
        !? bad$
        <? ^bad
        <? bad$
           ^^^^ fail-pattern-matches-expected
        !? ${x}
        > x
        <= x
    }
    shell other {
        > echo FATAL error
        <= error
    }
}
"#,
        &["fail-pattern-after-send", "fail-pattern-matches-expected"],
    );
}

#[test]
fn sends_that_nobody_waits_for() {
    check_codes(
        r#"
effect Db {
    expose shell service
    shell service {
        > serve
    }
}
test "quiet" {
    start Db as Db
    shell Db.service {
        > stop
    }
}
test "exits" {
    shell sh {
        > exit 1
    }
}
test "waits" {
    shell sh {
        > serve
        sleep("1s")
    }
}
test "elsewhere" {
    shell one {
        > serve
    }
    shell two {
        > ask
        match_ok()
    }
    cleanup {
        > rm -rf x
    }
}
test "t" {
    shell sh {
        > cd /tmp
        > serve
        ^^^^^^^ unsynchronised-send
        > quit
        match_ok()
        > A=1
        > B=2
        ^^^^^ unsynchronised-send
        match_ok()
        > A=1 cat
        > text
        ctrl_d()
        match_ok()
        > cat > file
        > echo one
        > echo two
        ctrl_d()
        match_ok()
        > echo 'one
        > echo two'
        match_ok()
        > cd "$(head -n 1)"
        > /tmp
        match_ok()
        > cd /tmp && cat
        > text
        match_ok()
        > cd /tmp
        sleep("1s")
        => partial
        match_ok()
        > cd /tmp
        <? ^$
        > serve
        match_ok()
        > serve
        ^^^^^^^ unchecked-last-send
    }
}
fn f() {
    > cd /tmp
    > cd /
}
"#,
        &["unsynchronised-send", "unchecked-last-send"],
    );
}

#[test]
fn messages_about_sends_and_matches() {
    insta::assert_snapshot!(report_codes(
        r#"
test "t" {
    shell sh {
        match_ok()
        > echo a b
        <~2s= a (b)
        > echo a (b)
        <~2s= a (b)
        match_prompt()
        match_prompt()
        match_not_ok(3)
        match_not_ok()
        != FATAL
        > echo FATAL
        <= FATAL
        match_ok()
        > cd /tmp
        > run
        <= up
        !? ^error:
    }
    shell other {
        > run
    }
}
"#,
        &[
            "match-echo",
            "match-without-send",
            "prompt-matched-twice",
            "fail-pattern-matches-expected",
            "fail-pattern-after-send",
            "unsynchronised-send",
            "unchecked-last-send",
        ]
    ));
}

#[test]
fn interpolations_that_are_none() {
    check_codes(
        r#"//- relux/tests/old.relux
effect E {
    expose s
    shell s {
        > a
    }
}
test "old" {
    let name = "x"
    start E as Db
    start E as low
    shell sh {
        > ${name} ${1} $${x:-1} $$ $name $(pwd) {name} $
        > ${Db.port} ${low.port} ${Other.port}
          ^^^^^^^^^^ literal-qualified-variable
                     ^^^^^^^^^^^ literal-qualified-variable
        > ${ name } ${} ${a-b} ${test} ${len(name)}
          ^^^^^^^^^ malformed-interpolation
                    ^^^ malformed-interpolation
                        ^^^^^^ malformed-interpolation
                               ^^^^^^^ malformed-interpolation
                                       ^^^^^^^^^^^^ malformed-interpolation
        > ${x:-${name}} ${#x}
          ^^^^^^^^^^^^^ malformed-interpolation
                        ^^^^^ malformed-interpolation
        > grep '${' file
        > echo ${name
               ^^^^^^ malformed-interpolation
        let text = "${x:-1}"
                    ^^^^^^^ malformed-interpolation
        <= ${
           ^^ malformed-interpolation
    }
}
fn f(a) {
    > ${Db.port} ${a}
}
//- relux/tests/new.relux
import other { Up }
test "new" {
    start Up as Up
    shell sh {
        > ${Up.port}
    }
}
//- relux/lib/other.relux
effect Up {
    let port := "1"
    expose var port
    shell s {
        > a
    }
}
"#,
        &["malformed-interpolation", "literal-qualified-variable"],
    );
}

#[test]
fn operators_that_are_none() {
    check_codes(
        r#"
test "t" {
    shell sh {
        > > file
        >> file
        ^^ operator-in-payload
        >= file
        ^^ operator-in-payload
        >x
        =>> x
        => = x
        <== x
        ^^^ operator-in-payload
        <= = x
        <=x
        <? ~5s ready
           ^^^ operator-in-payload
        <?@2s? ready
          ^^^ operator-in-payload
        <= ~500ms= ready
           ^^^^^^ operator-in-payload
        <? ~5 ready
        <? ~home
        <= @user
        <? ~5sx
        <~5s? ~5s
        <= \n
        ^^^^^ blank-payload
        != \t\r
        ^^^^^^^ blank-payload
        <? \n
        <=
        <?
        !=
        <= \e
    }
}
"#,
        &["operator-in-payload", "blank-payload"],
    );
}

#[test]
fn values_for_nobody() {
    check_codes(
        r#"
test "t" ~10s {
    let word := "a"
    let got := silent()
               ^^^^^^^^ empty-value
    let again := other("${word}", silent())
                                  ^^^^^^^^ empty-value
    shell sh {
        "text"
        ^^^^^^ unused-value
        42
        ^^ unused-value
        word
        ^^^^ unused-value
        len(word)
        ^^^^^^^^^ unused-value
        log(word)
        match_ok
        PATH
        silent()
        other("a", "b")
        len(word) = 1
        <~1m? ^ok$
         ^^^ timeout-longer-than-test
        <@1m? ^ok$
        <~10s= ok
        ~11s
        ^^^^ timeout-longer-than-test
        let a := waits()
                 ^^^^^^^ empty-value
        let b := sends()
        let c := nothing()
        $0
        ^^ unused-value
    }
    cleanup {
        word
        ^^^^ unused-value
    }
}
test "by assertion" @10s {
    shell sh {
        <~1m? ^ok$
         ^^^ timeout-longer-than-test
        <@1m? ^ok$
         ^^^ timeout-longer-than-test
        <~5s? ^ok$
    }
}
test "usual" {
    shell sh {
        <~4m? ^ok$
        <~6m? ^ok$
         ^^^ timeout-longer-than-test
    }
}
pure fn silent() {
    "a"
    ^^^ unused-value
    // nothing
}
pure fn other(a, b) {
    a
    ^ unused-value
    "${a}${b}"
}
fn waits() {
    > a
    <{
        ? ^a$
    }
}
fn sends() {
    <~1h? ^up$
    > a
}
fn nothing() {
}
"#,
        &["unused-value", "empty-value", "timeout-longer-than-test"],
    );
}

#[test]
fn messages_about_texts_and_values() {
    insta::assert_snapshot!(report_codes(
        r#"
effect E {
    expose s
    shell s {
        > a
    }
}
test "t" {
    let name = silent()
    start E as Db
    start E as db
    shell sh {
        > ${ name } ${} ${test} ${len(name)} ${x:-1} ${Db.x} ${db.x}
        > ${name
        log("${x:-1}")
        >> x
        >= x
        <== x
        <= ~5s= x
        <= \n
        != \n
        "text"
        name
        <~1h? x
    }
}
pure fn silent() {
    // nothing
}
"#,
        &[
            "malformed-interpolation",
            "literal-qualified-variable",
            "operator-in-payload",
            "blank-payload",
            "unused-value",
            "empty-value",
            "timeout-longer-than-test",
        ]
    ));
}
