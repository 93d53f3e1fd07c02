//! Arguments of `relux list`.

use clap::{Args, ValueEnum};

use super::{SelectArgs, SuiteArgs};

/// List tests, and what a run would do with each of them now.
///
/// Nothing is started. Markers are evaluated as a run would evaluate them: with the environment and the `.env` files of
/// this moment.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux list\n  relux list -f relux/tests/db\n  relux list -t \"get after put\"\n  \
    relux list --message-format json"
)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,

    /// How the list is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: ListFormat,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A few lines per test, for people
    #[default]
    Human,
    /// One JSON document
    Json,
}
