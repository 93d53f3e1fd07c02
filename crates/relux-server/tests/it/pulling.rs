//! Diagnostics for clients that ask: what they are answered, and when they are told to ask again.
//!
//! Waiting for the request to ask again is waiting for an event: without it a test hangs and fails.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
effect Db {
}
//- relux/tests/a.relux
import db
test \"a\" {
    start Db
    shell s {
        > x
        match_ok()
    }
}
//- relux/tests/b.relux
import nothing
";

const TEST: &str = "relux/tests/a.relux";
const LIB: &str = "relux/lib/db.relux";
const BROKEN: &str = "relux/tests/b.relux";

fn text_of(path: &str) -> &'static str {
    let (_, rest) = SUITE
        .split_once(&format!("{path}\n"))
        .expect("a file of the suite");
    rest.split("//- ").next().expect("its text")
}

/// A session with a client that asks, and takes the manifest along.
fn asking(files: &Files) -> Session {
    asking_with(files, &json!({"relatedDocumentSupport": true}))
}

/// Answers as `conformance.rs` shows them.
fn asking_with(files: &Files, diagnostic: &Value) -> Session {
    let mut session = Session::new(files);
    session.client.initialize(&json!({
        "workspace": {"diagnostics": {"refreshSupport": true}},
        "textDocument": {"diagnostic": diagnostic},
    }));
    session
}

impl Session {
    fn pull(&mut self, path: &str, previous: &Value) -> Value {
        let mut params = json!({"textDocument": {"uri": uri(path)}});
        if !previous.is_null() {
            params["previousResultId"] = previous.clone();
        }
        self.client.ask("textDocument/diagnostic", params)
    }

    fn codes(&mut self, path: &str) -> Vec<String> {
        codes(&self.pull(path, &Value::Null))
    }

    fn pull_all(&mut self, previous: &Value) -> Vec<(String, Vec<String>)> {
        let report = self
            .client
            .ask("workspace/diagnostic", json!({"previousResultIds": previous}));
        by_file(&report)
    }

    fn report(&mut self, changes: &[(&str, u32)]) {
        let changes = changes
            .iter()
            .map(|(path, kind)| json!({"uri": uri(path), "type": kind}));
        let changes: Vec<Value> = changes.collect();
        self.client
            .notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    fn is_asked_to_ask_again(&mut self) {
        self.client.server_request("workspace/diagnostic/refresh");
    }

    /// Nothing of the checker was pushed.
    fn was_told_nothing(&mut self) {
        let pushed = self
            .client
            .notifications
            .iter()
            .filter(|it| it["method"] == "textDocument/publishDiagnostics");
        assert_eq!(pushed.collect::<Vec<_>>(), Vec::<&Value>::new());
    }
}

fn codes(report: &Value) -> Vec<String> {
    let items = report["items"].as_array().expect("a full report");
    items
        .iter()
        .map(|it| it["code"].as_str().expect("a code").to_owned())
        .collect()
}

fn by_file(report: &Value) -> Vec<(String, Vec<String>)> {
    let items = report["items"].as_array().expect("a list");
    let mut found: Vec<(String, Vec<String>)> = items
        .iter()
        .map(|it| {
            let name = it["uri"]
                .as_str()
                .expect("a uri")
                .rsplit('/')
                .next()
                .expect("a name");
            let codes = if it["kind"] == "full" {
                codes(it)
            } else {
                vec!["unchanged".to_owned()]
            };
            (name.to_owned(), codes)
        })
        .collect();
    found.sort();
    found
}

fn ids(report: &Value) -> Value {
    let items = report["items"].as_array().expect("a list").iter();
    items
        .filter(|it| !it["resultId"].is_null())
        .map(|it| json!({"uri": it["uri"], "value": it["resultId"]}))
        .collect()
}

fn named(found: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let owned = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    found
        .iter()
        .map(|(name, codes)| ((*name).to_owned(), owned(codes)))
        .collect()
}

#[test]
fn an_answer_that_says_nothing_new_is_unchanged() {
    let mut session = asking(&Files::new(SUITE));
    let test = uri(TEST);
    session.client.open(&test, "import nothing\n");
    let first = session.pull(TEST, &Value::Null);
    assert_eq!(
        (&first["kind"], codes(&first)),
        (&json!("full"), vec!["unresolved-import".to_owned()])
    );
    let again = session.pull(TEST, &first["resultId"]);
    assert_eq!(
        (&again["kind"], &again["resultId"]),
        (&json!("unchanged"), &first["resultId"])
    );
    session.client.replace(&test, 2, text_of(TEST));
    let mended = session.pull(TEST, &first["resultId"]);
    assert_eq!((&mended["kind"], codes(&mended)), (&json!("full"), Vec::new()));
    session.client.replace(&test, 3, "import nothing\n");
    assert_eq!(
        session.pull(TEST, &mended["resultId"])["resultId"],
        first["resultId"]
    );
    session.was_told_nothing();
    session.finish();
}

#[test]
fn a_change_elsewhere_makes_the_client_ask_again() {
    let files = Files::new(SUITE);
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    session.client.open(&uri(LIB), "effect Other {\n}\n");
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), ["unresolved-effect"]);
    session.client.close(&uri(LIB));
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    files.remove(LIB);
    session.report(&[(LIB, 3)]);
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), ["unresolved-import"]);
    session.was_told_nothing();
    session.finish();
}

