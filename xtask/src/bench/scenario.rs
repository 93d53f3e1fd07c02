//! What is measured: a generated suite and a command line in it.
//!
//! All suites are in edition 2026-08, which the published tool of today reads, so that both read the same bytes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::gen_suite::{self, Edition, Kind};

/// One thing that is measured.
#[derive(Debug)]
pub(super) struct Scenario {
    /// As the report shows it.
    pub(super) name: &'static str,
    /// Behind the program's name, run in the suite's directory.
    pub(super) arguments: &'static [&'static str],
    kind: Kind,
    /// Modules or tests.
    size: usize,
    /// Whether other programs have such a command.
    pub(super) has_peer: bool,
}

/// The scenarios in the order of the report.
pub(super) const ALL: &[Scenario] = &[
    Scenario {
        name: "check 5,000 modules",
        arguments: &["check"],
        kind: Kind::Modules,
        size: 5000,
        has_peer: true,
    },
    Scenario {
        name: "fmt --diff 5,000 modules",
        arguments: &["fmt", "--diff"],
        kind: Kind::Modules,
        size: 5000,
        has_peer: false,
    },
    Scenario {
        name: "run 1,000 one-line tests, -j 8",
        arguments: &["run", "-j", "8"],
        kind: Kind::OneLine,
        size: 1000,
        has_peer: true,
    },
    Scenario {
        name: "run 500 sleeps of 1 s, -j 500",
        arguments: &["run", "-j", "500"],
        kind: Kind::Sleep,
        size: 500,
        has_peer: true,
    },
];

impl Scenario {
    /// The suite's directory; written anew each time, since an old one may stem from another generator.
    pub(super) fn suite(&self, directory: &Path) -> anyhow::Result<PathBuf> {
        let out = directory.join(format!("{:?}-{}", self.kind, self.size).to_lowercase());
        remove(&out)?;
        gen_suite::generate(&gen_suite::Arguments {
            out: out.clone(),
            kind: self.kind,
            modules: self.size,
            tests: self.size,
            seed: 1,
            edition: Edition::August,
        })?;
        Ok(out)
    }
}

/// Takes away what a run left, so that no round pays for the one before.
pub(super) fn clean(suite: &Path) -> anyhow::Result<()> {
    remove(&suite.join("relux/out"))
}

fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
