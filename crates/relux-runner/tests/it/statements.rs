//! Every kind of statement and every built-in function against a real shell.

use relux_runner::event::Outcome;

use crate::suite::{Ran, suite};

/// Runs the body of a shell block, with `host` in the environment and a few functions, and expects it to pass.
fn passes(body: &str) {
    ran(body).ok();
}

fn ran(body: &str) -> Ran {
    let source = format!(
        r#"
pure fn greet(name) {{
    let whole = "hello ${{name}}"
    whole
}}
fn last_sent(text) {{
    > echo ${{text}}
}}
fn last_match() {{
    > echo one two
    <? ^(one) (two)$
}}
fn ends_in_comment() {{
    > true
    let x = ""
}}
fn reads(name) {{
    let seen = "${{host}}/${{outer}}/${{name}}"
    seen
}}
fn captures() {{
    > echo inner
    <? ^(inner)$
    let got = "${{1}}"
    got
}}
fn change_timeout() {{
    @1ms
}}
fn set_fail() {{
    !? ^never$
}}
test "t" {{
    let level = "test"
    let outer = "test"
    shell s {{
        {body}
    }}
    shell other {{
        > true
    }}
}}
"#
    );
    suite(&source)
        .with(|suite| suite.host_env.push(("host".to_owned(), "env".to_owned())))
        .run()
}

#[test]
fn sends_with_and_without_a_line_feed() {
    passes(
        r"
        => echo a
        => b
        >
        <? ^ab$
        match_prompt()
        > printf '%s\n' 'a  b '
        <? ^a  b $
        match_ok()
    ",
    );
}

#[test]
fn regexes_capture_and_literals_do_not() {
    passes(
        r#"
        > echo port 8080 host é
        <? ^port (\d+) host (\w)( never)?$
        let port = $1
        <= relux> 
        > echo "${port} ${1} ${2} [${3}] [${9}]"
        <? ^8080 8080 é \[\] \[\]$
        match_prompt()
    "#,
    );
}

#[test]
fn literals_are_exact_and_may_hold_escapes() {
    passes(
        r"
        > printf 'a.c\nd\n'
        <= a.c\r\nd\r\n
        match_prompt()
        > printf 'abc\na.c\n'
        <? ^abc$
        <= a.c
        match_ok()
    ",
    );
}

#[test]
fn matching_reads_up_to_the_end_of_the_match() {
    passes(
        r"
        > printf 'abc def\nghi\n'
        <? ^abc 
        <? ^def$
        <? ^ghi$
        match_prompt()
    ",
    );
}