#[test]
fn what_is_being_typed_waits_and_what_is_mended_goes_at_once() {
    let mut session = asking(&Files::new(SUITE));
    let test = uri(TEST);
    session.client.open(&test, text_of(TEST));
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    session.client.insert(&test, 2, (2, 12), "x");
    // Whether the answer comes while the error still waits is a matter of speed; that it comes in the end is not.
    if session.codes(TEST).is_empty() {
        session.is_asked_to_ask_again();
    }
    assert_eq!(session.codes(TEST), ["unresolved-effect"]);
    session.client.change(
        &test,
        3,
        &json!([{"range": {"start": {"line": 2, "character": 12}, "end": {"line": 2, "character": 13}}, "text": ""}]),
    );
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    session.finish();
}

#[test]
fn the_manifest_comes_along_or_is_pushed() {
    let files = Files::new(SUITE);
    files.write("Relux.toml", "[run]\njobs = \"lots\"\n");
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    let report = session.pull(TEST, &Value::Null);
    assert_eq!(
        codes(&report["relatedDocuments"][uri("Relux.toml")]),
        ["invalid-manifest"]
    );
    session.was_told_nothing();
    session.finish();

    let mut session = asking_with(&files, &json!({}));
    session.client.open(&uri(TEST), text_of(TEST));
    let report = session.pull(TEST, &Value::Null);
    assert_eq!(report["relatedDocuments"], Value::Null);
    let pushed = session
        .client
        .notification("textDocument/publishDiagnostics", |it| {
            it["uri"] == uri("Relux.toml")
        });
    assert_eq!(pushed["diagnostics"][0]["code"], "invalid-manifest");
    session.was_told_nothing();
    session.finish();
}

#[test]
fn the_whole_suite_is_answered_and_what_is_gone_is_cleared() {
    let files = Files::new(SUITE);
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    let report = session
        .client
        .ask("workspace/diagnostic", json!({"previousResultIds": []}));
    assert_eq!(by_file(&report), named(&[("b.relux", &["unresolved-import"])]));
    let mut previous = ids(&report);

    // Moved: gone here, found there.
    files.remove(BROKEN);
    files.write("relux/tests/c.relux", text_of(BROKEN));
    session.report(&[(BROKEN, 3), ("relux/tests/c.relux", 1)]);
    let report = session
        .client
        .ask("workspace/diagnostic", json!({"previousResultIds": previous}));
    assert_eq!(
        by_file(&report),
        named(&[("b.relux", &[]), ("c.relux", &["unresolved-import"])])
    );
    previous = ids(&report);

    files.write(
        "relux/tests/c.relux",
        text_of(TEST).replace("\"a\"", "\"c\"").as_str(),
    );
    session.report(&[("relux/tests/c.relux", 2)]);
    assert_eq!(session.pull_all(&previous), named(&[("c.relux", &[])]));
    session.finish();
}

#[test]
fn a_question_without_news_waits_for_them() {
    let files = Files::new(SUITE);
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    let report = session
        .client
        .ask("workspace/diagnostic", json!({"previousResultIds": []}));
    let previous = ids(&report);
    let params = json!({ "previousResultIds": previous });
    let held = session.client.request("workspace/diagnostic", params.clone());
    let given_up = session.client.request("workspace/diagnostic", params);
    session
        .client
        .notify("$/cancelRequest", json!({ "id": given_up }));
    assert_eq!(session.client.answer(given_up)["error"]["code"], -32800);
    // An edit that changes nothing for anybody is no news; that the library goes is.
    session
        .client
        .open(&uri(LIB), "effect Db {\n    // the same\n}\n");
    session.client.replace(&uri(LIB), 2, "effect Other {\n}\n");
    let answer = session.client.answer(held);
    assert_eq!(
        by_file(&answer["result"]),
        named(&[
            ("a.relux", &["unresolved-effect"]),
            ("b.relux", &["unchanged"]),
            ("db.relux", &["unused-effect"])
        ])
    );
    session.finish();
}

#[test]
fn a_large_answer_comes_in_parts() {
    let files = Files::new(SUITE);
    for number in 0..200 {
        files.write(&format!("relux/tests/many/{number}.relux"), "import nothing\n");
    }
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    let params = json!({"previousResultIds": [], "partialResultToken": "parts"});
    let last = session.client.ask("workspace/diagnostic", params);
    assert_eq!(last, json!({"items": []}));
    let parts: Vec<Value> = session.client.notifications.iter().cloned().collect();
    let parts = parts.iter().filter(|it| it["params"]["token"] == "parts");
    let items: Vec<usize> = parts
        .map(|it| it["params"]["value"]["items"].as_array().expect("a list").len())
        .collect();
    assert!(items.len() > 2, "{items:?}");
    assert_eq!(items.iter().sum::<usize>(), 201);
    session.finish();
}

