//! Pages as they are shown.

use crate::test_suite::TestSuite;

const LIB: &str = "\
//- Relux.toml
edition = \"2026-08\"
//- relux/tests/.env
STAGE=ci
//- relux/lib/store.relux
// The key-value store.
// On a port of the starter's choice.
effect Store {
    expect STORE_PORT
    let data := \"/data\"
    expose shell service
    expose var data
    shell service {
        > store --port ${STORE_PORT} --data ${data}
    }
}
//- relux/lib/auth.relux
import store
// Accounts.
effect Auth {
    expect AUTH_PORT
    start Store as Base
    expose shell Base.service as store
}
// Waits for a line.
fn ready(what) {
    <? ^${what}$
}
pure fn url(port, path) {
    \"http://${port}${path}\"
}
";

fn page(test_file: &str) -> Option<String> {
    let suite = TestSuite::new(&format!("{LIB}//- relux/tests/t.relux\n{test_file}"));
    let found = suite.analysis().hover(&suite.file, suite.offset);
    found.expect("nothing writes").map(|it| it.markdown)
}

macro_rules! pages {
    ($($name:ident: $file:expr),* $(,)?) => {$(
        #[test]
        fn $name() {
            let shown = page($file).expect("there is something to show");
            insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(shown) });
        }
    )*};
}

pages! {
    an_effect_says_what_it_needs: "import auth { Au<|>th }\n",
    a_start_says_where_values_come_from:
        "import auth\ntest \"t\" {\n    let port := \"1\"\n    start Aut<|>h { AUTH_PORT := port }\n}\n",
    a_start_below_a_start:
        "import store\neffect E {\n    expect STORE_PORT\n    start Sto<|>re\n}\n",
    a_function: "import auth\nfn f() {\n    read<|>y(\"x\")\n}\n",
    a_pure_function: "import auth\nfn f() {\n    ur<|>l(\"x\", \"y\")\n}\n",
    a_builtin: "fn f() {\n    rand<|>(8)\n}\n",
    a_module: "import au<|>th\n",
    a_test: "test \"wo<|>rks\" {\n    \"\"\"\n    Why.\n    Because.\n    \"\"\"\n}\n",
    an_alias: "import auth\ntest \"t\" {\n    start Auth as Main { AUTH_PORT := \"1\" }\n    shell Ma<|>in.store {\n    }\n}\n",
    an_exposed_shell: "import auth\ntest \"t\" {\n    start Auth as A { AUTH_PORT := \"1\" }\n    shell A.sto<|>re {\n    }\n}\n",
    an_exposed_variable: "import store\ntest \"t\" {\n    start Store as S { STORE_PORT := \"1\" }\n    shell a {\n        > ${S.dat<|>a}\n    }\n}\n",
    a_variable: "test \"t\" {\n    let port := available_port()\n    shell a {\n        port := \"2\"\n        > ${po<|>rt}\n    }\n}\n",
    a_variable_of_a_shell: "test \"t\" {\n    shell a {\n        let i<|>d\n    }\n}\n",
    a_parameter: "fn f(a, b) {\n    > ${b<|>}\n}\n",
    an_overlay_key: "import store\ntest \"t\" {\n    start Store { STORE<|>_PORT := \"1\" }\n}\n",
    a_shorthand_is_both: "import store\ntest \"t\" {\n    let STORE_PORT := \"1\"\n    start Store { STORE<|>_PORT }\n}\n",
    a_variable_of_the_environment: "test \"t\" {\n    shell a {\n        > ${STA<|>GE}\n    }\n}\n",
    a_variable_that_is_not_set: "test \"t\" {\n    shell a {\n        > ${NOBODY<|>_KNOWS}\n    }\n}\n",
    a_capture: "fn f() {\n    <? port (\\d+)\n    > ${1<|>}\n}\n",
    a_pattern_of_the_output: "fn f() {\n    <? ^po<|>rt (\\d+) (a|b)$\n}\n",
    a_pattern_of_a_value: "fn f(a) {\n    a ? ^wor<|>d$\n}\n",
    a_wait_with_the_timeout_of_its_shell:
        "test \"t\" {\n    shell a {\n        ~10s\n    }\n    shell b {\n        @1s\n    }\n    shell a {\n        <|><? x\n    }\n}\n",
    a_wait_with_the_timeout_of_the_suite: "test \"t\" {\n    shell a {\n        <|><= x\n    }\n}\n",
    a_wait_in_a_function: "fn f() {\n    <|><? x\n}\n",
    a_tolerance: "fn f() {\n    <~1<|>0s? x\n}\n",
    an_assertion: "fn f() {\n    @50<|>0ms\n}\n",
    a_send: "fn f() {\n    <|>> x\n}\n",
    a_fail_pattern: "fn f() {\n    <|>!? x\n}\n",
    a_marker: "# sk<|>ip unless which(\"jq\")\ntest \"t\" {\n}\n",
    a_word_of_the_language: "eff<|>ect E {\n}\n",
}

#[test]
fn nothing_is_said_of_nothing_and_no_offset_panics() {
    assert_eq!(page("<|>\n"), None);
    assert_eq!(page("fn f() {\n    > pay<|>load\n}\n"), None);
    let text = "import store { Store as É }\n# skip if x ? (\ntest \"𝄞\" ~5s {\n    start É as A { K := A.b }\n    shell A.x {\n        <~9? ([)${q\n";
    let suite = TestSuite::new(&format!("{LIB}//- relux/tests/t.relux\n{text}"));
    for offset in 0..text.len() as u32 + 2 {
        let found = suite
            .analysis()
            .hover(&suite.file, offset)
            .expect("nothing writes");
        assert!(found.is_none_or(|it| !it.markdown.is_empty()));
    }
}
