//! Suites written as one string, for tests of this crate and of those above it.
//!
//! A line `//- /relux/lib/db.relux` begins a file. A line of `^^^` under a line, followed by the code of a diagnostic, says
//! that this diagnostic is expected there; such lines are not part of the file. `<|>` marks the cursor.

use crate::db::{Db, HostEnv, SourceFile, Suite};
use crate::discover::{DOT_ENV, MANIFEST};

/// A parsed fixture.
#[derive(Debug, Clone, Default)]
pub struct Fixture {
    /// Files in the order of the string, by path below the suite root.
    pub files: Vec<FixtureFile>,
}

/// A file of a fixture.
#[derive(Debug, Clone)]
pub struct FixtureFile {
    /// Path below the suite root.
    pub path: String,
    /// Text without annotations and cursor.
    pub text: String,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Byte offset of the cursor mark.
    pub cursor: Option<u32>,
}

/// An expectation at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Annotation {
    /// Byte offset of the first marked character.
    pub start: u32,
    /// Byte offset behind the last one.
    pub end: u32,
    /// What is expected.
    pub text: String,
}

/// Path of a fixture that does not begin with a header.
pub const DEFAULT_PATH: &str = "relux/tests/main.relux";

const CURSOR: &str = "<|>";

impl Fixture {
    /// Reads a fixture. Common indentation is not removed.
    pub fn parse(text: &str) -> Self {
        let mut fixture = Self::default();
        let mut lines: Vec<&str> = Vec::new();
        let mut path = None;
        for line in text.split_inclusive('\n') {
            if let Some(header) = line.strip_prefix("//- ") {
                fixture.push(path.take(), &lines);
                lines.clear();
                path = Some(header.trim().trim_start_matches('/').to_owned());
            } else {
                lines.push(line);
            }
        }
        fixture.push(path, &lines);
        fixture
    }

    fn push(&mut self, path: Option<String>, lines: &[&str]) {
        if path.is_none() && lines.iter().all(|line| line.trim().is_empty()) {
            return;
        }
        let mut file = FixtureFile {
            path: path.unwrap_or_else(|| DEFAULT_PATH.to_owned()),
            text: String::new(),
            annotations: Vec::new(),
            cursor: None,
        };
        let mut last_line = 0;
        for line in lines {
            if let Some(annotation) = annotation(line, &file.text[last_line..], last_line) {
                file.annotations.push(annotation);
                continue;
            }
            last_line = file.text.len();
            match line.split_once(CURSOR) {
                Some((before, after)) => {
                    file.text.push_str(before);
                    file.cursor = Some(file.text.len() as u32);
                    file.text.push_str(after);
                }
                None => file.text.push_str(line),
            }
        }
        self.files.push(file);
    }

    /// The file of a path.
    pub fn file(&self, path: &str) -> Option<&FixtureFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Loads the fixture with an empty environment. `Relux.toml` and `.env` files may be among its files.
    pub fn load(&self, db: &dyn Db) -> Suite {
        self.load_with_env(db, HostEnv::default())
    }

    /// Loads the fixture with an environment.
    pub fn load_with_env(&self, db: &dyn Db, env: HostEnv) -> Suite {
        let (mut modules, mut dot_envs, mut manifest) = (Vec::new(), Vec::new(), None);
        for file in &self.files {
            let source = SourceFile::create(db, file.path.as_str(), file.text.as_str());
            if file.path == MANIFEST {
                manifest = Some(source);
            } else if file.path.rsplit('/').next() == Some(DOT_ENV) {
                dot_envs.push(source);
            } else {
                modules.push(source);
            }
        }
        let manifest = manifest.unwrap_or_else(|| SourceFile::create(db, MANIFEST, ""));
        Suite::create(db, "/suite", modules, Some(manifest), dot_envs, env)
    }
}

/// `   ^^^^ code`: columns are those of the line above, which begins at `offset`.
fn annotation(line: &str, above: &str, offset: usize) -> Option<Annotation> {
    let carets = line.trim_start_matches(' ');
    let text = carets.trim_start_matches('^');
    if text.len() == carets.len() {
        return None;
    }
    let byte = |column: usize| offset + above.char_indices().nth(column).map_or(above.len(), |(at, _)| at);
    let from = line.len() - carets.len();
    let to = line.len() - text.len();
    Some(Annotation {
        start: byte(from) as u32,
        end: byte(to) as u32,
        text: text.trim().to_owned(),
    })
}
