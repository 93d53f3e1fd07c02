//! The `relux` command: parses arguments, picks the command, turns errors into messages and exit codes.

mod allocator;
mod args;
mod commands;
mod complete;
mod graph;
mod list;
mod os_system;
mod report;
mod scaffold;
mod schema;
mod suite;
mod terminal;
mod tips;

use std::io::Write;
use std::process::ExitCode;

use anstyle::{AnsiColor, Effects};
use clap::Parser;

use args::{Cli, Color, Command};
use suite::Loaded;

fn main() -> ExitCode {
    allocator::share_with_tree_sitter();
    if complete::answered() {
        return ExitCode::SUCCESS;
    }
    let cli = Cli::try_parse().unwrap_or_else(|error| tips::with_tip(error).exit());
    match cli.color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
    dispatch(&cli).unwrap_or_else(|error| {
        complain(&error);
        commands::usage()
    })
}

fn dispatch(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Check(args) if args.list_lints => {
            commands::list_lints::list_lints(args, colors(&std::io::stdout()))
        }
        Command::Check(args) => {
            let mut loaded = Loaded::open(args.suite.manifest.as_deref())?;
            commands::check::check(args, &mut loaded, colors(&std::io::stdout()))
        }
        Command::Fmt(args) => commands::fmt::fmt(args, colors(&std::io::stdout())),
        Command::Explain(args) => commands::explain::explain(args, colors(&std::io::stdout())),
        Command::Run(args) => {
            relux_runner::supervise();
            let mut loaded = Loaded::open(args.suite.manifest.as_deref())?;
            commands::run::run(args, &mut loaded, colors(&std::io::stderr()))
        }
        Command::Clean(args) => commands::clean::clean(args),
        Command::List(args) => {
            let mut loaded = Loaded::open(args.suite.manifest.as_deref())?;
            let (stdout, stderr) = (colors(&std::io::stdout()), colors(&std::io::stderr()));
            commands::list::list(args, &mut loaded, stdout, stderr)
        }
        Command::Graph(args) => {
            let loaded = Loaded::open(args.suite.manifest.as_deref())?;
            commands::graph::show(args, &loaded, colors(&std::io::stdout()))
        }
        Command::Migrate(args) => {
            let mut loaded = Loaded::open(args.suite.manifest.as_deref())?;
            let (stdout, stderr) = (colors(&std::io::stdout()), colors(&std::io::stderr()));
            commands::migrate::migrate(args, &mut loaded, stdout, stderr)
        }
        Command::Init(args) => commands::init::init(args),
        Command::New(args) => {
            let loaded = Loaded::open(args.suite.manifest.as_deref())?;
            commands::new::new(args, &loaded)
        }
        Command::Completions(args) => commands::completions::completions(args),
        Command::Man(args) => commands::man::man(args),
        Command::Schema(_) => commands::print(&format!("{:#}\n", schema::schema())),
        Command::Lsp(args) => commands::lsp::lsp(args.log.as_deref()),
    }
}

/// Whether this stream takes colours, by flag, environment and terminal.
fn colors(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}

/// Prints an error with its causes: `error: cannot read x: permission denied`.
fn complain(error: &anyhow::Error) {
    let style = AnsiColor::Red.on_default().effects(Effects::BOLD);
    let mut message = String::new();
    let mut help = String::new();
    for (index, cause) in error.chain().enumerate() {
        let cause = cause.to_string();
        let (text, advice) = cause.split_once("\nhelp: ").unwrap_or((&cause, ""));
        if index > 0 {
            message.push_str(": ");
        }
        message.push_str(text);
        help.push_str(advice);
    }
    // The exit code still tells if this cannot be written.
    let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {message}");
    if !help.is_empty() {
        let style = AnsiColor::Cyan.on_default().effects(Effects::BOLD);
        let _ = writeln!(anstream::stderr(), "{style}help{style:#}: {help}");
    }
}
