//! Our own suite of the language, `tests/suites/language`: green in both editions, in style, without findings, and in
//! 2026-08 what a migration makes of 2026-04.
//!
//! What only one edition has stands in directories named `edition`, and broken modules in `nested/errors`; these are
//! written by hand in both. `RELUX_UPDATE=1` writes everything else of 2026-08.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use relux_e2e::{Scratch, repository};

use crate::survivors::survivors;

const APRIL: &str = "tests/suites/language/2026-04";
const AUGUST: &str = "tests/suites/language/2026-08";

#[test]
fn the_language_of_2026_04_is_as_told() {
    is_as_told(APRIL);
}

#[test]
fn the_language_of_2026_08_is_as_told() {
    is_as_told(AUGUST);
}

fn is_as_told(suite: &str) {
    let suite = Scratch::copy_of(suite);
    let outcome = suite.relux(&["run", "-j", "8"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let told = outcome.shown();
    assert!(!told.contains(" skipped;"), "every rule must be shown: {told}");
    assert_eq!(
        survivors(suite.path()),
        Vec::<String>::new(),
        "processes outlived the run"
    );
}

#[test]
fn the_language_suites_are_written_as_they_should_be() {
    for edition in [APRIL, AUGUST] {
        let scratch = Scratch::copy_of(edition);
        for suite in suites(scratch.path()) {
            let manifest = manifest_of(&suite);
            let checked = scratch.relux(&["check", "--manifest", &manifest]);
            let told = checked.shown();
            assert!(told.contains("no problems"), "{edition}: {told}");
            let formatted = scratch.command(&["fmt", "--check"]).current_dir(&suite).output();
            let formatted = formatted.expect("the program starts");
            let told = String::from_utf8_lossy(&formatted.stdout);
            assert!(formatted.status.success(), "{edition}: {told}");
        }
    }
}

#[test]
fn the_language_suite_of_2026_08_is_that_of_2026_04_migrated() {
    let migrated = Scratch::copy_of(APRIL);
    for suite in suites(migrated.path()) {
        for arguments in [&["migrate", "--to", "2026-08"][..], &["fmt"]] {
            let output = migrated.command(arguments).current_dir(&suite).output();
            let output = output.expect("the program starts");
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {told}", suite.display());
        }
    }
    let expected = texts(migrated.path());
    let august = repository().join(AUGUST);
    if std::env::var_os("RELUX_UPDATE").is_some() {
        write(&august, &expected);
    }
    let written = texts(&august);
    let paths = |texts: &BTreeMap<PathBuf, String>| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&written), paths(&expected), "RELUX_UPDATE=1 writes them");
    for (path, text) in expected {
        assert_eq!(
            written[&path],
            text,
            "{}: RELUX_UPDATE=1 writes it",
            path.display()
        );
    }
}

/// The suite in this directory and those below `nested` that are to be sound.
fn suites(root: &Path) -> Vec<PathBuf> {
    let nested = fs::read_dir(root.join("nested")).expect("listing the nested suites");
    let nested = nested.map(|entry| entry.expect("listing the nested suites").path());
    let mut found: Vec<_> = nested.filter(|path| !path.ends_with("errors")).collect();
    found.sort();
    assert!(!found.is_empty(), "there are nested suites");
    found.push(root.to_owned());
    found
}

fn manifest_of(suite: &Path) -> String {
    suite.join("Relux.toml").to_string_lossy().into_owned()
}

/// All files that both editions share, by their path in the suite.
fn texts(root: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let own = ["edition", "errors", "out"]
                .iter()
                .any(|name| path.ends_with(name));
            if !own {
                let entries = fs::read_dir(&path).expect("listing a directory");
                open.extend(entries.map(|entry| entry.expect("listing a directory").path()));
            }
        } else {
            let text = fs::read_to_string(&path).expect("reading a file");
            let path = path.strip_prefix(root).expect("it is below").to_owned();
            found.insert(path, text);
        }
    }
    found
}

/// Makes the shared files of a suite these.
fn write(root: &Path, wanted: &BTreeMap<PathBuf, String>) {
    for path in texts(root).into_keys().filter(|path| !wanted.contains_key(path)) {
        fs::remove_file(root.join(path)).expect("removing a file");
    }
    for (path, text) in wanted {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("creating directories");
        fs::write(path, text).expect("writing a file");
    }
}
