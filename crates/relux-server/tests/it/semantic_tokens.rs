//! Semantic tokens: all, those of a part, and what has changed.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/tests/a.relux
";

fn numbers(found: &Value) -> Vec<u64> {
    let data = found["data"].as_array().expect("numbers");
    data.iter().map(|it| it.as_u64().expect("a number")).collect()
}

#[test]
fn a_delta_leads_from_what_the_client_has_to_what_there_is() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    let text = "test \"a\" {\n    let 𝄞 = \"𝄞\"\n    shell s {\n        log(\"𝄞\")\n    }\n}\n";
    client.open(&uri, text);
    let document = json!({"uri": uri});
    let about = json!({ "textDocument": document });
    let full = client.ask("textDocument/semanticTokens/full", about.clone());
    let mut known = numbers(&full);
    // `𝄞` with its quotes is four units of UTF-16.
    assert!(known.chunks(5).any(|it| it[2] == 4), "{known:?}");
    for (version, position, typed) in [
        (2, (3, 16), "x"),
        (3, (2, 0), "    let y = 1\n"),
        (4, (0, 0), "// x\n"),
    ] {
        client.insert(&uri, version, position, typed);
        let id = client.ask("textDocument/semanticTokens/full", about.clone())["resultId"].clone();
        client.insert(&uri, version + 10, position, typed);
        let before = numbers(&client.ask(
            "textDocument/semanticTokens/full/delta",
            json!({"textDocument": document, "previousResultId": "none"}),
        ));
        assert!(!before.is_empty());
        let stale = json!({"textDocument": document, "previousResultId": id});
        let all = client.ask("textDocument/semanticTokens/full/delta", stale);
        known = numbers(&all);
        assert_eq!(known, before, "an id that was not sent last gets everything");
        let same = json!({"textDocument": document, "previousResultId": all["resultId"]});
        let nothing = client.ask("textDocument/semanticTokens/full/delta", same);
        assert_eq!(nothing["edits"], json!([]));
        client.insert(&uri, version + 20, position, typed);
        let last = json!({"textDocument": document, "previousResultId": nothing["resultId"]});
        let delta = client.ask("textDocument/semanticTokens/full/delta", last);
        for edit in delta["edits"].as_array().expect("edits") {
            let from = edit["start"].as_u64().expect("a number") as usize;
            let count = edit["deleteCount"].as_u64().expect("a number") as usize;
            known.splice(from..from + count, numbers(edit));
        }
        assert_eq!(
            known,
            numbers(&client.ask("textDocument/semanticTokens/full", about.clone()))
        );
    }
    session.finish();
}

#[test]
fn a_range_has_its_own_tokens_only() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "// a\n// b\n// c\n");
    let range = json!({"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}});
    let found = client.ask(
        "textDocument/semanticTokens/range",
        json!({"textDocument": {"uri": uri}, "range": range}),
    );
    assert_eq!(numbers(&found), [1, 0, 4, 1, 0]);
    session.finish();
}
