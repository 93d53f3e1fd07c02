//! The shells that people have: each runs the same suite. Those that are not installed are left out.

use std::path::Path;

use relux_runner::event::FailureKind;

use crate::suite::suite;

const SOURCE: &str = r#"
effect Service {
    expect WORD
    expose shell srv
    shell srv {
        > while read line; do echo "got $line ${WORD}"; done
    }
}
test "all" {
    start Service as s { WORD = "x" }
    shell client {
        > echo hello
        <? ^hello$
        match_ok()
        > sh -c 'exit 3'
        match_not_ok(3)
        > echo one; echo two
        <? ^one$
        <? ^two$
        match_prompt()
        > sh -c 'echo up; exec cat'
        <? ^up$
        > echo
        <? ^echo\r\necho$
        ctrl_c()
        match_not_ok(130)
        > printf 'no newline'
        <? no newline
        match_ok()
    }
    shell s.srv {
        > ping
        <? ^got ping x$
    }
}
"#;

fn works_with(command: &[&str]) {
    let program = command[0];
    let installed = program.contains('/')
        || std::env::var("PATH")
            .unwrap()
            .split(':')
            .any(|dir| Path::new(dir).join(program).exists());
    if installed {
        suite(SOURCE).shell(command).run().ok();
    }
}

#[test]
fn dash() {
    works_with(&["dash"]);
}

#[test]
fn bash() {
    works_with(&["bash", "--norc", "--noprofile"]);
}

#[test]
fn bash_with_its_start_up_files() {
    works_with(&["bash"]);
}

#[test]
fn bash_as_sh_in_a_rich_terminal() {
    let dir = tempfile::tempdir().unwrap();
    let sh = dir.path().join("sh");
    std::os::unix::fs::symlink("/bin/bash", &sh).unwrap();
    if Path::new("/bin/bash").exists() {
        suite(SOURCE)
            .shell(&[&sh.to_string_lossy()])
            .with(|suite| suite.settings.term = "xterm-256color".to_owned())
            .run()
            .ok();
    }
}

#[test]
fn zsh() {
    works_with(&["zsh", "-f"]);
}

#[test]
fn busybox() {
    works_with(&["busybox", "sh"]);
}

#[test]
fn start_up_files_that_set_a_prompt_of_their_own() {
    let suite = suite(SOURCE);
    let rc = suite.path("rc");
    std::fs::write(
        &rc,
        "echo welcome\nPS1='mine$ '\nPROMPT_COMMAND='PS1=\"again$ \"'\n",
    )
    .unwrap();
    if Path::new("/bin/bash").exists() {
        suite
            .shell(&["bash", "--rcfile", &rc.to_string_lossy()])
            .run()
            .ok();
    }
}

#[test]
fn prompts_with_quotes() {
    suite("test \"t\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n")
        .with(|suite| suite.settings.prompt = "it's me> ".to_owned())
        .run()
        .ok();
}

#[test]
fn a_shell_that_prints_faster_than_it_is_read_times_out() {
    let ran = suite(
        r#"
test "flood" {
    shell s {
        > yes
        <~300ms= never printed
    }
}
"#,
    )
    .run();
    let failure = ran.only().failure.as_ref().expect("a failure");
    assert_eq!(failure.kind, FailureKind::MatchTimeout, "{}", ran.output);
}

/// Slower than the time after which a shell without a prompt is asked: it finds the question typed ahead.
#[test]
fn a_shell_that_starts_slowly() {
    suite(
        "test \"t\" {\n    shell s {\n        > echo one\n        <? ^one$\n        match_ok()\n    }\n}\n",
    )
    .shell(&["/bin/sh", "-c", "sleep 1; exec /bin/dash -i"])
    .run()
    .ok();
}
