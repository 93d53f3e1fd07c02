//! Nothing that a test started lives on, however it tried. The oracle is the process table: each case sleeps for a
//! number of seconds that no other process uses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::{Ran, Suite, alive, kill, suite, unique};

/// Runs the shell code, proves that it left the process behind while the test ran, and that nothing is left afterwards.
/// The process is none that should not have been there.
fn leaves_nothing(code: &str) {
    let ran = run_leaving(code, Suite::run);
    assert_eq!(ran.only().outcome, Outcome::Passed, "{}", ran.output);
    assert_eq!(ran.only().leaks, [], "{}", ran.output);
}

/// The same for a process that should have ended with the test, which fails it.
fn leaks(code: &str) {
    let ran = run_leaving(code, Suite::run);
    let result = ran.only();
    assert_eq!(result.outcome, Outcome::Failed, "{}", ran.output);
    let failure = result.failure.as_ref().expect("it failed");
    assert_eq!(failure.kind, FailureKind::Leak, "{}", ran.output);
    let leak = result.leaks.iter().find(|leak| leak.command.contains("sleep"));
    let leak = leak.unwrap_or_else(|| panic!("not among {:?}", result.leaks));
    assert_eq!(leak.shell.as_deref(), Some("s"));
    assert_eq!(leak.place.as_ref().map(|place| place.line), Some(4), "{leak:?}");
    assert_eq!(ran.report.exit_code(), 1);
    assert_eq!(ran.report.summary.leaked, result.leaks.len());
}

fn run_leaving(code: &str, run: impl FnOnce(Suite) -> Ran) -> Ran {
    let seconds = unique();
    let code = code.replace("SLEEP", &format!("sleep {seconds}"));
    let source = format!(
        r#"
test "leaks" {{
    shell s {{
        > {code}
        => 
    }}
    shell witness {{
        > until pgrep -f "sleep {seconds}" > /dev/null; do sleep 0.01; done; echo found
        <? ^found$
    }}
}}
"#
    );
    let ran = run(suite(&source));
    assert_eq!(alive(&seconds), Vec::<String>::new(), "{code}");
    ran
}

#[test]
fn foreground() {
    leaves_nothing("SLEEP");
}

#[test]
fn background_job() {
    leaves_nothing("SLEEP &");
}

#[test]
fn nohup() {
    leaves_nothing("nohup SLEEP > /dev/null 2>&1 &");
}

#[test]
fn session_of_its_own() {
    leaks("setsid SLEEP &");
}

#[test]
fn double_fork() {
    leaks("(setsid sh -c 'SLEEP &' &)");
}

#[test]
fn deaf_to_hangup_and_terminate() {
    leaves_nothing("sh -c \"trap '' HUP TERM INT; SLEEP; SLEEP\"");
}

#[test]
fn deaf_in_the_background_of_a_finished_script() {
    leaks("sh -c \"trap '' HUP TERM; SLEEP & exit\"");
}

#[test]
fn stopped() {
    leaves_nothing("sh -c 'kill -STOP $$$$; exec SLEEP' & SLEEP");
}

#[test]
fn without_environment_and_session() {
    // Only while no other run lives in this process it is certain whose such a process is.
    // For the same reason it is nobody's in particular.
    let ran = run_leaving("env -i setsid /bin/sh -c '(SLEEP) &' ", Suite::run_alone);
    assert_eq!(ran.only().outcome, Outcome::Passed, "{}", ran.output);
    assert_eq!(
        (ran.report.summary.leaked, ran.report.exit_code()),
        (1, 1),
        "{}",
        ran.output
    );
}

#[test]
fn a_shell_that_starts_others_without_end() {
    leaks("sh -c 'trap \"\" HUP TERM; while :; do SLEEP & sleep 0.05; done' &");
}

#[test]
fn innocent_bystanders_live() {
    let seconds = unique();
    let mut bystander = Command::new("sleep").arg(&seconds).spawn().unwrap();
    leaves_nothing("SLEEP &");
    let still_there = bystander.try_wait().unwrap().is_none();
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    assert!(still_there);
}

#[test]
fn processes_from_before_the_run_live() {
    let seconds = unique();
    let dir = tempfile::tempdir().unwrap();
    let source = "test \"t\" {\n    shell s {\n        > true\n    }\n}\n";
    fs::write(dir.path().join("source"), source).unwrap();
    // The shell leaves its background jobs to the run that it becomes, without a mark and in sessions of their own.
    let code = format!(
        "setsid sleep {seconds} & setsid sh -c 'sleep {seconds} & exec sleep {seconds}' & \
         until [ $(pgrep -fc '^sleep {seconds}') = 3 ]; do sleep 0.01; done; exec \"$0\" \"$@\""
    );
    let status = Command::new("sh")
        .args(["-c", &code])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(crate::signals::SUITE, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    let still_there = alive(&seconds);
    kill(&seconds);
    assert_eq!(status.code(), Some(0));
    assert_eq!(still_there.len(), 3, "{still_there:?}");
}

#[test]
fn a_process_that_may_not_be_killed_is_told_and_holds_nothing_up() {
    if own_uid() != 0 {
        // Only root can make a program that another user may not kill.
        skipped("needs root");
        return;
    }
    let seconds = unique();
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    // A shell without privileges starts a process of root.
    let source = format!(
        "test \"t\" {{\n    shell s {{\n        > ./root --reuid 0 --regid 0 --clear-groups sleep {seconds} &\n        match_ok()\n        \
         > until pgrep -u 0 -f 'sleep {seconds}' > /dev/null; do sleep 0.01; done\n        match_ok()\n    }}\n}}\n"
    );
    fs::write(path("source"), source).unwrap();
    // Copied by another process: a file that this one still writes cannot be started, also if only a fork holds it.
    let install = |mode: &str, from: &Path, name: &str| {
        let done = Command::new("install")
            .args(["-m", mode])
            .arg(from)
            .arg(path(name))
            .status();
        assert!(done.unwrap().success());
    };
    install("755", &std::env::current_exe().unwrap(), "child");
    install("4755", Path::new("/usr/bin/setpriv"), "root");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let as_nobody = |program: &str| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
        command
            .arg(path(program))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let becomes_root = as_nobody("root")
        .args(["--reuid", "0", "--regid", "0", "--clear-groups", "true"])
        .status();
    if !becomes_root.unwrap().success() {
        skipped("no program changes its user here");
        return;
    }
    let status = as_nobody("child")
        .args(["--exact", "signals::child", "--ignored", "--nocapture"])
        .env(crate::signals::SUITE, dir.path())
        .status()
        .unwrap();
    let survivors = alive(&seconds);
    kill(&seconds);
    let summary = fs::read_to_string(path("relux/out/latest").join(relux_runner::SUMMARY_FILE)).unwrap();
    // Nobody asked for it, so it is a leak, too.
    assert_eq!(status.code(), Some(1), "{summary}");
    assert_eq!(survivors.len(), 1, "{survivors:?}");
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let warning = summary["tests"][0]["warnings"][0]["message"].as_str().unwrap();
    assert!(
        warning.contains(&format!("sleep {seconds}")) && warning.ends_with("may not kill, was left running"),
        "{warning}"
    );
}

fn own_uid() -> u32 {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap())
}

#[expect(
    clippy::print_stdout,
    reason = "says in the output of the tests that nothing was tested"
)]
fn skipped(why: &str) {
    println!("skipped: {why}");
}
