//! Code actions through the protocol: what is asked for and no more, edits when the client wants them.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
fn 𝄞() {
}
fn f() {
    log(\"𝄞\")
}
//- relux/tests/t.relux
import zz
import db
test \"𝄞\" {
    shell sh {
        > true
        f( )
        match_ok()
    }
}
//- relux/lib/zz.relux
fn g() {
}
";

const TEST: &str = "relux/tests/t.relux";

fn text() -> &'static str {
    let rest = SUITE.split("//- relux/tests/t.relux\n").nth(1).expect("the test");
    rest.split("//- ").next().expect("its text")
}

fn abilities(resolve: bool) -> Value {
    let mut action = json!({
        "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "isPreferredSupport": true, "dataSupport": true
    });
    if resolve {
        action["resolveSupport"] = json!({"properties": ["edit"]});
    }
    json!({"textDocument": {"codeAction": action}})
}

fn started(abilities: &Value) -> Session {
    let mut session = Session::new(&Files::new(SUITE));
    session.client.initialize(abilities);
    session.client.open(&uri(TEST), text());
    session
}

fn actions(session: &mut Session, line: u32, context: Value) -> Vec<Value> {
    let place = json!({"line": line, "character": 10});
    let mut context = context;
    context["diagnostics"] = json!([]);
    let params = json!({
        "textDocument": {"uri": uri(TEST)}, "range": {"start": place, "end": place}, "context": context
    });
    let found = session.client.ask("textDocument/codeAction", params);
    found.as_array().expect("a list").clone()
}

fn kinds(actions: &[Value]) -> Vec<&str> {
    actions.iter().filter_map(|it| it["kind"].as_str()).collect()
}

#[test]
fn a_fix_comes_with_its_finding() {
    let mut session = started(&abilities(true));
    let found = actions(&mut session, 5, json!({"only": ["quickfix"]}));
    let fix = &found[0];
    assert_eq!(fix["isPreferred"], true);
    assert_eq!(fix["diagnostics"][0]["code"], "misplaced-blank");
    assert_eq!(
        fix["diagnostics"][0]["range"]["start"],
        json!({"line": 5, "character": 10})
    );
    let edit = &fix["edit"]["changes"][uri(TEST)][0];
    assert_eq!(edit["newText"], "");
    assert!(kinds(&found).iter().all(|it| *it == "quickfix"));
    session.finish();
}

#[test]
fn only_what_is_wanted_is_offered() {
    let mut session = started(&abilities(true));
    let source = ["source.fixAll.relux", "source.organizeImports.relux"];
    for (context, expected) in [
        (json!({"only": ["source"]}), &source[..]),
        (json!({"only": ["source.fixAll"]}), &source[..1]),
        (json!({"only": ["source.organizeImports.relux"]}), &source[1..]),
        (json!({"only": ["source.fix"]}), &[]),
        (json!({"only": ["source.fixAll.other"]}), &[]),
    ] {
        let found = actions(&mut session, 0, context.clone());
        assert_eq!(kinds(&found), expected, "{context}");
    }
    let automatic = actions(&mut session, 0, json!({"triggerKind": 2}));
    assert!(!kinds(&automatic).iter().any(|it| it.starts_with("source")));
    let invoked = actions(&mut session, 0, json!({"triggerKind": 1}));
    assert!(kinds(&invoked).iter().any(|it| it.starts_with("source")));
    session.finish();
}

#[test]
fn edits_come_when_an_action_is_chosen_unless_the_client_wants_them_at_once() {
    let organized = |edit: &Value| edit["changes"][uri(TEST)][0]["newText"].clone();
    let context = json!({"only": ["source.fixAll"]});
    let mut session = started(&abilities(true));
    let found = actions(&mut session, 0, context.clone());
    assert_eq!(found[0]["edit"], Value::Null);
    let resolved = session.client.ask("codeAction/resolve", found[0].clone());
    let later = organized(&resolved["edit"]);
    // What was chosen before an edit is worthless.
    session.client.insert(&uri(TEST), 7, (0, 0), "\n");
    assert_eq!(
        session.client.ask_error("codeAction/resolve", found[0].clone()),
        -32801
    );
    session.finish();

    let mut session = started(&abilities(false));
    let found = actions(&mut session, 0, context);
    assert_eq!(organized(&found[0]["edit"]), later);
    assert!(later.is_string());
    session.finish();
}

#[test]
fn a_client_that_knows_commands_only_is_offered_nothing() {
    let mut session = started(&json!({}));
    assert_eq!(actions(&mut session, 5, json!({})), Vec::<Value>::new());
    session.finish();
}
