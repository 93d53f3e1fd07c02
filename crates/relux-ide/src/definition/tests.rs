//! Every kind of name, and names that lead nowhere.

use crate::test_suite::{TestSuite, shown};

const AUTH: &str = "\
//- relux/lib/auth.relux
import db
effect Auth {
    expect AUTH_PORT
    start Db as Store
    expose Store.service as database
    expose var Store.url as db_url
    expose service
    shell service {
        > auth
    }
}
";

/// Checks the targets of the cursor in a test file of the newest edition, beside the libraries above.
#[track_caller]
fn check(test_file: &str, expected: &[&str]) {
    check_in("2026-08", test_file, expected);
}

#[track_caller]
fn check_in(edition: &str, test_file: &str, expected: &[&str]) {
    let suite = TestSuite::with_library(edition, AUTH, test_file);
    let analysis = suite.analysis();
    let found = analysis
        .definition(&suite.file, suite.offset)
        .expect("nothing writes");
    let targets = found.map(|it| it.targets).unwrap_or_default();
    let shown: Vec<String> = targets
        .iter()
        .map(|it| shown(&analysis, &it.file, it.focus))
        .collect();
    assert_eq!(shown, expected, "in{test_file}");
    assert!(targets.iter().all(|it| it.whole.covers(it.focus)), "{targets:?}");
}

#[test]
fn effects_and_functions_through_every_form_of_import() {
    let effect = "relux/lib/db.relux:1: effect [Db] {";
    for (import, name) in [
        ("import db", "D<|>b"),
        ("import db { Db }", "<|>Db"),
        ("import db { Db as Base }", "Base<|>"),
    ] {
        check(
            &format!("{import}\ntest \"t\" {{\n    start {name}\n}}\n"),
            &[effect],
        );
    }
    let function = "relux/lib/db.relux:10: fn [wait](what) {";
    for (import, name) in [("import db", "wa<|>it"), ("import db { wait as w }", "<|>w")] {
        check(
            &format!("{import}\ntest \"t\" {{\n    shell a {{\n        {name}(\"x\")\n    }}\n}}\n"),
            &[function],
        );
    }
}

#[test]
fn the_number_of_arguments_selects_the_function() {
    let call = |arguments: &str| format!("import db\nfn f() {{\n    wa<|>it({arguments})\n}}\n");
    let one = "relux/lib/db.relux:10: fn [wait](what) {";
    let two = "relux/lib/db.relux:13: fn [wait](what, limit) {";
    check(&call("\"a\""), &[one]);
    check(&call("\"a\", \"b\""), &[two]);
    check(&call("\"a\", \"b\", \"c\""), &[one, two]);
    check("fn f() {\n    lo<|>g(\"builtin\")\n}\n", &[]);
}

#[test]
fn imports_lead_to_files_and_their_names() {
    check("import d<|>b\n", &["relux/lib/db.relux:1: []effect Db {"]);
    check("import nothing<|>\n", &[]);
    check("import db { D<|>b }\n", &["relux/lib/db.relux:1: effect [Db] {"]);
    check(
        "import db { Db as Ba<|>se }\n",
        &["relux/lib/db.relux:1: effect [Db] {"],
    );
    check(
        "import db {\n    wait<|>\n}\n",
        &[
            "relux/lib/db.relux:10: fn [wait](what) {",
            "relux/lib/db.relux:13: fn [wait](what, limit) {",
        ],
    );
    check("import auth { D<|>b }\n", &[]);
}

#[test]
fn aliases_lead_to_their_start() {
    let test = |body: &str| {
        format!("import auth\ntest \"t\" {{\n    start Auth as First\n    start Auth as Main\n{body}\n}}\n")
    };
    let alias = "relux/tests/t.relux:4: start Auth as [Main]";
    check(&test("    shell Ma<|>in.service {\n    }"), &[alias]);
    check(
        &test("    shell a {\n        > ${Ma<|>in.db_url}\n    }"),
        &[alias],
    );
    check(
        &test("    shell a {\n        log(Ma<|>in.db_url)\n    }"),
        &[alias],
    );
    check(&test("    shell Othe<|>r.service {\n    }"), &[]);
}

