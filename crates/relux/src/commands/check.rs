//! `relux check`: diagnostics of every module, in parallel, in path order.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use relux_model::SourceFile;
use relux_model::apply_fixes::Fixed;
use relux_model::diagnostics::{all_files, check_files};
use relux_syntax::{Applicability, Diagnostic, Severity};

use super::fix::fix;
use super::{OK, advise, failed, nothing_selected, tell};
use crate::args::{CheckArgs, CheckFormat};
use crate::report::{Findings, counted, github, human, json, sarif};
use crate::suite::{Loaded, Selected};

/// Checks and prints; the exit code says whether there were errors.
pub(crate) fn check(args: &CheckArgs, loaded: &mut Loaded, color: bool) -> Result<ExitCode> {
    let selected = args
        .paths
        .iter()
        .map(|path| loaded.resolve(path))
        .collect::<Result<Vec<_>>>()?;
    let files = chosen(loaded, &selected)?;
    if let Some(empty) = without_files(loaded, &selected, &files) {
        tell(&format!("no module at or below {}", empty.path));
        return Ok(nothing_selected());
    }
    if args.fix {
        let fixed = fix(loaded, &files, args.unsafe_fixes)?;
        // Not among the findings, so that these can still be read by a machine.
        let _ = writeln!(anstream::stderr(), "{}", told(loaded, &fixed));
    }
    let findings = findings_of(loaded, &files);
    if args.fix && !args.unsafe_fixes && findings.list.iter().any(|(_, it)| needs_a_look(it)) {
        advise("`--unsafe` also applies fixes that somebody should look at");
    }
    match write(args.message_format, &findings, color) {
        // Whoever read it has seen enough; what was found stays.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the findings")?,
    }
    Ok(if findings.count(Severity::Error) == 0 {
        OK
    } else {
        failed()
    })
}

/// Whether a finding can only be mended by a fix that somebody has to look at.
fn needs_a_look(finding: &Diagnostic) -> bool {
    let mut fixes = finding.fixes.iter();
    fixes.any(|it| it.applicability == Applicability::Unsafe && !it.edits.is_empty())
}

fn write(format: CheckFormat, findings: &Findings, color: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::AutoStream::new(
        io::stdout().lock(),
        if color {
            anstream::ColorChoice::AlwaysAnsi
        } else {
            anstream::ColorChoice::Never
        },
    ));
    match format {
        CheckFormat::Human => human::write(&mut out, findings, color)?,
        CheckFormat::Json => json::write(&mut out, findings)?,
        CheckFormat::Github => github::write(&mut out, findings)?,
        CheckFormat::Sarif => sarif::write(&mut out, findings)?,
    }
    out.flush()
}

/// A selected directory that holds nothing that is checked.
pub(super) fn without_files<'a>(
    loaded: &Loaded,
    selected: &'a [Selected],
    files: &[SourceFile],
) -> Option<&'a Selected> {
    let empty = |one: &&Selected| !files.iter().any(|file| one.holds(file.path(&loaded.db)));
    selected.iter().find(empty)
}

/// `fixed 3 problems in 2 files: a.relux, b.relux`.
fn told(loaded: &Loaded, fixed: &Fixed) -> String {
    if fixed.applied == 0 {
        return "fixed nothing".to_owned();
    }
    let prefix = loaded.prefix();
    let files: Vec<String> = fixed
        .changed
        .iter()
        .map(|file| format!("{prefix}{}", file.path(&loaded.db)))
        .collect();
    format!(
        "fixed {} in {}: {}",
        counted(fixed.applied, "problem"),
        counted(files.len(), "file"),
        files.join(", ")
    )
}

/// The files that the selection means; all files if it is empty.
pub(super) fn chosen(loaded: &Loaded, selected: &[Selected]) -> Result<Vec<SourceFile>> {
    let db = &loaded.db;
    let wanted =
        |file: &SourceFile| selected.is_empty() || selected.iter().any(|one| one.holds(file.path(db)));
    let files: Vec<SourceFile> = all_files(db, loaded.suite).into_iter().filter(wanted).collect();
    for one in selected.iter().filter(|one| !one.directory) {
        if !files.iter().any(|file| one.holds(file.path(db))) {
            bail!(
                "{} does not belong to the suite\nhelp: modules are relux/tests/**.relux and relux/lib/**.relux",
                one.path
            );
        }
    }
    Ok(files)
}

/// Everything that is wrong in these files, in their order.
pub(super) fn findings_of(loaded: &mut Loaded, files: &[SourceFile]) -> Findings {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let per_file = check_files(&mut loaded.db, loaded.suite, files, threads);
    let db = &loaded.db;
    let mut findings = Findings {
        prefix: loaded.prefix(),
        checked: files.len(),
        ..Findings::default()
    };
    let all = all_files(db, loaded.suite);
    let texts: BTreeMap<&str, &Arc<str>> = all.iter().map(|file| (&**file.path(db), file.text(db))).collect();
    for (file, list) in files.iter().zip(per_file) {
        let path = file.path(db);
        for finding in list.iter() {
            let others = finding
                .related
                .iter()
                .filter_map(|related| related.file.as_deref());
            let edited = finding
                .fixes
                .iter()
                .flat_map(|fix| &fix.edits)
                .filter_map(|edit| edit.file.as_deref());
            for named in others.chain(edited).chain([&**path]) {
                if let Some(text) = texts.get(named) {
                    findings
                        .sources
                        .entry(named.into())
                        .or_insert_with(|| Arc::clone(text));
                }
            }
            findings.list.push((Arc::clone(path), finding.clone()));
        }
    }
    findings
}
