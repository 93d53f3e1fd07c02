//! What changes, and what is refused with which words.

use std::fmt::Write as _;

use super::Refused;
use crate::test_suite::{Edited, TestSuite};

const AUTH: &str = "\
//- relux/lib/auth.relux
import db
effect Auth {
    expect DB_PORT
    start Db as Store
    expose Store.service as database
    expose var Store.url
    shell own {
        > ${DB_PORT}
    }
}
";

/// Every changed line as it becomes.
fn renamed(test_file: &str, new: &str) -> Result<String, Refused> {
    let suite = TestSuite::with_library("2026-08", AUTH, test_file);
    let analysis = suite.analysis();
    let files = analysis
        .rename(&suite.file, suite.offset, new)
        .expect("nothing writes")?;
    let mut out = String::new();
    for file in &files {
        let Edited { path, before, after } = Edited::new(&analysis, file);
        for (number, (before, after)) in before.lines().zip(after.lines()).enumerate() {
            if before != after {
                let _ = writeln!(out, "{path}:{}: {}", number + 1, after.trim());
            }
        }
    }
    Ok(out)
}

#[track_caller]
fn check(test_file: &str, new: &str, expected: &str) {
    assert_eq!(
        renamed(test_file, new),
        Ok(expected.to_owned()),
        "in\n{test_file}"
    );
}

#[track_caller]
fn refused(test_file: &str, new: &str, expected: &str) {
    assert_eq!(
        renamed(test_file, new),
        Err(Refused(expected.to_owned())),
        "in\n{test_file}"
    );
}

#[test]
fn an_effect_changes_in_imports_and_starts() {
    check(
        "import db { Db, wait }\ntest \"t\" {\n    start D<|>b { DB_PORT := \"1\" }\n}\n",
        "Store",
        "relux/lib/auth.relux:4: start Store as Store\n\
         relux/lib/db.relux:1: effect Store {\n\
         relux/tests/t.relux:1: import db { Store, wait }\n\
         relux/tests/t.relux:3: start Store { DB_PORT := \"1\" }\n",
    );
}

#[test]
fn the_alias_of_an_import_changes_alone() {
    for name in [
        "import db { Db as B<|>ase }\ntest \"t\" {\n    start Base\n}\n",
        "import db { Db as Base }\ntest \"t\" {\n    start Base<|>\n}\n",
    ] {
        check(
            name,
            "Data",
            "relux/tests/t.relux:1: import db { Db as Data }\nrelux/tests/t.relux:3: start Data\n",
        );
    }
    check(
        "import db { D<|>b as Base }\ntest \"t\" {\n    start Base\n}\n",
        "Data",
        "relux/lib/auth.relux:4: start Data as Store\n\
         relux/lib/db.relux:1: effect Data {\n\
         relux/tests/t.relux:1: import db { Data as Base }\n",
    );
}

#[test]
fn an_overload_leaves_the_others_alone() {
    check(
        "import db { wait }\nfn f() {\n    wa<|>it(\"a\")\n    wait(\"a\", \"b\")\n}\n",
        "see",
        "relux/lib/db.relux:10: fn see(what) {\n\
         relux/tests/t.relux:1: import db { wait, see }\n\
         relux/tests/t.relux:3: see(\"a\")\n",
    );
    check(
        "import db { wait as w }\nfn f() {\n    w(\"a\")\n    w(\"a\", \"b\")\n}\n//- relux/tests/u.relux\nimport db { wai<|>t }\n",
        "see",
        "relux/lib/db.relux:10: fn see(what) {\n\
         relux/lib/db.relux:13: fn see(what, limit) {\n\
         relux/tests/t.relux:1: import db { see as w }\n\
         relux/tests/u.relux:1: import db { see }\n",
    );
    check(
        "import db { wait as w }\nfn f() {\n    w(\"a\")\n    w(\"a\", \"b\")\n}\n//- relux/tests/u.relux\nimport db\nfn g() {\n    wai<|>t(\"a\")\n}\n",
        "see",
        "relux/lib/db.relux:10: fn see(what) {\n\
         relux/tests/t.relux:1: import db { wait as w, see as w }\n\
         relux/tests/u.relux:3: see(\"a\")\n",
    );
}

