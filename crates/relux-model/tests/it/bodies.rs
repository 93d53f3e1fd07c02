//! Findings in bodies, by rule: several small suites per rule, one snapshot each.

use std::fmt::Write as _;

use crate::check::report_with_env;

/// What is said about each suite.
fn check(suites: &[&str]) -> String {
    let mut out = String::new();
    for text in suites {
        let title = text.trim_start().lines().next().unwrap_or_default();
        let _ = writeln!(out, "=== {title}");
        out.push_str(&report_with_env(text, &[("HOME", "/home/me")]));
    }
    out
}

/// A test with one shell that holds `body`.
fn shell(name: &str, body: &str) -> String {
    format!("// {name}\ntest \"t\" {{\n    shell s {{\n{body}\n    }}\n}}\n")
}

macro_rules! check {
    ($($suite:expr),+ $(,)?) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(check(&[$($suite.as_ref()),+]));
        })
    };
}

#[test]
fn calls_of_a_function_with_a_broken_header_are_not_counted() {
    crate::check::check(
        r#"
//- relux/lib/tools.relux
fn make(port: int, name = "x") {
            ^^^^^^^^^^^^^^^^^^ unexpected-text
    > ${port}
}
fn other(a) {
    > ${a}
}
//- relux/tests/a.relux
import tools
test "t" {
    shell s {
        make("1", "2")
        other("1", "2")
        ^^^^^ unresolved-function
    }
}
"#,
    );
}

