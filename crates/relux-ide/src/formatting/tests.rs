//! What formatting does to a text with a cursor.

use std::path::Path;

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

/// A text without its indentation and most blanks, and with blanks where they are mistakes. Payloads stay what they are;
/// where a text has docstrings or strings of several lines, its lines do.
fn messy(text: &str) -> String {
    if text.contains("\"\"\"") || text.lines().any(|it| it.matches('"').count() % 2 == 1) {
        return text.replace(" {\n", "{\n\n\n").replace("\n}\n", "\n\n  }\n");
    }
    let line = |line: &str| {
        let code = line.trim_start();
        let is_data = code.starts_with(['>', '<', '!', '=', '?', '/', '#']) || code.contains('"');
        let code = if is_data {
            code.to_owned()
        } else {
            code.replace(" {", "{").replace('(', " ( ").replace(", ", " ,")
        };
        format!("\t {code}\n{}", if code.ends_with('}') { "\n\n" } else { "" })
    };
    text.lines().map(line).collect()
}

/// The modules and settings of a suite of the repository, as a fixture.
fn suite_of(directory: &str) -> String {
    fn below(directory: &Path, root: &Path, out: &mut String) {
        let entries = std::fs::read_dir(directory).expect("listing a directory");
        let mut paths: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
        paths.sort();
        for path in paths {
            let is_read = path
                .extension()
                .is_some_and(|it| it == "relux" || it == "toml" || it == "env")
                || path.ends_with(".env");
            if path.is_dir() {
                below(&path, root, out);
            } else if is_read {
                let shown = path.strip_prefix(root).expect("below").display().to_string();
                let text = std::fs::read_to_string(&path).expect("reading a file");
                *out += &format!("//- {shown}\n{text}");
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(directory);
    let mut out = String::new();
    below(&root, &root, &mut out);
    out
}

/// Changes the modules of a fixture.
fn with_modules(fixture: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for part in fixture
        .split_inclusive('\n')
        .collect::<Vec<_>>()
        .chunk_by(|_, next| !next.starts_with("//- "))
    {
        let (header, text) = (part[0], part[1..].concat());
        out += header;
        out += &if header.trim_end().ends_with(".relux") {
            change(&text)
        } else {
            text
        };
    }
    out
}

fn in_style(text: &str) -> String {
    let tree = relux_syntax::parse(text);
    relux_fmt::format(&tree).expect("nothing is lost").into_text()
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
        for suite in [written.to_owned(), with_modules(written, messy)] {
            let formatted = with_modules(&suite, in_style);
            assert_ne!(formatted, suite, "{name} is out of style in some way");
            let before = plans(written);
            assert!(before.len() > 100, "{name} has plans");
            assert!(plans(&formatted) == before, "{name}");
        }
    }
}

#[test]
fn whole_suites_run_the_same_out_of_style_and_in_style() {
    for directory in [
        "examples/tasks",
        "tests/fixtures/tasks-2026-08",
        "tests/fixtures/statements/2026-04",
        "tests/fixtures/statements/2026-08",
    ] {
        let written = suite_of(directory);
        let messed = with_modules(&written, messy);
        assert_ne!(messed, written);
        let before = plans(&messed);
        assert!(
            before.len() > 100 && before.contains("Ready"),
            "{directory} has plans"
        );
        assert_eq!(plans(&with_modules(&messed, in_style)), before, "{directory}");
        assert_eq!(
            plans(&with_modules(&written, in_style)),
            plans(&written),
            "{directory}"
        );
    }
}
