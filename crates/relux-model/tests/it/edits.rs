//! What runs again after an edit, and that it makes no difference to the result.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use relux_model::fixture::Fixture;
use relux_model::names::{Role, Symbol, occurrences};
use relux_model::{HostEnv, RootDb, SourceFile, Suite, all_files, check_files, diagnostics, scope};
use relux_syntax::{Diagnostic, Severity, TextRange};
use salsa::{Database, EventKind};

const SUITE: &str = "\
//- /relux/lib/http.relux
fn get(url) {
    > curl ${url}
    match_ok()
}
//- /relux/lib/db.relux
import http
effect Db {
    expect DB_PORT
    expose service
    shell service {
        > db --port ${DB_PORT}
        <? ^listening$
    }
}
//- /relux/lib/auth.relux
import db { Db }
effect Auth {
    expect DB_PORT, AUTH_PORT
    start Db
    expose service
    shell service {
        > auth --port ${AUTH_PORT}
    }
}
//- /relux/tests/a.relux
import auth { Auth }
import http
test \"one\" {
    let db_port = available_port()
    start Auth { DB_PORT = db_port, AUTH_PORT = db_port }
    shell client {
        get(\"http://localhost:${db_port}\")
    }
}
//- /relux/tests/b.relux
import db
test \"two\" {
    start Db { DB_PORT = \"1\" }
    shell client {
        > echo two
        match_ok()
    }
}
";

type Log = Arc<Mutex<Vec<salsa::DatabaseKeyIndex>>>;

fn logged() -> (RootDb, Log) {
    let log = Log::default();
    let sink = Arc::clone(&log);
    let db = RootDb::with_events(move |event| {
        if let EventKind::WillExecute { database_key } = event.kind {
            sink.lock()
                .expect("no test panics with the lock")
                .push(database_key);
        }
    });
    (db, log)
}

fn find(db: &RootDb, suite: Suite, path: &str) -> SourceFile {
    let files = suite.files(db).iter();
    *files
        .into_iter()
        .find(|file| &**file.path(db) == path)
        .expect("the file exists")
}

fn check_all(db: &RootDb, suite: Suite) -> Vec<Vec<Diagnostic>> {
    all_files(db, suite)
        .into_iter()
        .map(|file| diagnostics(db, suite, file))
        .collect()
}

/// The queries that run when everything is asked again after an edit, with how often each runs.
fn executed(path: &str, from: &str, to: &str) -> BTreeMap<String, usize> {
    let (mut db, log) = logged();
    let suite = Fixture::parse(SUITE).load(&db);
    let file = find(&db, suite, path);
    file.open(&mut db);
    check_all(&db, suite);
    let text = file.text(&db).replacen(from, to, 1);
    assert_ne!(&text, &**file.text(&db), "the edit changes something");
    file.update(&mut db, text);
    log.lock().expect("no test panics with the lock").clear();
    check_all(&db, suite);
    let mut counts = BTreeMap::new();
    for key in log.lock().expect("no test panics with the lock").iter() {
        *counts
            .entry(db.ingredient_debug_name(key.ingredient_index()).into_owned())
            .or_default() += 1;
    }
    counts
}

#[test]
fn a_keystroke_in_a_body_stays_in_its_file() {
    insta::assert_debug_snapshot!(executed("relux/tests/b.relux", "echo two", "echo three"));
    insta::assert_debug_snapshot!(executed("relux/lib/http.relux", "curl", "curl -s"));
}

#[test]
fn a_new_expect_reaches_those_who_start_the_effect() {
    insta::assert_debug_snapshot!(executed(
        "relux/lib/db.relux",
        "expect DB_PORT",
        "expect DB_PORT, HOST"
    ));
}

#[test]
fn another_name_in_a_library_reaches_those_who_use_it_and_asks_the_others_nothing() {
    insta::assert_debug_snapshot!(executed("relux/lib/http.relux", "fn get", "fn fetch"));
}

#[test]
fn the_order_of_files_makes_no_difference() {
    let fixture = Fixture::parse(&SUITE.replace("AUTH_PORT = db_port", "X = db_port"));
    let check = |fixture: &Fixture| {
        let db = RootDb::default();
        let suite = fixture.load(&db);
        check_all(&db, suite)
    };
    let mut reversed = fixture.clone();
    reversed.files.reverse();
    let found = check(&fixture);
    assert!(
        found.iter().any(|file| !file.is_empty()),
        "the fixture has a mistake"
    );
    assert_eq!(found, check(&reversed));
}

