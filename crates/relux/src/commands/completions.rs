//! `relux completions`: what a shell has to know to ask this program.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap_complete::env::Shells;

use super::print;
use crate::args::{CompletionsArgs, ShellArg};
use crate::complete::VARIABLE;

/// Prints the script.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let name = match args.shell {
        ShellArg::Bash => "bash",
        ShellArg::Zsh => "zsh",
        ShellArg::Fish => "fish",
    };
    let shells = Shells::builtins();
    let shell = shells.completer(name).context("the shell is not known")?;
    let mut script = Vec::new();
    // The program is looked up when it is asked: the script outlives the place of this one.
    shell.write_registration(VARIABLE, "relux", "relux", "relux", &mut script)?;
    print(&String::from_utf8_lossy(&script))
}
