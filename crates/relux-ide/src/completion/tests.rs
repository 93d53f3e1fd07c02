//! Completion at places: what is offered, in which order, and what it makes of the text.

use std::fmt::Write as _;

use super::{CompletionItem, Completions};
use crate::test_suite::TestSuite;

const LIB: &str = "\
//- .env
REGION=eu
//- relux/lib/net/http.relux
// Asks and waits.
fn get(url, status) {
    > curl ${url}
    match_ok()
}
fn get(url) {
    get(url, 200)
}
pure fn local(port) {
    \"http://localhost:${port}\"
}
effect Proxy {
    expect PROXY_PORT
    expose shell proxy
    shell proxy {
        > proxy
    }
}
//- relux/lib/db.relux
import net/http { Proxy }
// Keeps everything.
effect Db {
    expect DB_PORT, REGION, DB_NAME
    let url := \"db://${DB_PORT}\"
    start Proxy as Inner
    expose shell db
    expose var url
    expose shell Inner.proxy
    shell db {
        > db
        <? ^ready$
    }
}
";

fn ask(fixture: &str, trigger: Option<char>) -> (TestSuite, Completions) {
    let suite = TestSuite::new(&format!("{LIB}{fixture}"));
    let found = suite
        .analysis()
        .completion(&suite.file, suite.offset, trigger)
        .expect("nothing writes");
    (suite, found)
}

/// The fixture for a place in the shell of a test.
fn in_shell(line: &str) -> String {
    format!(
        "//- relux/tests/t.relux\nimport db {{ Db }}\nimport net/http {{ get }}\n\ntest \"t\" {{\n    let port := available_port()\n    start Db as Data {{ DB_PORT := port, DB_NAME := \"x\", PROXY_PORT := \"1\" }}\n    shell sh {{\n        let token := \"a\"\n        > x\n        <? ^(a+) (b)$\n        {line}\n        match_ok()\n    }}\n}}\n"
    )
}

fn in_test(line: &str) -> String {
    format!(
        "//- relux/tests/t.relux\nimport db {{ Db }}\n\ntest \"t\" {{\n    let db_port = available_port()\n    {line}\n    shell sh {{\n        match_ok()\n    }}\n}}\n"
    )
}

fn in_effect(line: &str) -> String {
    format!(
        "//- relux/lib/e.relux\nimport db {{ Db }}\n\neffect E {{\n    let own := \"1\"\n    start Db as Data\n    {line}\n    shell work {{\n        > ${{E_PORT}}\n    }}\n}}\n"
    )
}

fn shown(item: &CompletionItem) -> String {
    let head = format!("{}{}", item.label, item.suffix);
    let detail = if item.detail.is_empty() {
        String::new()
    } else {
        format!(" | {}", item.detail)
    };
    let text = item.insert.snippet.as_ref().unwrap_or(&item.insert.plain);
    let insert = if *text == item.label {
        String::new()
    } else {
        format!(" -> {}", text.escape_debug())
    };
    let edits: Vec<String> = item
        .edits
        .iter()
        .map(|it| format!(" + {}", it.new_text.escape_debug()))
        .collect();
    format!("{head}{detail}{insert}{}", edits.concat())
}

/// All items of some places, one place after another.
fn all(places: &[String]) -> String {
    let mut out = String::new();
    for place in places {
        let line = place.lines().find(|it| it.contains("<|>")).expect("a cursor");
        let _ = writeln!(out, "{}", line.trim());
        let (_, found) = ask(place, None);
        for item in &found.items {
            let _ = writeln!(out, "    {}", shown(item));
        }
        if found.incomplete {
            out.push_str("    …\n");
        }
    }
    out
}

/// The labels that are offered first.
#[track_caller]
fn first(place: &str, expected: &[&str]) {
    let (_, found) = ask(place, None);
    let labels: Vec<&str> = found
        .items
        .iter()
        .map(|it| it.label.as_str())
        .take(expected.len())
        .collect();
    assert_eq!(labels, expected, "{}", all(&[place.to_owned()]));
}

