//! Everything that is said about a file: the one set that `relux check`, the editor and the runner share.
//!
//! Syntax, items and bodies each report on their own; here cascades are cut, what users allow is left out, and the rest
//! is put in order. Nothing is found here.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use relux_syntax::{Diagnostic, Severity, TextRange};
use rustc_hash::FxHashSet;

use crate::checks::item_diagnostics;
use crate::codes;
use crate::db::{Db, RootDb, SourceFile, Suite};
use crate::dot_env::env_file;
use crate::items::ItemIndex;
use crate::manifest::{LintLevel, Manifest, manifest};
use crate::parse::parse;
use crate::source_map::source_map;

/// What is said about any file of a suite: a module, the manifest, a `.env` file. By position.
pub fn diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let mut found = all_diagnostics(db, suite, file);
    let manifest = manifest(db, suite);
    if !manifest.lints.is_empty() {
        found.retain_mut(|it| apply_lint(manifest, it));
    }
    if !found.is_empty() {
        crate::allow::hear(file.text(db), &mut found);
    }
    found
}

/// The same before `[lints]` and `allow(…)` are heard.
pub fn all_diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    if suite.manifest_file(db) == Some(file) {
        return manifest(db, suite).diagnostics.clone();
    }
    if is_env_file(file.path(db)) {
        return env_file(db, file).diagnostics.clone();
    }
    if let Some(problem) = file.problem(db) {
        return vec![problem.diagnostic()];
    }
    let mut found = without_lints(db, suite, file);
    // What is likely wrong can be judged only where nothing is certainly wrong: with a misspelt name mended, a variable
    // may be used after all.
    if found.iter().all(|it| it.severity != Severity::Error) {
        found.extend_from_slice(crate::lints::lint_diagnostics(db, suite, file));
        found.extend(crate::allow::unused(file.text(db), &found));
    }
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found
}

/// What is certainly wrong with a module, in no order.
fn without_lints(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let syntax = syntax_diagnostics(db, file);
    let mut found = item_diagnostics(db, suite, file).clone();
    found.extend_from_slice(crate::bodies::diagnostics(db, suite, file));
    if !syntax.is_empty() && !found.is_empty() {
        let broken = Broken::new(file.text(db), syntax);
        let tests = &source_map(db, file).tests;
        found.retain(|it| {
            let test = || tests.binary_search_by_key(&it.range.start, |test| test.name.start);
            let spoilt =
                it.code == codes::EMPTY_TEST && test().is_ok_and(|at| broken.spoils(tests[at].whole));
            !spoilt && !broken.touches(it.range)
        });
        if found.iter().any(|it| UNKNOWN_NAMES.contains(&it.code)) {
            let meant = Meant::new(db, suite, &broken);
            found.retain(|it| !UNKNOWN_NAMES.contains(&it.code) || !meant.holds(it.range.slice(broken.text)));
        }
    }
    found.extend_from_slice(syntax);
    found
}

/// The errors of a module in a suite of which only a part is known: no lints, because what nothing uses may be used in
/// the rest, and nothing at all where the rest decides on the edition.
pub fn first_errors(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    if file.problem(db).is_some() || crate::edition::edition(db, suite, file).is_guess() {
        return Vec::new();
    }
    let mut found = without_lints(db, suite, file);
    let manifest = manifest(db, suite);
    found.retain_mut(|it| apply_lint(manifest, it));
    if !found.is_empty() {
        crate::allow::hear(file.text(db), &mut found);
    }
    found.retain(|it| it.severity == Severity::Error);
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found
}

/// The files of a suite in the order in which they are reported: manifest, `.env` files, modules by path.
pub fn all_files(db: &dyn Db, suite: Suite) -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = suite.manifest_file(db).into_iter().collect();
    files.extend(suite.dot_env_files(db).iter());
    files.extend(suite.files(db).iter());
    files
}

fn is_env_file(path: &str) -> bool {
    path.rsplit('/').next() == Some(crate::discover::DOT_ENV)
}

/// What the validation says about a file alone.
#[salsa::tracked(returns(ref))]
pub fn syntax_diagnostics(db: &dyn Db, file: SourceFile) -> Vec<Diagnostic> {
    relux_syntax::validate(parse(db, file))
}

/// Findings about names that something should have brought into scope.
const UNKNOWN_NAMES: [relux_syntax::Code; 7] = [
    codes::UNRESOLVED_FUNCTION,
    codes::UNRESOLVED_EFFECT,
    codes::UNRESOLVED_ALIAS,
    codes::UNRESOLVED_SHELL,
    codes::UNRESOLVED_EXPOSED_VARIABLE,
    codes::INVALID_EXPOSE,
    codes::ASSIGN_UNDECLARED,
];

