//! Formatting of some lines, and while somebody types: a text with the cursor at `<|>` and what becomes of it.

use relux_fmt::{apply, format, format_on_type, format_range};
use relux_syntax::{TextRange, parse};

fn typed(text: &str, character: char) -> String {
    let offset = text.find("<|>").expect("a cursor") as u32;
    let source = text.replace("<|>", "");
    apply(
        &source,
        &format_on_type(&parse(source.as_str()), offset, character),
    )
}

#[test]
fn a_newline_formats_the_line_before_and_indents_the_next() {
    for (text, expected) in [
        ("fn f() {\n<|>", "fn f() {\n    "),
        ("fn f() {\n<|>\n}\n", "fn f() {\n    \n}\n"),
        (
            "fn f() {\n    log(\"x\" )\n<|>\n}\n",
            "fn f() {\n    log(\"x\")\n    \n}\n",
        ),
        ("fn f() {\n  > x \n<|>\n}\n", "fn f() {\n    > x \n    \n}\n"),
        ("fn f() {\n    > x\n        <|>}\n", "fn f() {\n    > x\n}\n"),
        (
            "test \"t\" {\n    shell s {\n        <~5s{\n<|>",
            "test \"t\" {\n    shell s {\n        <~5s{\n            ",
        ),
        (
            "test \"t\" {\n    start E {\n<|>",
            "test \"t\" {\n    start E {\n        ",
        ),
        (
            "test \"t\" {\n    start E {\n        A,\n<|>    }\n}\n",
            "test \"t\" {\n    start E {\n        A,\n    }\n}\n",
        ),
        ("fn f() {\n}\n<|>", "fn f() {\n}\n"),
        (
            "fn f() {\n    log(\"x\n<|>\")\n}\n",
            "fn f() {\n    log(\"x\n\")\n}\n",
        ),
    ] {
        assert_eq!(typed(text, '\n'), expected, "{text}");
    }
}

#[test]
fn a_brace_formats_what_it_closes() {
    for (text, expected) in [
        (
            "fn a( ) {\n}\nfn f( ) {\n> x\n  }<|>\n",
            "fn a( ) {\n}\nfn f() {\n    > x\n}\n",
        ),
        (
            "test \"t\" {\n shell s {\n> x\n  }<|>\n",
            "test \"t\" {\n shell s {\n> x\n    }\n",
        ),
        ("fn f() {\n  > }<|>\n}\n", "fn f() {\n  > }\n}\n"),
        ("}<|>\n", "}\n"),
    ] {
        assert_eq!(typed(text, '}'), expected, "{text}");
    }
}

#[test]
fn other_characters_do_nothing() {
    assert_eq!(typed("fn  f( ) {<|>\n}\n", '{'), "fn  f( ) {\n}\n");
}

/// For every line of a messy file: formatting it changes only what begins or ends on it, and to what formatting the file
/// makes of it.
#[test]
fn lines_become_what_they_become_with_the_file() {
    let text = "import b{x}\nimport a\n\n\n// f\nfn  f( a ,b ) {\n > x  \n   log( \"y\" ) // why\n\n\n}\n\
                test \"t\"\n{\n \"\"\"\n Doc\n   deep \n \"\"\"\n start E {\n A = a\n B }\n shell s {\n~5s\n <{ ? a\n}\n}\n}\n";
    let source = parse(text);
    let whole = format(&source).expect("nothing is lost").into_text();
    let wanted: Vec<&str> = whole.lines().collect();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = TextRange::new(start, start + line.len() as u32);
        start = range.end;
        let edits = format_range(&source, range).expect("nothing is lost");
        let part = apply(text, &edits);
        let old: Vec<&str> = text.lines().collect();
        let changed: Vec<&str> = part.lines().filter(|it| !old.contains(it)).collect();
        assert!(
            changed.iter().all(|it| wanted.contains(it)),
            "{line:?} gave {changed:?}"
        );
        assert_eq!(
            format(&parse(part.as_str())).expect("nothing is lost").text(),
            whole,
            "{line:?}"
        );
    }
}
