//! `relux run`: selection, plans, then the runner. Whatever is broken on the way can only make the exit code worse.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use relux_model::assemble::Assembly;
use relux_model::plan::{Jobs, TestEntry};
use relux_model::reports::{ReportFormat, ReportPlace, ReportTarget};
use relux_runner::{Color, Format, Output, RunOptions, RunRequest, Strategy};

use super::select::{Selected, select};
use crate::args::{JobsArg, RunArgs, RunFormat, StrategyArg};
use crate::suite::Loaded;

/// Runs the selected tests; the exit code is the one of the run, or worse.
pub(crate) fn run(args: &RunArgs, loaded: &mut Loaded, color: bool) -> Result<ExitCode> {
    let (mut assembly, errors) = match select(&args.select, loaded, color)? {
        Selected::Tests(assembly, errors) => (*assembly, errors),
        Selected::Nothing(code) => return Ok(code),
    };
    if args.rerun && !keep_outstanding(&mut assembly, loaded)? && errors.files() == 0 {
        note("nothing to run again: all selected tests passed when they ran last");
        return Ok(ExitCode::SUCCESS);
    }
    let reports = reports(args, std::env::var("GITHUB_ACTIONS").ok().as_deref())?;
    let mut request = RunRequest {
        broken_files: errors.files(),
        ..request(args, assembly, color)?
    };
    request.options.reports = reports;
    let report = relux_runner::run(request)?;
    Ok(ExitCode::from(u8::try_from(report.exit_code()).unwrap_or(1)))
}

/// Says something that is no error.
fn note(message: &str) {
    // The exit code still tells if this cannot be written.
    let _ = writeln!(anstream::stderr(), "note: {message}");
}

/// Leaves only the tests that have to run again; whether there are any.
fn keep_outstanding(assembly: &mut Assembly, loaded: &Loaded) -> Result<bool> {
    let outstanding = relux_runner::outstanding(loaded.root.as_std_path())
        .context("the results of earlier runs cannot be read; without --rerun all tests run")?;
    if outstanding.is_first() {
        note("no test has run yet, so all are new");
    }
    assembly.tests.retain(|entry| match entry {
        TestEntry::Ready(plan) => outstanding.wants(&plan.id),
        TestEntry::Invalid(test) => outstanding.wants(&test.id),
    });
    Ok(!assembly.tests.is_empty())
}

/// The reports that the command line asks for, relative to where it was typed, and annotations where there is somebody to
/// show them.
fn reports(args: &RunArgs, github_actions: Option<&str>) -> Result<Vec<ReportTarget>> {
    let current = std::env::current_dir().context("the current directory cannot be read")?;
    let machine = args.message_format == RunFormat::JsonLines;
    let mut to_stdout = u32::from(machine);
    let mut reports = Vec::new();
    for report in &args.reports {
        let mut report = report.clone();
        let usual_stdout = report.format == ReportFormat::Github && report.place == ReportPlace::Usual;
        if let ReportPlace::File(path) = &mut report.place {
            *path = current.join(&*path).to_string_lossy().into_owned();
        } else if usual_stdout || report.place == ReportPlace::Stdout {
            to_stdout += 1;
        }
        reports.push(report);
    }
    if to_stdout > 1 {
        bail!(
            "only one report can go to standard output\nhelp: give the others a file, as in `--report junit=relux.xml`"
        );
    }
    let asked = reports.iter().any(|report| report.format == ReportFormat::Github);
    if github_actions == Some("true") && !asked && to_stdout == 0 {
        reports.push(ReportTarget {
            format: ReportFormat::Github,
            place: ReportPlace::Usual,
        });
    }
    Ok(reports)
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
