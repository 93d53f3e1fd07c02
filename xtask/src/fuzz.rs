//! `cargo xtask fuzz TARGET [--seconds N]`: runs a target of `tests/fuzz` with what the corpora hold to begin with.
//!
//! Coverage is asked of the stable compiler directly, so no nightly is needed. What is found stays in
//! `target/fuzz/TARGET/`; a finding goes to `tests/fixtures/fuzz`, where an ordinary test keeps it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::markdown::relux_blocks;

/// What libFuzzer needs of the compiler.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// Folders whose Relux files, fixtures and pages are beginnings.
const CORPORA: &[&str] = &[
    "tests/fixtures",
    "examples",
    "crates/relux-model/tests/it/suites",
    "crates/relux-model/src/rules",
    "book/src",
];

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (target, seconds) = match arguments {
        [target] => (target, "600"),
        [target, flag, seconds] if flag == "--seconds" => (target, seconds.as_str()),
        _ => bail!("usage: cargo xtask fuzz TARGET [--seconds N]"),
    };
    let root = crate::root();
    let home = root.join("target/fuzz").join(target);
    let corpus = home.join("corpus");
    fs::create_dir_all(&corpus).with_context(|| format!("making {}", corpus.display()))?;
    let mut count = 0;
    for folder in CORPORA {
        seed(&root.join(folder), &corpus, &mut count)?;
    }

    let build = root.join("target/fuzz/build");
    let status = Command::new(env!("CARGO"))
        .args([
            "run",
            "--quiet",
            "--release",
            "--bin",
            target,
            "--target",
            &host()?,
        ])
        .arg("--manifest-path")
        .arg(root.join("tests/fuzz/Cargo.toml"))
        .arg("--")
        .arg(&corpus)
        .args([
            format!("-max_total_time={seconds}"),
            format!("-artifact_prefix={}/", home.display()),
        ])
        .args([
            "-max_len=2000",
            "-timeout=20",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
        ])
        .env("CARGO_TARGET_DIR", build)
        .env("RUSTFLAGS", COVERAGE)
        .status()
        .context("running cargo")?;
    if !status.success() {
        bail!("{target} found something; it lies in {}", home.display());
    }
    Ok(())
}

/// The machine that builds; naming it keeps the flags away from build scripts.
fn host() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("running rustc")?;
    let text = String::from_utf8(output.stdout).context("rustc prints UTF-8")?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(line.context("rustc names no host")?.to_owned())
}

/// Copies the files below a folder, and the blocks of pages, one file each.
fn seed(folder: &Path, corpus: &Path, count: &mut usize) -> Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("listing {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            seed(&path, corpus, count)?;
            continue;
        }
        let texts = match path.extension().and_then(|it| it.to_str()) {
            Some("relux" | "txt") => vec![fs::read_to_string(&path).unwrap_or_default()],
            Some("md") => {
                let page = fs::read_to_string(&path)?;
                relux_blocks(&page).into_iter().map(|block| block.text).collect()
            }
            _ => continue,
        };
        for text in texts {
            fs::write(corpus.join(format!("seed-{count}")), text)?;
            *count += 1;
        }
    }
    Ok(())
}
