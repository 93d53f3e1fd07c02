//! Arguments of `relux graph`.

use clap::{Args, ValueEnum};
use clap_complete::engine::ArgValueCompleter;

use super::SuiteArgs;
use crate::complete;

/// Show the effect graph: who starts what, where values come from, what is shared.
///
/// Without a name all tests and effects of the suite are shown. Which starts share an instance is predicted: they start
/// the same effect, and all variables that it needs come from the same expressions.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux graph\n  relux graph Db\n  relux graph db/smoke/get-after-put\n  \
    relux graph --format dot | dot -Tsvg -o effects.svg"
)]
pub(crate) struct GraphArgs {
    /// A test by name or id, or an effect: `Db`, or `service/db/Db` where several have the name
    #[arg(value_name = "TEST|EFFECT", add = ArgValueCompleter::new(complete::tests::tests_and_effects))]
    pub(crate) name: Option<String>,

    /// How the graph is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: GraphFormat,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Trees, for people
    #[default]
    Text,
    /// A flowchart of Mermaid, as Markdown pages of many hosts draw it
    Mermaid,
    /// The language of Graphviz
    Dot,
    /// One JSON document
    Json,
}