#[test]
fn an_empty_match_forgets_what_was_printed() {
    passes(
        r"
        > echo first
        <? ^first$
        match_prompt()
        <?
        <=
        > echo second
        <? ^second$
    ",
    );
    let ran = ran(r"
        > echo first
        <? ^first$
        match_prompt()
        > echo again
        <? ^again$
        match_prompt()
        <?
        <@50ms= relux
    ");
    assert_eq!(ran.only().outcome, Outcome::Failed, "{}", ran.output);
}

#[test]
fn output_that_is_not_utf_8_is_readable_around_the_damage() {
    passes(
        r"
        > printf 'a\377b\303\n'
        <? ^a.b.$
        match_prompt()
        > printf '\303'; sleep 0.05; printf '\251t\303\251\n'
        <? ^(é)t(é)$
        match_ok()
    ",
    );
}

#[test]
fn multimatch_takes_any_order_and_reads_to_the_last() {
    passes(
        r"
        > printf 'b\na\nc\n'
        <{
            ? ^a$
            ? ^b$
            = c
        }
        match_prompt()
        > printf 'y\nx\n'
        <~5s{
            = x
            ? ^y$
        }
        match_prompt()
    ",
    );
}

#[test]
fn variables_live_in_shells_and_reach_up() {
    passes(
        r#"
        let x = "1"
        let empty
        x := "2"
        level := "changed"
        > echo "${x}${empty} ${level} ${host} [${unknown}] $${HOME}"
        <? ^2 changed env \[\] /nonexistent$
        match_prompt()
        let x = "3"
        x == 3
        host == env
    "#,
    );
}

#[test]
fn functions_see_their_parameters_and_the_environment() {
    passes(
        r#"
        reads("p") == env//p
        greet("you") == hello you
        last_sent("x") == echo x
        <? ^x$
        match_prompt()
        last_match() == one two
        match_prompt()
        let none = ends_in_comment()
        none == 
    "#,
    );
}

#[test]
fn functions_have_captures_timeouts_and_fail_patterns_of_their_own() {
    passes(
        r"
        > echo outer
        <? ^(outer)$
        match_prompt()
        captures() == inner
        $1 == outer
        match_prompt()
        change_timeout()
        set_fail()
        > sleep 0.1; echo never; echo late
        <? ^late$
    ",
    );
}

#[test]
fn pure_matches_compare_and_capture() {
    passes(
        r#"
        let version = "v1.22"
        version == v1.22
        version ?? ^v(\d+)\.(\d+)$
        $2 == 22
    "#,
    );
}

#[test]
fn timeouts_are_set_per_shell_and_inline() {
    let ran = ran("
        @50ms
        <? never
    ");
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(
        failure.label.as_deref(),
        Some("`never` was not printed within 50ms")
    );
}

#[test]
fn fail_patterns_can_be_cleared() {
    passes(
        r"
        !? ^boom$
        !?
        > echo boom
        <? ^boom$
        match_prompt()
        != bang
        !=
        > echo bang
        <? ^bang$
    ",
    );
}

#[test]
fn statuses() {
    passes(
        r"
        > true
        match_ok()
        > sh -c 'exit 7'
        match_not_ok()
        > sh -c 'exit 7'
        match_not_ok(7)
        > sh -c 'exit 9'
        match_prompt()
        match_exit_code(9)
        > true
        match_prompt()
    ",
    );
}

#[test]
fn control_characters() {
    passes(
        r"
        > cat
        > x
        <? ^x\r\nx$
        ctrl_c()
        match_prompt()
        match_exit_code(130)
        > sh -c 'echo up; exec cat'
        <? ^up$
        ctrl_d()
        match_ok()
        > sh -c 'echo up; exec sleep 100'
        <? ^up$
        ctrl_z()
        <? Stopped
        match_prompt()
        > kill -9 %1
        match_prompt()
        > sh -c 'echo up; exec sleep 100'
        <? ^up$
        ctrl_backslash()
        match_not_ok(131)
        ctrl_l()
        >
    ",
    );
}

#[test]
fn other_built_ins() {
    passes(
        r#"
        sleep("1ms") == 
        log("text") == text
        annotate("text") == text
        which("sh") ?? /sh$
        which("no-such-program") == 
        available_port() ?? ^\d+$
        uuid() ?? ^[0-9a-f]{8}-[0-9a-f]{4}-4
        timestamp("%Y") ?? ^\d{4}$
        rand(3, "num") ?? ^\d{3}$
        default("", upper("x")) == X
    "#,
    );
}

#[test]
fn terminals_are_wide_and_echo_and_nothing_else_is_open() {
    passes(
        r"
        > stty size; tty
        <? ^24 65535$
        <? ^/dev/pts/\d+$
        match_prompt()
        > ls /proc/self/fd | tr '\n' ' '; echo
        <? ^0 1 2 3 $
        match_prompt()
        > ps -o pid=,sid= -p $$$$ | awk '{ print ($$1 == $$2) ? $quot same $quot : $quot other $quot }' quot='$$'
        match_prompt()
    ",
    );
}

#[test]
fn the_environment_of_shells() {
    let ran = suite(
        r#"
test "env" {
    shell s {
        > env | grep ^__RELUX | cut -d= -f1 | sort | tr '\n' ' '; echo
        <? ^__RELUX __RELUX_RUN_ARTIFACTS __RELUX_RUN_ID __RELUX_SCOPE __RELUX_SHELL_PROMPT __RELUX_SUITE_ROOT __RELUX_TEST_ARTIFACTS __RELUX_TEST_ID __RELUX_TEST_ROOT $
        match_prompt()
        > echo "$${TERM} $$(pwd)"
        <= dumb ${__RELUX_SUITE_ROOT}
        match_prompt()
        > test "$${__RELUX_TEST_ROOT}" = ${__RELUX_SUITE_ROOT}/relux/tests
        match_ok()
        > test -d ${__RELUX_TEST_ARTIFACTS} && test -d ${__RELUX_RUN_ARTIFACTS}
        match_ok()
        __RELUX_TEST_ID ?? ^\w+-\w+-\d{4}$
        __RELUX == /usr/bin/relux
    }
}
"#,
    );
    let ran = ran.with(|suite| suite.host_env.push(("__RELUX_EVIL".to_owned(), "1".to_owned())));
    ran.run().ok();
}
