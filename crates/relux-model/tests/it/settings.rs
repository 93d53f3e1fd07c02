//! The manifest and `.env` files.

use relux_model::manifest::parse_manifest;
use relux_model::plan::Jobs;
use relux_model::{RootDb, dot_env, fixture::Fixture};

use crate::check::{load, report};

#[test]
fn everything_has_a_default() {
    let settings = parse_manifest("").run_settings("/home/me/shop");
    insta::assert_debug_snapshot!(settings);
}

#[test]
fn every_key_is_read() {
    let manifest = parse_manifest(
        r#"
name = "Shop"
edition = "2026-08"
[shell]
command = ["bash", "--norc"]
prompt = "$ "
term = "xterm"
settle = "5ms"
[timeout]
match = "10s"
test = "1m 30s"
suite = "1h"
shell = "6s"
cleanup = "7s"
[run]
jobs = "num-cpus"
cleanup-failure = "fail"
leaks = "warn"
[flaky]
max_retries = 2
timeout_multiplier = 2
[available_ports]
range_start = 20000
range_end = 20999
[report]
write = ["html", "junit=target/relux.xml"]
mask = ["LICENCE"]
[store]
keep-runs = 20
keep-failed = 5
keep-for = "7d"
[fmt]
exclude = ["relux/tests/generated/", "*.gen.relux"]
[lints]
mixed-editions = "allow"
missing-expect = "error"
"#,
    );
    insta::assert_debug_snapshot!(manifest);
    insta::assert_debug_snapshot!(manifest.run_settings("/s"));
}

#[test]
fn commands_are_split_like_a_shell_does() {
    let words = |text: &str| parse_manifest(text).run_settings("/").shell_command;
    assert_eq!(
        words("shell.command = \"bash --rcfile 'a b'\""),
        ["bash", "--rcfile", "a b"]
    );
    assert_eq!(words("shell.command = \"zsh\""), ["zsh"]);
}

#[test]
fn jobs_are_a_number_or_a_word() {
    let jobs = |text: &str| parse_manifest(&format!("run.jobs = {text}")).jobs;
    assert_eq!(jobs("4"), Some(Jobs::Count(4)));
    assert_eq!(jobs("\"all\""), Some(Jobs::All));
    assert_eq!(jobs("0"), None);
    assert_eq!(jobs("\"many\""), None);
}

#[test]
fn mistakes_are_told_at_their_place() {
    insta::assert_snapshot!(report(
        r#"//- /Relux.toml
nmae = "x"
edition = "2025"
completely_else = 1
shell = "bash"
[timeout]
match = 5
test = "5 parsecs"
suite = "0s"
tset = "1s"
[run]
jobs = -1
cleanup-failure = true
[flaky]
timeout_multiplier = 0.5
max_retries = "two"
[available_ports]
range_start = 80
[lints]
mixed-edition = "warn"
missing-expect = "loud"
[tiemout]
match = "1s"
"#
    ));
}

#[test]
fn contradicting_and_broken_values() {
    insta::assert_snapshot!(report(
        r#"//- /Relux.toml
name = "unclosed
[shell]
command = "bash 'x"
[available_ports]
range_start = 3000
range_end = 2000
"#
    ));
    insta::assert_snapshot!(report("//- /Relux.toml\n[shell]\ncommand = []\nprompt = \"\"\n"));
    insta::assert_snapshot!(report("//- /Relux.toml\n[fmt]\nexclude = [\"ok/\", 'a\\', 3]\n"));
    insta::assert_snapshot!(report("//- /Relux.toml\nfmt.exclude = \"generated/\"\n"));
}

fn env_of(fixture: &str, env: &[(&str, &str)], test: &str) -> Vec<(String, String)> {
    let (db, suite, _) = load(fixture, env);
    let file = suite.files(&db).iter().find(|file| &**file.path(&db) == test);
    dot_env::dot_env(&db, suite, *file.expect("the test exists")).to_vec()
}

#[test]
fn dot_env_stacks() {
    let found = env_of(
        "\
//- /.env
A=1
B=\"two words\"   # comment
C='$A'
D=$A-${B}-$HOME-$NOTHING
export E=e
__RELUX_RUN_ID=9
//- /relux/tests/.env
A=shadowed
F=${A}
//- /relux/lib/.env
G=never
//- /relux/tests/deep/er/t.relux
//- /relux/tests/deep/.env
F=\"${F}\\n\\\"x\\\"\"
H=
",
        &[("HOME", "/h"), ("A", "host")],
        "relux/tests/deep/er/t.relux",
    );
    insta::assert_debug_snapshot!(found);
}

#[test]
fn dot_env_mistakes() {
    insta::assert_snapshot!(report(
        "\
//- /.env
A=1
no value
=x
2X=1
B='open
C=\"open
D=a b
__RELUX_TEST_ID=1
"
    ));
}

#[test]
fn a_growing_value_is_bounded() {
    let mut text = String::from("//- /.env\nX=0123456789\n");
    for _ in 0..200 {
        text.push_str("X=$X$X$X$X\n");
    }
    text.push_str("//- /relux/tests/t.relux\n");
    let db = RootDb::default();
    let suite = Fixture::parse(&text).load(&db);
    let values = dot_env::dot_env(&db, suite, suite.files(&db)[0]);
    assert!(values[0].1.len() < 32 << 20);
}
