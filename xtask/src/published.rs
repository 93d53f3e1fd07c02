//! `cargo xtask published --april PROGRAM --august PROGRAM [--relux PROGRAM]`: whether the published tools accept what we accept.
//!
//! Every suite of the examples, fixtures and tests and every sound block of the book is given to `check` of the tool of its
//! edition: 0.4.2 for 2026-04, 0.8.3 for 2026-08 (`cargo install relux@VERSION --root DIR`). With our own program, they
//! are also asked about what `fmt` makes of each of them once its indentation and most of its blanks are gone. Nothing of
//! them is shipped or needed otherwise, so this is no part of the tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::markdown::{Block, relux_blocks};

const USAGE: &str = "usage: cargo xtask published --april PROGRAM --august PROGRAM [--relux PROGRAM]";

struct Tools {
    april: PathBuf,
    august: PathBuf,
    /// Ours, to format.
    relux: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let program = |path: &str| fs::canonicalize(path).with_context(|| format!("no program {path}"));
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let tools = match words[..] {
        ["--april", april, "--august", august, ref rest @ ..] => Tools {
            april: program(april)?,
            august: program(august)?,
            relux: match rest {
                [] => None,
                ["--relux", relux] => Some(program(relux)?),
                _ => bail!("{USAGE}"),
            },
        },
        _ => bail!("{USAGE}"),
    };
    let root = crate::root();
    let mut report = Report::default();
    for folder in ["examples", "tests/fixtures", "tests/suites/language"] {
        suites_below(&root.join(folder), &root, &tools, &mut report)?;
    }
    pages_below(&root.join("book/src"), &root, &tools, &mut report)?;
    report.finish()
}

#[derive(Default)]
struct Report {
    accepted: usize,
    /// Of those, formatted after their blanks were gone.
    formatted: usize,
    refused: String,
}

impl Report {
    /// Asks the tool of an edition about a suite, as it is and formatted.
    fn ask(&mut self, name: &str, directory: &Path, august: bool, tools: &Tools) -> Result<()> {
        self.ask_once(name, directory, august, tools)?;
        let Some(relux) = &tools.relux else {
            return Ok(());
        };
        let copy = tempfile::tempdir().context("a directory for a copy")?;
        copy_messy(directory, copy.path())?;
        let output = Command::new(relux)
            .arg("fmt")
            .current_dir(copy.path())
            .output()
            .with_context(|| format!("running {}", relux.display()))?;
        // A block that shows settings only.
        if output.status.code() == Some(4) {
            return Ok(());
        }
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let _ = writeln!(self.refused, "--- {name} cannot be formatted\n{}\n", said.trim());
        }
        let before = self.accepted;
        self.ask_once(&format!("{name}, formatted"), copy.path(), august, tools)?;
        self.formatted += self.accepted - before;
        Ok(())
    }

    fn ask_once(&mut self, name: &str, directory: &Path, august: bool, tools: &Tools) -> Result<()> {
        let tool = if august { &tools.august } else { &tools.april };
        let output = Command::new(tool)
            .arg("check")
            .current_dir(directory)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", directory)
            .output()
            .with_context(|| format!("running {}", tool.display()))?;
        if output.status.success() {
            self.accepted += 1;
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let edition = if august { "2026-08" } else { "2026-04" };
        let _ = writeln!(self.refused, "--- {name} ({edition})\n{}\n", said.trim());
        Ok(())
    }

    #[expect(clippy::print_stdout, reason = "a program for people")]
    fn finish(self) -> Result<()> {
        let (accepted, formatted) = (self.accepted - self.formatted, self.formatted);
        println!("{accepted} suites and blocks are accepted, {formatted} also after they were formatted");
        if !self.refused.is_empty() {
            bail!("these are not:\n{}", self.refused);
        }
        Ok(())
    }
}

/// Copies a suite; modules lose their indentation, the blanks before braces, and gain blanks and empty lines elsewhere.
fn copy_messy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("making {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("listing {}", from.display()))? {
        let path = entry?.path();
        let copy = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            if !path.ends_with("relux/out") {
                copy_messy(&path, &copy)?;
            }
        } else if path.extension().is_some_and(|it| it == "relux") {
            fs::write(&copy, messy(&fs::read_to_string(&path)?))?;
        } else {
            fs::copy(&path, &copy).with_context(|| format!("copying {}", path.display()))?;
        }
    }
    Ok(())
}

