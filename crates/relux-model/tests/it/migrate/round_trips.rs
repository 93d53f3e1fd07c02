//! There and back: comments, payloads and meaning are what they were, and a second time changes nothing.

use proptest::prelude::*;

use super::*;
use Edition::{E2026_04 as OLD, E2026_08 as NEW};

const SUITE: &str = r#"//- Relux.toml
# about
edition = "2026-04" # why
//- relux/lib/db.relux
// a service
effect Db {
    // its port
    expect DB_PORT
    let addr = "127.0.0.1:${DB_PORT}"
    let shown = "${addr} let x = 1"
    expose db
    expose log as main_log
    // the service
    shell db {
        // let x = 1
        > db --listen ${addr} // x = 1   
        <~8s? ^ready on ${shown}$
    }
    shell log {
        => tail	
    }
    cleanup {
        // gone
        > rm x
    }
}

fn twice(text) {
    let both = text
    both = "${both}${text}"
    both
}
//- relux/tests/t.relux
import db { Db, twice as double }

# skip if "${NOPE}"
test "let x = y ${A.b}" {
    """
    let x = 1   
    start Db as db
    """
    let DB_PORT = available_port()
    start Db as main_db {
        DB_PORT,
        OTHER = "= :=",
    }
    start Db { DB_PORT = "7" }

    shell s {
        let x = double("a")
        // x = 2
        x = 2
        > echo "x = ${x}" ${main_db.db} $${A.b} $HOME
        <= x = 2
        !? panic := 
    }

    shell main_db.main_log {
        > let x = 1
    }
}
"#;

#[test]
fn there_and_back_is_what_it_was() {
    let (mut db, suite, _) = load(SUITE, &[]);
    let old = texts(&db, suite);
    run(&mut db, suite, NEW, &[]).expect("it can be said");
    let new = texts(&db, suite);
    for (path, text) in &old {
        assert_ne!(&new[path], text, "{path}");
    }
    run(&mut db, suite, OLD, &[]).expect("it can be said");
    assert_eq!(texts(&db, suite), old);
    run(&mut db, suite, NEW, &[]).expect("it can be said");
    assert_eq!(texts(&db, suite), new);
}

#[test]
fn nothing_exposed_becomes_a_first_shell() {
    becomes(
        OLD,
        "//- Relux.toml\nedition = \"2026-08\"\n//- relux/tests/t.relux\neffect E {\n    let x := 1\n    shell s {\n        > ${x}\n    }\n}\n\ntest \"t\" {\n    start E\n    shell s {\n        > x\n    }\n}\n",
        "//- Relux.toml\nedition = \"2026-04\"\n//- relux/tests/t.relux\neffect E {\n    let x = 1\n    shell s {\n        > ${x}\n    }\n}\n\ntest \"t\" {\n    start E\n    shell s {\n        > x\n    }\n}\n",
    );
}

/// Lines of comments and payloads, which no migration may touch. Names in `${…}` are the exception.
fn untouched(texts: &BTreeMap<String, String>) -> Vec<String> {
    let lines = texts.values().flat_map(|text| text.lines());
    lines
        .map(str::trim_start)
        .filter(|line| line.starts_with(['/', '>', '<', '!']) && !line.contains("${"))
        .map(str::to_owned)
        .collect()
}

/// A word as shells and aliases may be called in 2026-04.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("db".to_owned()),
        Just("Db".to_owned()),
        Just("var".to_owned()),
        "[A-Za-z_][A-Za-z0-9_]{0,4}".prop_filter("a keyword", |word| !relux_syntax::names::KEYWORDS
            .contains(&word.as_str())),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let text = "[ -~]{0,12}".prop_map(|text| text.replace(['\\', '"'], ""));
    prop_oneof![
        (name(), text.clone()).prop_map(|(name, text)| format!("let {name} = \"{text}\"\n    {name} = 1")),
        text.clone().prop_map(|text| format!("> {text}")),
        text.clone().prop_map(|text| format!("<= x{text}  ")),
        (name(), name()).prop_map(|(a, b)| format!("> ${{{a}}} ${{{a}.{b}}} $${{{a}.{b}}}")),
        text.prop_map(|text| format!("// {text}")),
        name().prop_map(|name| format!("let {name}\n    > ${{{name}}}")),
    ]
}

/// A suite of 2026-04 that has no errors, or nearly always none.
fn suite() -> impl Strategy<Value = String> {
    let body = || prop::collection::vec(statement(), 1..5);
    let effect = (name(), name(), name(), any::<bool>(), any::<bool>(), body());
    (effect, name(), any::<bool>(), body(), any::<bool>()).prop_map(
        |((shell, other, exposed, says, renames, first), alias, enters, second, tells)| {
            let exposes = match (says, renames) {
                (false, _) => String::new(),
                (true, false) => format!("    expose {shell}\n"),
                (true, true) => format!("    expose {shell} as {exposed}\n"),
            };
            let seen = if says && renames { &exposed } else { &shell };
            let header = if enters { alias.clone() } else { format!("{alias}.{seen}") };
            let edition = if tells { "edition = \"2026-04\"\n" } else { "" };
            let (first, second) = (first.join("\n    "), second.join("\n    "));
            format!(
                "//- Relux.toml\n{edition}//- relux/lib/e.relux\neffect E {{\n{exposes}    shell {shell} {{\n    {first}\n    }}\n    shell {other} {{\n    > x\n    }}\n}}\n//- relux/tests/t.relux\nimport e\n\ntest \"t\" {{\n    start E as {alias}\n    shell {header} {{\n    > x\n    {second}\n    }}\n}}\n"
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever is not refused keeps its meaning, which the migration itself verifies, its comments and its payloads; it
    /// is refused only for what the edition cannot say.
    #[test]
    fn generated_suites_go_there_and_back(fixture in suite()) {
        let (mut db, suite, _) = load(&fixture, &[]);
        let old = texts(&db, suite);
        match run(&mut db, suite, NEW, &[]) {
            Ok(_) => {}
            Err(NotMigrated::Errors(_) | NotMigrated::Unsayable(_)) => {
                return Err(TestCaseError::reject("the generated suite has an error, or an environment variable `var`"));
            }
            Err(other) => return Err(TestCaseError::fail(format!("{other:?}\n{fixture}"))),
        }
        let new = texts(&db, suite);
        prop_assert_eq!(untouched(&old), untouched(&new));
        let again = run(&mut db, suite, NEW, &[]);
        prop_assert!(again.as_ref().is_ok_and(Vec::is_empty), "{:?}\n{:?}", again, new);
        match run(&mut db, suite, OLD, &[]) {
            Ok(_) => {}
            other => return Err(TestCaseError::fail(format!("{other:?}\n{new:?}"))),
        }
        prop_assert_eq!(untouched(&old), untouched(&texts(&db, suite)));
        let again = run(&mut db, suite, OLD, &[]);
        prop_assert!(again.as_ref().is_ok_and(Vec::is_empty), "{:?}\n{:?}", again, texts(&db, suite));
    }
}
