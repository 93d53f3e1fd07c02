//! `relux init` and `relux new`: what they make checks clean and passes, and what exists stays.

use std::fs;
use std::path::Path;

use regex::Regex;
use relux_e2e::{Outcome, Scratch};

const EDITIONS: [&str; 2] = ["2026-04", "2026-08"];

/// A directory without a suite.
fn bare() -> Scratch {
    let scratch = Scratch::new("");
    fs::remove_file(scratch.path().join("Relux.toml")).expect("it was made for the test");
    scratch
}

fn good(outcome: &Outcome) {
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
}

/// Checks without any finding, information and hints included.
fn is_clean(scratch: &Scratch) {
    let outcome = scratch.relux(&["check", "--message-format", "json"]);
    good(&outcome);
    let document: serde_json::Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let findings = document["diagnostics"].as_array().expect("a list");
    let seen: Vec<_> = findings.iter().filter(|it| it["severity"] != "hint").collect();
    assert!(seen.is_empty(), "{seen:#?}");
}

fn files(directory: &Path) -> Vec<String> {
    fn collect(root: &Path, directory: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(directory).expect("listing") {
            let path = entry.expect("listing").path();
            if path.is_dir() {
                collect(root, &path, found);
            } else {
                found.push(
                    path.strip_prefix(root)
                        .expect("below")
                        .to_string_lossy()
                        .into_owned(),
                );
            }
        }
    }
    let mut found = Vec::new();
    collect(directory, directory, &mut found);
    found.sort();
    found
}

#[test]
fn a_new_suite_is_green_in_both_editions() {
    for edition in EDITIONS {
        let scratch = bare();
        let made = scratch.relux(&["init", "--edition", edition]);
        good(&made);
        assert_eq!(
            made.stdout,
            "created relux/.gitignore\ncreated relux/tests/hello.relux\ncreated Relux.toml\nrun the tests with `relux run`\n"
        );
        assert_eq!(
            files(scratch.path()),
            ["Relux.toml", "relux/.gitignore", "relux/tests/hello.relux"]
        );
        assert!(scratch.path().join("relux/lib").is_dir());
        let manifest = fs::read_to_string(scratch.path().join("Relux.toml")).expect("the manifest");
        assert!(
            manifest.contains(&format!("edition = \"{edition}\"")),
            "{manifest}"
        );
        is_clean(&scratch);
        good(&scratch.relux(&["run"]));
    }
}

#[test]
fn new_modules_are_green_in_both_editions() {
    for edition in EDITIONS {
        let scratch = bare();
        good(&scratch.relux(&["init", "--edition", edition]));
        for (kind, path) in [
            ("--test", "db/get_after_put"),
            ("--test", "let"),
            ("--effect", "service/web_server"),
            ("--effect", "_1"),
            ("--effect", "test"),
            ("--lib", "api/http"),
            ("--lib", "fn.relux"),
        ] {
            good(&scratch.relux(&["new", kind, path]));
        }
        let bind = if edition == "2026-04" { "=" } else { ":=" };
        scratch.write(
            "relux/tests/all.relux",
            format!(
                "import service/web_server {{ WebServer }}\nimport api/http\n\ntest \"all of it\" {{\n    let port {bind} available_port()\n    \
                 start WebServer as server {{ WEB_SERVER_PORT {bind} port }}\n\n    shell sh {{\n        \
                 let text {bind} http_greeting(\"ada\")\n        http_run(\"echo ${{text}}\")\n    }}\n}}\n"
            ),
        );
        is_clean(&scratch);
        let run = scratch.relux(&["run"]);
        good(&run);
        assert!(run.stderr.contains("4 passed"), "{}", run.shown());
        let effect = fs::read_to_string(scratch.path().join("relux/lib/_1.relux")).expect("the module");
        assert!(effect.contains("effect E1 {"), "{effect}");
    }
}

#[test]
fn modules_follow_a_suite_that_does_not_say_its_edition() {
    let suite = Scratch::new(
        "pure fn f() {\n    let x := \"1\"\n    x\n}\n\ntest \"t\" {\n    shell s {\n        > ${f()}\n    }\n}\n",
    );
    good(&suite.relux(&["new", "--test", "more"]));
    let text = fs::read_to_string(suite.path().join("relux/tests/more.relux")).expect("the module");
    assert!(text.contains("let word := "), "{text}");
}

#[test]
fn what_exists_stays() {
    let scratch = bare();
    scratch.write("relux/tests/mine.relux", "mine");
    scratch.write("relux/.gitignore", "mine");
    let outcome = scratch.relux(&["init"]);
    good(&outcome);
    assert_eq!(
        files(scratch.path()),
        ["Relux.toml", "relux/.gitignore", "relux/tests/mine.relux"]
    );
    let read = |path: &str| fs::read_to_string(scratch.path().join(path)).expect("it is there");
    assert_eq!(
        (
            read("relux/.gitignore").as_str(),
            read("relux/tests/mine.relux").as_str()
        ),
        ("mine", "mine")
    );
    let manifest = read("Relux.toml");
    let again = scratch.relux(&["init"]);
    assert_eq!(again.code, Some(2));
    assert_eq!(
        again.stderr,
        "error: Relux.toml exists already; nothing was changed\n"
    );
    let again = scratch.relux(&["new", "--test", "mine"]);
    assert_eq!(again.code, Some(2));
    assert_eq!(
        again.stderr,
        "error: relux/tests/mine.relux exists already; nothing was changed\n"
    );
    assert_eq!(
        (read("Relux.toml"), read("relux/tests/mine.relux")),
        (manifest, "mine".to_owned())
    );
}

#[test]
fn wrong_turns_say_what_to_write() {
    let suite = Scratch::new("");
    suite.write("relux/lib/file.relux", "");
    suite.write("blocked", "");
    let mut told = String::new();
    for args in [
        &["new"][..],
        &["new", "--test", "a", "--lib", "b"],
        &["new", "--test", "Db/smoke"],
        &["new", "--test", "relux/tests/db.relux"],
        &["new", "--lib", "../x"],
        &["new", "--lib", "file.relux/x"],
        &["new", "--effect", ""],
        &["init"],
        &["init", "blocked"],
        &["init", "--edition", "2027"],
    ] {
        let outcome = suite.relux(args);
        assert_eq!(outcome.code, Some(2), "{args:?}: {}", outcome.shown());
        told.push_str("$ relux ");
        told.push_str(&args.join(" "));
        told.push('\n');
        told.push_str(&outcome.stderr);
        told.push('\n');
    }
    assert_eq!(
        bare().relux(&["new", "--test", "x"]).code,
        Some(2),
        "there is no suite"
    );
    insta::assert_snapshot!(told);
}

/// Everything that is commented out in a new manifest is a key at a value that the reader takes.
#[test]
fn all_settings_of_a_new_manifest_can_be_switched_on() {
    let scratch = bare();
    good(&scratch.relux(&["init"]));
    let text = fs::read_to_string(scratch.path().join("Relux.toml")).expect("the manifest");
    let commented = Regex::new(r"(?m)^# ([a-z_-]+ = )").expect("the pattern is valid");
    assert!(commented.find_iter(&text).count() > 15, "{text}");
    scratch.write("Relux.toml", commented.replace_all(&text, "$1").as_bytes());
    is_clean(&scratch);
    good(&scratch.relux(&["run"]));
}