/// What broken lines were meant to bring into scope: a name that is unknown for want of them is no second mistake.
struct Meant<'a> {
    words: FxHashSet<&'a str>,
    modules: Vec<&'a ItemIndex>,
}

impl<'a> Meant<'a> {
    fn new(db: &'a dyn Db, suite: Suite, broken: &Broken<'a>) -> Self {
        let (mut words, mut modules) = (FxHashSet::default(), Vec::new());
        let lines = broken
            .errors
            .iter()
            .map(|error| line_of(broken.text, *error).slice(broken.text).trim());
        for line in lines.filter(|line| declares(line)) {
            words.extend(line.split(|it: char| !it.is_alphanumeric() && it != '_'));
            let path = line
                .split_whitespace()
                .nth(1)
                .filter(|_| line.starts_with("import"));
            let module = path.and_then(|path| crate::modules::modules(db, suite).import(path));
            modules.extend(module.map(|module| &**crate::items::item_index(db, module)));
        }
        for (first, second) in &broken.torn {
            if declares(line_of(broken.text, *first).slice(broken.text).trim()) {
                let line = line_of(broken.text, *second).slice(broken.text);
                words.extend(line.split(|it: char| !it.is_alphanumeric() && it != '_'));
            }
        }
        modules.dedup_by_key(|it| std::ptr::from_ref(*it));
        Self { words, modules }
    }

    fn holds(&self, name: &str) -> bool {
        let exports = |index: &&ItemIndex| {
            index.effect_named(name).is_some() || index.functions_named(name).next().is_some()
        };
        self.words.contains(name) || self.modules.iter().any(exports)
    }
}

/// Whether a broken line was meant to bring a name into scope.
fn declares(line: &str) -> bool {
    const WORDS: [&str; 7] = ["import", "fn", "pure", "effect", "start", "let", "shell"];
    const FOREIGN: [&str; 12] = [
        "def", "function", "func", "fun", "from", "use", "using", "require", "include", "var", "const", "set",
    ];
    let word = line
        .split(|it: char| !it.is_alphanumeric() && it != '_')
        .next()
        .unwrap_or_default();
    let is_call = line[word.len()..].starts_with('(');
    WORDS.contains(&word)
        || FOREIGN.contains(&word)
        || !is_call && relux_syntax::nearest::nearest(word, WORDS).is_some()
}

/// The lines that hold syntax errors: what else is said there follows from them.
struct Broken<'a> {
    text: &'a str,
    /// Where errors begin, sorted.
    errors: Vec<u32>,
    /// Lines that belong together: an offset of the first and one of the second.
    torn: Vec<(u32, u32)>,
}

impl<'a> Broken<'a> {
    fn new(text: &'a str, syntax: &[Diagnostic]) -> Self {
        let errors = syntax.iter().filter(|it| it.severity == Severity::Error);
        let mut errors: Vec<u32> = errors.map(|it| it.range.start).collect();
        let joins = syntax.iter().flat_map(|it| &it.fixes).filter_map(|fix| {
            let [edit] = &fix.edits[..] else { return None };
            let gap = edit.range.slice(text);
            let is_join = edit.new_text == " " && gap.contains('\n') && gap.trim().is_empty();
            is_join.then_some((edit.range.start, edit.range.end))
        });
        let torn: Vec<(u32, u32)> = joins.collect();
        errors.extend(torn.iter().map(|it| it.1));
        errors.sort_unstable();
        Self { text, errors, torn }
    }

    /// Whether an error begins in the range or at its end.
    fn inside(&self, range: TextRange) -> bool {
        let next = self.errors.partition_point(|error| *error < range.start);
        self.errors.get(next).is_some_and(|error| *error <= range.end)
    }

