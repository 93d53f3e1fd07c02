//! `.env` files: for each test the files of every directory from the suite root down to the test, deeper ones winning.
//!
//! Values override the environment of the process, for both editions, and they satisfy expects. Library modules have no
//! `.env` of their own: what counts is the test.

use std::collections::BTreeMap;
use std::sync::Arc;

use relux_syntax::{Diagnostic, Severity, TextRange};
use rustc_hash::FxHashMap;

use crate::codes;
use crate::db::{Db, SourceFile, Suite};

/// Names with their values, sorted by name.
pub type EnvValues = Arc<[(String, String)]>;

/// Variables that the runner sets in the environment of every test.
pub const RUN_TIME_NAMES: &[&str] = &[
    "__RELUX",
    "__RELUX_RUN_ARTIFACTS",
    "__RELUX_RUN_ID",
    "__RELUX_SHELL_PROMPT",
    "__RELUX_SUITE_ROOT",
    "__RELUX_TEST_ARTIFACTS",
    "__RELUX_TEST_GLOBAL_SLOT",
    "__RELUX_TEST_GROUP",
    "__RELUX_TEST_GROUP_SLOT",
    "__RELUX_TEST_ID",
    "__RELUX_TEST_ROOT",
];

/// A `.env` file as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EnvFile {
    /// Lines that set something, in order.
    pub entries: Vec<EnvEntry>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// `NAME=value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvEntry {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub range: TextRange,
    /// The value before variables are replaced.
    pub value: Vec<EnvPiece>,
}

/// A piece of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvPiece {
    /// As it is.
    Literal(String),
    /// `$NAME` or `${NAME}`
    Variable(String),
}

/// The parsed form of a `.env` file.
#[salsa::tracked(returns(ref))]
pub fn env_file(db: &dyn Db, file: SourceFile) -> EnvFile {
    match file.problem(db) {
        Some(problem) => EnvFile {
            entries: Vec::new(),
            diagnostics: vec![problem.diagnostic()],
        },
        None => parse_env(file.text(db)),
    }
}

/// The values of `.env` files in force for the tests of a file.
pub fn dot_env(db: &dyn Db, suite: Suite, file: SourceFile) -> EnvValues {
    match deepest(db, suite, file.path(db)) {
        Some(env) => stack(db, suite, env).clone(),
        None => EnvValues::default(),
    }
}

/// The `.env` files in force for the tests of a file, root first.
pub fn dot_env_files(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut next = deepest(db, suite, file.path(db));
    while let Some(env) = next {
        files.push(env);
        next = deepest(db, suite, directory(env.path(db)));
    }
    files.reverse();
    files
}

