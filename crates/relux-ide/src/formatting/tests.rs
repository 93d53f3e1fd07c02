//! What formatting does to a text with a cursor.

use relux_model::assemble::{Selection, assemble};
use relux_model::fixture::Fixture;
use relux_model::{HostEnv, RootDb};

use super::Formatting;
use crate::TextRange;
use crate::test_suite::TestSuite;

fn formatted(text: &str, what: impl FnOnce(u32) -> Formatting) -> String {
    let suite = TestSuite::new(text);
    let analysis = suite.analysis();
    let edits = analysis
        .formatting(&suite.file, what(suite.offset))
        .expect("nothing writes");
    let text = analysis
        .text(&suite.file)
        .expect("nothing writes")
        .expect("a file");
    relux_fmt::apply(&text, &edits)
}

const MESSY: &str = "fn  a( ) {\n> x \n}\nfn  b( ) {\n  > <|>y\n}\n";

#[test]
fn a_file_is_formatted() {
    assert_eq!(
        formatted(MESSY, |_| Formatting::File),
        "fn a() {\n    > x \n}\n\nfn b() {\n    > y\n}\n"
    );
}

#[test]
fn a_range_leaves_other_lines_alone() {
    assert_eq!(
        formatted(MESSY, |at| Formatting::Range(TextRange::empty(at))),
        "fn  a( ) {\n> x \n}\nfn  b( ) {\n    > y\n}\n"
    );
}

#[test]
fn a_newline_indents_the_next_line() {
    assert_eq!(
        formatted("test \"t\" {\n    shell  s{\n<|>", |at| Formatting::Typed(
            at, '\n'
        )),
        "test \"t\" {\n    shell  s{\n        "
    );
}

#[test]
fn what_a_manifest_excludes_is_left_alone() {
    let text = "//- Relux.toml\nfmt.exclude = [\"relux/lib/\"]\n//- relux/lib/a.relux\nfn  a( ) {<|>\n}\n";
    assert_eq!(formatted(text, |_| Formatting::File), "fn  a( ) {\n}\n");
}

/// Everything that would run, without positions and texts of files.
fn plans(fixture: &str) -> String {
    let db = RootDb::default();
    let suite = Fixture::parse(fixture).load_with_env(&db, HostEnv::default());
    let assembly = assemble(&db, suite, &Selection::default());
    let program = &assembly.program;
    let whole = format!(
        "{:#?}\n{:#?}\n{:#?}",
        assembly.tests, program.effects, program.functions
    );
    let is_place = |line: &&str| {
        line.split("..").all(|it| {
            it.trim()
                .trim_end_matches(',')
                .bytes()
                .all(|it| it.is_ascii_digit())
        })
    };
    let without = |line: &str| {
        line.split_once("range: ")
            .map_or(line, |(before, _)| before)
            .to_owned()
            + "\n"
    };
    whole
        .lines()
        .filter(|line| !is_place(line))
        .map(without)
        .collect()
}

/// The fixture with one change of each text of a file.
fn with_texts(fixture: &str, change: impl Fn(&str) -> String) -> String {
    let parts = fixture.split_inclusive('\n').map(str::to_owned);
    let (mut out, mut text) = (String::new(), String::new());
    for line in parts {
        if line.starts_with("//- ") {
            out += &change(&std::mem::take(&mut text));
            out += &line;
        } else {
            text += &line;
        }
    }
    out + &change(&text)
}

#[test]
fn what_runs_is_the_same_before_and_after() {
    for (name, written) in [
        (
            "board",
            include_str!("../../../relux-model/tests/it/suites/board.txt"),
        ),
        (
            "names",
            include_str!("../../../relux-model/tests/it/suites/names.txt"),
        ),
        (
            "queue",
            include_str!("../../../relux-model/tests/it/suites/queue.txt"),
        ),
        (
            "statements",
            include_str!("../../../relux-model/tests/it/suites/statements.txt"),
        ),
    ] {
        let messy = with_texts(written, |text| {
            text.lines()
                .flat_map(|line| ["\t ", line.trim_start(), "\n"])
                .collect()
        });
        for suite in [written.to_owned(), messy] {
            let formatted = with_texts(&suite, |text| {
                let tree = relux_syntax::parse(text);
                relux_fmt::format(&tree).expect("nothing is lost").into_text()
            });
            assert_ne!(formatted, suite, "{name} is out of style in some way");
            let before = plans(&suite);
            assert!(before.len() > 100, "{name} has plans");
            assert_eq!(plans(&formatted), before, "{name}");
        }
    }
}