    /// Whether an error begins in a block, or cuts it off: what follows is then not known to belong to it.
    fn spoils(&self, block: TextRange) -> bool {
        let is_closed = block.slice(self.text).ends_with('}');
        let rest = self.text.get(block.end as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start().len();
        let end = block.end + if is_closed { 0 } else { blanks as u32 };
        self.inside(TextRange::new(block.start, end))
    }

    /// Whether an error begins in the range or on the line on which it begins.
    fn touches(&self, range: TextRange) -> bool {
        self.inside(range) || self.inside(line_of(self.text, range.start))
    }
}

/// The line that holds an offset, without its end.
fn line_of(text: &str, offset: u32) -> TextRange {
    let offset = offset as usize;
    let before = text.get(..offset).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let after = text.get(offset..).unwrap_or_default();
    let end = after.find('\n').map_or(text.len(), |newline| offset + newline);
    (start..end).into()
}

/// Sets the severity that `[lints]` asks for; false if the diagnostic is not wanted.
fn apply_lint(manifest: &Manifest, diagnostic: &mut Diagnostic) -> bool {
    match manifest.lint(diagnostic.code.as_str()) {
        None => true,
        Some(LintLevel::Allow) => false,
        Some(LintLevel::Report(severity)) => {
            diagnostic.severity = severity;
            true
        }
    }
}

/// The diagnostics of files, parallel to `files`, with `threads` threads.
///
/// First everything is made that needs trees, and trees are dropped between rounds; so every file is parsed once, and a
/// large suite is never in memory as a whole.
pub fn check_files(
    db: &mut RootDb,
    suite: Suite,
    files: &[SourceFile],
    threads: usize,
) -> Vec<Arc<[Diagnostic]>> {
    let modules: Vec<SourceFile> = suite.files(db).to_vec();
    for step in [Step::Lower, Step::Judge] {
        in_rounds(db, &modules, threads, |db, file| prepare(db, suite, file, step));
    }
    let found = in_rounds(db, files, threads, |db, file| diagnostics(db, suite, file).into());
    db.drop_trees();
    found
}

/// The same in this thread. `pause` is called before each file and may unwind, which leaves the database to be dropped.
pub fn check_files_alone(
    db: &mut RootDb,
    suite: Suite,
    files: &[SourceFile],
    pause: &dyn Fn(),
) -> Vec<Arc<[Diagnostic]>> {
    let modules: Vec<SourceFile> = suite.files(db).to_vec();
    for step in [Step::Lower, Step::Judge] {
        one_by_one(db, &modules, pause, |db, file| prepare(db, suite, file, step));
    }
    let found = one_by_one(db, files, pause, |db, file| diagnostics(db, suite, file).into());
    db.drop_trees();
    found
}

fn one_by_one<T>(
    db: &mut RootDb,
    files: &[SourceFile],
    pause: &dyn Fn(),
    work: impl Fn(&RootDb, SourceFile) -> T,
) -> Vec<T> {
    let mut results = Vec::with_capacity(files.len());
    for round in files.chunks(ROUND) {
        for &file in round {
            pause();
            results.push(work(db, file));
        }
        db.drop_trees();
    }
    results
}

/// What is made of all modules before anybody asks, one step after the other: a file may be asked for by all others, which
/// would leave the work to whoever asks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Everything that needs its tree, so that the tree can be dropped.
    Lower,
    /// What it uses, by which others are judged.
    Judge,
    /// What is wrong with it.
    Check,
}

/// Makes what a step makes of a module, and keeps it.
pub fn prepare(db: &dyn Db, suite: Suite, file: SourceFile, step: Step) {
    match step {
        Step::Lower => {
            crate::parse::lower_all(db, file);
            syntax_diagnostics(db, file);
        }
        Step::Judge => {
            crate::lints::prepare(db, suite, file);
        }
        Step::Check => {
            diagnostics(db, suite, file);
        }
    }
}

/// Files per thread and round: as many as trees are kept.
const ROUND: usize = 128;

fn in_rounds<T: Send>(
    db: &mut RootDb,
    files: &[SourceFile],
    threads: usize,
    work: impl Fn(&RootDb, SourceFile) -> T + Sync,
) -> Vec<T> {
    let threads = threads.max(1);
    let mut results: Vec<(usize, T)> = Vec::with_capacity(files.len());
    for (number, round) in files.chunks(ROUND * threads).enumerate() {
        let handles: Vec<RootDb> = (0..threads.min(round.len())).map(|_| db.clone()).collect();
        let (work, next) = (&work, &AtomicUsize::new(0));
        // Files differ in size, so each thread takes the next one that nobody has taken.
        let take = move |db: RootDb| {
            let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
            let files = taken.map_while(|at| Some((at, *round.get(at)?)));
            let first = number * ROUND * threads;
            files
                .map(|(at, file)| (first + at, work(&db, file)))
                .collect::<Vec<_>>()
        };
        thread::scope(|scope| {
            let jobs: Vec<_> = handles
                .into_iter()
                .map(|db| scope.spawn(move || take(db)))
                .collect();
            for job in jobs {
                match job.join() {
                    Ok(found) => results.extend(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
        db.drop_trees();
    }
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, found)| found).collect()
}
