//! Completion as shells see it, through the protocol and in real shells, and that it never disturbs a line.

use std::process::Command;

use relux_e2e::{Scratch, relux_bin};

const SUITE: &str = r#"//- relux/lib/service/db.relux
effect Db {
    shell db {
        > true
    }
}
//- relux/lib/jq.relux
pure fn f() {
    ""
}
//- relux/tests/db/smoke.relux
test "get after put" {
    shell s {
        > true
    }
}

test "get-none" {
    shell s {
        > true
    }
}
//- relux/tests/other.relux
test "something else" {
    shell s {
        > true
    }
}
"#;

/// A suite with a run behind it.
fn suite() -> Scratch {
    let scratch = Scratch::new(SUITE);
    scratch.write("relux/out/run-1/relux.log", "");
    scratch
}

/// What a shell gets for the last of these words, and how the program behaves.
fn candidates(scratch: &Scratch, shell: &str, words: &[&str]) -> Vec<String> {
    let output = scratch
        .command(&[&["--", "relux"], words].concat())
        .env("COMPLETE", shell)
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_IFS", "\n")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{words:?}");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "{words:?}: {errors}");
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn bash_gets_what_can_come_next() {
    let suite = suite();
    let bash = |words: &[&str]| candidates(&suite, "bash", words);
    assert_eq!(
        bash(&["run", "-f", "relux/tests/"]),
        ["relux/tests/other.relux", "relux/tests/db/"]
    );
    assert_eq!(
        bash(&["check", "relux/"]),
        ["relux/lib/", "relux/tests/"],
        "no results of runs"
    );
    assert_eq!(
        bash(&["run", "-t", "db"]),
        ["db/smoke/get-after-put", "db/smoke/get-none"]
    );
    assert_eq!(
        bash(&["list", "-t", "get"]),
        ["get-none"],
        "a name with blanks would become three words"
    );
    assert_eq!(
        bash(&["run", "-f", "relux/tests/other.relux", "-t", ""]),
        ["other/something-else"]
    );
    assert_eq!(bash(&["run", "--file=relux/tests/db", "-t", "o"]), [""; 0]);
    assert_eq!(bash(&["graph", "D"]), ["Db"]);
    assert_eq!(bash(&["graph", "other"]), ["other/something-else"]);
    assert_eq!(bash(&["new", "--effect", ""]), ["service/"]);
    assert_eq!(bash(&["new", "--test", "d"]), ["db/"]);
    assert_eq!(bash(&["init", "--edition", ""]), ["2026-04", "2026-08"]);
    assert!(bash(&["explain", "missing"]).contains(&"missing-expect".to_owned()));
    assert!(bash(&[""]).contains(&"graph".to_owned()));
}

#[test]
fn other_shells_also_get_names_with_help() {
    let suite = suite();
    let fish = candidates(&suite, "fish", &["run", "-t", "get"]);
    assert_eq!(
        fish,
        [
            "get after put\ttest in relux/tests/db/smoke.relux",
            "get-none\ttest in relux/tests/db/smoke.relux"
        ]
    );
    let zsh = candidates(&suite, "zsh", &["graph", "D"]);
    assert_eq!(zsh, ["Db:effect in relux/lib/service/db.relux"]);
}

#[test]
fn whatever_is_wrong_nothing_is_printed() {
    let bare = Scratch::new("");
    std::fs::remove_file(bare.path().join("Relux.toml")).expect("it was made for the test");
    let broken = Scratch::new("//- Relux.toml\n= nonsense\n//- relux/tests/t.relux\ntest \"half\n");
    broken.write("relux/tests/bytes.relux", [0xff, 0xfe]);
    for scratch in [&bare, &broken] {
        for words in [
            &["run", "-t", ""][..],
            &["run", "-f", "nowhere", "-t", ""],
            &["run", "-f", "../../../..", "-t", ""],
            &["run", "--manifest", "nowhere", "-t", ""],
            &["graph", "\u{1b}"],
            &["new", "--lib", "../../"],
            &["frobnicate", "x"],
            &["run", "--no-such-option", ""],
        ] {
            for shell in ["bash", "zsh", "fish"] {
                candidates(scratch, shell, words);
            }
        }
    }
}

#[test]
fn a_variable_of_somebody_else_changes_nothing() {
    let output = Scratch::new("")
        .command(&["--version"])
        .env("COMPLETE", "1")
        .output()
        .expect("it starts");
    assert!(output.stdout.starts_with(b"relux "), "{output:?}");
}

/// A shell with the program in its path.
fn shell(suite: &Scratch, name: &str, args: &[&str]) -> Command {
    let directory = relux_bin().parent().expect("the program lies in a directory");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = suite.command_of(name);
    command
        .args(args)
        .env("PATH", format!("{}:{path}", directory.display()));
    command
}

#[test]
fn a_real_bash_completes() {
    let script = r#"
        source <(relux completions bash)
        complete -p relux
        try() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9 COMPREPLY=()
            _clap_complete_relux relux "${@: -1}" "${@: -2:1}"
            printf '%s\n' "${COMPREPLY[@]}"
        }
        try relux run -t db/smoke/get-a
        try relux run -f relux/tests/o
        try relux gra
    "#;
    let output = shell(&suite(), "bash", &["--norc", "-c", script])
        .output()
        .expect("bash starts");
    let (told, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(told.starts_with("complete -o "), "{told}{errors}");
    let found: Vec<&str> = told.lines().skip(1).map(str::trim_end).collect();
    assert_eq!(
        found,
        ["db/smoke/get-after-put", "relux/tests/other.relux", "graph"],
        "{errors}"
    );
}

#[test]
fn scripts_for_zsh_and_fish_are_understood_where_they_are_installed() {
    let suite = suite();
    let zsh = shell(&suite, "zsh", &["-fc", "relux completions zsh | zsh -fn"]).output();
    if let Ok(output) = zsh {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
    let script = "relux completions fish | source; complete -C 'relux run -t get-'";
    let fish = shell(&suite, "fish", &["--no-config", "-c", script])
        .env("HOME", suite.path())
        .output();
    if let Ok(output) = fish {
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(told.starts_with("get-none\t"), "{output:?}");
    }
    for name in ["bash", "zsh", "fish"] {
        let outcome = suite.relux(&["completions", name]);
        assert_eq!(outcome.code, Some(0));
        assert!(outcome.stdout.contains("COMPLETE"), "{}", outcome.shown());
    }
    let outcome = suite.relux(&["completions", "tcsh"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
}
