//! Runs in containers: a PID namespace in which the session leader is outside, as after `docker exec`, with its own
//! `/proc` or with that of the host.

use std::process::Command;

use relux_e2e::{Outcome, Scratch, relux_bin};

const SERVICES: &str = r#"
test "a service in the foreground" {
    shell s {
        > echo ready; sleep 600
        <? ^ready$
    }
}

test "a service that left its terminal" {
    shell s {
        > setsid sleep 600 &
        match_prompt()
        > echo ready
        <? ^ready$
    }
}
"#;

/// Runs the suite in a new PID namespace. A run that hangs is killed, which shows as a missing exit code.
fn run_in_namespace(flags: &[&str]) -> Outcome {
    let suite = Scratch::new(SERVICES);
    // What has left its terminal would fail its test where it can be found.
    suite.write("Relux.toml", "[run]\nleaks = \"warn\"\n");
    let mut command = suite.command_of("timeout");
    command
        .args(["-s", "KILL", "120", "unshare"])
        .args(unshare_flags());
    let output = command
        .args(flags)
        .arg(relux_bin())
        .args(["run", "-j", "2"])
        .output()
        .expect("timeout starts");
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id starts");
    id.stdout == b"0\n"
}

/// Hosts may forbid namespaces, also to root in a container; there is nothing to test then.
#[expect(
    clippy::print_stdout,
    reason = "says in the output of the tests that nothing was tested"
)]
fn namespaces_are_allowed(flags: &[&str]) -> bool {
    let mut probe = Command::new("unshare");
    probe.args(unshare_flags()).args(flags).arg("true");
    let allowed = probe.output().is_ok_and(|output| output.status.success());
    if !allowed {
        println!("skipped: this host does not allow `unshare {}`", flags.join(" "));
    }
    allowed
}

fn unshare_flags() -> Vec<&'static str> {
    let mut flags = vec!["--pid", "--fork", "--kill-child"];
    if !is_root() {
        flags.extend(["--user", "--map-root-user"]);
    }
    flags
}

#[test]
fn a_container_with_its_own_proc() {
    if namespaces_are_allowed(&["--mount-proc"]) {
        let outcome = run_in_namespace(&["--mount-proc"]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    }
}

#[test]
fn a_container_with_the_proc_of_its_host() {
    if namespaces_are_allowed(&[]) {
        let outcome = run_in_namespace(&[]);
        assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    }
}

/// Without `/proc` nobody could tell what a test leaves, so no test begins.
#[test]
fn without_proc_nothing_runs() {
    let hide = "mount -t tmpfs none /proc && exec \"$0\" \"$@\"";
    if !is_root() || !namespaces_are_allowed(&["--mount"]) {
        return;
    }
    let suite = Scratch::new(SERVICES);
    let mut command = suite.command_of("unshare");
    let output = command
        .args(["--mount", "sh", "-c", hide])
        .arg(relux_bin())
        .args(["run", "-j", "2"])
        .output()
        .expect("unshare starts");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: the path of this program cannot be found: no /proc/self/exe available. Is /proc mounted?\n"
    );
    assert!(!suite.path().join("relux/out").exists());
}
