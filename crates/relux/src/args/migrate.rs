//! Arguments of `relux migrate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;
use relux_model::edition::Edition;

use super::SuiteArgs;
use crate::complete;

/// Rewrite a suite in another edition of the language.
///
/// Names, binders and exposes change in all modules at once; comments and payloads stay as they are. The result is
/// checked before anything is written: it has no errors, and all tests do what they did. What the other edition cannot
/// say is listed, and then nothing is written.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux migrate --to 2026-08 --diff\n  relux migrate --to 2026-08\n  \
    relux migrate --to 2026-08 --check\n  relux migrate --to 2026-08 relux/lib/db.relux"
)]
pub(crate) struct MigrateArgs {
    /// Files or directories to rewrite; all of the suite if none is given, and then Relux.toml gets its edition
    #[arg(value_name = "PATHS", add = ArgValueCompleter::new(complete::files::modules))]
    pub(crate) paths: Vec<PathBuf>,

    /// The edition to write
    #[arg(long, value_enum, value_name = "EDITION")]
    pub(crate) to: EditionArg,

    /// Write nothing; list the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write nothing; print what would change
    #[arg(long)]
    pub(crate) diff: bool,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditionArg {
    /// `let x = "1"`, `expose db`
    #[value(name = "2026-04")]
    E2026_04,
    /// `let x := "1"`, `expose shell db`
    #[value(name = "2026-08")]
    E2026_08,
}

impl From<EditionArg> for Edition {
    fn from(edition: EditionArg) -> Self {
        match edition {
            EditionArg::E2026_04 => Self::E2026_04,
            EditionArg::E2026_08 => Self::E2026_08,
        }
    }
}