/// A module that nobody laid out. Strings over several lines and docstrings keep their bytes.
fn messy(text: &str) -> String {
    if text.contains("relux: fmt off") {
        return text.to_owned();
    }
    if text.contains("\"\"\"") || text.lines().any(|it| it.matches('"').count() % 2 == 1) {
        return text.replace(" {\n", "{\n\n");
    }
    let line = |line: &str| {
        let code = line.trim_start();
        let is_data = code.starts_with(['>', '<', '!', '=', '?', '/', '#']) || code.contains(['"', '?', '=']);
        let code = if is_data {
            code.to_owned()
        } else {
            code.replace(" {", "{").replace('(', " ( ").replace(", ", " ,")
        };
        format!("\t {code}\n{}", if code == "}" { "\n\n" } else { "" })
    };
    text.lines().map(line).collect()
}

/// Every directory with a manifest is a suite, unless its name says that it is broken on purpose.
fn suites_below(folder: &Path, root: &Path, tools: &Tools, report: &mut Report) -> Result<()> {
    let manifest = folder.join("Relux.toml");
    if manifest.is_file() {
        let august = fs::read_to_string(&manifest)?.contains("\"2026-08\"");
        let name = folder.strip_prefix(root)?.display().to_string();
        report.ask(&name, folder, august, tools)?;
    }
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("errors") && !path.ends_with("relux/out") {
            suites_below(&path, root, tools, report)?;
        }
    }
    Ok(())
}

fn pages_below(folder: &Path, root: &Path, tools: &Tools, report: &mut Report) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            pages_below(&path, root, tools, report)?;
        } else if path.extension().is_some_and(|it| it == "md") {
            let name = path.strip_prefix(root)?.display().to_string();
            page(&name, &fs::read_to_string(&path)?, tools, report)?;
        }
    }
    Ok(())
}

/// The named blocks of a page are one suite per edition; every other block is one by itself.
fn page(name: &str, text: &str, tools: &Tools, report: &mut Report) -> Result<()> {
    let mut named: BTreeMap<bool, BTreeMap<String, String>> = BTreeMap::new();
    for block in relux_blocks(text).into_iter().filter(is_sound) {
        let august = is_august(&block);
        let wrapped = wrapped(&block);
        if block
            .words
            .iter()
            .any(|word| matches!(*word, "right" | "fixed" | "fixed-unsafe"))
        {
            // Pages of diagnostics hold fixtures; a fixed one may leave out what stays as it is.
            if block.words.contains(&"right") {
                ask_about(
                    &format!("{name}:{}", block.line),
                    &files_of(&wrapped),
                    august,
                    tools,
                    report,
                )?;
            }
        } else if let Some(path) = first_line_path(&wrapped) {
            named.entry(august).or_default().insert(path, wrapped);
        } else {
            let files = [("relux/tests/block.relux".to_owned(), wrapped)].into();
            ask_about(&format!("{name}:{}", block.line), &files, august, tools, report)?;
        }
    }
    for (august, files) in named {
        ask_about(name, &files, august, tools, report)?;
    }
    Ok(())
}

fn is_sound(block: &Block<'_>) -> bool {
    let announces = |word: &&str| word.contains('=') || *word == "wrong";
    !block.words.iter().any(announces)
}

/// The edition that a block names, or whose forms it has.
fn is_august(block: &Block<'_>) -> bool {
    if block.words.contains(&"2026-04") {
        return false;
    }
    let forms = [":=", "expose shell", "expose var", "<{", "edition = \"2026-08\""];
    block.words.contains(&"2026-08") || forms.iter().any(|form| block.text.contains(form))
}

fn wrapped(block: &Block<'_>) -> String {
    if !block.words.contains(&"statements") {
        return block.text.clone();
    }
    format!("test \"example\" {{\nshell example {{\n{}}}\n}}\n", block.text)
}

fn first_line_path(text: &str) -> Option<String> {
    let path = text.lines().next()?.strip_prefix("// relux/")?;
    Some(format!("relux/{path}"))
}

/// The files of a fixture.
fn files_of(text: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = "relux/tests/main.relux".to_owned();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("//- ") {
            Some(header) => header.trim().trim_start_matches('/').clone_into(&mut path),
            None => files.entry(path.clone()).or_default().push_str(line),
        }
    }
    files
}

fn ask_about(
    name: &str,
    files: &BTreeMap<String, String>,
    august: bool,
    tools: &Tools,
    report: &mut Report,
) -> Result<()> {
    let directory = tempfile::tempdir().context("a directory for a suite")?;
    fs::write(directory.path().join("Relux.toml"), "")?;
    fs::create_dir_all(directory.path().join("relux/tests"))?;
    for (path, text) in files {
        let path = directory.path().join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    report.ask(name, directory.path(), august, tools)
}
