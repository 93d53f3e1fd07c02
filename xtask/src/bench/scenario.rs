//! What is measured: a generated suite and a command line in it.
//!
//! All suites are in edition 2026-08, which the published tool of today reads, so that both read the same bytes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

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
    /// What the suite's modules look like.
    style: Style,
    /// The exit code of success.
    pub(super) code: i32,
    /// What else is measured in the same rounds.
    pub(super) beside: Beside,
}

/// What is measured in the same rounds as a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// The same command of the other program, if one is given.
    Peer,
    /// That, and the raw loop of shells (`cargo xtask floor`) with these arguments.
    PeerAndFloor(&'static [&'static str]),
    /// `relux check` on the same suite.
    Check,
}

/// How the modules of a suite are laid out before anything is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// As they are generated: about a quarter of them happens to be in style.
    Generated,
    /// As `relux fmt` leaves them.
    Formatted,
    /// That, and then half of each indentation.
    Halved,
}

/// The scenarios in the order of the report.
pub(super) const ALL: &[Scenario] = &[
    Scenario {
        name: "check 5,000 modules",
        arguments: &["check"],
        kind: Kind::Modules,
        size: 5000,
        style: Style::Generated,
        code: 0,
        beside: Beside::Peer,
    },
    Scenario {
        name: "fmt --check 5,000, in style",
        arguments: &["fmt", "--check"],
        kind: Kind::Modules,
        size: 5000,
        style: Style::Formatted,
        code: 0,
        beside: Beside::Check,
    },
    Scenario {
        name: "fmt --check 5,000, out of style",
        arguments: &["fmt", "--check"],
        kind: Kind::Modules,
        size: 5000,
        style: Style::Halved,
        code: 1,
        beside: Beside::Check,
    },
    Scenario {
        name: "fmt --check 500, out of style",
        arguments: &["fmt", "--check"],
        kind: Kind::Modules,
        size: 500,
        style: Style::Halved,
        code: 1,
        beside: Beside::Check,
    },
    Scenario {
        name: "fmt --diff 5,000 modules",
        arguments: &["fmt", "--diff"],
        kind: Kind::Modules,
        size: 5000,
        style: Style::Halved,
        code: 0,
        beside: Beside::Check,
    },
    Scenario {
        name: "run 1,000 one-line tests, -j 8",
        arguments: &["run", "-j", "8"],
        kind: Kind::OneLine,
        size: 1000,
        style: Style::Generated,
        code: 0,
        beside: Beside::PeerAndFloor(&["floor", "1000", "8"]),
    },
    Scenario {
        name: "run 500 sleeps of 1 s, -j 500",
        arguments: &["run", "-j", "500"],
        kind: Kind::Sleep,
        size: 500,
        style: Style::Generated,
        code: 0,
        beside: Beside::PeerAndFloor(&["floor", "500", "500", "sleep 1"]),
    },
];

impl Scenario {
    /// The suite's directory; written anew each time, since an old one may stem from another generator. `relux` formats it
    /// where that is asked for.
    pub(super) fn suite(&self, directory: &Path, relux: &Path) -> anyhow::Result<PathBuf> {
        let name = format!("{:?}-{}-{:?}", self.kind, self.size, self.style);
        let out = directory.join(name.to_lowercase());
        if out.exists() {
            remove(&out)?;
            std::thread::sleep(FORGETS);
        }
        gen_suite::generate(&gen_suite::Arguments {
            out: out.clone(),
            kind: self.kind,
            modules: self.size,
            tests: self.size,
            seed: 1,
            edition: Edition::August,
        })?;
        if self.style != Style::Generated {
            let formatted = Command::new(relux)
                .arg("fmt")
                .current_dir(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .with_context(|| format!("running {}", relux.display()))?;
            anyhow::ensure!(formatted.success(), "{} is not formatted", out.display());
        }
        if self.style == Style::Halved {
            for module in modules(&out)? {
                let text = fs::read_to_string(&module)?;
                fs::write(&module, halved(&text))?;
            }
        }
        Ok(out)
    }
}

/// All modules at or below a directory.
pub(super) fn modules(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).with_context(|| format!("listing {}", directory.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.append(&mut modules(&path)?);
        } else if path.extension().is_some_and(|it| it == "relux") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A text with half of each indentation.
pub(super) fn halved(text: &str) -> String {
    let line = |line: &str| {
        let code = line.trim_start_matches(' ');
        " ".repeat((line.len() - code.len()) / 2) + code
    };
    text.split_inclusive('\n').map(line).collect()
}

/// So long after files were removed, ext4 takes several times as long to make new ones.
const FORGETS: Duration = Duration::from_secs(6);

/// Where [`set_aside`] puts things.
const SPENT: &str = "spent";

/// Takes what a run left out of the way, so that no round pays for the one before. It is not removed yet, because the
/// next round would pay for that.
pub(super) fn set_aside(suite: &Path) -> anyhow::Result<()> {
    let (out, spent) = (suite.join("relux/out"), suite.join(SPENT));
    fs::create_dir_all(&spent)?;
    let number = fs::read_dir(&spent)?.count();
    match fs::rename(&out, spent.join(number.to_string())) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot move {}", out.display()))
        }
        _ => Ok(()),
    }
}

/// Removes what was set aside.
pub(super) fn clean(suite: &Path) -> anyhow::Result<()> {
    remove(&suite.join(SPENT))
}

/// Removes a directory that may not be there.
pub(super) fn remove(path: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
