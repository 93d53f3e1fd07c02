//! Which tests a command is about. `run` and `list` take the same words, so that what one prints works in the other.

use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

/// Tests by file, name and id.
#[derive(Debug, Args)]
pub(crate) struct SelectArgs {
    /// Only the tests of this file, or of all files below this directory; may be repeated
    #[arg(short, long = "file", value_name = "PATH", add = ArgValueCompleter::new(complete::files::modules))]
    pub(crate) files: Vec<PathBuf>,

    /// Only tests of this name or id (as printed by `list` and `run`); may be repeated
    #[arg(short, long = "test", value_name = "NAME", allow_hyphen_values = true)]
    #[arg(add = ArgValueCompleter::new(complete::tests::tests))]
    pub(crate) tests: Vec<String>,
}
