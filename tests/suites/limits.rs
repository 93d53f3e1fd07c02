//! Machines with little room: few descriptors, few terminals, few processes. Tests wait for each other instead of failing.

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use relux_e2e::Scratch;

/// Tests with so many shells each.
fn suite(tests: usize, shells: usize) -> Scratch {
    let mut text = String::from(
        "//- Relux.toml\nedition = \"2026-08\"\n[timeout]\nshell = \"20s\"\nmatch = \"60s\"\n//- relux/tests/many.relux\n",
    );
    for test in 0..tests {
        let _ = writeln!(text, "test \"number {test}\" {{");
        for shell in 0..shells {
            let _ = writeln!(
                text,
                "    shell s{shell} {{\n        > echo $((40 + 2))\n        <? ^42$\n    }}"
            );
        }
        text.push_str("}\n\n");
    }
    Scratch::new(&text)
}

/// Runs `$RELUX run -j 500` behind some shell code. The exit code and what was reported.
fn behind(suite: &Scratch, code: &str) -> (Option<i32>, String) {
    let output = Command::new("sh")
        .args(["-c", &format!("{code} \"$RELUX\" run -j 500")])
        .env("RELUX", relux_e2e::relux_bin())
        .current_dir(suite.path())
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), told)
}

#[test]
fn few_descriptors_make_tests_wait() {
    for (limit, tests, shells) in [(256, 60, 1), (128, 12, 4)] {
        let suite = suite(tests, shells);
        let (code, told) = behind(&suite, &format!("ulimit -n {limit};"));
        assert_eq!(code, Some(0), "{limit}: {told}");
    }
}

/// A name space in which there are so few terminals, or none if this user may not make one.
fn few_terminals(number: usize) -> Option<String> {
    let code = format!(
        "exec unshare --mount sh -c 'mount -t devpts -o newinstance,ptmxmode=666,max={number} devpts /dev/pts \
         && mount --bind /dev/pts/ptmx /dev/ptmx && exec \"$@\"' sh"
    );
    let probe = Command::new("sh").args(["-c", &format!("{code} true")]).output();
    probe.is_ok_and(|output| output.status.success()).then_some(code)
}

#[test]
fn few_terminals_make_tests_wait() {
    let Some(code) = few_terminals(6) else { return };
    let (code, told) = behind(&suite(30, 1), &code);
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_test_that_no_machine_has_room_for_says_what_is_missing() {
    let Some(code) = few_terminals(3) else { return };
    let suite = suite(1, 5);
    suite.write(
        "Relux.toml",
        "edition = \"2026-08\"\n[timeout]\nshell = \"300ms\"\nmatch = \"60s\"\n",
    );
    let (code, told) = behind(&suite, &code);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("shell `s3` did not start: cannot open a terminal: "),
        "{told}"
    );
    assert!(
        told.contains("no other test of this run was left to wait for"),
        "{told}"
    );
}

#[test]
fn few_processes_make_tests_wait() {
    // The limit counts all processes of a user, and root has none: only root can become somebody who has no others.
    let code = "exec setpriv --reuid 64999 --regid 64999 --clear-groups sh -c 'ulimit -u 24; exec \"$@\"' sh";
    let mut probe = Command::new("sh");
    probe
        .args(["-c", &format!("{code} \"$RELUX\" --version")])
        .env("RELUX", relux_e2e::relux_bin());
    if !probe.output().is_ok_and(|output| output.status.success()) {
        return;
    }
    let suite = suite(60, 1);
    let everybody = std::fs::Permissions::from_mode(0o777);
    for path in ["", "relux", "relux/tests"] {
        std::fs::set_permissions(suite.path().join(path), everybody.clone()).expect("ours");
    }
    let (code, told) = behind(&suite, code);
    assert_eq!(code, Some(0), "{told}");
}
