//! Every query compiles, names captures that editors know, and finds what it is for.

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator as _};
use tree_sitter_relux as grammar;

const CODE: &str = r#"import service/db { url as db_url, Db }

# skip unless CI
effect Auth {
    expect DB_PORT
    start Db as db { PORT = p }
    expose db.service as main

    shell service {
        > run --port ${DB_PORT}
        <~10s? ^port (\d+)
        let x = log("a", $1)
        foo bar
    }
}

test "login" {
    """doc"""
    shell s {
        // note
        => y
    }
}
"#;

/// Capture name and text of every capture, in order of their place.
fn captures(source: &str) -> Vec<(String, String)> {
    let language: Language = grammar::LANGUAGE.into();
    let query = Query::new(&language, source).expect("the query compiles");
    let mut parser = Parser::new();
    parser
        .set_language(&language)
        .expect("the parser fits the library");
    let tree = parser.parse(CODE, None).expect("nothing cancels");
    let mut cursor = QueryCursor::new();
    let mut found = Vec::new();
    let mut captures = cursor.captures(&query, tree.root_node(), CODE.as_bytes());
    while let Some((found_match, index)) = captures.next() {
        let capture = found_match.captures()[*index];
        let name = query.capture_names()[capture.index as usize];
        found.push((name.to_owned(), CODE[capture.node.byte_range()].to_owned()));
    }
    found
}

fn assert_found(source: &str, expected: &[(&str, &str)]) {
    let found = captures(source);
    for (name, text) in expected {
        let hit = found.iter().any(|it| it.0 == *name && it.1 == *text);
        assert!(hit, "{name} {text:?} in {found:#?}");
    }
}

#[test]
fn highlights() {
    assert_found(
        grammar::HIGHLIGHTS_QUERY,
        &[
            ("keyword.import", "import"),
            ("module", "service/db"),
            ("function", "db_url"),
            ("type", "Auth"),
            ("constant", "DB_PORT"),
            ("property", "PORT"),
            ("label", "service"),
            ("operator", "<"),
            ("number", "10s"),
            ("string.regexp", "^port (\\d+)"),
            ("variable", "${DB_PORT}"),
            ("string.escape", "\\d"),
            ("function.builtin", "log"),
            ("variable.builtin", "$1"),
            ("keyword.directive", "skip"),
            ("keyword.conditional", "unless"),
            ("string.documentation", "\"\"\"doc\"\"\""),
            ("error", "bar"),
        ],
    );
}

#[test]
fn injections() {
    assert_found(
        grammar::INJECTIONS_QUERY,
        &[
            ("injection.content", "run --port ${DB_PORT}"),
            ("injection.content", "y"),
            ("injection.content", "^port (\\d+)"),
        ],
    );
    let language: Language = grammar::LANGUAGE.into();
    let query = Query::new(&language, grammar::INJECTIONS_QUERY).expect("the query compiles");
    let languages: Vec<_> = (0..query.pattern_count())
        .flat_map(|it| query.property_settings(it))
        .map(|it| it.value.as_deref().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(languages, ["bash", "bash", "regex", "comment", "markdown"]);
}

#[test]
fn folds_and_indents() {
    let folds = captures(grammar::FOLDS_QUERY);
    let first_lines: Vec<&str> = folds.iter().filter_map(|it| it.1.lines().next()).collect();
    let expected = [
        "{ url as db_url, Db }",
        "{",
        "{ PORT = p }",
        "{",
        "{",
        "\"\"\"doc\"\"\"",
        "{",
    ];
    assert_eq!(first_lines, expected);
    assert_found(
        grammar::INDENTS_QUERY,
        &[("indent.begin", "{ PORT = p }"), ("indent.end", "}")],
    );
}

#[test]
fn locals_and_tags() {
    assert_found(
        grammar::LOCALS_QUERY,
        &[
            ("local.definition.import", "db_url"),
            ("local.definition.import", "Db"),
            ("local.definition.namespace", "db"),
            ("local.definition.var", "x"),
            ("local.reference", "log"),
        ],
    );
    let renamed = ("local.definition.import".to_owned(), "url".to_owned());
    assert!(
        !captures(grammar::LOCALS_QUERY).contains(&renamed),
        "an alias hides the name"
    );
    assert_found(
        grammar::TAGS_QUERY,
        &[("name", "Auth"), ("name", "\"login\""), ("name", "log")],
    );
}
