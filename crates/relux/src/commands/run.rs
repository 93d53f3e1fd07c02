//! `relux run`: selection, plans, then the runner. Whatever is broken on the way can only make the exit code worse.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use relux_model::assemble::{Assembly, Selection, UnknownSelection, assemble};
use relux_model::plan::Jobs;
use relux_runner::{Color, Format, Output, RunOptions, RunRequest, Strategy};
use relux_syntax::Severity;

use super::check::findings_of;
use super::{nothing_selected, tell};
use crate::args::{JobsArg, RunArgs, RunFormat, StrategyArg};
use crate::report::{Findings, human};
use crate::suite::Loaded;

/// Runs the selected tests; the exit code is the one of the run, or worse.
pub(crate) fn run(args: &RunArgs, loaded: &mut Loaded, color: bool) -> Result<ExitCode> {
    let configuration = configuration(loaded);
    show(&configuration, color)?;
    if configuration.count(Severity::Error) > 0 {
        bail!("the configuration of the suite is not valid; nothing was run");
    }
    let selection = selection(args, loaded)?;
    let assembly = assemble(&loaded.db, loaded.suite, &selection);
    if let Some(code) = unknown(&assembly) {
        return Ok(code);
    }
    let errors = errors_of(args, &selection, loaded);
    show(&errors, color)?;
    if assembly.tests.is_empty() {
        return nothing(&errors);
    }
    let request = RunRequest {
        broken_files: errors.files(),
        ..request(args, assembly, color)?
    };
    let report = relux_runner::run(request)?;
    Ok(ExitCode::from(u8::try_from(report.exit_code()).unwrap_or(1)))
}

/// What is wrong with `Relux.toml` and `.env` files.
fn configuration(loaded: &mut Loaded) -> Findings {
    let db = &loaded.db;
    let mut files: Vec<_> = loaded.suite.manifest_file(db).into_iter().collect();
    files.extend(loaded.suite.dot_env_files(db).iter());
    findings_of(loaded, &files)
}

fn selection(args: &RunArgs, loaded: &Loaded) -> Result<Selection> {
    let files = args
        .files
        .iter()
        .map(|path| Ok(loaded.resolve(path)?.path))
        .collect::<Result<_>>()?;
    Ok(Selection {
        files,
        tests: args.tests.clone(),
    })
}

/// Says which parts of the selection mean nothing; the exit code if there are any.
fn unknown(assembly: &Assembly) -> Option<ExitCode> {
    for one in &assembly.unknown {
        let (what, nearest) = match one {
            UnknownSelection::File { given, nearest } => (format!("no module at or below {given}"), nearest),
            UnknownSelection::Test { given, nearest } => (format!("no test is called \"{given}\""), nearest),
        };
        let advice = nearest
            .as_ref()
            .map(|name| format!("; did you mean \"{name}\"?"))
            .unwrap_or_default();
        tell(&format!("{what}{advice}"));
    }
    (!assembly.unknown.is_empty()).then(nothing_selected)
}

/// Errors in the selected files. A name selects tests, not files: then only what these tests reach counts, which the
/// plans already know.
fn errors_of(args: &RunArgs, selection: &Selection, loaded: &mut Loaded) -> Findings {
    if !args.tests.is_empty() {
        return Findings::default();
    }
    let (db, suite) = (&loaded.db, loaded.suite);
    let selected = |path: &str| {
        let below = |given: &String| {
            path.strip_prefix(given.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let everything = selection.files.is_empty() && path.starts_with("relux/tests/");
        everything
            || selection
                .files
                .iter()
                .any(|given| given.is_empty() || below(given))
    };
    let files: Vec<_> = suite
        .files(db)
        .iter()
        .copied()
        .filter(|file| selected(file.path(db)))
        .collect();
    let mut findings = findings_of(loaded, &files);
    findings
        .list
        .retain(|(_, finding)| finding.severity == Severity::Error);
    findings
}

fn nothing(errors: &Findings) -> Result<ExitCode> {
    if errors.list.is_empty() {
        tell("no test was selected");
        return Ok(nothing_selected());
    }
    bail!("no test could be read because of the errors above; nothing was run")
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

/// Draws findings on standard error, where a run tells everything that is for people.
fn show(findings: &Findings, color: bool) -> Result<()> {
    if findings.list.is_empty() {
        return Ok(());
    }
    let choice = if color {
        anstream::ColorChoice::AlwaysAnsi
    } else {
        anstream::ColorChoice::Never
    };
    let mut out = anstream::AutoStream::new(std::io::stderr().lock(), choice);
    human::write(&mut out, findings, color)?;
    Ok(out.flush()?)
}
