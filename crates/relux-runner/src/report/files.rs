//! The reports that are made from all results together when a run is over.
//!
//! A file is written beside its place and then moved there, so that a reader sees the old one or the new one. One that
//! cannot be written is an error of the run and never keeps another one from being written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use relux_model::plan::Program;
use relux_model::reports::{ReportFormat, ReportPlace, ReportTarget};

use super::{github, junit, tap};
use crate::event::{Summary, TestResult};
use crate::output::RunFacts;

/// A run that is over, as reports see it.
pub(crate) struct Told<'a> {
    pub(crate) facts: &'a RunFacts<'a>,
    pub(crate) summary: &'a Summary,
    /// In declaration order.
    pub(crate) tests: &'a [TestResult],
    pub(crate) program: &'a Program,
    /// Absolute path of the directory of the run.
    pub(crate) run_dir: &'a Path,
}

/// What came of writing.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// One sentence per report that could not be written.
    pub(crate) errors: Vec<String>,
    /// What goes to standard output.
    pub(crate) stdout: Vec<u8>,
}

/// The file of a report in the directory of a run.
fn usual_name(format: ReportFormat) -> Option<&'static str> {
    match format {
        ReportFormat::Junit => Some("junit.xml"),
        ReportFormat::Tap => Some("results.tap"),
        ReportFormat::Json => Some(crate::output::SUMMARY_FILE),
        ReportFormat::Html => Some("index.html"),
        ReportFormat::Github => None,
    }
}

/// Writes all reports that were asked for. Relative paths are those of the suite.
pub(crate) fn write_all(told: &Told<'_>, targets: &[ReportTarget]) -> Written {
    let mut written = Written::default();
    let mut done: Vec<&ReportTarget> = Vec::new();
    for target in targets {
        if done.contains(&target) {
            continue;
        }
        done.push(target);
        let path = match (&target.place, usual_name(target.format)) {
            (ReportPlace::Stdout, _) | (ReportPlace::Usual, None) => None,
            (ReportPlace::File(path), _) => Some(Path::new(told.facts.root).join(path)),
            (ReportPlace::Usual, Some(name)) => Some(told.run_dir.join(name)),
        };
        let bytes = match render(told, target.format, path.as_deref()) {
            Ok(bytes) => bytes,
            Err(error) => {
                written
                    .errors
                    .push(format!("cannot make the report `{}`: {error}", target.format));
                continue;
            }
        };
        let Some(path) = path else {
            written.stdout.extend(bytes);
            continue;
        };
        if let Err(error) = write_whole(&path, &bytes) {
            let path = path.display();
            let error = format!("cannot write the report `{}` to {path}: {error}", target.format);
            written.errors.push(error);
        }
    }
    written
}

fn render(told: &Told<'_>, format: ReportFormat, path: Option<&Path>) -> Result<Vec<u8>, String> {
    let _ = path;
    Ok(match format {
        ReportFormat::Junit => junit::render(told).map_err(|error| error.to_string())?,
        ReportFormat::Tap => tap::render(told).into_bytes(),
        ReportFormat::Json => crate::output::summary_bytes(told).map_err(|error| error.to_string())?,
        ReportFormat::Html => super::html::run_page(told, path).into_bytes(),
        ReportFormat::Github => github::render(told).into_bytes(),
    })
}

/// Writes a file so that a reader sees the old one or the new one, never half of it. Its directory is made if need be;
/// what is no file, like a pipe, is written to.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(kind) = fs::metadata(&path).map(|it| it.file_type())
        && !kind.is_file()
        && !kind.is_dir()
    {
        return fs::write(path, bytes);
    }
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let fresh = fresh_name(&path);
    fs::write(&fresh, bytes)
        .and_then(|()| fs::rename(&fresh, &path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&fresh);
        })
}

/// A name beside a file that nobody else writes to.
fn fresh_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(
        ".{name}.{}.{:08x}",
        std::process::id(),
        fastrand::u32(..)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .expect("a directory")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_replaced_and_nothing_else_is_left() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("below/report");
        write_whole(&path, b"one").expect("it is written, with its directory");
        write_whole(&path, b"two").expect("it is replaced");
        assert_eq!(fs::read(&path).expect("a file"), b"two");
        assert_eq!(names(&dir.path().join("below")), ["report"]);
    }

    #[test]
    fn a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("report");
        fs::create_dir_all(path.join("something")).expect("writable");
        assert!(write_whole(&path, b"two").is_err());
        assert_eq!(names(dir.path()), ["report"]);
    }

    #[test]
    fn links_and_devices_stay() {
        let dir = tempfile::tempdir().expect("a directory");
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").expect("writable");
        std::os::unix::fs::symlink(&file, &link).expect("links");
        write_whole(&link, b"new").expect("it is written");
        assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
        assert_eq!(fs::read(&file).expect("a file"), b"new");
        write_whole(Path::new("/dev/null"), b"new").expect("it is written to");
        assert!(!fs::metadata("/dev/null").expect("it is there").is_file());
    }
}