#[test]
fn shells_lead_to_the_block_that_runs_them() {
    check(
        "test \"t\" {\n    shell a {\n    }\n    shell <|>a {\n    }\n}\n",
        &["relux/tests/t.relux:2: shell [a] {"],
    );
    let test = |shell: &str| {
        format!("import auth\ntest \"t\" {{\n    start Auth as Main\n    shell {shell} {{\n    }}\n}}\n")
    };
    check(
        &test("Main.ser<|>vice"),
        &["relux/lib/auth.relux:8: shell [service] {"],
    );
    check(
        &test("Main.data<|>base"),
        &["relux/lib/db.relux:6: shell [service] {"],
    );
    check(&test("Main.se<|>tup"), &[]);
    // The older edition: no expose means the first shell, and an alias alone is its only shell.
    let older = "effect Plain {\n    shell only {\n    }\n    shell other {\n    }\n}\ntest \"t\" {\n    start Plain as plain\n";
    let only = "relux/tests/t.relux:2: shell [only] {";
    check_in(
        "2026-04",
        &format!("{older}    shell plain.on<|>ly {{\n    }}\n}}\n"),
        &[only],
    );
    check_in(
        "2026-04",
        &format!("{older}    shell pla<|>in {{\n    }}\n}}\n"),
        &["relux/tests/t.relux:8: start Plain as [plain]"],
    );
}

#[test]
fn exposes_lead_to_what_they_hand_out() {
    let effect = |expose: &str| {
        format!(
            "import db\neffect E {{\n    let port = \"1\"\n    start Db as D\n    {expose}\n    shell own {{\n    }}\n}}\n"
        )
    };
    check(
        &effect("expose ow<|>n"),
        &["relux/tests/t.relux:6: shell [own] {"],
    );
    check(
        &effect("expose shell ow<|>n as x"),
        &["relux/tests/t.relux:6: shell [own] {"],
    );
    check(
        &effect("expose var por<|>t"),
        &["relux/tests/t.relux:3: let [port] = \"1\""],
    );
    check(
        &effect("expose D.servi<|>ce"),
        &["relux/lib/db.relux:6: shell [service] {"],
    );
    check(
        &effect("expose var D.ur<|>l"),
        &["relux/lib/db.relux:3: let [url] = \"localhost:${DB_PORT}\""],
    );
    check(
        &effect("expose <|>D.service"),
        &["relux/tests/t.relux:4: start Db as [D]"],
    );
}

#[test]
fn exposed_variables_lead_through_effects() {
    let test = |body: &str| {
        format!(
            "import auth\ntest \"t\" {{\n    start Auth as A\n    shell a {{\n        {body}\n    }}\n}}\n"
        )
    };
    let url = "relux/lib/db.relux:3: let [url] = \"localhost:${DB_PORT}\"";
    check(&test("> curl ${A.db_u<|>rl}"), &[url]);
    check(&test("log(A.db<|>_url)"), &[url]);
    check(&test("log(A.nothin<|>g)"), &[]);
}

#[test]
fn overlay_keys_lead_to_the_expect_and_shorthands_to_the_variable_too() {
    let test = |overlay: &str| {
        format!(
            "import auth\ntest \"t\" {{\n    let DB_PORT = \"1\"\n    start Auth {{\n        {overlay}\n    }}\n}}\n"
        )
    };
    check(
        &test("AUTH_P<|>ORT = \"2\""),
        &["relux/lib/auth.relux:3: expect [AUTH_PORT]"],
    );
    let inner = "relux/lib/db.relux:2: expect [DB_PORT]";
    check(&test("DB_PO<|>RT = \"2\""), &[inner]);
    check(
        &test("DB_PO<|>RT"),
        &[inner, "relux/tests/t.relux:3: let [DB_PORT] = \"1\""],
    );
    check(
        &test("AUTH_PORT = DB_P<|>ORT"),
        &["relux/tests/t.relux:3: let [DB_PORT] = \"1\""],
    );
    check(&test("OTHE<|>R = \"2\""), &[]);
}

