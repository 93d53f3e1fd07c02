//! Which files are formatted: those that are named, and the modules below directories that are named.
//!
//! Ignore files count below directories only: who names a file means it. What a manifest excludes is excluded always. A
//! suite inside of a suite is another one and is left alone, as with all commands; from outside of any suite, all are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use relux_model::discover::MANIFEST;

use super::suites::{Suite, Suites};
use crate::args::FmtArgs;
use crate::os_system::words;
use crate::suite::Loaded;

/// A file to format.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) path: PathBuf,
    /// As people see it: relative to the current directory where it lies below.
    pub(super) shown: String,
}

/// A file or directory that was named.
struct Start {
    typed: PathBuf,
    absolute: PathBuf,
    suite: Option<Arc<Suite>>,
    is_directory: bool,
    found: bool,
}

/// Lists files in path order for each path that was named.
pub(super) struct Walk {
    current: PathBuf,
    suites: Suites,
    starts: Vec<Start>,
    at: usize,
    entries: Option<ignore::Walk>,
}

impl Walk {
    pub(super) fn new(args: &FmtArgs) -> Result<Self> {
        let current = std::env::current_dir().context("the current directory cannot be read")?;
        let mut walk = Self {
            current,
            suites: Suites::default(),
            starts: Vec::new(),
            at: 0,
            entries: None,
        };
        for path in &args.paths {
            walk.start(path)?;
        }
        if args.paths.is_empty() {
            let root = Loaded::find_root(args.suite.manifest.as_deref())?;
            walk.start(root.as_std_path())?;
        }
        Ok(walk)
    }

    fn start(&mut self, typed: &Path) -> Result<()> {
        let shown = typed.display();
        let absolute = absolute(typed);
        let metadata = match std::fs::metadata(&absolute) {
            Ok(metadata) => metadata,
            Err(error) => bail!("cannot read {shown}: {}", words(&error)),
        };
        let is_directory = metadata.is_dir();
        if !is_directory && !is_module(&absolute) {
            bail!("{shown} is not a module\nhelp: modules end with .relux");
        }
        let directory = if is_directory {
            Some(&*absolute)
        } else {
            absolute.parent()
        };
        let suite = match directory {
            Some(directory) => self.suites.of(directory)?,
            None => None,
        };
        self.starts.push(Start {
            typed: typed.to_owned(),
            absolute,
            suite,
            is_directory,
            found: false,
        });
        Ok(())
    }

    /// A directory that was named and holds nothing that could be formatted.
    pub(super) fn without_files(&self) -> Option<&Path> {
        let empty = self.starts.iter().find(|it| !it.found)?;
        Some(&empty.typed)
    }

    /// Replaces `jobs` by the next ones, at most `most`; none when all are done.
    pub(super) fn next_jobs(&mut self, jobs: &mut Vec<Job>, most: usize) -> Result<()> {
        jobs.clear();
        while jobs.len() < most {
            let Some(start) = self.starts.get_mut(self.at) else {
                break;
            };
            if !start.is_directory {
                start.found = true;
                let path = start.absolute.clone();
                if !start.suite.as_ref().is_some_and(|it| it.excludes(&path)) {
                    jobs.push(self.job(path));
                }
                self.at += 1;
                continue;
            }
            let entries = self.entries.get_or_insert_with(|| walker(&start.absolute));
            let Some(entry) = entries.next() else {
                self.entries = None;
                self.at += 1;
                continue;
            };
            // A directory that cannot be read is told about; the rest is formatted.
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    crate::commands::say(&format!("warning: {error}"));
                    continue;
                }
            };
            let is_file = entry.file_type().is_some_and(|it| it.is_file());
            if is_file && is_module(entry.path()) {
                self.add(entry.into_path(), jobs)?;
            }
        }
        Ok(())
    }

    /// A module below a directory that was named.
    fn add(&mut self, path: PathBuf, jobs: &mut Vec<Job>) -> Result<()> {
        let suite = match path.parent() {
            Some(directory) => self.suites.of(directory)?,
            None => None,
        };
        let start = &mut self.starts[self.at];
        let root = |suite: &Option<Arc<Suite>>| suite.as_ref().map(|it| it.root.clone());
        if start.suite.is_some() && root(&start.suite) != root(&suite) {
            return Ok(());
        }
        start.found = true;
        if !suite.is_some_and(|it| it.excludes(&path)) {
            let job = self.job(path);
            jobs.push(job);
        }
        Ok(())
    }

    fn job(&self, path: PathBuf) -> Job {
        let shown = path.strip_prefix(&self.current).unwrap_or(&path);
        Job {
            shown: shown.display().to_string(),
            path,
        }
    }
}

/// Walks a directory in path order, without what ignore files name and without the logs of runs.
fn walker(directory: &Path) -> ignore::Walk {
    WalkBuilder::new(directory)
        .require_git(false)
        .follow_links(true)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .filter_entry(|entry| {
            let path = entry.path();
            !(path.ends_with("relux/out")
                && path
                    .ancestors()
                    .nth(2)
                    .is_some_and(|it| it.join(MANIFEST).is_file()))
        })
        .build()
}

/// An absolute path without `..`, so that the directories above it are those of its text. The last part may be a link.
pub(super) fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
        return whole.canonicalize().unwrap_or(whole);
    };
    parent.canonicalize().map_or(whole.clone(), |it| it.join(name))
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "relux")
}
