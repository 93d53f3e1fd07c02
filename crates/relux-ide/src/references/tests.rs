//! What belongs together over files, and what a highlight writes or reads.

use super::Access;
use crate::test_suite::{TestSuite, shown};

const AUTH: &str = "\
//- relux/lib/auth.relux
import db
effect Auth {
    expect DB_PORT
    start Db as Store
    expose Store.service as database
    expose var Store.url as db_url
}
";

#[track_caller]
fn check(test_file: &str, definitions: bool, expected: &[&str]) {
    let suite = TestSuite::with_library("2026-08", AUTH, test_file);
    let analysis = suite.analysis();
    let found = analysis
        .references(&suite.file, suite.offset, definitions)
        .expect("nothing writes");
    let found: Vec<String> = found
        .iter()
        .map(|it| shown(&analysis, &it.file, it.range))
        .collect();
    assert_eq!(found, expected, "in\n{test_file}");
}

#[test]
fn an_effect_is_named_by_imports_and_starts() {
    let test = "import db { Db as Base }\nimport auth\ntest \"t\" {\n    start Ba<|>se\n}\n";
    let uses = [
        "relux/lib/auth.relux:4: start [Db] as Store",
        "relux/tests/t.relux:1: import db { [Db] as Base }",
        "relux/tests/t.relux:1: import db { Db as [Base] }",
        "relux/tests/t.relux:4: start [Base]",
    ];
    check(test, false, &uses);
    let mut all = vec!["relux/lib/auth.relux:4: start [Db] as Store"];
    all.push("relux/lib/db.relux:1: effect [Db] {");
    all.extend(&uses[1..]);
    check(test, true, &all);
}

#[test]
fn overloads_are_told_apart() {
    check(
        "import db { wait }\nfn f() {\n    wa<|>it(\"a\")\n    wait(\"a\", \"b\")\n}\n",
        true,
        &[
            "relux/lib/db.relux:10: fn [wait](what) {",
            "relux/tests/t.relux:1: import db { [wait] }",
            "relux/tests/t.relux:3: [wait](\"a\")",
        ],
    );
}

#[test]
fn an_exposed_variable_is_one_thing_inside_and_outside() {
    check(
        "import auth\ntest \"t\" {\n    start Auth as A { DB_PORT = \"1\" }\n    shell a {\n        log(A.db<|>_url)\n    }\n}\n",
        true,
        &[
            "relux/lib/auth.relux:6: expose var Store.[url] as db_url",
            "relux/lib/auth.relux:6: expose var Store.url as [db_url]",
            "relux/lib/db.relux:3: let [url] = \"localhost:${DB_PORT}\"",
            "relux/lib/db.relux:5: expose var [url]",
            "relux/tests/t.relux:5: log(A.[db_url])",
        ],
    );
}

#[test]
fn an_exposed_shell_is_one_thing_inside_and_outside() {
    check(
        "import auth\ntest \"t\" {\n    start Auth as A { DB_PORT = \"1\" }\n    shell A.data<|>base {\n    }\n}\n",
        false,
        &[
            "relux/lib/auth.relux:5: expose Store.[service] as database",
            "relux/lib/db.relux:4: expose shell [service]",
            "relux/tests/t.relux:4: shell A.[database] {",
        ],
    );
}

#[test]
fn expects_that_inherit_a_value_belong_together() {
    check(
        "import auth\ntest \"t\" {\n    start Auth { DB_<|>PORT = \"1\" }\n}\n",
        true,
        &[
            "relux/lib/auth.relux:3: expect [DB_PORT]",
            "relux/lib/db.relux:2: expect [DB_PORT]",
            "relux/lib/db.relux:3: let url = \"localhost:${[DB_PORT]}\"",
            "relux/lib/db.relux:7: > db --port ${[DB_PORT]}",
            "relux/tests/t.relux:3: start Auth { [DB_PORT] = \"1\" }",
        ],
    );
}

#[test]
fn modules_and_builtins_have_references_too() {
    check(
        "import d<|>b\n",
        true,
        &[
            "relux/lib/auth.relux:1: import [db]",
            "relux/tests/t.relux:1: import [db]",
        ],
    );
    check(
        "fn f() {\n    lo<|>g(\"a\")\n    log(\"b\")\n}\n",
        true,
        &[
            "relux/tests/t.relux:2: [log](\"a\")",
            "relux/tests/t.relux:3: [log](\"b\")",
        ],
    );
}

#[test]
fn captures_belong_to_their_match() {
    check(
        "fn f() {\n    <? a (\\d+)\n    > ${1} ${1<|>}\n    <? b (\\d+)\n    > ${1}\n}\n",
        true,
        &[
            "relux/tests/t.relux:2: <? [a (\\d+)]",
            "relux/tests/t.relux:3: > ${[1]} ${1}",
            "relux/tests/t.relux:3: > ${1} ${[1]}",
        ],
    );
}

#[test]
fn nothing_has_no_references() {
    check("fn f() {\n    > wor<|>ds\n}\n", true, &[]);
    check("<|>", true, &[]);
}

#[test]
fn highlights_tell_writes_from_reads() {
    let text = "test \"t\" {\n    let po<|>rt = \"1\"\n    shell a {\n        port = \"2\"\n        > ${port}\n    }\n    shell b {\n        let port = \"3\"\n        > ${port}\n    }\n}\n";
    let suite = TestSuite::new(&format!("//- relux/tests/t.relux\n{text}"));
    let analysis = suite.analysis();
    let found = analysis
        .highlights(&suite.file, suite.offset)
        .expect("nothing writes");
    let found: Vec<(String, Access)> = found
        .into_iter()
        .map(|(range, access)| (shown(&analysis, &suite.file, range), access))
        .collect();
    let place = |text: &str, access| (format!("relux/tests/t.relux:{text}"), access);
    assert_eq!(
        found,
        [
            place("2: let [port] = \"1\"", Access::Write),
            place("4: [port] = \"2\"", Access::Write),
            place("5: > ${[port]}", Access::Read),
        ]
    );
}
