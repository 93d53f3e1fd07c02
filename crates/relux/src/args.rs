//! The command line as users see it: flags, their values and their help.
//!
//! Nothing here acts. Help texts follow one rule: the first line says what it does, an example says how.

mod clean;
mod completions;
mod fmt;
mod graph;
mod init;
mod list;
mod migrate;
mod schema;
mod select;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Effects, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter};

use relux_model::reports::ReportTarget;

use crate::complete;

pub(crate) use clean::CleanArgs;
pub(crate) use completions::{CompletionsArgs, ManArgs, ShellArg};
pub(crate) use fmt::{FmtArgs, FmtFormat};
pub(crate) use graph::{GraphArgs, GraphFormat};
pub(crate) use init::{EditionArg, InitArgs, NewArgs};
pub(crate) use list::{ListArgs, ListFormat};
pub(crate) use migrate::MigrateArgs;
pub(crate) use schema::SchemaArgs;
pub(crate) use select::SelectArgs;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .usage(AnsiColor::Green.on_default().effects(Effects::BOLD))
    .literal(AnsiColor::Cyan.on_default().effects(Effects::BOLD))
    .placeholder(AnsiColor::Cyan.on_default());

/// Integration tests for interactive programs and services.
///
/// Commands work on the suite of the current directory: the nearest directory upwards that holds a Relux.toml.
#[derive(Debug, Parser)]
#[command(name = "relux", version, styles = STYLES, max_term_width = 100, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 all good · 1 errors found, or a test did not pass · 2 usage or configuration · \
    4 nothing selected · 128+n ended by signal n"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours; `auto` honours `NO_COLOR`, `CLICOLOR_FORCE` and `TERM`
    #[arg(
        long,
        value_enum,
        default_value_t,
        global = true,
        value_name = "WHEN",
        display_order = 900
    )]
    pub(crate) color: Color,
}

/// Which suite a command is about.
#[derive(Debug, Args)]
pub(crate) struct SuiteArgs {
    /// Use this Relux.toml instead of the nearest one upwards; its directory is the suite
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find everything that is wrong with a suite without running it
    Check(CheckArgs),
    Fmt(FmtArgs),
    /// Say what a finding of `relux check` means, and what to write instead
    Explain(ExplainArgs),
    /// Run tests, in parallel where `[run] jobs` or -j says so
    Run(RunArgs),
    Clean(CleanArgs),
    List(ListArgs),
    Graph(GraphArgs),
    Migrate(MigrateArgs),
    Init(InitArgs),
    New(NewArgs),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    /// Serve an editor over standard input and output
    Lsp(LspArgs),
}

/// Find everything that is wrong with a suite without running it.
///
/// Every module under relux/tests and relux/lib is checked, reached by a test or not, and every error is reported at its
/// own place, in path order.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux check\n  relux check relux/tests/db relux/lib/jq.relux\n  \
    relux check --fix\n  relux check --message-format github\n  relux check --list-lints"
)]
pub(crate) struct CheckArgs {
    /// Files or directories to report on; all of the suite if none is given
    #[arg(value_name = "PATHS", add = ArgValueCompleter::new(complete::files::modules))]
    pub(crate) paths: Vec<PathBuf>,

    /// Mend what has one certain remedy, in the files, and report the rest
    #[arg(long)]
    pub(crate) fix: bool,

    /// With --fix: also apply fixes that a person should look at afterwards
    #[arg(long = "unsafe", requires = "fix")]
    pub(crate) unsafe_fixes: bool,

    /// Check nothing; list everything that can be found, with its level in this suite
    #[arg(long, conflicts_with_all = ["paths", "fix"])]
    pub(crate) list_lints: bool,

    /// How findings are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: CheckFormat,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

/// Say what a finding of `relux check` means, and what to write instead.
///
/// Prints the page of each code: what is reported, why it matters, and examples of what is wrong and what is right.
#[derive(Debug, Args)]
#[command(
    override_usage = "relux explain [OPTIONS] <CODE>...",
    after_help = "Examples:\n  relux explain missing-expect\n  relux explain unused-import unused-variable"
)]
pub(crate) struct ExplainArgs {
    /// What stands in brackets behind `error` or `warning`; `relux check --list-lints` lists all
    #[arg(value_name = "CODE", add = ArgValueCandidates::new(complete::codes::codes))]
    pub(crate) codes: Vec<String>,
}

