//! Generated suites, of either edition and mixed, with planted mistakes: every mistake is found at its place and nothing
//! else is said; neither the order of files and tests nor the way by which a database came to its texts matters.

mod mistakes;
mod suite;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;
use relux_model::fixture::Fixture;
use relux_model::{RootDb, Suite, all_files, diagnostics};
use relux_syntax::{LineIndex, Severity};

use mistakes::{Class, MISTAKES, Planted, plant};
use suite::{Shape, shape};

/// Path, line from 1, code.
type Place = (String, usize, String);

fn found(db: &RootDb, suite: Suite) -> BTreeSet<Place> {
    let mut places = BTreeSet::new();
    for file in all_files(db, suite) {
        let (path, text) = (file.path(db), file.text(db));
        let lines = LineIndex::new(text);
        for it in diagnostics(db, suite, file) {
            if it.severity > Severity::Hint {
                let line = lines.line(it.range.start) as usize + 1;
                places.insert((path.to_string(), line, it.code.to_string()));
            }
        }
    }
    places
}

/// The suite in a new database.
fn load(files: &[(String, String)]) -> (RootDb, Suite) {
    let db = RootDb::default();
    let suite = Fixture::parse(&fixture(files)).load(&db);
    (db, suite)
}

/// Files as the text of a fixture.
fn fixture(files: &[(String, String)]) -> String {
    let mut text = String::new();
    for (path, file) in files {
        let _ = write!(text, "//- {path}\n{file}");
    }
    text
}

/// Which mistakes, as numbers of the table and of the places that fit.
fn choices() -> impl Strategy<Value = Vec<(prop::sample::Index, prop::sample::Index)>> {
    prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 0..6)
}

fn planted(shape: &Shape, class: Class, choices: &[(prop::sample::Index, prop::sample::Index)]) -> Planted {
    plant(&shape.files(), class, choices)
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![Just(Class::Error), Just(Class::Likely)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_planted_mistake_is_found_and_nothing_else(shape in shape(), class in class(), choices in choices()) {
        let planted = planted(&shape, class, &choices);
        let (db, suite) = load(&planted.files);
        prop_assert_eq!(&found(&db, suite), &planted.expected, "{}", planted.shown());
    }

    #[test]
    fn the_order_of_files_does_not_matter(shape in shape(), class in class(), choices in choices(), seed in any::<u64>()) {
        let mut planted = planted(&shape, class, &choices);
        let (db, suite) = load(&planted.files);
        let before = found(&db, suite);
        shuffle(&mut planted.files, seed);
        let (db, suite) = load(&planted.files);
        prop_assert_eq!(found(&db, suite), before);
    }

    #[test]
    fn the_order_of_tests_does_not_matter(shape in shape(), seed in any::<u64>()) {
        // Mistakes are planted by kind of place, which the order changes: so they are in the texts before.
        let mut files = shape.files();
        for file in &mut files {
            file.break_first_call_of_each_test();
        }
        let said = |files: &[suite::File]| {
            let files: Vec<_> = files.iter().map(|file| (file.path.clone(), file.text())).collect();
            let (db, suite) = load(&files);
            let mut said = Vec::new();
            for file in all_files(&db, suite) {
                said.extend(diagnostics(&db, suite, file).iter().map(|it| {
                    format!("{} {} {}", file.path(&db), it.message, it.range.slice(file.text(&db)))
                }));
            }
            said.sort();
            said
        };
        let before = said(&files);
        for file in &mut files {
            shuffle(file.tests(), seed);
        }
        prop_assert_eq!(said(&files), before);
    }

    #[test]
    fn an_edited_database_says_what_a_new_one_says(shape in shape(), class in class(), choices in choices(), seed in any::<u64>()) {
        let clean: Vec<(String, String)> = shape.files().iter().map(|it| (it.path.clone(), it.text())).collect();
        let planted = planted(&shape, class, &choices);
        let (mut db, suite) = load(&clean);
        prop_assert_eq!(found(&db, suite), BTreeSet::new());
        // There and back again, file by file, asking in between.
        let mut now = clean.clone();
        let mut edits: Vec<usize> = (0..clean.len()).chain(0..clean.len()).collect();
        shuffle(&mut edits, seed);
        for file in edits {
            let is_clean = now[file].1 == clean[file].1;
            now[file].1 = if is_clean { planted.files[file].1.clone() } else { clean[file].1.clone() };
            let sources = suite.files(&db).clone();
            let source = sources.iter().find(|it| **it.path(&db) == *now[file].0);
            if let Some(&source) = source {
                source.update(&mut db, now[file].1.as_str());
            }
            let (fresh, fresh_suite) = load(&now);
            prop_assert_eq!(found(&db, suite), found(&fresh, fresh_suite));
        }
    }
}

/// Every entry of the table can be planted and is found: none of them is for nothing.
#[test]
fn every_mistake_has_its_place_in_a_large_suite() {
    let mut faults = String::new();
    for (number, mistake) in MISTAKES.iter().enumerate() {
        let mut fits = false;
        for shape in suite::large() {
            let Some(planted) = mistakes::plant_one(&shape.files(), number) else {
                continue;
            };
            fits = true;
            let (db, suite) = load(&planted.files);
            let found = found(&db, suite);
            if found != planted.expected {
                let _ = writeln!(
                    faults,
                    "{}: found {found:?}, planted {:?} in\n{}",
                    mistake.name,
                    planted.expected,
                    planted.shown()
                );
                break;
            }
        }
        if !fits {
            let _ = writeln!(faults, "{}: there is no place for it", mistake.name);
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// An order that depends on the seed alone.
fn shuffle<T>(list: &mut [T], seed: u64) {
    let mut state = seed | 1;
    for at in (1..list.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (state >> 33) as usize % (at + 1));
    }
}