#[salsa::tracked(returns(ref))]
fn by_directory(db: &dyn Db, suite: Suite) -> FxHashMap<Arc<str>, SourceFile> {
    let files = suite.dot_env_files(db).iter();
    files
        .map(|&file| (Arc::from(directory(file.path(db))), file))
        .collect()
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// The nearest `.env` file in the directories above `path`.
fn deepest(db: &dyn Db, suite: Suite, path: &str) -> Option<SourceFile> {
    let known = by_directory(db, suite);
    let mut path = path;
    while !path.is_empty() {
        path = directory(path);
        if let Some(file) = known.get(path) {
            return Some(*file);
        }
    }
    None
}

/// The values of `file` and of those above it.
#[salsa::tracked(returns(ref))]
fn stack(db: &dyn Db, suite: Suite, file: SourceFile) -> EnvValues {
    let above = match deepest(db, suite, directory(file.path(db))) {
        Some(above) => stack(db, suite, above).clone(),
        None => EnvValues::default(),
    };
    let host = suite.host_env(db);
    let mut values: BTreeMap<String, String> = above.iter().cloned().collect();
    let mut budget = MAX_BYTES;
    for entry in &env_file(db, file).entries {
        let mut value = String::new();
        for piece in &entry.value {
            match piece {
                EnvPiece::Literal(text) => value.push_str(text),
                EnvPiece::Variable(name) => {
                    let known = values.get(name).map(String::as_str).or_else(|| host.get(name));
                    value.push_str(known.unwrap_or_default());
                }
            }
            if value.len() > budget {
                break;
            }
        }
        budget = budget.saturating_sub(value.len());
        values.insert(entry.name.clone(), value);
    }
    values.into_iter().collect()
}

/// More than this cannot be passed to a program anyway (2 MiB on Linux); a bound against values that double per line.
const MAX_BYTES: usize = 2 << 20;

/// Reads the text of a `.env` file.
pub fn parse_env(text: &str) -> EnvFile {
    let mut parser = Parser {
        text,
        at: 0,
        file: EnvFile::default(),
    };
    while parser.at < text.len() {
        parser.line();
    }
    parser.file
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    file: EnvFile,
}

/// Why a line cannot be read, and where.
struct Bad(usize, &'static str);

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\u{feff}')) {
            self.bump();
        }
    }

    fn name(&mut self) -> &str {
        let from = self.at;
        while matches!(self.peek(), Some('A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '.')) {
            self.bump();
        }
        &self.text[from..self.at]
    }

    fn skip_line(&mut self) {
        self.at = self
            .rest()
            .find('\n')
            .map_or(self.text.len(), |end| self.at + end + 1);
    }

    fn line(&mut self) {
        self.blanks();
        if matches!(self.peek(), None | Some('\n' | '#')) {
            return self.skip_line();
        }
        match self.entry() {
            Ok(entry) if entry.name.starts_with("__RELUX") => {
                let message = format!("`{}` is set by relux itself; this line is ignored", entry.name);
                let warning =
                    Diagnostic::new(codes::RESERVED_ENV_NAME, Severity::Warning, entry.range, message)
                        .with_help("remove it, or choose a name without `__RELUX` at its beginning");
                self.file.diagnostics.push(warning);
            }
            Ok(entry) => self.file.entries.push(entry),
            Err(Bad(at, why)) => {
                let end = self.text[at..]
                    .find(['\n', '\r'])
                    .map_or(self.text.len(), |end| at + end);
                let error = Diagnostic::error(codes::INVALID_ENV_FILE, (at..end).into(), why)
                    .with_help("a line is NAME=value, with quotes around values that hold blanks");
                self.file.diagnostics.push(error);
            }
        }
        self.skip_line();
    }

    fn entry(&mut self) -> Result<EnvEntry, Bad> {
        if let Some(rest) = self.rest().strip_prefix("export")
            && rest.starts_with([' ', '\t'])
        {
            self.at += "export".len();
            self.blanks();
        }
        let from = self.at;
        let name = self.name().to_owned();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Bad(from, "expected the name of a variable"));
        }
        let range = (from..self.at).into();
        self.blanks();
        if self.peek() != Some('=') {
            return Err(Bad(self.at, "expected `=` after the name"));
        }
        self.bump();
        self.blanks();
        let value = self.value()?;
        Ok(EnvEntry { name, range, value })
    }

    fn value(&mut self) -> Result<Vec<EnvPiece>, Bad> {
        let mut pieces = Pieces::default();
        loop {
            let from = self.at;
            match self.bump() {
                None => return Ok(pieces.done()),
                Some('\n') => {
                    self.at = from;
                    return Ok(pieces.done());
                }
                Some('\'') => self.single_quoted(from, &mut pieces)?,
                Some('"') => self.double_quoted(from, &mut pieces)?,
                Some('\\') => pieces.push(self.bump().unwrap_or('\\')),
                Some('$') => self.variable(&mut pieces),
                Some(' ' | '\t' | '\r') => {
                    self.blanks();
                    return match self.peek() {
                        None | Some('\n' | '#') => Ok(pieces.done()),
                        Some(_) => Err(Bad(self.at, "text after a blank in a value without quotes")),
                    };
                }
                Some(c) => pieces.push(c),
            }
        }
    }

    fn single_quoted(&mut self, open: usize, pieces: &mut Pieces) -> Result<(), Bad> {
        let Some(end) = self.rest().find('\'') else {
            return Err(Bad(open, "the quotation mark is not closed"));
        };
        pieces.literal.push_str(&self.text[self.at..self.at + end]);
        self.at += end + 1;
        Ok(())
    }

    fn double_quoted(&mut self, open: usize, pieces: &mut Pieces) -> Result<(), Bad> {
        loop {
            match self.bump() {
                None => {
                    self.at = open;
                    return Err(Bad(open, "the quotation mark is not closed"));
                }
                Some('"') => return Ok(()),
                Some('$') => self.variable(pieces),
                Some('\\') => match self.bump() {
                    Some('n') => pieces.push('\n'),
                    Some(c) => pieces.push(c),
                    None => {}
                },
                Some(c) => pieces.push(c),
            }
        }
    }

    fn variable(&mut self, pieces: &mut Pieces) {
        let from = self.at;
        let braced = self.peek() == Some('{');
        if braced {
            self.bump();
        }
        let name = self.name().to_owned();
        let closed = !braced || self.bump() == Some('}');
        if name.is_empty() || !closed {
            self.at = from;
            pieces.push('$');
        } else {
            pieces.variable(name);
        }
    }
}

#[derive(Default)]
struct Pieces {
    pieces: Vec<EnvPiece>,
    literal: String,
}

impl Pieces {
    fn push(&mut self, c: char) {
        self.literal.push(c);
    }

    fn variable(&mut self, name: String) {
        self.flush();
        self.pieces.push(EnvPiece::Variable(name));
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.pieces
                .push(EnvPiece::Literal(std::mem::take(&mut self.literal)));
        }
    }

    fn done(mut self) -> Vec<EnvPiece> {
        self.flush();
        self.pieces
    }
}