#[test]
fn misspelt_functions_of_modules_that_are_not_imported() {
    check!(
        "\
//- /relux/lib/api/http.relux
fn http_run(url) {
    > curl ${url}
    match_ok()
}
fn http_run(url, method) {
    > curl -X ${method} ${url}
    match_ok()
}
//- /relux/lib/api/https.relux
pure fn http_run(url) {
    url
}
//- /relux/lib/Upper-Case/x.relux
fn upload_everything() {
    > x
}
//- /relux/tests/a.relux
test \"t\" {
    let a = http_rnu(\"x\")
    shell s {
        http_runn(a)
        http_runn(\"x\", \"PUT\")
        http_runn()
        upload_everythin()
        upload_everything()
    }
}
"
    );
}

#[test]
fn unresolved_functions() {
    check!(
        shell(
            "slip of the hand",
            "        macth_ok()\n        log(trimm(\"x\"))"
        ),
        shell(
            "arities of builtins",
            "        rand()\n        trim(\"a\", \"b\")"
        ),
        shell("nothing near", "        frobnicate(1)"),
        "//- /relux/tests/a.relux
// arity of an import
import http { get }
test \"t\" {
    shell s {
        get(\"u\")
        post(\"u\")
        put(\"u\")
    }
}
//- /relux/lib/http.relux
fn get(method, url) {
    > curl -X ${method} ${url}
}
fn get(method, url, body) {
    get(method, url)
}
pure fn post(url) {
    url
}
//- /relux/lib/other.relux
fn put(url) {
    nowhere(url)
}
",
        "//- /relux/tests/a.relux
// what a missing import would bring is not said twice
import nowhere
import gone { pong }
test \"t\" {
    shell s {
        ping()
        pong()
    }
}
",
        "// unreached definitions are checked too
fn lonely() {
    missing(\"${1}\")
}
effect Alone {
    let x = gone()
    shell s {
        gone()
    }
    cleanup {
        gone()
    }
}
# skip if gone()
test \"t\" {
    shell s {
        log(\"x\")
    }
}
",
    );
}

#[test]
fn purity() {
    check!(
        "// pure function
pure fn port(name) {
    > echo ${name}
    <? x
    <=
    !? error
    ~5s
    <~1s= y
    log(name)
    helper(name)
    trim(name)
}
fn helper(x) {
    > ${x}
}
",
        "// every pure place
fn helper() {
    \"x\"
}
effect E {
    expect A
    let a = log(\"x\")
    shell s {
        > x
    }
}
# skip if match_ok()
# run if \"a\" = helper()
test \"t\" {
    let a = helper()
    start E { A = trim(helper()) }
    shell s {
        helper()
    }
}
",
        "// an impure function hides a pure builtin only where it can be called
fn trim(x) {
    > ${x}
}
test \"t\" {
    let a = trim(\" q \")
    shell s {
        let b = trim(\" q \")
    }
}
",
    );
}

#[test]
fn regexes() {
    check!(
        shell(
            "static",
            "        <? [\n        <? (a|b\n        !? a{2,1}\n        <~5s? ^ok(?=x)$\n        <? (a)\\1\n        <? *"
        ),
        shell(
            "interpolated",
            "        let x = \"1\"\n        <? (${x}\n        <? [${x}-z]{${x}}$\n        <? ^${x}*$\n        <? \\q${x}\n        <? a$$(${x}"
        ),
        shell(
            "fine",
            "        <? ^a.*b$|c+?\n        <? \\.log$\n        <? a{2,3}\n        <? $$\n        <? (?i)x"
        ),
        shell("too big", "        <? (a{1000}){1000}{1000}"),
        shell(
            "multimatch",
            "        <{\n            ? ^a(\n            = a(\n        }"
        ),
        shell("pure match", "        let x := \"1\"\n        x ? a)b"),
        "// marker
# skip if \"a\" ? ^(x
test \"t\" {
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn arguments_of_builtins() {
    check!(
        shell(
            "literals",
            "        sleep(\"2\")\n        sleep(\"1.5s\")\n        rand(\"x\")\n        rand(8, \"hexx\")\n        split(\"a\", \",\", \"b\")\n        match_exit_code(256)\n        match_not_ok(0)"
        ),
        shell(
            "values are not known",
            "        let x = \"2\"\n        sleep(x)\n        sleep(\"${x}s\")\n        rand($1)\n        match_exit_code(\"${x}\")"
        ),
    );
}

#[test]
fn function_cycles() {
    check!(
        "// direct, nested arguments are none
pure fn a(x) {
    a(x)
}
pure fn b(x) {
    c(c(x))
}
pure fn c(x) {
    c(x, \"1\")
}
pure fn c(x, y) {
    x
}
",
        "// three
fn a() {
    log(\"x\")
    b()
}
fn b() {
    c()
}
fn c() {
    a()
}
fn outside() {
    a()
}
",
        "//- /relux/lib/a.relux
// across modules
import b
fn f() {
    g()
}
fn h() {
    i()
}
//- /relux/lib/b.relux
import a
fn g() {
    f()
}
fn i() {
    \"x\"
}
",
        "// a function that calls the builtin it hides
pure fn upper(x) {
    upper(x)
}
",
    );
}

const SERVICE: &str = "//- /relux/lib/db.relux
effect Db {
    expose shell service
    expose shell service as main
    shell service {
        > x
    }
    shell hidden {
        > x
    }
}
effect Silent {
    shell first {
        > x
    }
}
effect Vars {
    let port := available_port()
    expose var port
    expose shell s
    shell s {
        > x
    }
}
";

const OLD_SERVICE: &str = "//- /relux/lib/old.relux
effect Implicit {
    let unused = \"says that this is 2026-04\"
    shell first {
        > x
    }
    shell second {
        > x
    }
}
";

fn with_service(body: &str) -> String {
    format!("//- /relux/tests/a.relux\nimport db\nimport old\n{body}{SERVICE}{OLD_SERVICE}")
}

#[test]
fn aliases_and_shells() {
    check!(
        with_service(
            "test \"t\" {
    start Db as db
    shell db.service {
        > x
    }
    shell db.main {
        > x
    }
    shell db.servce {
        > x
    }
    shell db.hidden {
        > x
    }
    shell dbb.service {
        > x
    }
}
"
        ),
        with_service(
            "test \"t\" {
    start Db
    shell db.service {
        > x
    }
}
test \"implicit\" {
    start Implicit as i
    shell i.first {
        > x
    }
    shell i.second {
        > x
    }
}
test \"in 2026-08 nothing is implicit\" {
    start Silent as S
    shell S.first {
        > x
    }
}
test \"alias of what does not resolve\" {
    start Nowhere as n
    shell n.anything {
        > x
    }
}
"
        ),
    );
}

#[test]
fn exposed_variables() {
    check!(
        with_service(
            "effect Other {
    expect PORT
    shell s {
        > ${PORT}
    }
}
fn f() {
    Vars.port
    > ${Vars.port}
}
# skip if V.port
test \"t\" {
    let early := V.port
    start Vars as V
    start Other as A { PORT := V.port }
    start Other as B { PORT := \"${V.prot}\" }
    start Other as C { PORT := trim(V.port) }
    start Other as D { PORT := Gone.port }
    start Other as E { PORT := trim(\"${V.port}\") }
    shell s {
        > ${V.port} ${V.s} ${W.port}
        V.port ? ^1
        V.host = x
    }
    cleanup {
        > ${V.nope}
    }
}
"
        ),
        with_service(
            "test \"literal text in 2026-04\" {
    let x = \"1\"
    start Vars as V
    shell s {
        > ${V.nope} ${W.port}
        x = V.port
    }
}
"
        ),
    );
}

#[test]
fn assignments() {
    check!(
        "// declared below, and in the environment of its directory
test \"t\" {
    shell a {
        late = \"1\"
        let late = \"2\"
        FROM_FILE = \"3\"
    }
    shell b {
        even_later = \"4\"
    }
    shell c {
        let even_later = \"5\"
    }
    shell b {
        let even_later = \"6\"
    }
    cleanup {
        last = \"7\"
        let last = \"8\"
    }
}
fn f() {
    local = \"1\"
    let local = \"2\"
}
//- /relux/tests/.env
FROM_FILE=1
",
        "// shells have variables of their own
test \"t\" {
    let shared = \"1\"
    shell a {
        let own = \"2\"
        own = \"3\"
        shared = \"4\"
    }
    shell b {
        own = \"5\"
        shard = \"6\"
        HOME = \"7\"
        __RELUX_RUN_ID = \"8\"
    }
    shell a {
        own = \"9\"
    }
    cleanup {
        shared = \"10\"
        own = \"11\"
    }
}
",
        "// functions and effects
fn f(a, b) {
    let c = a
    a = b
    c = \"x\"
    d = \"y\"
    d = \"z\"
}
effect E {
    expect PORT
    let p = PORT
    shell s {
        p = \"1\"
        PORT = \"2\"
        let PORT = \"3\"
        PORT = \"4\"
    }
}
",
        "// in 2026-08 only := assigns
test \"t\" {
    shell s {
        let x := \"1\"
        y = \"2\"
        z := \"3\"
    }
}
",
    );
}

#[test]
fn a_let_declares_while_its_value_is_typed() {
    let found = check(&[&shell("typing", "let a =\na := \"1\"")]);
    assert!(
        found.contains("[missing-value]") && !found.contains("[assign-undeclared]"),
        "{found}"
    );
}

#[test]
fn ambiguous_statements() {
    check!(
        shell(
            "no evidence",
            "        let x\n        x = y\n        x = \"a.b\"\n        x = f(\"${x}\")\n        x = $1\n        x = 42"
        ),
        shell(
            "one reading only",
            "        x = two words\n        x =\n        x = V.port\n        x = \"open\n        x = 1.5"
        ),
        format!(
            "//- /Relux.toml\nedition = \"2026-08\"\n//- /relux/tests/a.relux\n{}",
            shell("said in the manifest", "        x = y")
        ),
        shell("said by the file", "        let x = \"1\"\n        x = y"),
    );
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("        log({}\"x\"{})", "trim(".repeat(300), ")".repeat(300));
    let found = check(&[&shell("deep", &deep)]);
    assert_eq!(found.matches("-too-deep]").count(), 1, "{found}");
}
