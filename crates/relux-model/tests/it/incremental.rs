//! What is computed again after an edit in a body: the promise of the item index, as numbers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use relux_model::fixture::Fixture;
use relux_model::{RootDb, Suite, all_files, diagnostics};

const SUITE: &str = "//- /relux/lib/http.relux
fn get(url) {
    > curl ${url}
    match_ok()
}
//- /relux/lib/service.relux
import http

effect Service {
    expect PORT
    expose main
    shell main {
        get(PORT)
    }
}
//- /relux/tests/a.relux
import http
import service

test \"a\" {
    let port = available_port()
    start Service as s { PORT = port }
    shell client {
        get(port)
    }
    shell s.main {
        > x
    }
}
//- /relux/tests/b.relux
import http

test \"b\" {
    shell client {
        get(\"url\")
    }
}
";

/// A database that counts what it executes, by query.
fn counting() -> (RootDb, Arc<Mutex<BTreeMap<String, usize>>>) {
    let counts: Arc<Mutex<BTreeMap<String, usize>>> = Arc::default();
    let sink = Arc::clone(&counts);
    let db = RootDb::with_events(move |event| {
        if let salsa::EventKind::WillExecute { database_key } = event.kind {
            let name = format!("{database_key:?}");
            let name = name.split('(').next().unwrap_or_default().to_owned();
            *sink.lock().expect("nobody panics").entry(name).or_default() += 1;
        }
    });
    (db, counts)
}

fn say_everything(db: &RootDb, suite: Suite) {
    for file in all_files(db, suite) {
        diagnostics(db, suite, file);
    }
}

/// Replaces `from` by `to` in a file and returns what ran afterwards to say everything again.
fn edit(path: &str, from: &str, to: &str) -> BTreeMap<String, usize> {
    edit_in(SUITE, path, from, to)
}

fn edit_in(suite: &str, path: &str, from: &str, to: &str) -> BTreeMap<String, usize> {
    let (mut db, counts) = counting();
    let suite = Fixture::parse(suite).load(&db);
    let files = suite.files(&db).clone();
    let file = *files
        .iter()
        .find(|file| &**file.path(&db) == path)
        .expect("the file");
    file.open(&mut db);
    say_everything(&db, suite);
    let text = file.text(&db).replacen(from, to, 1);
    assert_ne!(&*text, &**file.text(&db), "the edit changes something");
    file.update(&mut db, text);
    counts.lock().expect("nobody panics").clear();
    say_everything(&db, suite);
    let ran = counts.lock().expect("nobody panics").clone();
    // Bodies only: the other queries have tests of their own.
    let of_bodies = ["call_sets", "diagnostics", "import_circles", "lower"];
    ran.into_iter()
        .filter(|(name, _)| of_bodies.contains(&name.as_str()))
        .collect()
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    expected
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[test]
fn typing_in_a_body_concerns_that_file_alone() {
    let ran = edit("relux/lib/http.relux", "curl ${url}", "curl -s ${url}");
    assert_eq!(ran, counts(&[("call_sets", 1), ("diagnostics", 1), ("lower", 1)]));
}

#[test]
fn another_call_concerns_that_file_alone() {
    let ran = edit("relux/lib/http.relux", "match_ok()", "match_prompt()");
    assert_eq!(ran, counts(&[("call_sets", 1), ("diagnostics", 1), ("lower", 1)]));
}

#[test]
fn another_parameter_concerns_those_who_import_it() {
    let ran = edit("relux/lib/http.relux", "get(url)", "get(url, method)");
    assert_eq!(ran["diagnostics"], 4, "{ran:?}");
    assert_eq!(ran["lower"], 1, "{ran:?}");
}

#[test]
fn a_misspelt_function_of_another_module_hears_of_signatures_alone() {
    let caller =
        "//- /relux/tests/c.relux\ntest \"c\" {\n    shell client {\n        gett(\"url\")\n    }\n}\n";
    let suite = format!("{SUITE}{caller}");
    let ran = edit_in(&suite, "relux/lib/http.relux", "curl ${url}", "curl -s ${url}");
    assert_eq!(ran["diagnostics"], 1, "{ran:?}");
    let ran = edit_in(&suite, "relux/lib/http.relux", "get(url)", "get(url, method)");
    assert_eq!(ran["diagnostics"], 5, "{ran:?}");
}
