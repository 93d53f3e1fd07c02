//! What formatting does to a text with a cursor.

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
