//! Arguments of `relux init` and `relux new`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::SuiteArgs;
use crate::complete;

/// Make a new suite: a Relux.toml, directories, and a first test that passes.
///
/// Nothing that exists is changed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relux init\n  relux init tests/system --edition 2026-08")]
pub(crate) struct InitArgs {
    /// Directory of the suite; made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) directory: PathBuf,

    /// Edition of the language that the suite is written in
    #[arg(long, value_enum, default_value_t)]
    pub(crate) edition: EditionArg,
}

/// The editions of the language, by the words of `edition = "…"`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditionArg {
    #[default]
    #[value(name = "2026-04")]
    E2026_04,
    #[value(name = "2026-08")]
    E2026_08,
}

/// Make a new module in the suite: a test, an effect, or functions, to be filled in.
///
/// It checks clean and runs as it is, in the edition of the suite. Nothing that exists is changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux new --test db/smoke      makes relux/tests/db/smoke.relux\n  \
    relux new --effect service/db  makes relux/lib/service/db.relux with `effect Db`\n  \
    relux new --lib api/http       makes relux/lib/api/http.relux with functions"
)]
#[group(id = "kind", required = true, multiple = false, args = ["test", "effect", "lib"])]
pub(crate) struct NewArgs {
    /// A test, at this path below relux/tests
    #[arg(long, value_name = "PATH", add = ArgValueCompleter::new(complete::modules::tests))]
    pub(crate) test: Option<String>,

    /// An effect, at this path below relux/lib
    #[arg(long, value_name = "PATH", add = ArgValueCompleter::new(complete::modules::libraries))]
    pub(crate) effect: Option<String>,

    /// Functions, at this path below relux/lib
    #[arg(long, value_name = "PATH", add = ArgValueCompleter::new(complete::modules::libraries))]
    pub(crate) lib: Option<String>,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}
