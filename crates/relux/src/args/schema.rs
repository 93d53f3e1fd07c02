//! Arguments of `relux schema`.

use clap::Args;

/// Print the JSON schema of Relux.toml.
///
/// Editors complete and check Relux.toml with it. The extension for VS Code brings it along.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relux schema > relux-toml.json")]
pub(crate) struct SchemaArgs {}
