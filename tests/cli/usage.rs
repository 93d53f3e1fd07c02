//! Help, version and wrong arguments.

use relux_e2e::Scratch;

#[test]
fn wrong_arguments_exit_with_2() {
    let scratch = Scratch::new("");
    for args in [
        &["frobnicate"][..],
        &["run", "-j", "0"],
        &["run", "-m", "nan"],
        &["check", "--message-format", "xml"],
        &[],
    ] {
        let outcome = scratch.relux(args);
        assert_eq!(outcome.code, Some(2), "{args:?}: {}", outcome.shown());
        assert!(outcome.stdout.is_empty(), "{args:?}: errors go to standard error");
    }
}

#[test]
fn a_log_of_the_language_server_that_cannot_be_written_is_named() {
    let scratch = Scratch::new("");
    let outcome = scratch.relux(&["lsp", "--log", "nowhere/lsp.log"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.stderr, @"error: the language server cannot start: cannot write its log nowhere/lsp.log: No such file or directory (os error 2)");
}

#[test]
fn help_and_version_exit_with_0() {
    let scratch = Scratch::new("");
    for args in [
        &["--help"][..],
        &["--version"],
        &["check", "--help"],
        &["explain", "--help"],
        &["run", "--help"],
        &["clean", "--help"],
        &["list", "--help"],
        &["graph", "--help"],
        &["init", "--help"],
        &["new", "--help"],
        &["schema", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
        &["lsp", "--help"],
    ] {
        let outcome = scratch.relux(args);
        assert_eq!(outcome.code, Some(0), "{args:?}: {}", outcome.shown());
        assert!(!outcome.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn the_help_of_run_teaches() {
    insta::assert_snapshot!(Scratch::new("").relux(&["run", "--help"]).stdout);
}
