//! Shells that do not start under a usual `TERM`, take no arguments, or must speak first.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use crate::suite::suite;

const SHELLS: [&[&str]; 4] = [&["dash"], &["bash"], &["zsh", "-f"], &["busybox", "sh"]];
const TERMS: [&str; 5] = ["dumb", "xterm-256color", "linux", "", "no-such-terminal"];

/// Whether the program is installed; says so if not.
fn installed(program: &str) -> bool {
    let path = std::env::var("PATH").unwrap();
    let found = path.split(':').any(|dir| Path::new(dir).join(program).exists());
    if !found {
        // Past the capture of the test harness, so that a skip is seen.
        let _ = writeln!(std::io::stderr(), "skipped: {program} is not installed");
    }
    found
}

#[test]
fn w05_all_shells_start_under_all_terminals() {
    for command in SHELLS.into_iter().filter(|command| installed(command[0])) {
        for term in TERMS {
            let mut source = String::from("test \"t\" {\n    shell s {\n");
            for (sent, wanted) in [
                ("echo \"[$$TERM]\"", format!("^\\[{term}\\]$$")),
                ("echo a; echo b", "^a\\r\\nb$$".to_owned()),
            ] {
                let wanted = wanted.replace("$$", "$");
                let _ = writeln!(
                    source,
                    "        > {sent}\n        <? {wanted}\n        match_ok()"
                );
            }
            source += "        > false\n        match_not_ok(1)\n        > cd /; pwd\n        <? ^/$\n        match_ok()\n    }\n}\n";
            let ran = suite(&source)
                .shell(command)
                .with(|suite| term.clone_into(&mut suite.settings.term))
                .run();
            assert_eq!(
                ran.report.exit_code(),
                0,
                "{command:?} with TERM={term:?}:\n{}",
                ran.output
            );
        }
    }
}

#[test]
fn w05_commands_have_arguments_and_start_in_the_suite() {
    let ran = suite(
        "test \"t\" {\n    shell s {\n        > echo \"[$$-] $$0\"; pwd -P\n        <? ^\\[.*u.*\\]\n        <? ^${__RELUX_SUITE_ROOT}\n        match_ok()\n    }\n}\n",
    )
    .shell(&["dash", "-u"])
    .run();
    assert_eq!(ran.report.exit_code(), 0, "{}", ran.output);
}

#[test]
fn w05_a_shell_that_says_nothing_is_told_a_prompt() {
    let suite = suite(
        "test \"t\" {\n    shell s {\n        > echo up\n        <? ^up$\n        match_ok()\n    }\n}\n",
    );
    let silent = suite.path("silent");
    // The prompt of the environment is taken away before the shell sees it.
    std::fs::write(&silent, "#!/bin/sh\nunset PS1\nPS1= exec dash -i\n").unwrap();
    std::fs::set_permissions(&silent, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    suite.shell(&[&silent.to_string_lossy()]).run().ok();
}