/// Run tests, in parallel where `[run] jobs` or -j says so.
///
/// Tests whose modules have errors are reported as invalid and fail the run; the others run. Logs and artifacts are
/// written to relux/out/<run>; relux/out/latest points to the newest run.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relux run\n  relux run -j num-cpus\n  relux run -f relux/tests/db -t \"get after put\"\n  \
    relux run -m 2.0 --strategy fail-fast\n  relux run --report junit=target/relux.xml\n  relux run --rerun\n\n\
    While tests run, `t` on a terminal or SIGUSR1 prints what they wait for."
)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) select: SelectArgs,

    /// How many tests run at once: a number, `num-cpus` or `all`
    #[arg(short, long, value_name = "N", value_parser = parse_jobs, allow_negative_numbers = true)]
    pub(crate) jobs: Option<JobsArg>,

    /// Scale all tolerance timeouts (`~`), and `[timeout]` but for `cleanup`; assertion timeouts (`@`) stay as they are
    #[arg(short = 'm', long, value_name = "FACTOR", default_value = "1", value_parser = parse_multiplier)]
    #[arg(allow_negative_numbers = true)]
    pub(crate) timeout_multiplier: f64,

    /// Go on after a failure, or stop starting tests
    #[arg(long, value_enum, default_value_t, value_name = "STRATEGY")]
    pub(crate) strategy: StrategyArg,

    /// Only tests that failed or did not get their turn when they ran last, and new ones
    #[arg(long)]
    pub(crate) rerun: bool,

    /// Also write this report: junit, tap, json, html or github, with `=PATH`, or with `=-` for standard output; may be
    /// repeated
    #[arg(long = "report", value_name = "REPORT[=PATH]", value_parser = parse_report)]
    #[arg(add = ArgValueCandidates::new(complete::reports::reports))]
    pub(crate) reports: Vec<ReportTarget>,

    /// How progress and results are printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: RunFormat,

    #[command(flatten)]
    pub(crate) suite: SuiteArgs,
}

/// Serve an editor over standard input and output.
///
/// Editors start this themselves; see the book for VS Code and Neovim.
#[derive(Debug, Args)]
pub(crate) struct LspArgs {
    /// Accepted for editors that always pass it; standard input and output are the only transport
    #[arg(long, hide = true)]
    pub(crate) stdio: bool,
    /// Write slow answers and everything else that is worth knowing to a file, line by line
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Excerpts with labels, for people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0
    Sarif,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunFormat {
    /// Live progress on a terminal, one line per result elsewhere
    #[default]
    Human,
    /// One JSON object per event and line, on standard output
    JsonLines,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum StrategyArg {
    /// Run everything
    #[default]
    All,
    /// After the first failure let running tests finish and skip the rest
    FailFast,
}

/// The value of `-j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobsArg {
    Count(usize),
    NumCpus,
    All,
}

fn parse_jobs(text: &str) -> Result<JobsArg, String> {
    match text {
        "num-cpus" => Ok(JobsArg::NumCpus),
        "all" => Ok(JobsArg::All),
        _ => match text.parse::<usize>() {
            Ok(0) => Err("at least one test must run at a time".to_owned()),
            Ok(count) => Ok(JobsArg::Count(count)),
            Err(_) => Err("expected a number from 1 on, `num-cpus` or `all`".to_owned()),
        },
    }
}

fn parse_report(text: &str) -> Result<ReportTarget, String> {
    text.parse()
}

fn parse_multiplier(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(factor),
        _ => Err("expected a number above 0, for example 2 or 1.5".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn names_of_tests_may_begin_with_a_hyphen() {
        let cli = Cli::try_parse_from(["relux", "run", "-t", "-x", "--test=--y", "-t", "- z"]);
        let Ok(Command::Run(run)) = cli.map(|cli| cli.command) else {
            panic!("it is a run");
        };
        assert_eq!(run.select.tests, ["-x", "--y", "- z"]);
    }

    #[test]
    fn jobs_are_numbers_or_words() {
        assert_eq!(parse_jobs("4"), Ok(JobsArg::Count(4)));
        assert_eq!(parse_jobs("num-cpus"), Ok(JobsArg::NumCpus));
        assert_eq!(parse_jobs("all"), Ok(JobsArg::All));
        assert!(parse_jobs("0").is_err() && parse_jobs("-1").is_err() && parse_jobs("many").is_err());
    }

    #[test]
    fn multipliers_are_finite_and_positive() {
        assert_eq!(parse_multiplier("1.5"), Ok(1.5));
        for bad in ["0", "-1", "nan", "inf", "x"] {
            assert!(parse_multiplier(bad).is_err(), "{bad}");
        }
    }
}