#[test]
fn threads_and_rounds_make_no_difference() {
    let text = SUITE.replace("AUTH_PORT = db_port", "X = db_port");
    let one_by_one = {
        let db = RootDb::default();
        let suite = Fixture::parse(&text).load(&db);
        check_all(&db, suite)
    };
    for threads in [1, 3, 16] {
        let mut db = RootDb::default();
        let suite = Fixture::parse(&text).load(&db);
        let files = all_files(&db, suite);
        let found = check_files(&mut db, suite, &files, threads);
        assert_eq!(
            found.iter().map(|file| file.to_vec()).collect::<Vec<_>>(),
            one_by_one
        );
    }
}

/// Pieces that edits insert: whole declarations, halves of them, and noise.
const PIECES: &[&str] = &[
    "effect New {\n    expect A_PORT\n    start Db\n}\n",
    "    start Auth as a { DB_PORT = \"1\" }\n",
    "    start Db\n",
    "    start New\n",
    "import auth\n",
    "import db { Db as Store }\n",
    "    expect AUTH_PORT\n",
    "    let DB_PORT = \"1\"\n",
    "    let x := a.b\n",
    "    expose a.service\n",
    "test \"one\" {\n    shell s {\n        > x\n",
    "}\n",
    "{",
    "\"",
    "# skip if X\n",
    "fn get(url, url) {\n}\n",
    "import http { get as fetch }\nfn twice(url) {\n    fetch(url)\n    fetch(url)\n}\n",
    "        get(\"a\")\n",
    "        get(\"a\", \"b\")\n",
    "pure fn get(url) {\n    url\n}\n",
    "${",
    "é\u{feff}",
    "\r\n",
    "",
];

#[derive(Debug, Clone)]
struct AnyEdit {
    file: usize,
    at: usize,
    remove: usize,
    piece: usize,
}

fn any_edit() -> impl Strategy<Value = AnyEdit> {
    (0..5_usize, 0..2_000_usize, 0..60_usize, 0..PIECES.len()).prop_map(|(file, at, remove, piece)| AnyEdit {
        file,
        at,
        remove,
        piece,
    })
}

fn apply(text: &str, edit: &AnyEdit) -> String {
    let boundary = |wanted: usize| {
        (0..=wanted.min(text.len()))
            .rev()
            .find(|at| text.is_char_boundary(*at))
    };
    let from = boundary(edit.at % (text.len() + 1)).unwrap_or(0);
    let to = boundary(from + edit.remove).unwrap_or(from);
    format!("{}{}{}", &text[..from], PIECES[edit.piece], &text[to.max(from)..])
}

/// What a copy of the suite says that has another text for one file and takes over what is known of the others.
fn copied_with(db: &RootDb, suite: Suite, changed: SourceFile, text: &str) -> Vec<Vec<Diagnostic>> {
    let other = RootDb::default();
    let files = suite.files(db).iter();
    let copies = files.map(|file| {
        if *file == changed {
            SourceFile::create(&other, file.path(db).clone(), text)
        } else {
            file.copy(db, suite, &other)
        }
    });
    let manifest = SourceFile::create(&other, "Relux.toml", "");
    let copy = Suite::create(
        &other,
        "/suite",
        copies.collect(),
        Some(manifest),
        Vec::new(),
        HostEnv::default(),
    );
    check_all(&other, copy)
}

/// Names that effects have or may have.
const EFFECTS: [&str; 5] = ["Db", "Auth", "Store", "New", "get"];

/// Functions and effects of which the checker says that nothing uses them.
fn said_to_be_unused(db: &RootDb, suite: Suite) -> Vec<(SourceFile, TextRange)> {
    let mut found = Vec::new();
    for &file in suite.files(db).iter() {
        let said = diagnostics(db, suite, file);
        let unused = said
            .iter()
            .filter(|it| ["unused-function", "unused-effect"].contains(&it.code.as_str()));
        found.extend(unused.map(|it| (file, it.range)));
    }
    found
}

