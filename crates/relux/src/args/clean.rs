//! Arguments of `relux clean`.

use clap::Args;

/// End what killed runs have left.
///
/// A run that was killed together with its supervisor could not end its tests' processes. Runs that are alive are left
/// alone. Every `relux run` does the same before it begins.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relux clean\n  relux clean --dry-run")]
pub(crate) struct CleanArgs {
    /// End nothing; list what would be ended
    #[arg(long)]
    pub(crate) dry_run: bool,
}
