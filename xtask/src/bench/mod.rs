//! Whole-process benchmarks: the released binary on generated suites, beside another one where its path is given.
//!
//! Rounds are interleaved, so that a busy machine is unfair to nobody, and what is told is the median. It judges
//! nothing: figures that must hold are compared by people, on a quiet machine.

mod floor;
mod formatters;
mod lsp;
mod process;
mod report;
mod scenario;
mod statistics;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use clap::Parser;

pub(crate) use floor::run as floor;
use process::Usage;
use report::Measured;
use scenario::{Beside, Scenario};

/// Measure the release binary on large suites.
#[derive(Parser, Debug)]
#[command(name = "cargo xtask bench")]
struct Arguments {
    /// The binary to measure; built in release mode if not given.
    #[arg(long)]
    relux: Option<PathBuf>,
    /// Another relux to measure beside it, round by round.
    #[arg(long)]
    peer: Option<PathBuf>,
    /// A `taplo` to measure formatting beside; needs `--shfmt` too.
    #[arg(long, requires = "shfmt")]
    taplo: Option<PathBuf>,
    /// A `shfmt` to measure formatting beside; needs `--taplo` too.
    #[arg(long, requires = "taplo")]
    shfmt: Option<PathBuf>,
    /// How often each is measured; one more round at the beginning is not counted.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only the scenarios whose name contains this text.
    #[arg(long)]
    only: Option<String>,
    /// Where the suites are written and kept.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Every figure of every round as JSON, instead of the table of medians.
    #[arg(long)]
    json: bool,
}

/// The subcommand: generates what is missing, measures, prints.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool for contributors"
)]
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    if arguments.first().is_some_and(|it| it == "lsp") {
        return lsp::run(&arguments[1..]);
    }
    let command = std::iter::once("bench").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(command).unwrap_or_else(|error| error.exit());
    let root = crate::root();
    let relux = match &arguments.relux {
        Some(path) => path.clone(),
        None => build(&root)?,
    };
    let mut programs = vec![("relux", relux)];
    programs.extend(arguments.peer.clone().map(|path| ("peer", path)));
    for (_, program) in &mut programs {
        *program = program
            .canonicalize()
            .with_context(|| format!("no program at {}", program.display()))?;
    }
    let suites = arguments.dir.unwrap_or_else(|| root.join("target/bench-suites"));

    let mut measured = Vec::new();
    for scenario in scenario::ALL {
        if arguments
            .only
            .as_ref()
            .is_some_and(|only| !scenario.name.contains(only))
        {
            continue;
        }
        let suite = scenario.suite(&suites, &programs[0].1)?;
        eprintln!("{}: {} rounds", scenario.name, arguments.rounds);
        let rows = rows(scenario, &programs)?;
        measured.extend(measure(scenario.name, &suite, &rows, arguments.rounds)?);
    }
    if let (Some(taplo), Some(shfmt)) = (&arguments.taplo, &arguments.shfmt) {
        let tools = formatters::Tools {
            relux: &programs[0].1,
            taplo,
            shfmt,
        };
        for (name, directory, rows) in formatters::scenarios(&suites.join("formatters"), &tools)? {
            if arguments.only.as_ref().is_none_or(|only| name.contains(only)) {
                eprintln!("{name}: {} rounds", arguments.rounds);
                measured.extend(measure(name, &directory, &rows, arguments.rounds)?);
            }
        }
    }
    if measured.is_empty() {
        bail!("no scenario has such a name");
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&measured)?);
    } else {
        print!("{}", report::table(&measured));
    }
    Ok(())
}

/// Builds the binary; cargo says where it lies.
fn build(root: &Path) -> anyhow::Result<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--release", "--package", "relux", "--bin", "relux"])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cargo cannot be started")?;
    if !output.status.success() {
        bail!("the release binary cannot be built");
    }
    executable(&output.stdout).context("cargo names no executable")
}

/// The last executable that cargo's messages name.
fn executable(messages: &[u8]) -> Option<PathBuf> {
    messages
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
}

/// A command of a scenario.
struct Row {
    program: &'static str,
    path: PathBuf,
    arguments: Vec<String>,
    /// The exit code of success.
    code: i32,
}

/// The commands of a scenario, ours first.
fn rows(scenario: &Scenario, programs: &[(&'static str, PathBuf)]) -> anyhow::Result<Vec<Row>> {
    let row = |(program, path): &(&'static str, PathBuf)| Row {
        program,
        path: path.clone(),
        arguments: scenario.arguments.iter().map(ToString::to_string).collect(),
        code: scenario.code,
    };
    Ok(match scenario.beside {
        Beside::Peer => programs.iter().map(row).collect(),
        Beside::PeerAndFloor(arguments) => {
            let floor = Row {
                program: "floor",
                path: std::env::current_exe()?,
                arguments: arguments.iter().map(ToString::to_string).collect(),
                code: 0,
            };
            programs.iter().map(row).chain(std::iter::once(floor)).collect()
        }
        Beside::Check => vec![
            row(&programs[0]),
            Row {
                program: "check",
                path: programs[0].1.clone(),
                arguments: vec!["check".to_owned()],
                code: 0,
            },
        ],
    })
}

fn measure(name: &'static str, suite: &Path, rows: &[Row], rounds: usize) -> anyhow::Result<Vec<Measured>> {
    let mut usages: Vec<Vec<Usage>> = vec![Vec::new(); rows.len()];
    for round in 0..=rounds {
        for (row, usages) in rows.iter().zip(&mut usages) {
            scenario::set_aside(suite)?;
            let usage = process::measure(Command::new(&row.path).args(&row.arguments).current_dir(suite))?;
            if usage.code != Some(row.code) {
                bail!(
                    "{} ended with {:?} in {name} of {}",
                    row.program,
                    usage.code,
                    suite.display()
                );
            }
            if round > 0 {
                usages.push(usage);
            }
        }
    }
    scenario::set_aside(suite)?;
    scenario::clean(suite)?;
    Ok(rows
        .iter()
        .zip(usages)
        .map(|(row, rounds)| Measured {
            scenario: name,
            program: row.program,
            rounds,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_the_binary_lies() {
        let messages = br#"{"reason":"compiler-artifact","executable":null}
{"reason":"compiler-artifact","executable":"/elsewhere/release/relux"}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(
            executable(messages),
            Some(PathBuf::from("/elsewhere/release/relux"))
        );
        assert_eq!(executable(b"no messages"), None);
    }
}