#[test]
fn variables_lead_to_the_declaration_they_read() {
    let test = |shells: &str| format!("test \"t\" {{\n    let port = \"1\"\n{shells}\n}}\n");
    let outer = "relux/tests/t.relux:2: let [port] = \"1\"";
    check(&test("    shell a {\n        > ${po<|>rt}\n    }"), &[outer]);
    check(&test("    shell a {\n        <? ^${po<|>rt}$\n    }"), &[outer]);
    check(
        &test("    shell a {\n        log(\"${p<|>ort}\")\n    }"),
        &[outer],
    );
    check(&test("    shell a {\n        po<|>rt = \"2\"\n    }"), &[outer]);
    check(&test("    shell a {\n        po<|>rt := \"2\"\n    }"), &[outer]);
    check(&test("    shell a {\n        let x = po<|>rt\n    }"), &[outer]);
    check(
        &test("    shell a {\n        port := trim(po<|>rt)\n    }"),
        &[outer],
    );
    // What assigns in the older edition.
    check_in(
        "2026-04",
        &test("    shell a {\n        port = trim(po<|>rt)\n    }"),
        &[outer],
    );
    check(&test("    cleanup {\n        > ${por<|>t}\n    }"), &[outer]);
    // A shell's own comes first, also from an earlier block, but never from another shell or from below.
    let own = "relux/tests/t.relux:4: let [port] = \"2\"";
    check(
        &test("    shell a {\n        let port = \"2\"\n    }\n    shell a {\n        > ${por<|>t}\n    }"),
        &[own],
    );
    check(
        &test("    shell b {\n        let port = \"2\"\n    }\n    shell a {\n        > ${por<|>t}\n    }"),
        &[outer],
    );
    check(
        &test("    shell a {\n        > ${por<|>t}\n        let port = \"2\"\n    }"),
        &[outer],
    );
    check(&test("    shell a {\n        > ${other<|>}\n    }"), &[]);
}

#[test]
fn functions_see_their_parameters_and_nothing_of_the_caller() {
    check(
        "fn f(a, b) {\n    > ${<|>b}\n}\n",
        &["relux/tests/t.relux:1: fn f(a, [b]) {"],
    );
    check(
        "fn f(a) {\n    let a = \"1\"\n    > ${<|>a}\n}\n",
        &["relux/tests/t.relux:2: let [a] = \"1\""],
    );
    check("fn f() {\n    > ${DB<|>_PORT}\n}\n", &[]);
}

#[test]
fn effects_read_their_expects() {
    let effect = |shell: &str| {
        format!("effect E {{\n    expect A, PORT\n    shell s {{\n        {shell}\n    }}\n}}\n")
    };
    check(
        &effect("> ${PO<|>RT}"),
        &["relux/tests/t.relux:2: expect A, [PORT]"],
    );
    check(
        &effect("let x = PO<|>RT"),
        &["relux/tests/t.relux:2: expect A, [PORT]"],
    );
}

#[test]
fn captures_lead_to_the_regex_that_set_them() {
    let shell = |line: &str| {
        format!(
            "test \"t\" {{\n    shell a {{\n        <? port (\\d+)\n        <= done\n        {line}\n        <? later (x)\n    }}\n}}\n"
        )
    };
    let regex = "relux/tests/t.relux:3: <? [port (\\d+)]";
    check(&shell("let p = $<|>1"), &[regex]);
    check(&shell("> echo ${<|>1}"), &[regex]);
    check("fn f() {\n    > ${<|>1}\n}\n", &[]);
}

#[test]
fn a_definition_is_where_it_is() {
    check("effect E<|> {\n}\n", &["relux/tests/t.relux:1: effect [E] {"]);
    check("fn f<|>(a) {\n}\n", &["relux/tests/t.relux:1: fn [f](a) {"]);
    check("fn f(<|>a) {\n}\n", &["relux/tests/t.relux:1: fn f([a]) {"]);
}

#[test]
fn a_definition_leads_to_itself() {
    check(
        "test \"na<|>me\" {\n}\n",
        &["relux/tests/t.relux:1: test [\"name\"] {"],
    );
}

