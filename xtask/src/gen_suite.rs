//! Writes suites of any size: a large one to check, small ones to run.
//!
//! The same arguments always give the same bytes, so that a figure measured today can be measured again. It only
//! writes files; measuring is the business of `bench`.

mod bodies;
mod modules;
mod random;
mod runnable;
mod world;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};

pub(crate) use writer::Edition;

/// What kind of suite is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// Libraries, effects and tests that look like work, to be checked.
    Modules,
    /// Tests of one command each, to be run.
    OneLine,
    /// Tests that wait for `sleep 1`, to be run.
    Sleep,
}

/// Write a suite for benchmarks.
#[derive(Clone, Parser, Debug)]
#[command(name = "cargo xtask gen-suite")]
pub(crate) struct Arguments {
    /// Where the suite is written; must be empty or not exist.
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// What is written.
    #[arg(long, value_enum, default_value = "modules")]
    pub(crate) kind: Kind,
    /// How many modules, for the kind `modules`.
    #[arg(long, default_value_t = 5000)]
    pub(crate) modules: usize,
    /// How many tests, for the other kinds.
    #[arg(long, default_value_t = 1000)]
    pub(crate) tests: usize,
    /// Another seed gives another suite of the same size.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// In which edition.
    #[arg(long, value_enum, default_value = "2026-04")]
    pub(crate) edition: Edition,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    /// Modules, libraries and tests together.
    pub(crate) modules: usize,
    /// Their size in bytes.
    pub(crate) bytes: usize,
}

/// The subcommand: reads the arguments behind `gen-suite`, writes the suite and says how large it became.
#[expect(clippy::print_stdout, reason = "a command line tool for contributors")]
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let command = std::iter::once("gen-suite").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(command).unwrap_or_else(|error| error.exit());
    let written = generate(&arguments)?;
    println!(
        "{} modules, {}.{} MB in {}",
        written.modules,
        written.bytes / 1_000_000,
        written.bytes / 100_000 % 10,
        arguments.out.display()
    );
    Ok(())
}

/// Writes the suite.
pub(crate) fn generate(arguments: &Arguments) -> anyhow::Result<Written> {
    let out = &arguments.out;
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty", out.display());
    }
    let files = match arguments.kind {
        Kind::Modules => modules::suite(arguments.modules, arguments.seed, arguments.edition),
        Kind::OneLine => runnable::one_line(arguments.tests, arguments.edition),
        Kind::Sleep => runnable::sleep(arguments.tests, arguments.edition),
    };
    let mut written = Written::default();
    for file in files {
        write(&out.join(&file.path), &file.text)?;
        if file
            .path
            .extension()
            .is_some_and(|extension| extension == "relux")
        {
            written.modules += 1;
            written.bytes += file.text.len();
        }
    }
    Ok(written)
}

/// A file of the suite; the path is relative to the suite's root.
#[derive(PartialEq, Eq, Debug)]
struct File {
    path: PathBuf,
    text: String,
}

impl File {
    fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    /// The manifest that every generated suite has.
    fn manifest(edition: Edition, timeout: &str) -> Self {
        let edition = edition.name();
        let text = format!(
            "name = \"generated\"\nedition = \"{edition}\"\n\n\
             [timeout]\nmatch = \"{timeout}\"\nshell = \"{timeout}\"\n"
        );
        Self::new("Relux.toml", text)
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_arguments_give_the_same_bytes() {
        for edition in [Edition::April, Edition::August] {
            let first = modules::suite(60, 7, edition);
            assert_eq!(first, modules::suite(60, 7, edition));
            assert_ne!(first, modules::suite(60, 8, edition));
        }
    }

    #[test]
    fn a_suite_has_as_many_modules_as_asked_for() {
        for count in [10, 60, 333] {
            let files = modules::suite(count, 1, Edition::April);
            assert_eq!(files.len(), count + 1, "the manifest is the one file more");
        }
    }

    #[test]
    fn a_module_has_the_size_of_a_real_one() {
        let files = modules::suite(500, 1, Edition::April);
        let bytes: usize = files.iter().map(|file| file.text.len()).sum();
        assert!((4_000..5_000).contains(&(bytes / 500)), "{} bytes", bytes / 500);
    }

    #[test]
    fn a_suite_to_run_has_as_many_tests_as_asked_for() {
        for files in [
            runnable::one_line(120, Edition::April),
            runnable::sleep(120, Edition::August),
        ] {
            let tests = files.iter().flat_map(|file| file.text.lines());
            assert_eq!(tests.filter(|line| line.starts_with("test ")).count(), 120);
        }
    }

    #[test]
    fn a_directory_with_files_is_left_alone() {
        let out = tempfile::tempdir().expect("a directory for the test");
        fs::write(out.path().join("precious"), "").expect("a file for the test");
        let arguments = Arguments::parse_from(["", "--out", &out.path().to_string_lossy()]);
        assert!(generate(&arguments).is_err());
    }
}
