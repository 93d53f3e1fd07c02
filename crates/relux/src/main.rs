//! The `relux` command.

mod args;
mod report;

fn main() {
    let cli = <args::Cli as clap::Parser>::parse();
    let _ = cli;
}
