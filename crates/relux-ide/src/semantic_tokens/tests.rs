//! Tokens as a listing: each token with its text, line by line.

use std::fmt::Write as _;

use super::{SemanticToken, TokenKind, TokenModifiers};
use crate::TextRange;
use crate::test_suite::TestSuite;

const LIB: &str = "\
//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    let url := \"db\"
    expose shell db
    expose var url
    shell db {
        > db
    }
}
//- relux/tests/t.relux
";

fn tokens(text: &str, within: Option<TextRange>) -> (String, Vec<SemanticToken>) {
    let suite = TestSuite::new(&format!("{LIB}{text}"));
    let analysis = suite.analysis();
    let found = analysis
        .semantic_tokens(&suite.file, within)
        .expect("nothing writes");
    (text.to_owned(), found)
}

/// `text:kind.modifier` for each token, one source line in a line.
fn shown(text: &str, tokens: &[SemanticToken]) -> String {
    let mut out = String::new();
    let mut end = 0;
    for token in tokens {
        if end > 0 {
            let gap = &text[end as usize..token.range.start as usize];
            out.push_str(if gap.contains('\n') { "\n" } else { "  " });
        }
        let (_, kind) = TokenKind::ALL[token.kind as usize];
        let _ = write!(out, "{}:{kind}", token.range.slice(text));
        for (bit, name) in TokenModifiers::ALL.iter().enumerate() {
            if token.modifiers.0 & (1 << bit) != 0 {
                let _ = write!(out, ".{name}");
            }
        }
        end = token.range.end;
    }
    out
}

const FILE: &str = "\
// A comment
import db { Db as Data }
# skip unless which(\"db\") = \"x\"
fn ask(what) {
    > echo ${what} $HOME
    what
}

test \"a test\" ~5s {
    \"\"\"
    About it.
    \"\"\"
    let port := available_port()
    start Data as One { DB_PORT := port }
    shell One.db {
        > FOO=1 curl -s --fail 'http://${One.url}/x' | jq -r '.a' > \"out ${port}\" && if true; then echo $(date) 2>&1; fi
        <? ^(\\d+) [a-z]+(?:x|\\.)${port}{2,3}$
        => text \\x
        <~10s= plain ${1}
        let y := trim(\"a ${HOME} b\")
        y := $1
        !? error|fatal
        log(unknown)
        <{
            ? .*
            = x
        }
    }
    cleanup {
        > rm -rf ${__RELUX_TEST_ROOT}
    }
}
";

#[test]
fn every_word_has_its_kind() {
    let (text, found) = tokens(FILE, None);
    insta::assert_snapshot!(shown(&text, &found));
}

#[test]
fn an_assignment_of_the_older_edition_is_read_as_one() {
    let (text, found) = tokens(
        "fn f(a) {\n    let x = \"1\"\n    x = trim(a)\n    x = \"two ${a}\"\n}\n",
        None,
    );
    insta::assert_snapshot!(shown(&text, &found));
}

/// In order, apart, in one line; and what a range gives is a part of what there is.
#[track_caller]
fn check(text: &str) {
    let (_, all) = tokens(text, None);
    let mut end = 0;
    for token in &all {
        assert!(
            token.range.start >= end && !token.range.is_empty(),
            "{token:?} in {text:?}"
        );
        assert!(!token.range.slice(text).contains('\n'), "{token:?}");
        end = token.range.end;
    }
    let half = TextRange::new(text.len() as u32 / 3, text.len() as u32 / 2);
    let (_, some) = tokens(text, Some(half));
    assert!(some.iter().all(|it| all.contains(it)), "{text:?}");
    let inside = all.iter().filter(|it| half.covers(it.range));
    assert!(inside.clone().all(|it| some.contains(it)), "{text:?}");
}

#[test]
fn tokens_stand_apart_in_broken_text_too() {
    check(FILE);
    for end in (0..FILE.len()).step_by(7) {
        check(&FILE[..end]);
    }
    for text in [
        "test \"a\" {\n    let x = \"one\n two ${y} three\n\"\n}\n",
        "start Db { DB_PORT DB_PORT",
        "> '${a}",
        "<? [",
        "<? (?",
        "> a\\",
        "> $",
        "\u{feff}> é 'ü ${x} ö' ß=1",
        "\"\"\"\nopen",
    ] {
        check(text);
    }
}
