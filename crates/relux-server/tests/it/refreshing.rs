//! What an editor shows of one file and an edit in another changes: it is told to ask again, for that and nothing else.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const TEST: &str = "relux/tests/a.relux";
const LIB: &str = "relux/lib/db.relux";

const LIB_TEXT: &str =
    "effect Db {\n    expect PORT\n}\nfn ask(question, answer) {\n    > ${question}\n    <= ${answer}\n}\n";
const TEST_TEXT: &str = "import db\ntest \"a\" {\n    let port = \"1\"\n    start Db {\n        PORT = port\n    }\n    shell s {\n        ask(\"1\", \"2\")\n    }\n}\n";

/// A client that shows everything of both files and can be told to ask again.
fn started(refreshes: &Value) -> Session {
    let files = Files::new("//- Relux.toml\n");
    files.write(LIB, LIB_TEXT);
    files.write(TEST, TEST_TEXT);
    let mut session = Session::new(&files);
    session.client.initialize(&json!({
        "workspace": refreshes,
        "experimental": {"commands": {"commands": ["relux.showReferences"]}},
    }));
    session.client.open(&uri(TEST), TEST_TEXT);
    session.client.open(&uri(LIB), LIB_TEXT);
    session
}

fn all() -> Value {
    json!({
        "inlayHint": {"refreshSupport": true},
        "semanticTokens": {"refreshSupport": true},
        "codeLens": {"refreshSupport": true},
    })
}

impl Session {
    fn show(&mut self, path: &str) {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let document = json!({"uri": uri(path)});
        let params = json!({"textDocument": document, "range": range});
        self.client.ask("textDocument/inlayHint", params.clone());
        self.client
            .ask("textDocument/semanticTokens/full", params.clone());
        self.client.ask("textDocument/semanticTokens/range", params);
        let lenses = self.client.ask_about("textDocument/codeLens", &uri(path));
        for lens in lenses.as_array().expect("a list") {
            if lens["command"].is_null() {
                self.client.ask("codeLens/resolve", lens.clone());
            }
        }
    }

    /// The methods of the next requests of the server, sorted.
    fn asked(&mut self, count: usize) -> Vec<String> {
        let is_refresh = |it: &Value| it["method"].as_str().is_some_and(|it| it.ends_with("/refresh"));
        while self
            .client
            .server_requests
            .iter()
            .filter(|it| is_refresh(it))
            .count()
            < count
        {
            self.client.wait_for_message();
        }
        let mut asked = Vec::new();
        self.client.server_requests.retain(|it| {
            if is_refresh(it) {
                asked.push(it["method"].as_str().expect("a method").to_owned());
            }
            !is_refresh(it)
        });
        asked.sort();
        asked
    }
}

#[test]
fn what_an_edit_elsewhere_changes_is_asked_for_again_and_nothing_else() {
    let mut session = started(&all());
    session.show(TEST);
    session.show(LIB);
    // The name of a parameter is in the hints of the test.
    session.client.insert(&uri(LIB), 2, (3, 7), "my_");
    assert_eq!(session.asked(1), ["workspace/inlayHint/refresh"]);
    session.show(TEST);
    // A function of that name is no longer there: neither its hint nor its colour.
    session.client.insert(&uri(LIB), 3, (3, 3), "x");
    assert_eq!(
        session.asked(2),
        ["workspace/inlayHint/refresh", "workspace/semanticTokens/refresh"]
    );
    session.show(TEST);
    // A start more changes the lens above the effect, which is in the other file.
    session.show(LIB);
    session
        .client
        .insert(&uri(TEST), 2, (2, 0), "    start Db { PORT = \"2\" }\n");
    assert_eq!(session.asked(1), ["workspace/codeLens/refresh"]);
    session.finish();
}

#[test]
fn an_edit_that_changes_nothing_elsewhere_asks_for_nothing() {
    let mut session = started(&all());
    session.show(TEST);
    session.show(LIB);
    session.client.insert(&uri(LIB), 2, (0, 0), "// a comment\n");
    // The next edit is told of; had the first one been too, it would come before.
    session.client.insert(&uri(LIB), 3, (4, 7), "my_");
    assert_eq!(session.asked(1), ["workspace/inlayHint/refresh"]);
    session.finish();
}

#[test]
fn only_what_the_client_takes_is_asked_for() {
    let mut session = started(&json!({"semanticTokens": {"refreshSupport": true}}));
    session.show(TEST);
    session.client.insert(&uri(LIB), 2, (3, 3), "x");
    assert_eq!(session.asked(1), ["workspace/semanticTokens/refresh"]);
    session.finish();
}