#[test]
fn after_a_switch_of_branches_a_running_server_says_what_a_new_one_says() {
    let files = Files::new(SUITE);
    for number in 0..300 {
        let path = format!("relux/tests/many/{number}.relux");
        files.write(&path, &text_of(TEST).replace("\"a\"", &format!("\"{number}\"")));
    }
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    assert_eq!(
        session.pull_all(&json!([])),
        named(&[("b.relux", &["unresolved-import"])])
    );

    let mut events = Vec::new();
    let names: Vec<String> = (0..300)
        .map(|number| format!("relux/tests/many/{number}.relux"))
        .collect();
    for (number, name) in names.iter().enumerate() {
        match number % 3 {
            0 => files.remove(name),
            1 => files.write(name, "import nothing/here\n"),
            _ => files.write(name, ""),
        }
        events.push((name.as_str(), if number % 3 == 0 { 3 } else { 2 }));
    }
    files.write(LIB, "effect Other {\n}\n");
    files.write("relux/tests/.env", "A = b = c\n");
    files.write("Relux.toml", "[lints]\nempty-test = \"error\"\n");
    events.extend([(LIB, 2), ("relux/tests/.env", 1), ("Relux.toml", 2)]);
    session.report(&events);
    let found = session.pull_all(&json!([]));

    let mut fresh = asking(&files);
    fresh.client.open(&uri(TEST), text_of(TEST));
    assert_eq!(found, fresh.pull_all(&json!([])));
    assert_eq!(session.codes(TEST), fresh.codes(TEST));
    assert!(found.len() > 100, "{}", found.len());
    session.finish();
    fresh.finish();
}

#[test]
fn codes_lead_to_their_explanation_where_the_client_has_one() {
    let files = Files::new(SUITE);
    let code_of = |capabilities: &Value| {
        let mut session = Session::new(&files);
        session.client.initialize(capabilities);
        session.client.open(&uri(BROKEN), text_of(BROKEN));
        let found = session.client.diagnostics(&uri(BROKEN), 1);
        session.finish();
        found[0]["codeDescription"].clone()
    };
    let taking = |address: &str| {
        json!({
            "experimental": {"reluxExplain": address},
            "textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}},
        })
    };
    assert_eq!(
        code_of(&taking("command:explain?%5B%22{code}%22%5D")),
        json!({"href": "command:explain?%5B%22unresolved-import%22%5D"})
    );
    // Neither what is no address, nor a client that does not take any.
    assert_eq!(code_of(&taking("no address {code}")), Value::Null);
    assert_eq!(code_of(&taking("https://book.example/codes")), Value::Null);
    assert_eq!(
        code_of(&json!({"experimental": {"reluxExplain": "https://book.example/{code}"}})),
        Value::Null
    );
}

/// Trees are large: those of a whole suite must not be in memory together, even if all of it is new.
#[test]
fn a_question_about_everything_drops_trees_on_its_way() {
    const MODULES: usize = 1_200;
    let files = Files::new(SUITE);
    let names: Vec<String> = (0..MODULES)
        .map(|it| format!("relux/tests/many/{it}.relux"))
        .collect();
    for name in &names {
        files.write(name, text_of(TEST));
    }
    let mut session = asking(&files);
    session.client.open(&uri(TEST), text_of(TEST));
    session.pull_all(&json!([]));

    for name in &names {
        files.write(name, &text_of(TEST).replace("match_ok", "nothing"));
    }
    let changes: Vec<(&str, u32)> = names.iter().map(|name| (name.as_str(), 2)).collect();
    session.report(&changes);
    let found = session.pull_all(&json!([]));
    let unresolved = found
        .iter()
        .filter(|(_, codes)| codes.contains(&"unresolved-function".to_owned()));
    assert_eq!(unresolved.count(), MODULES, "{:?}", found.first());
    let status = session.client.ask("relux/status", Value::Null);
    let trees = status["treesMade"].as_u64().expect("a number");
    assert!((1..600).contains(&trees), "{trees}");
    session.finish();
}

#[test]
fn the_manifest_and_the_environment_decide_from_the_editor_too() {
    let files = Files::new(SUITE);
    let mut session = asking(&files);
    let test = "test \"a\" {\n    shell s {\n        > x ${NAME_OF_NOTHING}\n        match_ok()\n    }\n}\n";
    session.client.open(&uri(TEST), test);
    assert_eq!(session.codes(TEST), ["undefined-variable"]);
    session.client.open(&uri(".env"), "");
    files.write(".env", "NAME_OF_NOTHING=1\n");
    session.report(&[(".env", 1)]);
    session.client.replace(&uri(".env"), 2, "NAME_OF_NOTHING=1\n");
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    session.client.replace(&uri(".env"), 3, "OTHER=1\n");
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), ["undefined-variable"]);
    session
        .client
        .open(&uri("Relux.toml"), "[lints]\nundefined-variable = \"allow\"\n");
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), Vec::<String>::new());
    session.client.close(&uri("Relux.toml"));
    session.is_asked_to_ask_again();
    assert_eq!(session.codes(TEST), ["undefined-variable"]);
    session.finish();
}