#[test]
fn expects_change_with_those_that_inherit_them_and_with_overlay_keys() {
    check(
        "import auth\ntest \"t\" {\n    let DB_PORT := \"1\"\n    start Auth { DB_PORT := \"2\" }\n    start Auth as B { DB_PORT }\n}\n//- relux/lib/other.relux\nimport db\neffect Other {\n    expect DB_PO<|>RT\n    start Db { DB_PORT := \"x${DB_PORT}\" }\n}\n",
        "PORT",
        "relux/lib/other.relux:3: expect PORT\n\
         relux/lib/other.relux:4: start Db { DB_PORT := \"x${PORT}\" }\n",
    );
    check(
        "import auth\ntest \"t\" {\n    let DB_PORT := \"1\"\n    start Auth { DB_P<|>ORT := \"2\" }\n    start Auth as B { DB_PORT }\n}\n",
        "PORT",
        "relux/lib/auth.relux:3: expect PORT\n\
         relux/lib/auth.relux:8: > ${PORT}\n\
         relux/lib/db.relux:2: expect PORT\n\
         relux/lib/db.relux:3: let url = \"localhost:${PORT}\"\n\
         relux/lib/db.relux:7: > db --port ${PORT}\n\
         relux/tests/t.relux:4: start Auth { PORT := \"2\" }\n\
         relux/tests/t.relux:5: start Auth as B { PORT := DB_PORT }\n",
    );
}

#[test]
fn shorthands_are_taken_apart() {
    check(
        "import db\ntest \"t\" {\n    let DB_PORT := \"1\"\n    start Db { DB_PO<|>RT }\n}\n",
        "port",
        "relux/tests/t.relux:3: let port := \"1\"\nrelux/tests/t.relux:4: start Db { DB_PORT := port }\n",
    );
    check(
        "effect E {\n    let ur<|>l := \"1\"\n    expose var url\n}\n",
        "address",
        "relux/tests/t.relux:2: let address := \"1\"\nrelux/tests/t.relux:3: expose var address as url\n",
    );
    check(
        "import auth\ntest \"t\" {\n    start Auth as A { DB_PORT := \"1\" }\n    shell a {\n        > ${A.ur<|>l}\n    }\n}\n",
        "address",
        "relux/lib/auth.relux:6: expose var Store.url as address\nrelux/tests/t.relux:5: > ${A.address}\n",
    );
}

#[test]
fn words_that_agree_are_put_together_again() {
    check(
        "import db\ntest \"t\" {\n    let po<|>rt := \"1\"\n    start Db { DB_PORT := port }\n    start Db as B { DB_PORT := \"${port}\" }\n}\n",
        "DB_PORT",
        "relux/tests/t.relux:3: let DB_PORT := \"1\"\n\
         relux/tests/t.relux:4: start Db { DB_PORT }\n\
         relux/tests/t.relux:5: start Db as B { DB_PORT := \"${DB_PORT}\" }\n",
    );
    check(
        "effect E {\n    let ur<|>l := \"1\"\n    expose var url as address\n}\n",
        "address",
        "relux/tests/t.relux:2: let address := \"1\"\nrelux/tests/t.relux:3: expose var address\n",
    );
    check(
        "import u { look, see }\nfn f() {\n    see(\"a\")\n    look()\n}\n//- relux/lib/u.relux\nfn se<|>e(a) {\n}\nfn look() {\n}\n",
        "look",
        "relux/lib/u.relux:1: fn look(a) {\n\
         relux/tests/t.relux:1: import u { look }\n\
         relux/tests/t.relux:3: look(\"a\")\n",
    );
}

#[test]
fn aliases_shells_variables_and_parameters() {
    check(
        "import auth\ntest \"t\" {\n    start Auth as A<|> { DB_PORT := \"1\" }\n    start Auth as B { DB_PORT := A.url }\n    shell A.database {\n        > ${A.url}\n    }\n}\n",
        "Main",
        "relux/tests/t.relux:3: start Auth as Main { DB_PORT := \"1\" }\n\
         relux/tests/t.relux:4: start Auth as B { DB_PORT := Main.url }\n\
         relux/tests/t.relux:5: shell Main.database {\n\
         relux/tests/t.relux:6: > ${Main.url}\n",
    );
    check(
        "effect E {\n    expose shell own\n    shell ow<|>n {\n    }\n    shell own {\n    }\n}\n",
        "mine",
        "relux/tests/t.relux:2: expose shell mine as own\n\
         relux/tests/t.relux:3: shell mine {\n\
         relux/tests/t.relux:5: shell mine {\n",
    );
    check(
        "fn f(a<|>, b) {\n    let c := a\n    > ${a} ${b} $a\n}\n",
        "x",
        "relux/tests/t.relux:1: fn f(x, b) {\n\
         relux/tests/t.relux:2: let c := x\n\
         relux/tests/t.relux:3: > ${x} ${b} $a\n",
    );
}

