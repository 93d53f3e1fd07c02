//! Arguments of `relux fmt`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SuiteArgs;

/// Write all files in one style: blanks, empty lines, order of imports.
///
/// What is sent and matched, strings and docstrings stay as they are, byte for byte, and so does every item with an
/// error in it. Hidden files, those that .gitignore names, relux/out, and what `[fmt] exclude` in Relux.toml names are
/// left alone; `// relux: fmt off` and `// relux: fmt on` switch it off and on within a file.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux fmt\n  relux fmt --check\n  relux fmt --diff relux/tests/db\n  \
    relux fmt --stdin-filepath relux/lib/db.relux < relux/lib/db.relux"
)]
pub(crate) struct FmtArgs {
    /// Files or directories to format; all of the suite if none is given
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing; print what would change
    #[arg(long)]
    pub(crate) diff: bool,

    /// Format standard input to standard output, as if it were this file
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) stdin_filepath: Option<PathBuf>,

    /// How results are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: FmtFormat,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FmtFormat {
    /// Paths and diffs, for people
    #[default]
    Human,
    /// One JSON document
    Json,
}
