//! Completion of command lines: the shell runs this program with `COMPLETE` set, and it prints what could come next.
//!
//! Whatever goes wrong, nothing may be printed: it would land in the middle of the line that somebody types.

pub(crate) mod codes;
pub(crate) mod files;
pub(crate) mod modules;
pub(crate) mod reports;
pub(crate) mod tests;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::CommandFactory;
use clap_complete::CompleteEnv;
use clap_complete::env::Shells;

use crate::args::Cli;
use crate::suite::Loaded;

/// The variable by which shells ask.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// The shell that asks. The variable itself is gone when candidates are made.
static ASKING: OnceLock<OsString> = OnceLock::new();

/// Answers a shell that asks; `false` if none does.
pub(crate) fn answered() -> bool {
    let Some(shell) = std::env::var_os(VARIABLE) else {
        return false;
    };
    // The variable may mean something else to somebody else.
    let known = shell
        .to_str()
        .and_then(|shell| Shells::builtins().completer(shell).map(|_| ()));
    if known.is_none() {
        return false;
    }
    let _ = ASKING.set(shell);
    std::panic::set_hook(Box::new(|_| {}));
    let current = std::env::current_dir().ok();
    let answer =
        || CompleteEnv::with_factory(Cli::command).try_complete(std::env::args_os(), current.as_deref());
    // An error is no answer.
    let _ = std::panic::catch_unwind(answer);
    true
}

/// The suite that the command line is about, if there is one.
fn suite() -> Option<Loaded> {
    let manifest = values(&["--manifest"]).pop();
    Loaded::open(manifest.as_deref().map(Path::new)).ok()
}

/// Whether the shell that asks puts quotes around a candidate with blanks. Bash puts candidates on the line as they are.
fn shell_quotes() -> bool {
    ASKING.get().is_some_and(|shell| shell != "bash")
}

/// Values that options have on the command line as it is so far: `-f x`, `-fx`, `--file x`, `--file=x`.
fn values(options: &[&str]) -> Vec<PathBuf> {
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    values_in(words, options)
}

fn values_in(words: impl Iterator<Item = OsString>, options: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut words = words.filter_map(|word| word.into_string().ok()).peekable();
    while let Some(word) = words.next() {
        for option in options {
            if word == *option {
                found.extend(words.peek().map(PathBuf::from));
            } else if let Some(rest) = word.strip_prefix(option) {
                let rest = if option.starts_with("--") {
                    rest.strip_prefix('=')
                } else {
                    Some(rest)
                };
                found.extend(rest.map(PathBuf::from));
            }
        }
    }
    found
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn options_are_found_in_all_their_forms() {
        let words = [
            "relux",
            "run",
            "-f",
            "a",
            "--file=b",
            "--file",
            "c",
            "-fd",
            "--files=x",
            "-t",
            "y",
            "-f",
        ];
        let found = values_in(words.into_iter().map(OsString::from), &["-f", "--file"]);
        assert_eq!(found, ["a", "b", "c", "d"].map(PathBuf::from));
    }
}
