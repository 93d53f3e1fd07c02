//! Diagnostics, definitions and outlines on the example suite.

use relux_e2e::Scratch;
use serde_json::{Value, json};

use crate::session::Session;

const SMOKE: &str = "relux/tests/tasks/smoke.relux";

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().filter_map(|it| it["code"].as_str()).collect()
}

fn errors(found: &[Value]) -> Vec<&Value> {
    found.iter().filter(|it| it["severity"] == 1).collect()
}

/// 0-based line and column of the only occurrence of a text.
fn find(text: &str, needle: &str) -> (u32, u32) {
    assert_eq!(text.matches(needle).count(), 1, "`{needle}` must occur once");
    let at = text.find(needle).expect("just counted");
    let line = text[..at].matches('\n').count();
    let column = at - text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    (
        u32::try_from(line).expect("few lines"),
        u32::try_from(column).expect("short lines"),
    )
}

fn text(scratch: &Scratch, path: &str) -> String {
    std::fs::read_to_string(scratch.path().join(path)).expect("reading a file")
}

#[test]
fn mistakes_are_found_while_they_are_typed_and_go_with_them() {
    let scratch = Scratch::copy_of("examples/tasks");
    let text = text(&scratch, SMOKE);
    let mut session = Session::start(&scratch);
    let (uri, found) = session.open(SMOKE);
    assert_eq!(errors(&found), Vec::<&Value>::new());
    let mut version = 1;
    for (right, wrong, code) in [
        (", TASKS_PORT = tasks_port", "", "missing-expect"),
        ("start Tasks", "start Tsaks", "unresolved-effect"),
        ("import jq", "import jqq", "unresolved-import"),
    ] {
        let broken = text.replacen(right, wrong, 1);
        assert_ne!(broken, text, "`{right}` is in the example");
        version += 1;
        session.client.replace(&uri, version, &broken);
        let found = session.client.diagnostics(&uri, version);
        assert!(codes(&found).contains(&code), "{wrong}: {found:?}");
        version += 1;
        session.client.replace(&uri, version, &text);
        let found = session.client.diagnostics(&uri, version);
        assert_eq!(errors(&found), Vec::<&Value>::new());
    }
    session.finish();
}

/// A suite with mistakes of several kinds.
const WRONG: &str = "\
//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    expose service
    shell service {
        > db
    }
}
//- relux/tests/wrong.relux
import nothing
import db { Db }
test \"t\" {
    start Db as D
    shell D.servise {
        nope()
    }
}
";

#[test]
fn the_editor_and_the_check_say_the_same() {
    let scratch = Scratch::new(WRONG);
    let mut session = Session::start(&scratch);
    let (_, found) = session.open("relux/tests/wrong.relux");
    let mut in_editor: Vec<(String, u64)> = Vec::new();
    for finding in &found {
        let code = finding["code"].as_str().expect("a code").to_owned();
        in_editor.push((
            code,
            finding["range"]["start"]["line"].as_u64().expect("a line") + 1,
        ));
    }
    let checked = scratch.relux(&["check", "--message-format", "json"]);
    let report: Value =
        serde_json::from_str(&checked.stdout).unwrap_or_else(|_| panic!("{}", checked.shown()));
    let mut on_the_terminal: Vec<(String, u64)> = Vec::new();
    for finding in report["diagnostics"].as_array().expect("a list") {
        if finding["file"] != "relux/tests/wrong.relux" {
            continue;
        }
        let code = finding["code"].as_str().expect("a code").to_owned();
        on_the_terminal.push((code, finding["start"]["line"].as_u64().expect("a line")));
    }
    assert_eq!(in_editor, on_the_terminal);
    assert!(in_editor.len() >= 3, "{in_editor:?}");
    session.finish();
}

#[test]
fn definitions_lead_across_files() {
    let scratch = Scratch::copy_of("examples/tasks");
    let text = text(&scratch, SMOKE);
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open(SMOKE);
    for (at, file) in [
        ("service/tasks {", "relux/lib/service/tasks.relux"),
        ("jq {", "relux/lib/jq.relux"),
    ] {
        let found = session
            .client
            .ask_at("textDocument/definition", &uri, find(&text, at));
        assert_eq!(found[0]["uri"], session.uri(file), "{at}: {found}");
    }
    session.finish();
}

#[test]
fn names_are_found_shown_and_changed_across_files() {
    let scratch = Scratch::copy_of("examples/tasks");
    let text = text(&scratch, SMOKE);
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open(SMOKE);
    let (line, column) = find(&text, "Tasks, TasksWithBacklog");
    let shown = session.client.ask_at("textDocument/hover", &uri, (line, column));
    let page = shown["contents"]["value"].as_str().expect("a page");
    assert!(page.contains("Expects `STORE_PORT`"), "{page}");
    let params = json!({
        "textDocument": {"uri": uri}, "position": {"line": line, "character": column}, "newName": "Board"
    });
    let edit = session.client.ask("textDocument/rename", params);
    let files = edit["changes"].as_object().expect("a map");
    for path in [SMOKE, "relux/lib/service/tasks.relux"] {
        let edits = files[&session.uri(path)].as_array().expect("edits");
        assert!(edits.iter().all(|it| it["newText"] == "Board"), "{edits:?}");
    }
    let found = session.client.ask("workspace/symbol", json!({"query": "twb"}));
    assert_eq!(found[0]["name"], "TasksWithBacklog");
    session.finish();
}

#[test]
fn the_outline_and_the_lenses_name_every_test() {
    let scratch = Scratch::copy_of("examples/tasks");
    let mut session = Session::start(&scratch);
    let (uri, _) = session.open(SMOKE);
    let symbols = session.client.ask_about("textDocument/documentSymbol", &uri);
    let lenses = session.client.ask_about("textDocument/codeLens", &uri);
    let tests: Vec<&Value> = symbols
        .as_array()
        .expect("a list")
        .iter()
        .filter(|it| it["kind"] == 6)
        .collect();
    assert!(!tests.is_empty());
    let lenses = lenses.as_array().expect("a list");
    assert_eq!(lenses.len(), tests.len() + 1);
    assert_eq!(lenses[0]["command"]["arguments"], json!([{ "uri": uri }]));
    for (lens, test) in lenses[1..].iter().zip(&tests) {
        assert_eq!(lens["command"]["command"], "relux.runTests");
        assert_eq!(
            lens["command"]["arguments"],
            json!([{"uri": uri, "test": test["name"]}])
        );
        assert_eq!(lens["range"], test["selectionRange"]);
    }
    session.finish();
}

#[test]
fn files_that_cannot_be_read_are_told_and_hurt_nobody() {
    let scratch = Scratch::new("test \"a\" {\n    shell s {\n        > x\n    }\n}\n");
    scratch.write("relux/lib/binary.relux", [0xff, 0xfe, 0x00]);
    std::fs::create_dir(scratch.path().join("relux/lib/directory.relux")).expect("creating a directory");
    let mut session = Session::start(&scratch);
    let (uri, found) = session.open("relux/tests/t.relux");
    assert_eq!(errors(&found), Vec::<&Value>::new());
    session
        .client
        .replace(&uri, 2, "import binary\nimport directory\n");
    assert!(codes(&session.client.diagnostics(&uri, 2)).contains(&"unresolved-import"));
    session.finish();
}
