//! `relux init`: a new suite. What exists stays as it is, also if it is half of a suite.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use relux_model::discover::MANIFEST;
use relux_model::edition::Edition;

use super::OK;
use super::create::{create, create_directory, exists};
use crate::args::{EditionArg, InitArgs};
use crate::scaffold::path::ModulePath;
use crate::scaffold::{Template, manifest};

/// Makes the suite and names what was made.
pub(crate) fn init(args: &InitArgs) -> Result<ExitCode> {
    let root = &args.directory;
    let edition = match args.edition {
        EditionArg::E2026_04 => Edition::E2026_04,
        EditionArg::E2026_08 => Edition::E2026_08,
    };
    let manifest = root.join(MANIFEST);
    if exists(&manifest) {
        bail!("{} exists already; nothing was changed", shown(&manifest));
    }
    for directory in ["relux/tests", "relux/lib"] {
        create_directory(&root.join(directory))?;
    }
    let mut made = Vec::new();
    make(&mut made, &root.join("relux/.gitignore"), "out/\n")?;
    if is_empty(&root.join("relux/tests")) {
        let path = ModulePath::parse("hello", "relux/tests")?;
        let text = Template::Test.text(&path, edition);
        make(&mut made, &root.join("relux/tests/hello.relux"), &text)?;
    }
    // Last: it makes a suite of what is there.
    make(&mut made, &manifest, &manifest::text(edition))?;
    tell(&made, root);
    Ok(OK)
}

fn make(made: &mut Vec<String>, path: &Path, text: &str) -> Result<()> {
    if !exists(path) {
        create(path, text)?;
        made.push(shown(path));
    }
    Ok(())
}

fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

fn tell(made: &[String], root: &Path) {
    let mut out = anstream::stdout();
    for path in made {
        // What was made is there, whoever reads this.
        let _ = writeln!(out, "created {path}");
    }
    let _ = if root == Path::new(".") {
        writeln!(out, "run the tests with `relux run`")
    } else {
        writeln!(out, "run the tests with `relux run` in {}", root.display())
    };
}

/// The path as people would write it.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
