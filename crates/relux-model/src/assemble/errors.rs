//! Why a test cannot run, one line per error, as a terminal without excerpts would show it.

use std::sync::Arc;

use relux_syntax::{Severity, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::definitions::{Problem, Reach};
use crate::db::{Db, SourceFile, Suite};
use crate::items::Def;
use crate::source_map::{BodyRanges, source_map};

/// The errors of modules, looked up once per module and not once per test.
pub(super) struct ModuleErrors<'a> {
    db: &'a dyn Db,
    suite: Suite,
    by_file: FxHashMap<SourceFile, Arc<[ErrorLine]>>,
}

/// An error of a module.
#[derive(Clone)]
struct ErrorLine {
    range: TextRange,
    /// The test that holds it.
    test: Option<usize>,
    line: String,
}

impl<'a> ModuleErrors<'a> {
    pub(super) fn new(db: &'a dyn Db, suite: Suite) -> Self {
        Self {
            db,
            suite,
            by_file: FxHashMap::default(),
        }
    }

    /// All reasons why the test cannot run, its own file first.
    pub(super) fn of_test(&mut self, test: &Def, reach: &Reach) -> Vec<String> {
        let own = crate::items::item_index(self.db, test.file).position(&test.id);
        let mut lines = Vec::new();
        let mut seen: FxHashSet<(SourceFile, TextRange)> = FxHashSet::default();
        for &file in &reach.files {
            for error in self.of_file(file).iter() {
                let counts = error.test.is_none() || (file == test.file && error.test == own);
                if counts {
                    seen.insert((file, error.range));
                    lines.push(error.line.clone());
                }
            }
        }
        for problem in &reach.problems {
            let said = seen.iter().any(|(file, range)| {
                *file == problem.file && (range.covers(problem.range) || problem.range.covers(*range))
            });
            if !said {
                lines.push(problem_line(self.db, problem));
            }
        }
        if lines.is_empty() {
            lines.extend(reach.circle.iter().map(|circle| problem_line(self.db, circle)));
        }
        lines
    }

    fn of_file(&mut self, file: SourceFile) -> Arc<[ErrorLine]> {
        let (db, suite) = (self.db, self.suite);
        self.by_file
            .entry(file)
            .or_insert_with(|| {
                let tests = &source_map(db, file).tests;
                crate::diagnostics::diagnostics(db, suite, file)
                    .iter()
                    .filter(|diagnostic| diagnostic.severity == Severity::Error)
                    .map(|diagnostic| ErrorLine {
                        range: diagnostic.range,
                        test: tests.iter().position(|test| holds(test, diagnostic.range)),
                        line: line(
                            db,
                            file,
                            diagnostic.range,
                            &diagnostic.message,
                            diagnostic.code.as_str(),
                        ),
                    })
                    .collect()
            })
            .clone()
    }
}

/// Whether a range lies in a test or in the markers above it.
fn holds(test: &BodyRanges, range: TextRange) -> bool {
    test.whole.covers(range) || test.markers.iter().any(|marker| marker.covers(range))
}

fn problem_line(db: &dyn Db, problem: &Problem) -> String {
    line(db, problem.file, problem.range, &problem.message, "cannot-run")
}

fn line(db: &dyn Db, file: SourceFile, range: TextRange, message: &str, code: &str) -> String {
    let (line, column) = line_and_column(file.text(db), range.start);
    format!("{}:{line}:{column}: {message} [{code}]", file.path(db))
}

/// Line and column of an offset, both from 1, columns in characters.
fn line_and_column(text: &str, offset: u32) -> (usize, usize) {
    let mut offset = (offset as usize).min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}
