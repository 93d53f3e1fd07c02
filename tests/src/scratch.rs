//! Throw-away suites in a temporary directory, and what a command printed in one.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::relux_bin;

/// The root of this repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the repository")
        .to_owned()
}

/// A directory of its own, removed at the end of the test.
#[derive(Debug)]
pub struct Scratch {
    directory: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Scratch {
    /// Files from one string: each starts at a line `//- <path>`.
    ///
    /// Without any header the text is `relux/tests/t.relux`. A `Relux.toml` is added unless the fixture has one.
    pub fn new(fixture: &str) -> Self {
        let scratch = Self {
            directory: TempDir::new().expect("a temporary directory"),
        };
        let mut path = "relux/tests/t.relux".to_owned();
        let mut text = String::new();
        for line in fixture.split_inclusive('\n') {
            if let Some(next) = line.strip_prefix("//- ") {
                scratch.put(&path, &text);
                next.trim_end().clone_into(&mut path);
                text.clear();
            } else {
                text.push_str(line);
            }
        }
        scratch.put(&path, &text);
        if !scratch.path().join("Relux.toml").exists() {
            scratch.write("Relux.toml", "");
        }
        scratch
    }

    /// A copy of a directory of this repository, without what runs left there.
    pub fn copy_of(directory: &str) -> Self {
        let scratch = Self {
            directory: TempDir::new().expect("a temporary directory"),
        };
        copy(&repository().join(directory), scratch.path());
        scratch
    }

    /// Copies of directories of this repository at the same places, for those that lead to each other.
    pub fn copy_of_all(directories: &[&str]) -> Self {
        let scratch = Self {
            directory: TempDir::new().expect("a temporary directory"),
        };
        for directory in directories {
            copy(&repository().join(directory), &scratch.path().join(directory));
        }
        scratch
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    fn put(&self, path: &str, text: &str) {
        if !text.trim().is_empty() {
            self.write(path, text);
        }
    }

    /// Writes a file, with its directories.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("creating directories");
        fs::write(path, content).expect("writing a file");
    }

    /// Replaces the only occurrence of `find` in a file.
    pub fn edit(&self, path: &str, find: &str, replace: &str) {
        let text = fs::read_to_string(self.path().join(path)).expect("reading a file");
        assert_eq!(
            text.matches(find).count(),
            1,
            "`{find}` must occur once in {path}"
        );
        self.write(path, text.replace(find, replace));
    }

    /// A command of the program in this directory, without colours and with a quiet environment.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.command_of(relux_bin());
        command.args(args);
        command
    }

    /// The same for another program.
    pub fn command_of(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "SMOKE", "CI", "GITHUB_ACTIONS"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program to its end.
    pub fn relux(&self, args: &[&str]) -> Outcome {
        let output = self.command(args).output().expect("the program starts");
        Outcome {
            code: output.status.code(),
            stdout: self.hide_paths(&output.stdout),
            stderr: self.hide_paths(&output.stderr),
        }
    }

    /// The text with this directory written as `[ROOT]`.
    fn hide_paths(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        let real = self.path().canonicalize().expect("the directory exists");
        text.replace(&*real.to_string_lossy(), "[ROOT]")
            .replace(&*self.path().to_string_lossy(), "[ROOT]")
    }
}

impl Outcome {
    /// Exit code and both streams in one text, for snapshots.
    pub fn shown(&self) -> String {
        let code = self
            .code
            .map_or("killed by a signal".to_owned(), |code| code.to_string());
        format!(
            "exit: {code}\n--- stdout\n{}--- stderr\n{}",
            self.stdout, self.stderr
        )
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("creating a directory");
    for entry in fs::read_dir(from).expect("listing a directory") {
        let entry = entry.expect("listing a directory");
        let name = entry.file_name();
        if name == "out" || name == "__pycache__" {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().expect("a file type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copying a file");
        }
    }
}
