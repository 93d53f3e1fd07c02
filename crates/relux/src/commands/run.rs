//! `relux run`: selection, plans, then the runner. Whatever is broken on the way can only make the exit code worse.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use relux_model::assemble::Assembly;
use relux_model::plan::Jobs;
use relux_runner::{Color, Format, Output, RunOptions, RunRequest, Strategy};

use super::select::{Selected, select};
use crate::args::{JobsArg, RunArgs, RunFormat, StrategyArg};
use crate::suite::Loaded;

/// Runs the selected tests; the exit code is the one of the run, or worse.
pub(crate) fn run(args: &RunArgs, loaded: &mut Loaded, color: bool) -> Result<ExitCode> {
    let (assembly, errors) = match select(&args.select, loaded, color)? {
        Selected::Tests(assembly, errors) => (*assembly, errors),
        Selected::Nothing(code) => return Ok(code),
    };
    let request = RunRequest {
        broken_files: errors.files(),
        ..request(args, assembly, color)?
    };
    let report = relux_runner::run(request)?;
    Ok(ExitCode::from(u8::try_from(report.exit_code()).unwrap_or(1)))
}

fn request(args: &RunArgs, assembly: Assembly, color: bool) -> Result<RunRequest> {
    let options = RunOptions {
        jobs: args.jobs.map(|jobs| match jobs {
            JobsArg::Count(count) => Jobs::Count(count),
            JobsArg::NumCpus => Jobs::NumCpus,
            JobsArg::All => Jobs::All,
        }),
        multiplier: Some(args.timeout_multiplier),
        strategy: match args.strategy {
            StrategyArg::All => Strategy::All,
            StrategyArg::FailFast => Strategy::FailFast,
        },
        output: Output {
            format: match args.message_format {
                RunFormat::Human => Format::Human,
                RunFormat::JsonLines => Format::JsonLines,
            },
            color: if color { Color::Always } else { Color::Never },
            ..Output::default()
        },
        ..RunOptions::default()
    };
    Ok(RunRequest {
        program: Arc::new(assembly.program),
        tests: assembly.tests,
        broken_files: 0,
        settings: assembly.settings,
        options,
        host_env: std::env::vars_os().collect(),
        relux_exe: std::env::current_exe().context("the path of this program cannot be found")?,
    })
}
