//! Formatting beside `taplo` and `shfmt`: each program reads as many files and bytes, of its own language.
//!
//! The texts of the other languages are of the shape that people write, repeated until they are as large as the module
//! that they stand for. All are in the style of their program first, then out of it in every line or
//! nearly: other indentation, no blanks around `=`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use super::Row;
use super::scenario::{halved, modules};
use crate::gen_suite::{self, Edition, Kind};

/// How many files each program reads.
const FILES: usize = 1000;

/// The programs.
pub(super) struct Tools<'a> {
    pub(super) relux: &'a Path,
    pub(super) taplo: &'a Path,
    pub(super) shfmt: &'a Path,
}

/// Name, directory and commands of a scenario.
type Measurable = (&'static str, PathBuf, Vec<Row>);

/// Both scenarios: nothing to do, and every file to do. All programs only look.
pub(super) fn scenarios(home: &Path, tools: &Tools<'_>) -> anyhow::Result<Vec<Measurable>> {
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    let (in_style, out_of_style) = (home.join("in-style"), home.join("out-of-style"));
    for directory in [&in_style, &out_of_style] {
        write(directory)?;
        for row in rows(tools, true, 0)? {
            let status = Command::new(&row.path)
                .args(&row.arguments)
                .current_dir(directory)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .with_context(|| format!("running {}", row.path.display()))?;
            ensure!(status.success(), "{} cannot format its own language", row.program);
        }
    }
    for language in ["relux", "toml", "sh"] {
        for path in modules_of(&out_of_style, language)? {
            let text = fs::read_to_string(&path)?;
            let other = match language {
                "toml" => text.replace(" = ", "="),
                "sh" => text.replace('\t', "  "),
                _ => halved(&text),
            };
            fs::write(&path, other)?;
        }
    }
    Ok(vec![
        ("formatters, in style", in_style, rows(tools, false, 0)?),
        ("formatters, out of style", out_of_style, rows(tools, false, 1)?),
    ])
}

/// The commands that write all files of a directory, or look at them and end with a code.
fn rows(tools: &Tools<'_>, writes: bool, code: i32) -> anyhow::Result<Vec<Row>> {
    let row = |program, path: &Path, writing: &[&str], looking: &[&str]| {
        let arguments = if writes { writing } else { looking };
        anyhow::Ok(Row {
            program,
            path: fs::canonicalize(path).with_context(|| format!("no program at {}", path.display()))?,
            arguments: arguments.iter().map(ToString::to_string).collect(),
            code,
        })
    };
    Ok(vec![
        row(
            "relux",
            tools.relux,
            &["fmt", "relux"],
            &["fmt", "--check", "relux"],
        )?,
        row(
            "taplo",
            tools.taplo,
            &["fmt", "toml/*.toml"],
            &["fmt", "--check", "toml/*.toml"],
        )?,
        row("shfmt", tools.shfmt, &["-w", "sh"], &["-d", "sh"])?,
    ])
}

fn modules_of(directory: &Path, language: &str) -> anyhow::Result<Vec<PathBuf>> {
    if language == "relux" {
        return modules(directory);
    }
    let entries = fs::read_dir(directory.join(language))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// A suite, and for each of its modules a file of the same size in the other languages.
fn write(directory: &Path) -> anyhow::Result<()> {
    gen_suite::generate(&gen_suite::Arguments {
        out: directory.to_owned(),
        kind: Kind::Modules,
        modules: FILES,
        tests: 0,
        seed: 1,
        edition: Edition::August,
    })?;
    for language in ["toml", "sh"] {
        fs::create_dir_all(directory.join(language))?;
    }
    for (number, module) in modules(directory)?.iter().enumerate() {
        let size = usize::try_from(fs::metadata(module)?.len())?;
        let file = |language: &str| directory.join(language).join(format!("{number}.{language}"));
        fs::write(file("toml"), repeated(size, number, toml))?;
        fs::write(file("sh"), repeated(size, number, shell))?;
    }
    Ok(())
}

/// Pieces until a text has a size at least.
fn repeated(size: usize, seed: usize, piece: fn(&mut String, usize)) -> String {
    let mut text = String::new();
    let mut number = seed;
    while text.len() < size {
        number += 1;
        piece(&mut text, number);
    }
    text
}

fn toml(text: &mut String, number: usize) {
    let _ = write!(
        text,
        "# Settings of service {number}, read when it starts.\n[service.s{number}]\nname = \"service-{number}\"\nport = {}\n\
         enabled = true\nhosts = [\n  \"alpha-{number}.example\",\n  \"beta-{number}.example\",\n]\n\
         limits = {{ memory = \"512M\", files = {number} }}\n\n[service.s{number}.env]\nPATH = \"/usr/bin:/bin\"\n\
         STARTED = 2026-04-01T12:00:00Z\n\n",
        1024 + number % 60_000
    );
}

fn shell(text: &mut String, number: usize) {
    let _ = write!(
        text,
        "# Starts service {number} and waits until it answers.\nstart_service_{number}() {{\n    local port=$1\n    \
         if [ -z \"$port\" ]; then\n        echo \"service-{number}: no port\" >&2\n        return 1\n    fi\n    \
         ./service --name \"service-{number}\" --port \"$port\" >\"$log\" 2>&1 &\n    for try in 1 2 3; do\n        \
         curl -sf \"http://localhost:$port/health\" && return 0\n        sleep 1\n    done\n    return 1\n}}\n\n"
    );
}
