//! `relux check --fix` from outside: which files change, what is left, and that nothing is lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use relux_e2e::Scratch;

const SLIPS: &str = "tset \"a\" {\n    let port = available_port()\n    start Db\n    shell s {\n        > true\n        match_ok()\n    }\n}\n";
const LIB: &str =
    "//- relux/lib/db.relux\neffect Db {\n    expect PORT\n    shell db {\n        > db ${PORT}\n    }\n}\n";

fn suite() -> Scratch {
    Scratch::new(&format!("{LIB}//- relux/tests/t.relux\nimport db\n\n{SLIPS}"))
}

fn text(suite: &Scratch) -> String {
    fs::read_to_string(suite.path().join("relux/tests/t.relux")).expect("the file is there")
}

#[test]
fn what_is_certain_is_mended_and_the_rest_is_reported() {
    let suite = suite();
    let outcome = suite.relux(&["check", "--fix"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    assert!(text(&suite).contains("\ntest \"a\" {\n"), "{}", text(&suite));
    assert!(
        outcome.stderr.contains("help: `--unsafe` also applies fixes"),
        "{}",
        outcome.shown()
    );
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn the_rest_is_mended_if_asked_for() {
    let suite = suite();
    let outcome = suite.relux(&["check", "--fix", "--unsafe"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    insta::assert_snapshot!(format!("{}\n{}", outcome.shown(), text(&suite)));
    let again = suite.relux(&["check", "--fix", "--unsafe"]);
    assert!(again.stderr.contains("fixed nothing"), "{}", again.shown());
}

#[test]
fn only_chosen_files_are_mended() {
    let suite = suite();
    let before = text(&suite);
    let outcome = suite.relux(&["check", "--fix", "relux/lib"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert_eq!(text(&suite), before);
}

#[test]
fn permissions_and_links_stay() {
    let suite = suite();
    let real = suite.path().join("kept.relux");
    let link = suite.path().join("relux/tests/t.relux");
    fs::rename(&link, &real).expect("moving a file");
    fs::set_permissions(&real, Permissions::from_mode(0o640)).expect("setting permissions");
    symlink(&real, &link).expect("making a link");
    let outcome = suite.relux(&["check", "--fix"]);
    assert!(
        outcome.stderr.contains("fixed 1 problem in 1 file"),
        "{}",
        outcome.shown()
    );
    assert!(link.is_symlink());
    assert!(text(&suite).contains("\ntest \"a\" {\n"));
    let mode = fs::metadata(&real)
        .expect("the file is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    let beside = fs::read_dir(suite.path()).expect("a directory");
    let strays: Vec<_> = beside
        .flatten()
        .filter(|it| it.file_name().to_string_lossy().starts_with(".relux-"))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn unsafe_needs_fix() {
    let outcome = suite().relux(&["check", "--unsafe"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
}
