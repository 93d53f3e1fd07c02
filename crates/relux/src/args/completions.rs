//! Arguments of `relux completions` and `relux man`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Print the script that teaches a shell to complete command lines.
///
/// Files, tests, effects, codes and options are completed. The script asks this program while you type, so it need not be
/// made again for a new version.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  echo 'source <(relux completions bash)' >> ~/.bashrc\n  \
    echo 'source <(relux completions zsh)' >> ~/.zshrc\n  \
    relux completions fish > ~/.config/fish/completions/relux.fish"
)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: ShellArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellArg {
    Bash,
    Zsh,
    Fish,
}

/// Write the manual pages, one per command.
///
/// Without a directory the page of `relux` itself is printed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relux man ~/.local/share/man/man1\n  relux man | man -l -")]
pub(crate) struct ManArgs {
    /// Directory for the pages; made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
}
