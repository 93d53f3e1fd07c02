//! `relux lsp`: the language server on standard input and output.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use relux_server::{Options, run_stdio};

use crate::os_system::OsSystem;

/// Serves until the client says goodbye; the exit code says whether it did.
pub(crate) fn lsp(log: Option<&Path>) -> Result<ExitCode> {
    let mut options = Options::new(Arc::new(OsSystem), env!("CARGO_PKG_VERSION"));
    options.log = log.map(Path::to_owned);
    Ok(run_stdio(options)
        .context("the language server cannot start")?
        .into())
}
