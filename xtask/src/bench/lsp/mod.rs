//! `cargo xtask bench lsp`: what people who type into an editor wait for, at three sizes of suites.
//!
//! Edit traces are replayed against the released binary over its standard streams, one keystroke after the other
//! without a pause, by a client that pulls diagnostics and by one that is pushed them; then whole sessions that were
//! recorded with a real editor. It judges nothing but two
//! things that no machine excuses: memory that grows with edits, and processor time without a message.

mod client;
mod editor;
mod figures;
mod measures;
mod memory;
mod questions;
mod recorded;
mod trace;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Parser;

use crate::gen_suite::{self, Edition, Kind};
use figures::Table;

/// Measure the language server of the release binary.
#[derive(Parser, Debug)]
#[command(name = "cargo xtask bench lsp")]
struct Arguments {
    /// The binary to measure; built in release mode if not given.
    #[arg(long)]
    relux: Option<PathBuf>,
    /// Sizes of the suites in modules.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1000, 5000])]
    modules: Vec<usize>,
    /// How often the server is started, and how often each trace is replayed.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How many edits the memory is watched for, on the largest suite; 0 leaves that out.
    #[arg(long, default_value_t = 10_000)]
    edits: usize,
    /// Seconds without a message in which the server must use no processor time; 0 leaves that out.
    #[arg(long, default_value_t = 5)]
    idle: u64,
    /// Where the suites are written and kept.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// The subcommand: generates what is missing, measures, prints.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool for contributors"
)]
pub(super) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let command = std::iter::once("bench lsp").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(command).unwrap_or_else(|error| error.exit());
    let root = crate::root();
    let relux = match &arguments.relux {
        Some(path) => path
            .canonicalize()
            .with_context(|| format!("no program at {}", path.display()))?,
        None => super::build(&root)?,
    };
    let directory = arguments.dir.unwrap_or_else(|| root.join("target/bench-suites"));
    let mut table = Table::default();
    let mut broken = Vec::new();
    for &modules in &arguments.modules {
        eprintln!("{modules} modules");
        let suite = suite(&directory, modules)?;
        let mut column = measures::measure(&relux, &suite, arguments.rounds)?;
        column.extend(recorded::measure(&relux, &suite, arguments.rounds)?);
        column.extend(questions::measure(&relux, &suite, arguments.rounds)?);
        table.column(modules, column);
        if Some(&modules) == arguments.modules.iter().max() {
            broken = memory::watch(&relux, &suite, arguments.edits, arguments.idle, &mut table)?;
        }
    }
    print!("{table}");
    anyhow::ensure!(broken.is_empty(), "{}", broken.join("; "));
    Ok(())
}

/// A suite of so many modules; written anew each time, since an old one may stem from another generator.
fn suite(directory: &Path, modules: usize) -> anyhow::Result<PathBuf> {
    let out = directory.join(format!("lsp-{modules}"));
    super::scenario::remove(&out)?;
    gen_suite::generate(&gen_suite::Arguments {
        out: out.clone(),
        kind: Kind::Modules,
        modules,
        tests: 0,
        seed: 1,
        edition: Edition::August,
    })?;
    Ok(out)
}