#[track_caller]
fn nothing(place: &str) {
    let (_, found) = ask(place, None);
    assert!(found.items.is_empty(), "{}", all(&[place.to_owned()]));
}

/// The line after a completion was taken by a client without snippets.
#[track_caller]
fn taken(place: &str, label: &str, expected: &str) {
    let (suite, found) = ask(place, None);
    let item = found.items.iter().find(|it| it.label == label);
    let item = item.unwrap_or_else(|| panic!("{}", all(&[place.to_owned()])));
    let text = suite
        .analysis()
        .text(&suite.file)
        .expect("nothing writes")
        .expect("a file");
    let (from, to) = (found.word.start as usize, found.word.end as usize);
    let changed = format!("{}{}{}", &text[..from], item.insert.plain, &text[to..]);
    let line = changed[from..].lines().next().unwrap_or_default();
    let before = changed[..from].lines().last().unwrap_or_default();
    assert_eq!(format!("{before}{line}").trim(), expected);
}

#[test]
fn a_port_of_the_test_is_passed_on_as_the_fix_would() {
    let with_port = |line: &str| in_test(line).replace("db_port =", "port =");
    let places = [
        with_port("start Db<|>"),
        with_port("start Db <|>"),
        with_port("start Db { PROX<|> }"),
        with_port("start Db { DB_PORT = port, PROX<|> }"),
        in_effect("start Db { DB_<|> }").replace("own := \"1\"", "port := available_port()"),
    ];
    insta::assert_snapshot!(all(&places));
}

#[test]
fn modules_whose_path_cannot_be_written_are_not_offered() {
    let lib = "//- relux/lib/Upper-Case/x.relux\nfn upload() {\n    > x\n}\neffect Upload {\n}\n";
    nothing(&format!("{lib}//- relux/tests/t.relux\nimport Upp<|>\n"));
    nothing(&format!("{lib}{}", in_shell("uplo<|>")));
    nothing(&format!("{lib}{}", in_test("start Uplo<|>")));
}

#[test]
fn top_of_a_file() {
    let places = [
        "<|>",
        "te<|>",
        "<|> rest",
        "# <|>",
        "# skip <|>",
        "# skip if whi<|>",
        "# skip if REG<|>",
        "test \"a\" ~<|>",
        "import <|>",
        "import ht<|>",
        "import net/<|>",
        "import net/http { <|> }",
        "import net/http { get, <|> }",
        "import net/http {\n    get,\n    Pro<|>\n}",
    ];
    let places = places.map(|it| format!("//- relux/tests/t.relux\n{it}\n"));
    insta::assert_snapshot!(all(&places));
}

#[test]
fn tests_and_effects() {
    let places = [
        "<|>",
        "st<|>",
        "start <|>",
        "start D<|>",
        "start Pro<|>",
        "start D<|> { DB_PORT }",
        "start Db <|>",
        "start Db as <|>",
        "start Db { <|> }",
        "start Db {<|>",
        "start Db { DB_PORT, <|> }",
        "start Db { DB_PORT = <|> }",
        "start Db { DB_PORT = db_port DB_<|>",
        "start Db {\n        <|>\n    }",
        "start Db {\n        DB_PORT = db<|>\n    }",
        "let x = av<|>",
        "let x = trim(db<|>",
        "shell <|>",
        "shell sh<|> {",
    ]
    .map(in_test);
    let effects = [
        "<|>",
        "expect <|>",
        "expose <|>",
        "expose shell <|>",
        "expose var <|>",
        "expose var Data.<|>",
        "expose shell Data.db <|>",
        "start Data<|>",
        "start Db { <|> }",
        "shell Data.<|>",
        "shell <|>",
    ]
    .map(in_effect);
    insta::assert_snapshot!(format!("{}{}", all(&places), all(&effects)));
}

