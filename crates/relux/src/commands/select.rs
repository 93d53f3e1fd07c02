//! From `-f` and `-t` to planned tests, for every command that takes them: the same tests, the same words where something
//! is wrong, the same exit codes.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use relux_model::assemble::{Assembly, Selection, UnknownSelection, assemble};
use relux_model::item_index;
use relux_syntax::Severity;

use super::check::findings_of;
use super::{advise, nothing_selected, tell};
use crate::args::SelectArgs;
use crate::report::{Findings, counted, human};
use crate::suite::Loaded;

/// What the words of a command line mean.
pub(super) enum Selected {
    /// These tests, and the errors in the selected files, which have been shown.
    Tests(Box<Assembly>, Findings),
    /// Nothing. Why has been said, and this is the exit code.
    Nothing(ExitCode),
}

/// Selects tests; shows errors of the configuration and of the selected files on standard error.
pub(super) fn select(args: &SelectArgs, loaded: &mut Loaded, color: bool) -> Result<Selected> {
    let configuration = configuration(loaded);
    show(&configuration, color)?;
    if configuration.count(Severity::Error) > 0 {
        bail!("the configuration of the suite is not valid; no test was selected");
    }
    let selection = selection(args, loaded)?;
    let assembly = assemble(&loaded.db, loaded.suite, &selection);
    if let Some(code) = unknown(&assembly) {
        return Ok(Selected::Nothing(code));
    }
    let errors = errors_of(&selection, loaded);
    show(&errors, color)?;
    if assembly.tests.is_empty() {
        return nothing(&selection, &errors, loaded).map(Selected::Nothing);
    }
    Ok(Selected::Tests(Box::new(assembly), errors))
}

/// What is wrong with `Relux.toml` and `.env` files.
fn configuration(loaded: &mut Loaded) -> Findings {
    let db = &loaded.db;
    let mut files: Vec<_> = loaded.suite.manifest_file(db).into_iter().collect();
    files.extend(loaded.suite.dot_env_files(db).iter());
    findings_of(loaded, &files)
}

fn selection(args: &SelectArgs, loaded: &Loaded) -> Result<Selection> {
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
        tell(&match one {
            UnknownSelection::File { given, nearest } => {
                format!(
                    "no module at or below {given}{}",
                    did_you_mean(nearest.as_deref())
                )
            }
            UnknownSelection::Test {
                given,
                nearest,
                elsewhere,
            } => unknown_test(given, nearest.as_deref(), elsewhere),
        });
    }
    (!assembly.unknown.is_empty()).then(nothing_selected)
}

fn unknown_test(given: &str, nearest: Option<&str>, elsewhere: &[String]) -> String {
    match elsewhere {
        [] => format!("no test is called \"{given}\"{}", did_you_mean(nearest)),
        [file] => format!("no test of the selected files is called \"{given}\"; there is one in {file}"),
        [file, rest @ ..] => format!(
            "no test of the selected files is called \"{given}\"; there are some in {file} and {} more",
            counted(rest.len(), "file")
        ),
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

/// Errors in the selected files. A name selects tests, not files: then only what these tests reach counts, which the
/// plans already know.
fn errors_of(selection: &Selection, loaded: &mut Loaded) -> Findings {
    if !selection.tests.is_empty() {
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

fn nothing(selection: &Selection, errors: &Findings, loaded: &Loaded) -> Result<ExitCode> {
    if !errors.list.is_empty() {
        bail!("no test could be read because of the errors above");
    }
    let db = &loaded.db;
    let files = loaded.suite.files(db).iter();
    let in_suite = files.map(|file| item_index(db, *file).tests.len()).sum::<usize>();
    if in_suite == 0 {
        tell("this suite has no tests");
        advise(
            "tests belong into files ending in .relux below relux/tests; `relux new --test NAME` makes one",
        );
    } else {
        tell(&format!("there are no tests in {}", selection.files.join(", ")));
        advise(&format!(
            "the other files of the suite hold {}",
            counted(in_suite, "test")
        ));
    }
    Ok(nothing_selected())
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
