//! Going places through the protocol: every answer has the right file and columns in the units of the client.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

/// The clefs take two units of UTF-16 each.
const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
effect Db {
    expose shell service
    shell service {
        log(\"𝄞\")
    }
}
fn wait(what) {
    <? 𝄞 ${what}
}
//- relux/tests/t.relux
import db
test \"𝄞\" {
    start Db as db
    shell db.service {
        wait(\"𝄞\") wait(\"x\")
        wait(\"y\")
    }
}
";

const TEST: &str = "relux/tests/t.relux";
const LIB: &str = "relux/lib/db.relux";

/// `file:line:from-to` of a location, all from 0.
fn place(location: &Value) -> String {
    let uri = location["uri"].as_str().expect("a URI");
    let file = uri.rsplit('/').next().expect("a path");
    format!("{file}:{}", range(&location["range"]))
}

fn range(range: &Value) -> String {
    let (start, end) = (&range["start"], &range["end"]);
    format!(
        "{}:{}-{}:{}",
        start["line"], start["character"], end["line"], end["character"]
    )
}

fn list<T>(value: &Value, of: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().expect("a list").iter().map(of).collect()
}

fn started() -> Session {
    let files = Files::new(SUITE);
    let mut session = Session::started(&files);
    let text = SUITE.split("//- relux/tests/t.relux\n").nth(1).expect("the test");
    session.client.open(&uri(TEST), text);
    session
}

#[test]
fn references_highlights_and_definitions() {
    let mut session = started();
    let client = &mut session.client;
    let ask = |definitions| {
        json!({
            "textDocument": {"uri": uri(TEST)}, "position": {"line": 5, "character": 9},
            "context": {"includeDeclaration": definitions}
        })
    };
    let found = client.ask("textDocument/references", ask(true));
    let all = ["db.relux:6:3-6:7", "t.relux:4:8-4:12", "t.relux:5:8-5:12"];
    let calls = list(&found, place);
    assert!(calls.starts_with(&all[..1].iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()));
    assert!(calls.contains(&all[2].to_owned()), "{calls:?}");
    let found = client.ask("textDocument/references", ask(false));
    assert!(!list(&found, place).contains(&all[0].to_owned()));

    let found = client.ask_at("textDocument/documentHighlight", &uri(TEST), (2, 16));
    let shown = list(&found, |it| (range(&it["range"]), it["kind"].clone()));
    assert_eq!(
        shown,
        [
            ("2:16-2:18".to_owned(), json!(3)),
            ("3:10-3:12".to_owned(), json!(2))
        ]
    );
    let found = client.ask_at("textDocument/declaration", &uri(TEST), (3, 14));
    assert_eq!(list(&found, place), ["db.relux:1:17-1:24"]);
    let found = client.ask_at("textDocument/implementation", &uri(TEST), (2, 11));
    assert_eq!(list(&found, place), ["t.relux:2:10-2:12"]);
    session.finish();
}

#[test]
fn hierarchies_go_to_the_client_and_come_back() {
    let mut session = started();
    let client = &mut session.client;
    let items = client.ask_at("textDocument/prepareCallHierarchy", &uri(TEST), (5, 9));
    assert_eq!(items[0]["name"], "wait");
    assert_eq!(
        place(&json!({"uri": items[0]["uri"], "range": items[0]["selectionRange"]})),
        "db.relux:6:3-6:7"
    );
    let calls = client.ask("callHierarchy/incomingCalls", json!({"item": items[0]}));
    assert_eq!(calls[0]["from"]["name"], "𝄞");
    assert!(list(&calls[0]["fromRanges"], range).contains(&"5:8-5:12".to_owned()));
    let calls = client.ask("callHierarchy/outgoingCalls", json!({"item": calls[0]["from"]}));
    let names = list(&calls, |it| it["to"]["name"].clone());
    assert_eq!(names, ["Db", "wait"]);

    let items = client.ask_at("textDocument/prepareTypeHierarchy", &uri(TEST), (2, 11));
    assert_eq!(items[0]["name"], "Db");
    let users = client.ask("typeHierarchy/subtypes", json!({"item": items[0]}));
    assert_eq!(list(&users, |it| it["name"].clone()), ["𝄞"]);
    let used = client.ask("typeHierarchy/supertypes", json!({"item": users[0]}));
    assert_eq!(list(&used, |it| it["name"].clone()), ["Db"]);
    assert_eq!(
        client.ask("typeHierarchy/supertypes", json!({"item": items[0]})),
        json!([])
    );
    // An item whose file is gone.
    let mut gone = items[0].clone();
    gone["uri"] = json!("file:///nowhere/x.relux");
    assert_eq!(
        client.ask("typeHierarchy/subtypes", json!({ "item": gone })),
        Value::Null
    );
    session.finish();
}

#[test]
fn symbols_links_folds_and_selections() {
    let mut session = started();
    let client = &mut session.client;
    let found = client.ask("workspace/symbol", json!({"query": "wt"}));
    assert_eq!(list(&found, |it| place(&it["location"])), ["db.relux:6:3-6:7"]);
    assert_eq!(found[0]["containerName"], "lib/db");

    let links = client.ask_about("textDocument/documentLink", &uri(TEST));
    assert_eq!(links[0]["target"], json!(uri(LIB)));
    assert_eq!(range(&links[0]["range"]), "0:7-0:9");

    let folds = client.ask_about("textDocument/foldingRange", &uri(TEST));
    let shown = list(&folds, |it| (it["startLine"].clone(), it["endLine"].clone()));
    assert_eq!(shown, [(json!(1), json!(6)), (json!(3), json!(5))]);

    let asked = json!({"textDocument": {"uri": uri(TEST)}, "positions": [
        {"line": 2, "character": 10}, {"line": 99, "character": 0}
    ]});
    let selections = client.ask("textDocument/selectionRange", asked);
    assert_eq!(range(&selections[0]["range"]), "2:10-2:12");
    assert_eq!(range(&selections[0]["parent"]["range"]), "2:4-2:18");
    assert_eq!(list(&selections, |it| it["range"].is_object()), [true, true]);
    session.finish();
}

fn rename_at(session: &mut Session, (line, column): (u32, u32), new: &str) -> Value {
    let params = json!({
        "textDocument": {"uri": uri(TEST)}, "position": {"line": line, "character": column}, "newName": new
    });
    let id = session.client.request("textDocument/rename", params);
    session.client.answer(id)
}

#[test]
fn a_rename_names_the_versions_where_the_client_can_take_them() {
    let text = SUITE.split("//- relux/tests/t.relux\n").nth(1).expect("the test");
    let mut session = Session::new(&Files::new(SUITE));
    let versions = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
    session.client.initialize(&versions);
    session.client.open(&uri(TEST), text);
    session.client.insert(&uri(TEST), 7, (0, 0), "\n");
    let found = session
        .client
        .ask_at("textDocument/prepareRename", &uri(TEST), (3, 11));
    assert_eq!(
        (found["placeholder"].clone(), range(&found["range"])),
        (json!("Db"), "3:10-3:12".to_owned())
    );
    let edit = rename_at(&mut session, (3, 11), "Store")["result"]["documentChanges"].take();
    let shown = list(&edit, |file| {
        let edits = list(&file["edits"], |it| range(&it["range"]));
        (file["textDocument"].clone(), edits)
    });
    assert_eq!(
        shown,
        [
            (
                json!({"uri": uri(LIB), "version": null}),
                vec!["0:7-0:9".to_owned()]
            ),
            (
                json!({"uri": uri(TEST), "version": 7}),
                vec!["3:10-3:12".to_owned()]
            ),
        ]
    );
    session.finish();
}

#[test]
fn a_rename_is_plain_for_others_and_says_why_it_is_refused() {
    let mut session = started();
    let edit = rename_at(&mut session, (2, 11), "Store");
    let changes = edit["result"]["changes"].as_object().expect("a map").clone();
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[&uri(LIB)][0]["newText"], "Store");
    for (place, new, reason) in [
        (
            (2, 11),
            "store",
            "effects have names that begin with a capital, unlike `store`",
        ),
        (
            (0, 8),
            "store",
            "a module is renamed by moving its file: imports follow",
        ),
    ] {
        let error = rename_at(&mut session, place, new)["error"].take();
        assert_eq!(
            (error["code"].clone(), error["message"].clone()),
            (json!(-32803), json!(reason))
        );
    }
    let asked = json!({"textDocument": {"uri": uri(TEST)}, "position": {"line": 0, "character": 8}});
    assert_eq!(
        session.client.ask_error("textDocument/prepareRename", asked),
        -32803
    );
    assert_eq!(rename_at(&mut session, (0, 2), "x")["result"], Value::Null);
    // A document that is out of step must not be edited blindly.
    let wrong = json!([{"range": {"start": {"line": 5, "character": 4}, "end": {"line": 1, "character": 0}}, "text": ""}]);
    session.client.change(&uri(TEST), 2, &wrong);
    let asked = json!({"textDocument": {"uri": uri(LIB)}, "position": {"line": 0, "character": 8}, "newName": "Store"});
    let id = session.client.request("textDocument/rename", asked);
    let answer = session.client.answer(id);
    assert!(
        answer["error"]["message"]
            .as_str()
            .is_some_and(|it| it.contains("out of step")),
        "{answer}"
    );
    session.finish();
}

#[test]
fn importers_follow_a_module_that_moves() {
    let mut session = started();
    let moved = json!({"files": [{"oldUri": uri(LIB), "newUri": uri("relux/lib/service/store.relux")}]});
    let edit = session.client.ask("workspace/willRenameFiles", moved);
    assert_eq!(
        edit["changes"][uri(TEST)],
        json!([{"newText": "service/store", "range": {
            "start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 9}
        }}])
    );
    session.finish();
}

#[test]
fn an_effect_tells_who_starts_it_where_the_client_can_show_that() {
    let lib = SUITE
        .split("//- relux/lib/db.relux\n")
        .nth(1)
        .expect("the library");
    let lib = lib.split("//- ").next().expect("its text");
    let mut session = started();
    assert_eq!(
        session.client.ask_about("textDocument/codeLens", &uri(LIB)),
        json!([])
    );
    session.finish();

    let mut session = Session::new(&Files::new(SUITE));
    let able = json!({"experimental": {"commands": {"commands": ["relux.showReferences"]}}});
    session.client.initialize(&able);
    session.client.open(&uri(LIB), lib);
    let lenses = session.client.ask_about("textDocument/codeLens", &uri(LIB));
    assert_eq!(
        (&lenses[0]["command"], range(&lenses[0]["range"])),
        (&Value::Null, "0:7-0:9".to_owned())
    );
    let lens = session.client.ask("codeLens/resolve", lenses[0].clone());
    assert_eq!(lens["command"]["title"], "1 start");
    let arguments = &lens["command"]["arguments"];
    assert_eq!(
        (&arguments[0], &arguments[1]),
        (&json!(uri(LIB)), &json!({"line": 0, "character": 7}))
    );
    assert_eq!(list(&arguments[2], place), ["t.relux:2:10-2:12"]);
    session.client.insert(&uri(LIB), 7, (0, 0), "\n");
    assert_eq!(
        session.client.ask_error("codeLens/resolve", lenses[0].clone()),
        -32801
    );
    session.finish();
}

#[test]
fn the_effect_graph_is_an_answer() {
    let mut session = started();
    let mut ask = |argument: Value| {
        let params = json!({"command": "relux.showEffectGraph", "arguments": [argument]});
        let id = session.client.request("workspace/executeCommand", params);
        session.client.answer(id)
    };
    let whole = ask(json!({"uri": uri(TEST)}))["result"].take();
    assert_eq!(whole["format"], "mermaid");
    let text = whole["text"].as_str().expect("a text");
    assert!(
        text.starts_with("flowchart LR\n") && text.contains("lib/db"),
        "{text}"
    );
    let one = ask(json!({"uri": uri(TEST), "name": "Db", "format": "dot"}))["result"].take();
    let text = one["text"].as_str().expect("a text");
    assert!(
        text.starts_with("digraph relux {\n") && !text.contains("𝄞"),
        "{text}"
    );
    let error = ask(json!({"uri": uri(TEST), "name": "Dv"}))["error"].take();
    assert_eq!(
        error["message"],
        "no test and no effect is called \"Dv\"; did you mean \"Db\"?"
    );
    assert_eq!(ask(json!({}))["error"]["code"], -32602);
    session.finish();
}

#[test]
fn hovers_and_signatures_come_in_the_form_that_the_client_shows() {
    let text = SUITE.split("//- relux/tests/t.relux\n").nth(1).expect("the test");
    for (capabilities, kind, parameter, begins) in [
        (json!({}), "plaintext", json!("what"), "effect Db\n"),
        (
            json!({"textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "signatureHelp": {"signatureInformation": {"parameterInformation": {"labelOffsetSupport": true}}}
            }}),
            "markdown",
            json!([5, 9]),
            "```relux\neffect Db\n```",
        ),
    ] {
        let mut session = Session::new(&Files::new(SUITE));
        session.client.initialize(&capabilities);
        session.client.open(&uri(TEST), text);
        let found = session.client.ask_at("textDocument/hover", &uri(TEST), (2, 11));
        assert_eq!(found["contents"]["kind"], kind);
        assert_eq!(range(&found["range"]), "2:10-2:12");
        let value = found["contents"]["value"].as_str().expect("a text");
        assert!(value.starts_with(begins), "{value}");
        let found = session
            .client
            .ask_at("textDocument/signatureHelp", &uri(TEST), (5, 13));
        assert_eq!(found["signatures"][0]["label"], "wait(what)");
        assert_eq!(found["signatures"][0]["parameters"][0]["label"], parameter);
        assert_eq!(found["activeParameter"], 0);
        // Clients take a parameter that does not exist for the first one.
        session.client.insert(&uri(TEST), 2, (5, 16), ", ");
        let found = session
            .client
            .ask_at("textDocument/signatureHelp", &uri(TEST), (5, 18));
        assert_eq!(found["signatures"][0]["label"], "wait(what)");
        assert_eq!(found["signatures"][0]["parameters"], Value::Null);
        assert_eq!(found["activeParameter"], Value::Null);
        session.finish();
    }
}