#[test]
fn statements() {
    let places = [
        "<|>",
        "<<|>",
        "!<|>",
        "=<|>",
        "ge<|>",
        "loc<|>",
        "ge<|>(\"a\")",
        "let y := t<|>",
        "let y := ",
        "get(p<|>",
        "get(port, <|>",
        "> ${<|>",
        "> ${to<|>}",
        "> ${Data.<|>",
        "log(\"${p<|>\")",
        "let u := Data.<|>",
        "~<|>",
        "<~2<|>",
        "<{\n            <|>\n        }",
        "$<|>",
    ];
    let places: Vec<String> = places
        .iter()
        .filter(|it| it.contains("<|>"))
        .map(|it| in_shell(it))
        .collect();
    insta::assert_snapshot!(all(&places));
}

#[test]
fn what_is_no_place_for_names_offers_none() {
    for line in [
        "> ec<|>",
        "=> ec<|>",
        "<? to<|>",
        "<= to<|>",
        "<~5s? to<|>",
        "<@5s= to<|>",
        "!? to<|>",
        "!= to<|>",
        "> $<|>",
        "> $${<|>",
        "> ${ to<|>",
        "> ${token} to<|>",
        "<? ^x$<|>",
        "// to<|>",
        "log(\"to<|>\")",
        "token ? to<|>",
        "token = to<|>",
        "let to<|>",
        "match_ok() <|>",
        "<{\n            ? to<|>\n        }",
    ] {
        nothing(&in_shell(line));
    }
    for line in [
        "let to<|>",
        "\"\"\"\n    st<|>\n    \"\"\"",
        "start Db { DB_PORT = \"D<|>\" }",
        "// st<|>",
    ] {
        nothing(&in_test(line));
    }
    for line in [
        "test \"te<|>\"",
        "effect Te<|>",
        "fn te<|>",
        "// te<|>",
        "import db { Db as D<|> }",
    ] {
        nothing(&format!("//- relux/tests/t.relux\n{line}\n"));
    }
}

#[test]
fn a_completion_replaces_the_word_at_the_cursor() {
    taken(&in_test("sta<|>rt Db"), "start", "start  Db");
    taken(&in_test("start D<|>"), "Db", "start Db");
    taken(&in_test("start <|>Pr { }"), "Proxy", "start Proxy { }");
    taken(
        &in_test("start Db { DB_P<|>ORT = db_port }"),
        "DB_PORT",
        "start Db { DB_PORT = db_port }",
    );
    taken(&in_test("start Db { <|> }"), "DB_NAME", "start Db { DB_NAME =  }");
    taken(&in_shell("> a ${to<|>} b"), "token", "> a ${token} b");
    taken(&in_shell("> a ${to<|> b"), "token", "> a ${token} b");
    taken(&in_shell("> 𝄞 ${Data.<|>"), "url", "> 𝄞 ${Data.url}");
    taken(&in_shell("<<|>"), "<?", "<?");
    taken(&in_shell("ge<|>"), "get", "get");
    taken(&in_shell("match_<|>()"), "match_ok", "match_ok()");
    taken(&in_shell("log($<|>)"), "$2", "log($2)");
    taken(
        "//- relux/tests/t.relux\nimport ne<|>t/x\n",
        "net/http",
        "import net/http",
    );
}

#[test]
fn broken_code_around_does_not_matter() {
    let broken = "//- relux/tests/t.relux\nimport db { Db\n\neffect {\n\ntest \"t\" {\n    let db_port = \n    start Db { DB_PORT = db_port, <|>\n    shell sh {\n        > ${\n";
    first(broken, &["DB_NAME", "PROXY_PORT"]);
    first(
        "//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        let a = 1\n        > ${<|>",
        &["a"],
    );
    first(
        "//- relux/tests/t.relux\ntest \"t\" {\n    start Db as data { DB_PORT, <|> }",
        &["DB_NAME"],
    );
    first(
        "//- relux/tests/t.relux\ntest \"t\" {\n    start Db as data\n    shell data.<|>",
        &["db"],
    );
    first("//- relux/tests/t.relux\ntest \"t\" {\n    sh<|>", &["shell"]);
    first(
        "//- relux/tests/t.relux\ntest \"t\" { shell s { ma<|>",
        &["match_prompt"],
    );
    first("//- relux/tests/t.relux\nfn f(name) {\n    log(na<|>", &["name"]);
    nothing("//- relux/tests/t.relux\n\u{feff}x <|>");
}

