//! Matches that depend on how output was cut into reads.

use std::fs;
use std::time::Duration;

use crate::suite::{Ran, redact_marks, suite};

const SIZES: [Option<usize>; 6] = [Some(1), Some(2), Some(7), Some(64), Some(4096), None];

#[test]
fn w15_matches_wait_for_the_rest_of_the_line() {
    for read_size in SIZES {
        suite(
            r#"
test "t" {
    shell s {
        > printf 'port 12'; sleep 0.01; printf '345\\n'
        <? ^port (\d+)
        match_prompt()
        > echo got-${1}; printf 'ok'; sleep 0.01; printf 'X\\n'
        <? ^got-12345$
        <? (^ok.?$)
        match_prompt()
        > echo got-${1}
        <? ^got-okX$
        match_ok()
    }
}
"#,
        )
        .with(|suite| {
            suite.options.read_size = read_size;
            // However slow the machine is.
            suite.settings.settle = Duration::from_secs(60);
            suite.settings.match_timeout = Duration::from_secs(30);
        })
        .run()
        .ok();
    }
}

#[test]
fn w15_a_prompt_that_does_not_end_its_line_matches() {
    for read_size in SIZES {
        suite(
            r#"
test "t" {
    shell s {
        > printf 'Password:'; read x; echo "got $x"
        <? ^Password:$
        > hush
        <? ^got (.*)$
        match_ok()
    }
}
"#,
        )
        .with(|suite| suite.options.read_size = read_size)
        .run()
        .ok();
    }
}

/// What a run of a recorded session came to: verdict, what was matched, and all bytes.
fn replayed(statements: &str, read_size: Option<usize>) -> (Ran, String, Vec<u8>) {
    let source = format!(
        r#"
test "t" {{
    shell s {{
        > stty -opost
        match_ok()
        {statements}
    }}
}}
"#
    );
    let suite = suite(&source).with(|suite| suite.options.read_size = read_size);
    let sessions = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sessions");
    for entry in fs::read_dir(sessions).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), suite.path(entry.file_name().to_str().unwrap())).unwrap();
    }
    let ran = suite.run();
    let dir = ran.report.run_dir.join("logs/relux/tests/t.relux/t");
    let log = fs::read_to_string(dir.join("test.log")).unwrap();
    let untimed: Vec<&str> = log
        .lines()
        .map(|line| line.split_once("] ").map_or(line, |(_, rest)| rest))
        .collect();
    let bytes = fs::read(dir.join("s.log")).unwrap();
    // Byte for byte, but for the marks around statuses, which are random.
    let bytes: String = bytes.into_iter().map(char::from).collect();
    (
        ran,
        redact_marks(&untimed.join("\n")),
        redact_marks(&bytes).into_bytes(),
    )
}

#[test]
fn w15_a_recorded_session_has_one_verdict() {
    let statements = r"
        !? ^NEVER$
        > cat dash.raw bash.raw zsh.raw busybox.raw python.raw; echo; echo END
        <? ^(ok|okay)$
        <? o(k|kay)
        <? ^port (\d+)
        <{
            = 20%
            ? ^Password: (\w*)$
        }
        <? (?s)red.*?ERR(.*?)\n
        <? ^(a.*?).?b
        <? ^E(N|ND)$
        match_ok()";
    let (ran, log, bytes) = replayed(statements, None);
    ran.ok();
    for read_size in SIZES {
        let (ran, cut_log, cut_bytes) = replayed(statements, read_size);
        ran.ok();
        assert_eq!(cut_log, log, "{read_size:?}");
        assert!(cut_bytes == bytes, "{read_size:?}");
    }
}

#[test]
fn w15_a_failure_in_the_same_output_as_the_match_is_a_failure() {
    let statements = r"
        !? ^ERR.*
        > cat dash.raw; echo; echo END
        <? ^(ok|okay)$
        !?
        <? ^END$";
    for read_size in SIZES {
        let (ran, _, _) = replayed(statements, read_size);
        let failure = ran.only().failure.as_ref().unwrap();
        assert_eq!(failure.notes, ["printed: \"ERROR: disk full\""], "{read_size:?}");
    }
}
