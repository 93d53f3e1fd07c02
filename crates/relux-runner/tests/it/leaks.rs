//! Nothing that a test started lives on, however it tried. The oracle is the process table: each case sleeps for a
//! number of seconds that no other process uses.

use relux_runner::event::Outcome;

use crate::suite::{Ran, Suite, alive, suite, unique};

/// Runs the shell code, proves that it left the process behind while the test ran, and that nothing is left afterwards.
fn leaves_nothing(code: &str) {
    leaves_nothing_when(code, Suite::run);
}

fn leaves_nothing_when(code: &str, run: impl FnOnce(Suite) -> Ran) {
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
    assert_eq!(ran.only().outcome, Outcome::Passed, "{}", ran.output);
    assert_eq!(alive(&seconds), Vec::<String>::new(), "{code}");
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
    leaves_nothing("setsid SLEEP &");
}

#[test]
fn double_fork() {
    leaves_nothing("(setsid sh -c 'SLEEP &' &)");
}

#[test]
fn deaf_to_hangup_and_terminate() {
    leaves_nothing("sh -c \"trap '' HUP TERM INT; SLEEP; SLEEP\"");
}

#[test]
fn deaf_in_the_background_of_a_finished_script() {
    leaves_nothing("sh -c \"trap '' HUP TERM; SLEEP & exit\"");
}

#[test]
fn stopped() {
    leaves_nothing("sh -c 'kill -STOP $$$$; exec SLEEP' & SLEEP");
}

#[test]
fn without_environment_and_session() {
    // Only while no other run lives in this process it is certain whose such a process is.
    leaves_nothing_when("env -i setsid /bin/sh -c '(SLEEP) &' ", Suite::run_alone);
}

#[test]
fn a_shell_that_starts_others_without_end() {
    leaves_nothing("sh -c 'trap \"\" HUP TERM; while :; do SLEEP & sleep 0.05; done' &");
}

#[test]
fn innocent_bystanders_live() {
    let seconds = unique();
    let mut bystander = std::process::Command::new("sleep").arg(&seconds).spawn().unwrap();
    leaves_nothing("SLEEP &");
    let still_there = bystander.try_wait().unwrap().is_none();
    bystander.kill().unwrap();
    bystander.wait().unwrap();
    assert!(still_there);
}