/// Which typed characters ask, where an editor would ask at each of them.
#[test]
fn typing_a_blank_or_a_sign_asks_only_where_a_name_follows() {
    let asks = |place: String, trigger: char| !ask(&place, Some(trigger)).1.items.is_empty();
    for line in [
        "start <|>",
        "start Db { <|>",
        "start Db { DB_PORT = <|>",
        "shell <|>",
        "let x = <|>",
    ] {
        assert!(asks(in_test(line), ' '), "{line}");
    }
    for line in [
        " <|>",
        "start Db <|>",
        "start Db as <|>",
        "let <|>",
        "cleanup <|>",
    ] {
        assert!(!asks(in_test(line), ' '), "{line}");
    }
    for (line, trigger) in [
        ("> ${<|>", '{'),
        ("<<|>", '<'),
        ("!<|>", '!'),
        ("~<|>", '~'),
        ("<@<|>", '@'),
        ("let u := Data.<|>", '.'),
    ] {
        assert!(asks(in_shell(line), trigger), "{line}");
    }
    // The editor asks for the blank, and meanwhile more was typed.
    assert!(asks(in_shell("> a ${<|>"), ' ') && asks(in_shell(" lo<|>"), ' '));
    for (line, trigger) in [
        ("get(\"a\", <|>", ' '),
        ("> a <|>", ' '),
        ("> a.<|>", '.'),
        ("> a <<|>", '<'),
        ("log(<<|>", '<'),
        ("> {<|>", '{'),
    ] {
        assert!(!asks(in_shell(line), trigger), "{line}");
    }
}

#[test]
fn what_is_looked_at_is_told() {
    let (suite, found) = ask(&in_test("start D<|>"), None);
    let about = found.items[0].about.clone().expect("an effect");
    let page = suite
        .analysis()
        .completion_documentation(&about)
        .expect("nothing writes");
    insta::assert_snapshot!(page.expect("a page"));
}

/// A list of one place never has two items that look the same, and what is inserted matches what was typed.
#[test]
fn every_prefix_of_a_line_has_an_answer() {
    let whole = "start Proxy as P { PROXY_PORT = trim(db_port), A = \"${db_port}\" }";
    for end in 0..=whole.len() {
        let (_, found) = ask(&in_test(&format!("{}<|>", &whole[..end])), None);
        let mut seen: Vec<String> = found.items.iter().map(shown).collect();
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{}", &whole[..end]);
        assert!(found.word.covers(found.typed));
    }
}

/// Whatever is written, and wherever the cursor is.
#[test]
fn every_place_of_odd_texts_has_an_answer() {
    let whole = in_shell("let y := trim(\"é ${token} 𝄞\")").replace('\n', "\r\n");
    let (_, text) = whole.split_once("t.relux\r\n").expect("a header");
    let odd = [
        "import\nimport \nimport net/http {\nget as\n",
        "test \"t\" { start Db { A = \"${",
        "} } }\nshell {\n<~5s\n<{ ? ${\n= \"\n}",
        "# skip if \"a\" ? ${x}\n# run unless f(a, \"b ? c\")\n#",
        "effect E {\n expect\n expose\n expose var \n start Db as D\n shell D.\n D.\n}",
        "\"\"\"\n${\n\"\"\" \u{feff}$$${a.b.c}",
        text,
    ];
    for text in odd {
        let suite = TestSuite::new(&format!("{LIB}//- relux/tests/t.relux\n{text}"));
        let analysis = suite.analysis();
        for offset in 0..=text.len() as u32 + 1 {
            for trigger in [None, Some(' '), Some('{'), Some('.')] {
                let found = analysis
                    .completion(&suite.file, offset, trigger)
                    .expect("nothing writes");
                assert!(found.word.covers(found.typed), "{offset} in {text:?}");
                assert!(
                    found.items.is_empty() || found.typed.end == offset,
                    "{offset} in {text:?}"
                );
            }
        }
    }
}