#[test]
fn a_shell_that_is_shown_without_expose_has_one_name() {
    let suite = "//- Relux.toml\nedition = \"2026-04\"\n//- relux/lib/e.relux\neffect E {\n    shell on<|>ly {\n    }\n}\n//- relux/tests/t.relux\nimport e\ntest \"t\" {\n    start E as e\n    shell e.only {\n    }\n}\n";
    let suite = TestSuite::new(suite);
    let files = suite
        .analysis()
        .rename(&suite.file, suite.offset, "main")
        .expect("nothing writes")
        .expect("nothing in the way");
    let files: Vec<(&str, usize)> = files
        .iter()
        .map(|it| (it.file.as_str(), it.edits.len()))
        .collect();
    assert_eq!(
        files,
        [("/suite/relux/lib/e.relux", 1), ("/suite/relux/tests/t.relux", 1)]
    );
}

#[test]
fn what_has_no_name_of_its_own_is_refused() {
    refused(
        "import d<|>b\n",
        "x",
        "a module is renamed by moving its file: imports follow",
    );
    refused("fn f() {\n    lo<|>g(\"x\")\n}\n", "x", "`log` is built in");
    refused(
        "fn f() {\n    <? (x)\n    > ${1<|>}\n}\n",
        "x",
        "captures have numbers, not names",
    );
    refused(
        "fn f() {\n    > ${HO<|>ME}\n}\n",
        "x",
        "`HOME` comes from the environment: rename it where it is set",
    );
    refused(
        "test \"na<|>me\" {\n}\n",
        "x",
        "the name of a test is text: change it where it stands",
    );
    check("// wo<|>rds\n", "x", "");
}

#[test]
fn names_must_be_names() {
    let function = "fn f<|>(a) {\n}\n";
    refused(function, "shell", "`shell` is a word of the language");
    refused(
        function,
        "a-b",
        "`a-b` is no name: names consist of letters, digits and `_`, and do not begin with a digit",
    );
    refused(
        function,
        "Wait",
        "functions have names in lower case, unlike `Wait`",
    );
    refused(function, "log", "`log` with as many parameters is built in");
    refused(
        "effect E<|> {\n}\n",
        "e",
        "effects have names that begin with a capital, unlike `e`",
    );
    check(function, "f", "");
}

#[test]
fn clashes_are_refused_with_their_place() {
    let taken = |place: &str, name: &str| format!("`{name}` already names something else at relux/{place}");
    refused(
        "fn f(a<|>, b) {\n    > ${b}\n}\n",
        "b",
        &taken("tests/t.relux:1", "b"),
    );
    refused(
        "test \"t\" {\n    let a<|> := \"1\"\n    shell s {\n        let b := \"2\"\n        > ${a} ${b}\n    }\n}\n",
        "b",
        &taken("tests/t.relux:4", "b"),
    );
    refused(
        "test \"t\" {\n    let a<|> := \"1\"\n    shell s {\n        > ${a} ${HOME}\n    }\n}\n",
        "HOME",
        &taken("tests/t.relux:4", "HOME"),
    );
    refused(
        "import db\nfn see<|>(a) {\n}\nfn g() {\n    wait(\"x\")\n}\n",
        "wait",
        &taken("tests/t.relux:5", "wait"),
    );
    refused(
        "import auth\ntest \"t\" {\n    start Auth as A<|> { DB_PORT := \"1\" }\n    shell s {\n        > ${A.url}\n    }\n}\n",
        "a",
        "`a` would be read as something else at relux/tests/t.relux:5",
    );
}

#[test]
fn values_from_the_environment_cannot_be_followed() {
    refused(
        "effect E {\n    expect A<|>\n    shell s {\n        > echo $A ${A}\n    }\n}\n",
        "B",
        "the shell reads `$A` from its environment at relux/tests/t.relux:4: use `${A}` there first",
    );
    refused(
        "effect E {\n    expect A<|>\n}\ntest \"t\" {\n    start E\n}\n",
        "B",
        "`A` comes from the environment at relux/tests/t.relux:5: set it in the overlay there first",
    );
    refused(
        "effect E {\n    expect A<|>, B\n}\n",
        "B",
        "`E` already needs a `B` from outside",
    );
    refused(
        "effect E {\n    expect A<|>\n    start F\n}\neffect F {\n    shell s {\n        > ${A}\n    }\n}\n",
        "B",
        "an effect reads `A` at relux/tests/t.relux:7 without expecting it: say `expect A` there first",
    );
}
