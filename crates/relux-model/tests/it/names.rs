//! What the name under the cursor means, and who else names it.

use std::fmt::Write as _;

use relux_model::names::{Role, Symbol, names_of_one_thing, occurrences, references, resolve_at};
use relux_model::{RootDb, SourceFile, Suite};
use relux_syntax::{LineIndex, TextRange};

use crate::check::load;

const SUITE: &str = include_str!("suites/names.txt");

/// Path, line from 1 and word.
fn place(db: &RootDb, file: SourceFile, range: TextRange) -> String {
    let text = file.text(db);
    let line = LineIndex::new(text).line(range.start) + 1;
    let word = range.slice(text).lines().next().unwrap_or_default();
    format!("{}:{line} `{word}`", file.path(db))
}

fn kind(symbol: &Symbol) -> String {
    match symbol {
        Symbol::Module(_) => "module".to_owned(),
        Symbol::Function(def) => format!("function {}/{}", def.id.name, def.id.ordinal),
        Symbol::Effect(def) => format!("effect {}", def.id.name),
        Symbol::Test(def) => format!("test {:?}", def.id.name),
        Symbol::Builtin(builtin) => format!("builtin {}", builtin.signature().name),
        Symbol::Alias { owner, name } => format!("alias {name} of {}", owner.id.name),
        Symbol::Shell { owner, name } => format!("shell {name} of {}", owner.id.name),
        Symbol::Exposed { effect, kind, name } => format!("exposed {kind:?} {name} of {}", effect.id.name),
        Symbol::Variable { owner, scope, name } => {
            format!("variable {name} in {scope:?} of {}", owner.id.name)
        }
        Symbol::Parameter { function, name } => format!("parameter {name} of {}", function.id.name),
        Symbol::Expect { effect, name } => format!("expect {name} of {}", effect.id.name),
        Symbol::Environment(name) => format!("environment {name}"),
        Symbol::Capture { owner, index } => format!("capture {index} of {}", owner.id.name),
    }
}

/// Every name of a suite with its meanings and definitions.
fn all_names(db: &RootDb, suite: Suite) -> String {
    let mut out = String::new();
    for &file in suite.files(db).iter() {
        let mut last = None;
        for occurrence in occurrences(db, suite, file) {
            if last == Some(occurrence.range) {
                continue;
            }
            last = Some(occurrence.range);
            let found = resolve_at(db, suite, file, occurrence.range.start).expect("there is a name");
            let meanings: Vec<String> = found
                .occurrences
                .iter()
                .map(|it| {
                    let role = match it.role {
                        Role::Definition => "defines ",
                        Role::Write => "writes ",
                        Role::Reference => "",
                    };
                    format!("{role}{}", kind(&it.symbol))
                })
                .collect();
            let _ = write!(
                out,
                "{}: {}",
                place(db, file, found.range),
                meanings.join(" and ")
            );
            for target in &found.targets {
                let _ = write!(out, " -> {}", place(db, target.file, target.name));
                assert!(target.full.covers(target.name), "{target:?}");
            }
            out.push('\n');
        }
    }
    out
}

#[test]
fn every_name_means_something() {
    let (db, suite, _) = load(SUITE, &[]);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(all_names(&db, suite)) });
}

/// The lines that name what the cursor stands on, in path order.
#[track_caller]
fn check_references(fixture: &str, expected: &[&str]) {
    let (db, suite, fixture) = load(fixture, &[]);
    let (path, offset) = fixture
        .files
        .iter()
        .find_map(|file| Some((file.path.clone(), file.cursor?)))
        .expect("the fixture has a cursor");
    let file = suite.files(&db).iter().find(|file| **file.path(&db) == *path);
    let found = resolve_at(&db, suite, *file.expect("the file"), offset).expect("the cursor is at a name");
    let places: Vec<String> = references(&db, suite, &found.occurrences[0].symbol)
        .iter()
        .map(|(file, occurrence)| place(&db, *file, occurrence.range))
        .collect();
    assert_eq!(places, expected);
}

#[test]
fn references_of_an_effect_cross_files() {
    check_references(
        "//- /relux/lib/db.relux
effect D<|>b {
    shell s {
        > x
    }
}
//- /relux/tests/a.relux
import db { Db as Data }
test \"t\" {
    start Data
    shell s {
        > x
    }
}
//- /relux/tests/b.relux
effect Db {
}
",
        &[
            "relux/lib/db.relux:1 `Db`",
            "relux/tests/a.relux:1 `Db`",
            "relux/tests/a.relux:1 `Data`",
            "relux/tests/a.relux:3 `Data`",
        ],
    );
}

#[test]
fn references_of_an_expect_are_its_reads_and_the_keys_that_supply_it() {
    check_references(
        "//- /relux/lib/db.relux
effect Db {
    expect PO<|>RT
    shell s {
        > ${PORT}
    }
}
effect Outer {
    start Db
    shell s {
        > x
    }
}
//- /relux/tests/a.relux
import db
test \"t\" {
    let p = \"1\"
    start Db { PORT = p }
    start Outer { PORT = p }
    shell s {
        > ${PORT}
    }
}
",
        &[
            "relux/lib/db.relux:2 `PORT`",
            "relux/lib/db.relux:4 `PORT`",
            "relux/tests/a.relux:4 `PORT`",
            "relux/tests/a.relux:5 `PORT`",
        ],
    );
}

#[test]
fn references_of_a_variable_stay_in_its_scope() {
    check_references(
        "test \"t\" {
    let x = \"0\"
    shell a {
        let x = \"${x}\"
        log(x<|>)
        x = \"2\"
    }
    shell b {
        log(x)
    }
}
",
        &[
            "relux/tests/main.relux:4 `x`",
            "relux/tests/main.relux:5 `x`",
            "relux/tests/main.relux:6 `x`",
        ],
    );
}

#[test]
fn overloads_are_different_functions() {
    check_references(
        "fn f() {
}
fn f<|>(a) {
    f()
}
test \"t\" {
    shell s {
        f()
        f(\"x\")
    }
}
",
        &["relux/tests/main.relux:3 `f`", "relux/tests/main.relux:9 `f`"],
    );
}

#[test]
fn between_names_there_is_nothing() {
    let (db, suite, _) = load(
        "test \"t\" {\n    shell s {\n        > plain text\n    }\n}\n",
        &[],
    );
    let file = suite.files(&db)[0];
    let text = file.text(&db);
    let payload = text.find("plain").expect("the payload") as u32;
    assert_eq!(resolve_at(&db, suite, file, payload + 2), None);
    assert_eq!(resolve_at(&db, suite, file, u32::MAX), None);
}

#[test]
fn one_thing_may_have_several_names() {
    let (db, suite, _) = load(SUITE, &[]);
    let store = suite
        .files(&db)
        .iter()
        .find(|it| it.path(&db).ends_with("store.relux"));
    let store = *store.expect("the file");
    let named = |word: &str| {
        let at = store.text(&db).find(word).expect("the word") as u32;
        let found = resolve_at(&db, suite, store, at).expect("a name");
        let all = names_of_one_thing(&db, suite, &found.occurrences[0].symbol);
        all.iter().map(kind).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        named("service {"),
        "shell service of Store, exposed Shell service of Store, exposed Shell main of Cache"
    );
    assert_eq!(
        named("root :="),
        "variable root in Body of Store, exposed Var dir of Store, exposed Var dir of Cache"
    );
    assert_eq!(named("STORE_PORT"), "expect STORE_PORT of Store");
}
