//! Broken and half-typed suites: nothing panics, every place lies in its file, and an edited database says what a fresh
//! one says.

use std::fmt::Write;

use proptest::prelude::*;
use relux_model::assemble::{Selection, assemble};
use relux_model::names::occurrences;
use relux_model::{Db, RootDb, SourceFile, Suite, all_files, bodies, diagnostics};
use relux_syntax::TextRange;

use crate::check::load;
use crate::plan_text::render;

const SUITES: [&str; 4] = [
    include_str!("suites/board.txt"),
    include_str!("suites/queue.txt"),
    include_str!("suites/statements.txt"),
    include_str!("suites/names.txt"),
];

/// What people and mistakes put into files.
const SNIPPETS: [&str; 32] = [
    "\n",
    " ",
    "\t",
    "{",
    "}",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "$",
    "${",
    "${x}",
    "${A.b}",
    "$1",
    "> ",
    "<? (",
    "<~5s{\n",
    "!? [",
    "~5",
    "x = y",
    "x := f(",
    "let ",
    "start ",
    "shell s {",
    "effect E {",
    "test \"t\" {",
    "fn f(a) {",
    "# skip if ",
    "import ",
    "expose ",
    "é",
    "\u{FEFF}",
];

/// Replaces `length` characters at a part of the text by a snippet.
#[derive(Debug, Clone)]
struct Edit {
    file: prop::sample::Index,
    at: prop::sample::Index,
    length: usize,
    snippet: usize,
}

fn edit() -> impl Strategy<Value = Edit> {
    let length = prop_oneof![Just(0_usize), 1..4_usize, 1..200_usize];
    (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        length,
        0..SNIPPETS.len(),
    )
        .prop_map(|(file, at, length, snippet)| Edit {
            file,
            at,
            length,
            snippet,
        })
}

fn apply(db: &mut RootDb, suite: Suite, edit: &Edit) {
    let files = suite.files(db);
    let file = files[edit.file.index(files.len())];
    let text: Vec<char> = file.text(db).chars().collect();
    let at = edit.at.index(text.len() + 1);
    let end = (at + edit.length).min(text.len());
    let mut new: String = text[..at].iter().collect();
    new.push_str(SNIPPETS[edit.snippet]);
    new.extend(&text[end..]);
    file.update(db, new);
}

/// Everything that is said about a suite, as text; checks places on the way.
fn everything(db: &RootDb, suite: Suite) -> String {
    let mut out = String::new();
    for file in all_files(db, suite) {
        for diagnostic in diagnostics(db, suite, file) {
            assert_place(db, file, diagnostic.range);
            writeln!(out, "{} {diagnostic:?}", file.path(db)).expect("a string grows");
        }
    }
    for &file in suite.files(db).iter() {
        for definition in &bodies::lower(db, file).definitions {
            assert_place(db, file, definition.range);
        }
        for occurrence in occurrences(db, suite, file) {
            assert_place(db, file, occurrence.range);
            writeln!(out, "{} {:?}", file.path(db), occurrence.range).expect("a string grows");
        }
    }
    let assembly = assemble(db, suite, &Selection::default());
    out.push_str(&render(&assembly.program, &assembly.tests));
    out
}

#[track_caller]
fn assert_place(db: &dyn Db, file: SourceFile, range: TextRange) {
    let text = file.text(db);
    assert!(
        text.get(range.start as usize..range.end as usize).is_some(),
        "{range:?} cuts a character or leaves the file"
    );
}

/// A database that never saw another text.
fn fresh(db: &RootDb, suite: Suite) -> (RootDb, Suite) {
    let new = RootDb::default();
    let copy = |file: &SourceFile| SourceFile::create(&new, file.path(db).clone(), file.text(db).clone());
    let files = suite.files(db).iter().map(copy).collect();
    let dot_env = suite.dot_env_files(db).iter().map(copy).collect();
    let manifest = suite.manifest_file(db).as_ref().map(copy);
    let host = (**suite.host_env(db)).clone();
    let root = suite.root(db).clone();
    let suite = Suite::create(&new, root, files, manifest, dot_env, host);
    (new, suite)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_database_says_what_a_fresh_one_says(
        suite in 0..SUITES.len(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let (mut db, suite, _) = load(SUITES[suite], &[]);
        everything(&db, suite);
        for edit in &edits {
            apply(&mut db, suite, edit);
            let edited = everything(&db, suite);
            let (fresh, suite) = fresh(&db, suite);
            prop_assert_eq!(edited, everything(&fresh, suite));
        }
    }
}
