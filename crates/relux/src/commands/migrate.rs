//! `relux migrate`: rewrites in memory, then replaces all files that changed, or says why not.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use relux_model::SourceFile;
use relux_model::edition::Edition;
use relux_model::manifest::manifest;
use relux_model::migrate::{Migrated, NotMigrated, Refusal, migrate as rewrite};
use relux_syntax::{Code, Diagnostic, parse};

use super::check::{chosen, without_files};
use super::diff::diff;
use super::replace::{Replacement, replace_all};
use super::{OK, advise, failed, nothing_selected, print, say, tell};
use crate::args::MigrateArgs;
use crate::report::{Findings, counted, human};
use crate::suite::Loaded;

/// Rewrites the chosen modules. The exit code is 1 if that cannot be done, or if `--check` finds something to do.
pub(crate) fn migrate(
    args: &MigrateArgs,
    loaded: &mut Loaded,
    color: bool,
    stderr_color: bool,
) -> Result<ExitCode> {
    let selected = args
        .paths
        .iter()
        .map(|path| loaded.resolve(path))
        .collect::<Result<Vec<_>>>()?;
    let modules: HashSet<SourceFile> = loaded.suite.files(&loaded.db).iter().copied().collect();
    let mut files = chosen(loaded, &selected)?;
    files.retain(|file| modules.contains(file));
    if let Some(empty) = without_files(loaded, &selected, &files) {
        tell(&format!("no module at or below {}", empty.path));
        return Ok(nothing_selected());
    }
    let to = Edition::from(args.to);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    match rewrite(&mut loaded.db, loaded.suite, &files, to, threads) {
        Ok(migrated) => finish(args, loaded, to, &migrated, color),
        Err(reason) => {
            explain(loaded, to, reason, stderr_color);
            Ok(failed())
        }
    }
}

fn finish(
    args: &MigrateArgs,
    loaded: &Loaded,
    to: Edition,
    migrated: &Migrated,
    color: bool,
) -> Result<ExitCode> {
    let (db, prefix) = (&loaded.db, loaded.prefix());
    let shown = |file: SourceFile| format!("{prefix}{}", file.path(db));
    let count = counted(migrated.changed.len(), "file");
    if migrated.changed.is_empty() {
        say(&format!("nothing to change: all of it is edition {to} already"));
        return Ok(OK);
    }
    let dry = args.check || args.diff;
    let texts: Vec<String> = migrated
        .changed
        .iter()
        .map(|(file, old)| {
            let new = file.text(db);
            if file.path(db).ends_with(".relux") {
                in_style_as_before(old, new)
            } else {
                new.to_string()
            }
        })
        .collect();
    if !dry {
        let files: Vec<_> = migrated
            .changed
            .iter()
            .zip(&texts)
            .map(|((file, old), new)| Replacement {
                path: loaded.root.join(&**file.path(db)),
                old,
                new,
            })
            .collect();
        replace_all(&files)?;
    }
    let mut out = String::new();
    for ((file, old), new) in migrated.changed.iter().zip(&texts) {
        if args.diff {
            out.push_str(&diff(&shown(*file), old, new, color));
        } else {
            let _ = writeln!(out, "{}", shown(*file));
        }
    }
    print(&out)?;
    if dry {
        say(&format!("{count} would change"));
    } else {
        say(&format!("migrated {count} to edition {to}"));
    }
    Ok(if args.check { failed() } else { OK })
}

/// A migrated text; formatted, if it was that before. Lines that are put in need their place among the others.
fn in_style_as_before(old: &str, new: &str) -> String {
    let was_in_style = relux_fmt::preview(&parse(old)).is_ok_and(|it| !it.is_changed && it.kept.is_empty());
    let formatted = was_in_style.then(|| relux_fmt::format(&parse(new)).ok());
    formatted
        .flatten()
        .map_or_else(|| new.to_owned(), relux_fmt::Formatted::into_text)
}

/// Says why nothing was done.
fn explain(loaded: &Loaded, to: Edition, reason: NotMigrated, color: bool) {
    match reason {
        NotMigrated::Errors(count) => {
            let errors = counted(count, "error");
            tell(&format!(
                "the suite has {errors}; only a suite without errors can be migrated"
            ));
            advise("`relux check` shows them");
        }
        NotMigrated::Unsayable(refusals) => {
            let count = counted(refusals.len(), "place");
            if let Err(error) = draw(loaded, refusals, color) {
                tell(&format!("cannot show the places: {error}"));
            }
            tell(&format!(
                "{count} cannot be written in edition {to}; nothing was changed"
            ));
        }
        NotMigrated::Misread(files) => misread(loaded, &files),
        NotMigrated::Wrong(difference) => {
            tell(&format!(
                "the migrated suite would not be the same, so nothing was changed: {difference}"
            ));
            advise("this is a mistake in relux: please report it, with the file if you can");
        }
    }
}

fn misread(loaded: &Loaded, files: &[(SourceFile, Edition)]) {
    let prefix = loaded.prefix();
    for (file, edition) in files {
        let path = file.path(&loaded.db);
        tell(&format!(
            "{prefix}{path} would be read as edition {edition}, in which it means something else; nothing was changed"
        ));
    }
    advise(if manifest(&loaded.db, loaded.suite).edition.is_some() {
        "Relux.toml sets one edition for all modules: migrate the whole suite, without PATHS"
    } else {
        "nothing in these files shows their edition: migrate them as well, or set `edition` in Relux.toml first"
    });
}

fn draw(loaded: &Loaded, refusals: Vec<Refusal>, color: bool) -> io::Result<()> {
    use std::io::Write as _;
    let mut findings = Findings {
        prefix: loaded.prefix(),
        ..Findings::default()
    };
    for refusal in refusals {
        let (path, text) = (refusal.file.path(&loaded.db), refusal.file.text(&loaded.db));
        findings.sources.insert(Arc::clone(path), Arc::clone(text));
        let mut shown = Diagnostic::error(UNSAYABLE, refusal.range, refusal.message);
        shown.help = refusal.help.map(str::to_owned);
        findings.list.push((Arc::clone(path), shown));
    }
    let mut out = io::BufWriter::new(anstream::stderr());
    human::draw(&mut out, &findings, color)?;
    out.flush()
}

/// Never shown: these places are no findings of a check.
const UNSAYABLE: Code = Code::new("unsayable");
