//! `relux migrate` from outside: what is written, what is only shown, what is refused, and that nothing is lost.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use relux_e2e::Scratch;

const SUITE: &str = r#"//- Relux.toml
# ours
[run] # jobs
jobs = 2
//- relux/lib/db.relux
// The store.
effect Db {
    expect PORT
    shell Server {
        > true ${PORT}
        match_ok()
    }
}
//- relux/tests/t.relux
import db

test "t" {
    let port = available_port()
    start Db as db { PORT = port }
    shell s {
        let x = "1"
        x = 2
        > echo ${x} x = 1
        <= 2 x = 1
    }
    shell db {
        > true
        match_ok()
    }
}
"#;

const FILES: [&str; 3] = ["Relux.toml", "relux/lib/db.relux", "relux/tests/t.relux"];

fn text(suite: &Scratch, path: &str) -> String {
    fs::read_to_string(suite.path().join(path)).expect("the file is there")
}

fn texts(suite: &Scratch) -> String {
    let one = |path: &&str| format!("--- {path}\n{}", text(suite, path));
    FILES.iter().map(one).collect()
}

#[test]
fn a_formatted_suite_stays_formatted() {
    let suite = Scratch::new(
        "//- Relux.toml
//- relux/tests/t.relux
effect E {
    shell x {
        > true
        match_ok()
    }
}

test \"t\" {
    start E as e

    shell e {
        > true
        match_ok()
    }
}
",
    );
    let styled = suite.relux(&["fmt", "--check"]);
    assert_eq!(styled.code, Some(0), "{}", styled.shown());
    let migrated = suite.relux(&["migrate", "--to", "2026-08"]);
    assert_eq!(migrated.code, Some(0), "{}", migrated.shown());
    assert!(text(&suite, "relux/tests/t.relux").contains("    expose shell x\n\n    shell x {"));
    let styled = suite.relux(&["fmt", "--check"]);
    assert_eq!(styled.code, Some(0), "{}", styled.shown());
}

#[test]
fn a_suite_is_rewritten_and_runs_as_before() {
    let suite = Scratch::new(SUITE);
    let outcome = suite.relux(&["migrate", "--to", "2026-08"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    insta::assert_snapshot!(format!("{}\n{}", outcome.shown(), texts(&suite)));
    let checked = suite.relux(&["check"]);
    assert!(checked.stdout.contains("no problems"), "{}", checked.shown());
    let run = suite.relux(&["run"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let again = suite.relux(&["migrate", "--to", "2026-08"]);
    assert_eq!((again.code, &*again.stdout), (Some(0), ""), "{}", again.shown());
}

#[test]
fn check_lists_and_diff_shows_and_neither_writes() {
    let suite = Scratch::new(SUITE);
    let before = texts(&suite);
    let check = suite.relux(&["migrate", "--to", "2026-08", "--check"]);
    assert_eq!(check.code, Some(1), "{}", check.shown());
    insta::assert_snapshot!("migrate_check", check.shown());
    let diff = suite.relux(&["migrate", "--to", "2026-08", "--diff"]);
    assert_eq!(diff.code, Some(0), "{}", diff.shown());
    insta::assert_snapshot!("migrate_diff", diff.shown());
    let both = suite.relux(&["migrate", "--to", "2026-08", "--diff", "--check"]);
    assert_eq!((both.code, both.stdout), (Some(1), diff.stdout));
    assert_eq!(texts(&suite), before);
}

#[test]
fn a_diff_is_a_patch() {
    let (suite, patched) = (Scratch::new(SUITE), Scratch::new(SUITE));
    let diff = suite.relux(&["migrate", "--to", "2026-08", "--diff"]);
    patched.write("a.patch", diff.stdout);
    let applied = patched
        .command_of("git")
        .args(["apply", "-p0", "a.patch"])
        .output()
        .expect("git starts");
    assert!(
        applied.status.success(),
        "{}",
        String::from_utf8_lossy(&applied.stderr)
    );
    suite.relux(&["migrate", "--to", "2026-08"]);
    assert_eq!(texts(&suite), texts(&patched));
}

#[test]
fn what_cannot_be_said_is_shown_and_nothing_is_written() {
    let suite = Scratch::new(SUITE);
    suite.relux(&["migrate", "--to", "2026-08"]);
    suite.edit(
        "relux/tests/t.relux",
        "        x := 2\n",
        "        x := 2\n        x = 2\n        x ? ^2$\n",
    );
    let before = texts(&suite);
    let outcome = suite.relux(&["migrate", "--to", "2026-04"]);
    assert_eq!(
        (outcome.code, &*outcome.stdout),
        (Some(1), ""),
        "{}",
        outcome.shown()
    );
    insta::assert_snapshot!(outcome.shown());
    assert_eq!(texts(&suite), before);
}

#[test]
fn a_suite_with_errors_is_left_alone() {
    let suite = Scratch::new(SUITE);
    suite.edit("relux/tests/t.relux", "import db\n", "");
    let before = texts(&suite);
    let outcome = suite.relux(&["migrate", "--to", "2026-08"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
    assert_eq!(texts(&suite), before);
}

#[test]
fn some_files_only() {
    let suite = Scratch::new(SUITE);
    // Something that shows the edition of the other file.
    suite.edit(
        "relux/lib/db.relux",
        "    expect PORT\n",
        "    expect PORT\n    let port = PORT\n",
    );
    suite.edit("relux/lib/db.relux", "${PORT}", "${port}");
    let outcome = suite.relux(&["migrate", "--to", "2026-08", "relux/tests"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    // The shell is renamed where it is defined, too.
    insta::assert_snapshot!(format!("{}\n{}", outcome.shown(), texts(&suite)));
    let run = suite.relux(&["run"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn a_part_cannot_leave_the_edition_of_the_manifest() {
    let suite = Scratch::new(SUITE);
    suite.relux(&["migrate", "--to", "2026-08"]);
    let outcome = suite.relux(&["migrate", "--to", "2026-04", "relux/tests/t.relux"]);
    assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.shown());
}

#[test]
fn permissions_stay() {
    let suite = Scratch::new(SUITE);
    let path = suite.path().join("relux/tests/t.relux");
    fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("setting permissions");
    suite.relux(&["migrate", "--to", "2026-08"]);
    let mode = fs::metadata(&path)
        .expect("the file is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn wrong_turns() {
    let suite = Scratch::new(SUITE);
    let mut shown = String::new();
    for args in [
        &["migrate"][..],
        &["migrate", "--to", "2026-8"],
        &["migrate", "2026-08"],
        &["migrate", "--to", "2026-08", "relux/nothing.relux"],
        &["migrate", "--to", "2026-08", "Relux.toml"],
        &["migrate", "--to", "2026-08", ".."],
    ] {
        let outcome = suite.relux(args);
        assert_ne!(outcome.code, Some(0), "{args:?}");
        let _ = writeln!(shown, "$ relux {}\n{}", args.join(" "), outcome.shown());
    }
    insta::assert_snapshot!(shown);
}
