//! Renaming everything that can be renamed, one thing after another: the plans stay the same but for the name, no finding
//! is new, and renaming back gives the same bytes.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use relux_ide::{FileEdits, Severity};
use relux_model::names::{Symbol, occurrences};

use crate::suites::{ROOT, Texts, apply, from_disk, from_fixture, host, load, plans};

/// Codes of findings with their files.
fn findings(texts: &Texts, least: Severity) -> BTreeMap<(String, String), usize> {
    let (db, suite) = load(texts);
    let mut found = BTreeMap::new();
    for file in relux_model::all_files(&db, suite) {
        let all = relux_model::diagnostics(&db, suite, file);
        for it in all.iter().filter(|it| it.severity >= least) {
            let key = (file.path(&db).to_string(), it.code.to_string());
            *found.entry(key).or_default() += 1;
        }
    }
    found
}

/// A place to ask at, and the symbol there.
struct Place {
    path: String,
    offset: u32,
    symbol: String,
    old: String,
}

/// The first place of every symbol.
fn places(texts: &Texts) -> Vec<Place> {
    let (db, suite) = load(texts);
    let mut seen = Vec::new();
    let mut places = Vec::new();
    for &file in suite.files(&db).iter() {
        for it in occurrences(&db, suite, file) {
            if !seen.contains(&it.symbol) {
                seen.push(it.symbol.clone());
                places.push(Place {
                    path: file.path(&db).to_string(),
                    offset: it.range.start,
                    symbol: kind(&it.symbol).to_owned(),
                    old: it.range.slice(file.text(&db)).to_owned(),
                });
            }
        }
    }
    places
}

fn kind(symbol: &Symbol) -> &'static str {
    match symbol {
        Symbol::Effect(_) | Symbol::Alias { .. } => "camel",
        Symbol::Environment(_)
        | Symbol::Capture { .. }
        | Symbol::Builtin(_)
        | Symbol::Module(_)
        | Symbol::Test(_) => "fixed",
        _ => "snake",
    }
}

/// One of so many names is renamed in large suites, because each costs some checks of the whole suite; all of them where
/// this variable is set.
const ALL: &str = "RELUX_RENAME_ALL";
const STEP: usize = 9;

/// Renames everything in a suite; gives how many things had another name for a while, and why others had not. Findings of
/// less than `least` may change: mistakes that are about names are mistakes about other names afterwards.
fn rename_all(name: &str, texts: &Texts, least: Severity) -> (usize, Vec<String>) {
    let before = host(texts);
    let analysis = before.analysis();
    let found_before = findings(texts, least);
    let (mut renamed, mut refused) = (0, Vec::new());
    let all = places(texts);
    let step = if all.len() < 10 * STEP || std::env::var_os(ALL).is_some() {
        1
    } else {
        STEP
    };
    for place in all.into_iter().step_by(step) {
        let new = if place.symbol == "camel" {
            "Zz9Renamed"
        } else {
            "zz9_renamed"
        };
        let path = Utf8PathBuf::from(format!("{ROOT}/{}", place.path));
        let about = format!("`{}` at {}:{} in {name}", place.old, place.path, place.offset);
        let answer = analysis.rename(&path, place.offset, new).expect("nothing writes");
        let edits = match answer {
            Ok(edits) => edits,
            Err(reason) => {
                if place.symbol != "fixed" {
                    refused.push(format!("{}: {}", place.old, reason.0));
                }
                continue;
            }
        };
        assert_ne!(place.symbol, "fixed", "{about}");
        assert!(!edits.is_empty(), "{about}");
        let after = apply(texts, &edits);
        assert_eq!(
            plans(&after).replace(new, &place.old),
            plans(texts).replace(new, &place.old),
            "{about}"
        );
        let found = findings(&after, least);
        for (finding, count) in &found {
            let known = found_before.get(finding).copied().unwrap_or_default();
            assert!(*count <= known, "{about}: {finding:?} is new");
        }
        let (path, range) = first_edit(&edits, &after, new);
        let back = host(&after)
            .analysis()
            .rename(&path, range, &place.old)
            .expect("nothing writes")
            .unwrap_or_else(|reason| panic!("{about}: {}", reason.0));
        let again = apply(&after, &back);
        assert!(plain(&again) == plain(texts), "{about}: renamed back it differs");
        renamed += 1;
    }
    (renamed, refused)
}

/// `expose db.url as url` says the same as `expose db.url`, which a rename takes apart and does not put together again.
fn plain(texts: &Texts) -> Texts {
    let line = |line: &str| {
        let Some((exposed, name)) = line.split_once(" as ") else {
            return line.to_owned();
        };
        let redundant =
            line.trim_start().starts_with("expose ") && exposed.ends_with(&format!(".{}", name.trim()));
        if redundant {
            format!("{exposed}\n")
        } else {
            line.to_owned()
        }
    };
    let text = |text: &String| text.split_inclusive('\n').map(line).collect();
    texts.iter().map(|(path, it)| (path.clone(), text(it))).collect()
}

/// Where the new name stands first in a changed file.
fn first_edit(edits: &[FileEdits], after: &Texts, new: &str) -> (Utf8PathBuf, u32) {
    let file = edits.first().expect("there are edits").file.clone();
    let path = file.strip_prefix(ROOT).expect("a file of the suite");
    let at = after[path.as_str()].find(new).expect("the new name");
    (file, u32::try_from(at).expect("small files"))
}

#[test]
fn everything_in_the_examples() {
    let (renamed, refused) = rename_all("the example", &from_disk("examples/tasks"), Severity::Hint);
    assert!(renamed > 20, "{renamed} were renamed");
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn everything_in_the_examples_of_the_newer_edition() {
    let texts = from_disk("tests/fixtures/tasks-2026-08");
    let (renamed, refused) = rename_all("the newer example", &texts, Severity::Hint);
    assert!(renamed > 20, "{renamed} were renamed");
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn everything_in_the_suites_of_other_tests() {
    for (name, text, least) in [
        (
            "names",
            include_str!("../../../relux-model/tests/it/suites/names.txt"),
            15,
        ),
        (
            "board",
            include_str!("../../../relux-model/tests/it/suites/board.txt"),
            15,
        ),
        (
            "queue",
            include_str!("../../../relux-model/tests/it/suites/queue.txt"),
            15,
        ),
        (
            "statements",
            include_str!("../../../relux-model/tests/it/suites/statements.txt"),
            10,
        ),
    ] {
        let (renamed, refused) = rename_all(name, &from_fixture(text), Severity::Error);
        assert!(renamed >= least, "{renamed} were renamed in {name}: {refused:#?}");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(format!("refused_in_{name}"), refused.join("\n"));
        });
    }
}
