//! The invariants on generated suites: comments in every legal place, strange blanks, and texts that are no Relux.

use proptest::prelude::*;
use relux_fmt::{format, invariants};
use relux_syntax::validation::codes;
use relux_syntax::{parse, validate};

fn blanks() -> impl Strategy<Value = String> {
    prop::sample::select(vec![" ", " ", " ", "  ", "\t", " \t "]).prop_map(str::to_owned)
}

fn maybe_blanks() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", " ", "\t", "   "]).prop_map(str::to_owned)
}

/// The end of a line that is no payload, with comments and empty lines behind it.
fn line_end() -> impl Strategy<Value = String> {
    let after = prop::sample::select(vec![
        "",
        "",
        "",
        "\n",
        "\n\n",
        "   \n",
        "// own line\n",
        "\n//tight  \n",
        "\t// tab\n\n",
        "// of another system\r\n\r\n",
    ]);
    (
        maybe_blanks(),
        prop::sample::select(vec!["\n", "\n", "\n", "\r\n"]),
        after,
    )
        .prop_map(|(blanks, newline, after)| format!("{blanks}{newline}{after}"))
}

/// Behind an opening or closing brace a comment may follow.
fn brace_end() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["", "", " // beside", "// glued "]),
        line_end(),
    )
        .prop_map(|(comment, end)| {
            if comment.is_empty() {
                end
            } else {
                format!("{comment}\n{end}")
            }
        })
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b_2", "port", "PORT", "é".trim_end_matches('é'), "x"])
        .prop_map(|it| if it.is_empty() { "y" } else { it }.to_owned())
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        name(),
        Just("42".to_owned()),
        Just("$1".to_owned()),
        Just("Al.port".to_owned()),
        prop::sample::select(vec![
            "\"\"",
            "\"a  b\"",
            "\"x ${y} \\\" // no\"",
            "\"two\n  lines \""
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        (
            prop::collection::vec(inner, 0..3),
            maybe_blanks(),
            prop::sample::select(vec!["", "", ","]),
        )
            .prop_map(|(arguments, blanks, trailing)| {
                let trailing = if arguments.is_empty() { "" } else { trailing };
                format!(
                    "call{blanks}({blanks}{}{trailing}{blanks})",
                    arguments.join(&format!("{blanks},{blanks}"))
                )
            })
    })
}

fn payload() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        "x",
        "x  ",
        "password: ",
        "^ok$ \t",
        "// no comment",
        "a { b }",
        "\"\"\"",
        "${x} $$",
        "{",
        "\\d+ ",
        "=> x",
    ])
    .prop_map(str::to_owned)
}

fn statement() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![
        ">", "=>", "<?", "<=", "!?", "!=", "<~5s?", "<@2s=", "< ~5s ?", "= >",
    ]);
    let bind = prop::sample::select(vec!["=", ":="]);
    prop_oneof![
        4 => (operator, maybe_blanks(), payload()).prop_map(|(operator, blanks, payload)| format!("{operator}{blanks}{payload}\n")),
        2 => (expression(), line_end()).prop_map(|(value, end)| format!("{value}{end}")),
        2 => (name(), bind.clone(), blanks(), expression(), line_end())
            .prop_map(|(name, bind, blanks, value, end)| format!("let{blanks}{name}{bind}{blanks}{value}{end}")),
        1 => (name(), maybe_blanks(), payload()).prop_map(|(name, blanks, payload)| format!("{name}{blanks}={blanks}{payload}\n")),
        1 => (expression(), payload()).prop_map(|(value, payload)| format!("{value} ?{payload}\n")),
        1 => (name(), expression()).prop_map(|(name, value)| format!("{name}:={value} // why\n")),
        1 => line_end().prop_map(|end| format!("~5s{end}")),
        1 => (payload(), brace_end(), brace_end())
            .prop_map(|(payload, open, close)| format!("<~2s{{{open}?{payload}\n // in it\n\n = {payload}\n}}{close}")),
        1 => prop::sample::select(vec!["// relux: fmt off\n", "// relux: fmt on\n", "  // plain  \n"]).prop_map(str::to_owned),
    ]
}

fn body(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let brace = prop::sample::select(vec![" {", "{", "\t{", "\n{"]);
    (
        brace,
        brace_end(),
        prop::collection::vec((maybe_blanks(), inner), 0..6),
    )
        .prop_map(|(brace, open, lines)| {
            let lines: String = lines.into_iter().map(|(blanks, line)| blanks + &line).collect();
            format!("{brace}{open}{lines}}}")
        })
}

fn overlay() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(vec![" ", ", ", "\n", ",\n\n  ", " ,, "]);
    let entry = prop_oneof![
        name(),
        (name(), prop::sample::select(vec!["=", " := "]), expression())
            .prop_map(|(key, bind, value)| format!("{key}{bind}{value}")),
        Just("A_VERY_LONG_NAME_FOR_A_KEY = another_long_name_of_a_variable".to_owned()),
    ];
    (prop::collection::vec((entry, separator), 0..5), maybe_blanks()).prop_map(|(entries, blanks)| {
        let entries: String = entries
            .into_iter()
            .map(|(entry, separator)| entry + separator)
            .collect();
        format!("{{{blanks}{entries}{blanks}}}")
    })
}