/// The same from the meanings of all names, in files that are judged at all.
fn not_named(db: &RootDb, suite: Suite) -> Vec<(SourceFile, TextRange)> {
    let files = suite.files(db);
    let in_import = |file: SourceFile, range: TextRange| {
        let imports = &relux_model::source_map::source_map(db, file).imports;
        imports.iter().any(|import| import.whole.covers(range))
    };
    let mut named = Vec::new();
    for &file in files.iter() {
        let all = occurrences(db, suite, file).iter();
        let references = all.filter(|it| it.role == Role::Reference && !in_import(file, it.range));
        named.extend(references.map(|it| it.symbol.clone()));
    }
    let mut found = Vec::new();
    for &file in files.iter() {
        let said = diagnostics(db, suite, file);
        if said.iter().any(|it| it.severity == Severity::Error) {
            continue;
        }
        let dead = |range| {
            said.iter()
                .any(|it| it.code.as_str() == "dead-definition" && it.range == range)
        };
        let defined = occurrences(db, suite, file).iter().filter(|it| {
            it.role == Role::Definition && matches!(it.symbol, Symbol::Function(_) | Symbol::Effect(_))
        });
        let unused = defined.filter(|it| !named.contains(&it.symbol) && !dead(it.range));
        found.extend(unused.map(|it| (file, it.range)));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// After any sequence of edits a warm database says what a fresh one says, and so does a copy that
    /// takes over what is known. What is said of uses is what names mean.
    #[test]
    fn incremental_equals_cold(edits in prop::collection::vec(any_edit(), 1..12)) {
        let mut db = RootDb::default();
        let suite = Fixture::parse(SUITE).load(&db);
        for edit in &edits {
            let file = suite.files(&db)[edit.file];
            let text = apply(file.text(&db), edit);
            let copied = copied_with(&db, suite, file, &text);
            file.update(&mut db, text);
            let warm = check_all(&db, suite);
            let cold = {
                let fresh = RootDb::default();
                let files = suite.files(&db).iter();
                let copies = files.map(|file| SourceFile::create(&fresh, file.path(&db).clone(), file.text(&db).clone()));
                let manifest = SourceFile::create(&fresh, "Relux.toml", "");
                let copy = Suite::create(&fresh, "/suite", copies.collect(), Some(manifest), Vec::new(), HostEnv::default());
                check_all(&fresh, copy)
            };
            prop_assert_eq!(&warm, &cold);
            prop_assert_eq!(&copied, &cold);
            prop_assert_eq!(said_to_be_unused(&db, suite), not_named(&db, suite));
            for &file in suite.files(&db).iter() {
                for name in EFFECTS {
                    prop_assert_eq!(scope::effect(&db, suite, file, name), scope::scope(&db, suite, file).effect(name).cloned());
                }
            }
        }
    }

    /// Tests of a file may come in any order: each gets the same answer.
    #[test]
    fn the_order_of_tests_makes_no_difference(order in Just((0..4_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let tests = [
            "test \"a\" {\n    start Auth\n    shell s {\n        > x\n    }\n}\n",
            "test \"b\" {\n    start Auth { DB_PORT = \"1\", AUTH_PORT = \"2\" }\n    shell s {\n        > x\n    }\n}\n",
            "test \"c\" {\n    start Auth { DB_PORT = \"1\" }\n    shell s {\n        > x\n    }\n}\n",
            "test \"d\" {\n    start Db\n    start Auth { DB_PORT = \"1\" }\n    shell s {\n        > x\n    }\n}\n",
        ];
        let messages = |order: &[usize]| {
            let body: String = order.iter().map(|at| tests[*at]).collect();
            let db = RootDb::default();
            let text = format!("{SUITE}//- /relux/tests/c.relux\nimport auth {{ Auth }}\nimport db {{ Db }}\n{body}");
            let suite = Fixture::parse(&text).load(&db);
            let found = diagnostics(&db, suite, find(&db, suite, "relux/tests/c.relux"));
            let mut messages: Vec<String> = found.into_iter().map(|it| it.message).collect();
            messages.sort();
            messages
        };
        prop_assert_eq!(messages(&order), messages(&[0, 1, 2, 3]));
    }
}

#[test]
fn chains_and_circles_of_any_length_are_survived() {
    let mut text = String::from("effect E0 {\n    expect A_PORT\n    start E2999\n}\n");
    for number in 1..3_000 {
        writeln!(text, "effect E{number} {{\n    start E{}\n}}", number - 1).expect("a string grows");
    }
    text.push_str("test \"t\" {\n    start E2999\n    shell s {\n        > x\n    }\n}\n");
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    assert!(
        codes.contains(&"effect-cycle") && codes.contains(&"missing-expect"),
        "{codes:?}"
    );
}

/// Nothing may be quadratic in what a hostile file can hold thousands of; this test would run for minutes.
#[test]
fn thousands_of_mistakes_are_survived() {
    let many = |line: &dyn Fn(usize) -> String| (0..4_000).map(line).collect::<String>();
    let text = format!(
        "{}fn f() {{\n    > x\n}}\neffect Needs {{\n{}{}{}}}\ntest \"t\" {{\n{}    start Needs\n    shell s {{\n        > x\n    }}\n}}\n",
        many(&|number| format!("import nowhere{number} {{ n{number} }}\n")),
        many(&|number| format!("    expect NAME_{number}\n")),
        many(&|number| format!(
            "    start Ghost{number} as G{number} {{ X := G{}.x }}\n",
            (number + 1) % 4_000
        )),
        many(&|number| format!("    expose shell ghost{number}\n")),
        many(&|number| format!("    let name_{number} := \"1\"\n")),
    );
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    let count = |code: &str| found.iter().filter(|it| it.code.as_str() == code).count();
    assert_eq!(count("unresolved-import"), 4_000);
    assert_eq!(count("unresolved-effect"), 4_000);
    assert_eq!(count("invalid-expose"), 4_000);
    assert_eq!(count("overlay-cycle"), 1);
    let missing = found
        .iter()
        .find(|it| it.code.as_str() == "missing-expect")
        .expect("it is found");
    assert!(
        missing.message.ends_with("`NAME_7` and 3992 more"),
        "{}",
        missing.message
    );
}

/// Takes minutes if the nearest of all names is looked for again and again.
#[test]
fn thousands_of_unknown_names_in_bodies_are_survived() {
    let many = |line: &dyn Fn(usize) -> String| (0..2_000).map(line).collect::<String>();
    let text = format!(
        "{}effect E {{\n{}    shell s {{\n        > x\n    }}\n}}\ntest \"t\" {{\n    start E as E\n    shell s {{\n{}{}{}    }}\n    shell r {{\n{}    }}\n}}\n",
        many(&|number| format!("fn known_function_{number}() {{\n    > x\n}}\n")),
        many(&|number| format!("    expose var known_variable_{number}\n")),
        many(&|number| format!("        unknown_function_{number}()\n")),
        many(&|number| format!("        let known_variable_{number} := E.unknown_{number}\n")),
        many(&|number| format!("        unknown_variable_{number} := Unknown{number}.x\n")),
        many(&|number| format!("        known_variable_{number} := \"1\"\n")),
    );
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    let count = |code: &str| found.iter().filter(|it| it.code.as_str() == code).count();
    assert_eq!(count("unresolved-function"), 2_000);
    assert_eq!(count("unresolved-exposed-variable"), 2_000);
    assert_eq!(count("unresolved-alias"), 2_000);
    assert_eq!(count("assign-undeclared"), 4_000);
}

/// Sets of names are copied from effect to effect: it must stay cheap to have many.
#[test]
fn many_effects_that_all_need_something_are_survived() {
    let effects = |count: usize, next: &dyn Fn(usize) -> Option<usize>, prefix: &str| {
        let effect = |number| {
            let start = next(number).map_or_else(String::new, |next| format!("    start {prefix}{next}\n"));
            format!(
                "effect {prefix}{number} {{\n    expect {prefix}_{number}\n{start}    shell s {{\n        > x\n    }}\n}}\n"
            )
        };
        (0..count).map(effect).collect::<String>()
    };
    let (chain, ring) = (2_000, 1_000);
    let text = format!(
        "{}{}test \"t\" {{\n    start Chain0\n    start Ring0\n    shell s {{\n        > x\n    }}\n}}\n",
        effects(
            chain,
            &|number| (number + 1 < chain).then_some(number + 1),
            "Chain"
        ),
        effects(ring, &|number| Some((number + 1) % ring), "Ring"),
    );
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    let missing = found.iter().filter(|it| it.code.as_str() == "missing-expect");
    assert_eq!(missing.count(), 2);
}

/// A circle is told once; minutes go by if every function of it searches the way round.
#[test]
fn circles_of_thousands_of_functions_are_survived() {
    let many = 6_000;
    let function = |number: usize| format!("fn f{number}() {{\n    f{}()\n}}\n", (number + 1) % many);
    let text = format!(
        "fn g() {{\n    g()\n}}\n{}",
        (0..many).map(function).collect::<String>()
    );
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|it| it.code.as_str() == "function-cycle"));
    assert_eq!(found[0].message, "`g` calls itself and would never return");
}
