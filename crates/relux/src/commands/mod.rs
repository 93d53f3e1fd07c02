//! One file per command: glue between arguments, the model, the runner and the server.

pub(crate) mod check;
pub(crate) mod clean;
pub(crate) mod completions;
mod create;
mod diff;
pub(crate) mod explain;
mod fix;
pub(crate) mod fmt;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod list_lints;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod migrate;
pub(crate) mod new;
mod replace;
pub(crate) mod run;
mod select;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// All good.
pub(crate) const OK: ExitCode = ExitCode::SUCCESS;

/// Errors were found, or a test did not pass.
pub(crate) fn failed() -> ExitCode {
    ExitCode::from(1)
}

/// The command line or the configuration is wrong.
pub(crate) fn usage() -> ExitCode {
    ExitCode::from(2)
}

/// Nothing is left to be checked or run.
pub(crate) fn nothing_selected() -> ExitCode {
    ExitCode::from(4)
}

/// Says on standard error why the command ends here. If that cannot be written, the exit code still tells.
pub(crate) fn tell(message: &str) {
    let _ = writeln!(anstream::stderr(), "error: {message}");
}

/// Says on standard error what to do about it.
pub(crate) fn advise(help: &str) {
    let _ = writeln!(anstream::stderr(), "help: {help}");
}

/// Prints what was asked for. A reader that stops early has seen enough.
pub(crate) fn print(text: &str) -> Result<ExitCode> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(OK),
        written => written.context("cannot write to standard output").map(|()| OK),
    }
}

/// Tells people what was done, apart from what a pipe may read.
pub(crate) fn say(line: &str) {
    // The exit code still tells if this cannot be written.
    let _ = writeln!(anstream::stderr(), "{line}");
}