#[test]
fn nothing_comes_of_nothing() {
    for text in [
        "<|>",
        "\n\n<|>\n",
        "// comm<|>ent\n",
        "te<|>st \"name\" {\n}\n",
        "start <|>",
        "test \"t\" {\n    start <|>\n",
        "import <|>",
        "import db {<|>",
        "shell A.<|>",
        "fn f() {\n    x = <|>\n",
        "fn f() {\n    > ${<|>\n",
        "fn f() {\n    > wor<|>ds\n}\n",
    ] {
        check(text, &[]);
    }
}

#[test]
fn no_offset_panics() {
    let text = "import db { Db as D }\neffect É {\n    start D as Ü { DB_PORT = \"${A.b} ${c}\" }\n    expose Ü.x\n}\nx = ${𝄞\n";
    let suite = TestSuite::with_library("2026-08", AUTH, text);
    for offset in 0..text.len() as u32 + 3 {
        let found = suite
            .analysis()
            .definition(&suite.file, offset)
            .expect("nothing writes");
        assert!(found.is_none_or(|it| !it.targets.is_empty()));
    }
}

#[track_caller]
fn check_step(
    test_file: &str,
    step: impl Fn(&crate::Analysis, &TestSuite) -> Option<super::Definition>,
    expected: &[&str],
) {
    let suite = TestSuite::with_library("2026-08", AUTH, test_file);
    let analysis = suite.analysis();
    let targets = step(&analysis, &suite).map(|it| it.targets).unwrap_or_default();
    let found: Vec<String> = targets
        .iter()
        .map(|it| shown(&analysis, &it.file, it.focus))
        .collect();
    assert_eq!(found, expected, "in{test_file}");
    assert!(targets.iter().all(|it| it.whole.covers(it.focus)), "{targets:?}");
}

#[test]
fn a_declaration_is_one_step_on_the_way_to_the_definition() {
    let declares = |test_file: &str, expected: &[&str]| {
        check_step(
            test_file,
            |analysis, suite| {
                analysis
                    .declaration(&suite.file, suite.offset)
                    .expect("nothing writes")
            },
            expected,
        );
    };
    declares(
        "import db { Db as Base, wait }\ntest \"t\" {\n    start Ba<|>se\n}\n",
        &["relux/tests/t.relux:1: import db { [Db as Base], wait }"],
    );
    declares(
        "import db { Db as Ba<|>se }\n",
        &["relux/lib/db.relux:1: effect [Db] {"],
    );
    declares(
        "import db\nfn f() {\n    wa<|>it(\"x\")\n}\n",
        &["relux/tests/t.relux:1: import [db]"],
    );
    declares(
        "import auth\ntest \"t\" {\n    start Auth as A\n    shell A.data<|>base {\n    }\n}\n",
        &["relux/lib/auth.relux:5: expose Store.service as [database]"],
    );
    declares(
        "test \"t\" {\n    let x = \"1\"\n    shell a {\n        > ${x<|>}\n    }\n}\n",
        &["relux/tests/t.relux:2: let [x] = \"1\""],
    );
}

#[test]
fn effects_are_implemented_by_their_starts_and_expects_by_overlays() {
    let implements = |test_file: &str, expected: &[&str]| {
        check_step(
            test_file,
            |analysis, suite| {
                analysis
                    .implementation(&suite.file, suite.offset)
                    .expect("nothing writes")
            },
            expected,
        );
    };
    let test = "import db { Db }\ntest \"t\" {\n    start D<|>b {\n        DB_PORT = \"1\"\n    }\n}\n";
    implements(
        test,
        &[
            "relux/lib/auth.relux:4: start [Db] as Store",
            "relux/tests/t.relux:3: start [Db] {",
        ],
    );
    implements(
        &test.replace("<|>", "").replace("DB_PORT", "DB_<|>PORT"),
        &["relux/tests/t.relux:4: [DB_PORT] = \"1\""],
    );
    implements("fn f<|>() {\n}\n", &[]);
}