fn section() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => (prop::sample::select(vec!["shell a", "shell  Al.b", "cleanup"]), body(statement()), brace_end())
            .prop_map(|(head, body, end)| format!("{head}{body}{end}")),
        2 => (name(), expression(), line_end()).prop_map(|(name, value, end)| format!("let {name} =  {value}{end}")),
        2 => (overlay(), line_end()).prop_map(|(overlay, end)| format!("start  Db as Al{overlay}{end}")),
        1 => line_end().prop_map(|end| format!("start Db{end}")),
        1 => (name(), line_end()).prop_map(|(name, end)| format!("expose  {name} as other{end}")),
        1 => (name(), name(), line_end()).prop_map(|(one, two, end)| format!("expect {one}  {two}{end}")),
        1 => (prop::sample::select(vec![
            "\"\"\"one\"\"\"", "\"\"\"\nleft\n    right \n\"\"\"", "\"\"\" a\n\t b\n\n   \n      \"\"\"", "\"\"\"\r\n  x\r\n  \"\"\"",
        ]), brace_end()).prop_map(|(text, end)| format!("{text}{end}")),
    ]
}

fn item() -> impl Strategy<Value = String> {
    let names = prop::collection::vec(
        prop::sample::select(vec!["f", "g as h", "Db", "Db as Other", "a"]),
        0..4,
    );
    let path = prop::sample::select(vec!["lib/a", "lib/b", "a", "z"]);
    prop_oneof![
        3 => (path.clone(), names, prop::sample::select(vec![" ", ",", "\n  "]), line_end())
            .prop_map(|(path, names, separator, end)| format!("import  {path}{{ {} }}{end}", names.join(separator))),
        1 => (path, line_end()).prop_map(|(path, end)| format!("import {path}{end}")),
        1 => prop::sample::select(vec!["# skip", "#run if A=\"b\"", "# flaky  unless X ? ^a // b  "])
            .prop_map(|it| format!("{it}\n")),
        3 => (prop::sample::select(vec!["test \"t\"", "test  \"a  b\"~5s", "effect E"]), body(section()), brace_end())
            .prop_map(|(head, body, end)| format!("{head}{body}{end}")),
        2 => (prop::sample::select(vec!["fn f(a ,b,)", "pure  fn g( )", "fn h (x)"]), body(statement()), brace_end())
            .prop_map(|(head, body, end)| format!("{head}{body}{end}")),
        1 => line_end(),
        1 => prop::sample::select(vec!["// relux: fmt off\n", "// relux: fmt on\n", "}\n", "test \"open\" {\n", "junk here\n"])
            .prop_map(str::to_owned),
    ]
}

fn file() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["", "", "\u{feff}"]),
        prop::collection::vec(item(), 0..7),
    )
        .prop_map(|(mark, items)| mark.to_owned() + &items.concat())
}

/// Words and operators without any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "fn",
        "pure",
        "effect",
        "test",
        "shell",
        "let",
        "start",
        "expect",
        "expose",
        "import",
        "cleanup",
        "as",
        "x",
        "Db",
        "a/b",
        "42",
        "$1",
        "\"",
        "\"abc\"",
        "\"\"\"",
        "(",
        ")",
        "{",
        "}",
        ",",
        ".",
        "//",
        "// c",
        "# skip",
        "~5s",
        "<?",
        "<",
        "!",
        "?",
        "=",
        ":=",
        "==",
        "<{",
        " ",
        " ",
        "\t",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "é",
        "\u{feff}",
        "\0",
        "test \"t\" {\n",
        "shell s {\n",
        "fn f(a, b) {\n",
        "start Db {\n",
        "> ls \n",
        "// relux: fmt off",
        "import a { b }\n",
    ]);
    prop::collection::vec(pieces, 0..50).prop_map(|it| it.concat())
}

/// How many texts each test tries; `PROPTEST_CASES` tries more.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(300);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn suites_keep_the_invariants(text in file()) {
        invariants::check(text.as_bytes());
    }

    #[test]
    fn no_text_breaks_the_invariants(text in soup()) {
        invariants::check(text.as_bytes());
    }

    /// What formatting mends is mended.
    #[test]
    fn formatting_leaves_no_mistake_that_it_mends(text in file()) {
        let source = parse(text.as_str());
        let formatted = format(&source).expect("the invariants hold");
        if formatted.kept.is_empty() && !text.contains("fmt off") {
            let mut mistakes = validate(&parse(formatted.text()));
            mistakes.retain(|it| [codes::MISPLACED_BLANK, codes::MISPLACED_BRACE, codes::MISSING_NEWLINE, codes::TRAILING_COMMENT].contains(&it.code));
            prop_assert_eq!(mistakes, vec![], "{}", formatted.text());
        }
    }
}
