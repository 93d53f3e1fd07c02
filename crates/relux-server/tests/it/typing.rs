//! Diagnostics while somebody types: what comes, when it goes, and in which units.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
effect Db {
    expect DB_PORT
}
//- relux/tests/a.relux
";

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().filter_map(|it| it["code"].as_str()).collect()
}

#[test]
fn a_half_typed_line_is_an_error_until_it_is_finished() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    let text = "import db { Db as Data }\ntest \"a\" {\n\n    shell s {\n        > x\n        match_ok()\n    }\n}\n";
    let user = "test \"b\" {\n    start Data { DB_PORT = \"1\" }\n    shell s {\n        > x\n        match_ok()\n    }\n}\n";
    client.open(&uri, &format!("{text}{user}"));
    client.diagnostics(&uri, 1);
    client.insert(&uri, 2, (2, 0), "    start Dat");
    // The error on the typed line waits; what comes is the error and nothing before it.
    let found = client.diagnostics(&uri, 2);
    let error = found.iter().find(|it| it["code"] == "unresolved-effect");
    let error = error.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(
        (&error["severity"], &error["source"]),
        (&json!(1), &json!("relux"))
    );
    assert_eq!(
        error["range"],
        json!({"start": {"line": 2, "character": 10}, "end": {"line": 2, "character": 13}})
    );
    client.insert(&uri, 3, (2, 13), "a { DB_PORT = \"1\" }");
    assert_eq!(codes(&client.diagnostics(&uri, 3)), Vec::<&str>::new());
    session.finish();
}

#[test]
fn what_nothing_uses_is_drawn_faint() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(
        &uri,
        "import db\ntest \"a\" {\n    shell s {\n        > ${gone}\n        match_ok()\n    }\n}\n",
    );
    let found = client.diagnostics(&uri, 1);
    assert_eq!(codes(&found), ["unused-import", "undefined-variable"]);
    assert_eq!(
        (&found[0]["tags"], &found[1]["tags"]),
        (&json!([1]), &Value::Null)
    );
    session.finish();
}

#[test]
fn a_syntax_error_comes_after_a_moment_and_goes_at_once() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(
        &uri,
        "test \"a\" {\n    let x\n    shell s {\n        > ${x}\n        match_ok()\n    }\n}\n",
    );
    assert_eq!(codes(&client.diagnostics(&uri, 1)), Vec::<&str>::new());
    client.insert(&uri, 2, (1, 9), " =");
    let found = client.diagnostics(&uri, 2);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (&found[0]["severity"], &found[0]["range"]["start"]["line"]),
        (&json!(1), &json!(1))
    );
    client.insert(&uri, 3, (1, 11), " \"1\"");
    assert_eq!(codes(&client.diagnostics(&uri, 3)), Vec::<&str>::new());
    session.finish();
}

#[test]
fn an_error_elsewhere_does_not_wait_for_the_typed_line() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "import db\ntest \"a\" {\n    start Db {\n        DB_PORT = \"1\"\n    }\n    shell s {\n        > x\n        match_ok()\n    }\n}\n");
    client.diagnostics(&uri, 1);
    // Taking the import away makes the start wrong, five lines below.
    client.change(&uri, 2, &json!([{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}}, "text": ""}]));
    assert_eq!(codes(&client.diagnostics(&uri, 2)), ["unresolved-effect"]);
    session.finish();
}

#[test]
fn related_places_are_named_in_other_files() {
    let mut session = Session::new(&Files::new(SUITE));
    let client = &mut session.client;
    client.initialize(&json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}}));
    let uri = uri("relux/tests/a.relux");
    client.open(
        &uri,
        "import db\ntest \"a\" {\n    start Db\n    shell s {\n        > x\n        match_ok()\n    }\n}\n",
    );
    let found = client.diagnostics(&uri, 1);
    assert_eq!(codes(&found), ["missing-expect"]);
    let place = &found[0]["relatedInformation"][0]["location"];
    assert_eq!(place["uri"], "file:///suite/relux/lib/db.relux");
    assert_eq!(place["range"]["start"], json!({"line": 1, "character": 11}));
    session.finish();
}

#[test]
fn an_edit_in_a_library_reaches_the_tests_that_are_open() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let (test, lib) = (uri("relux/tests/a.relux"), uri("relux/lib/db.relux"));
    client.open(&test, "import db\ntest \"a\" {\n    start Db {\n        DB_PORT = \"1\"\n    }\n    shell s {\n        > x\n        match_ok()\n    }\n}\n");
    assert_eq!(codes(&client.diagnostics(&test, 1)), Vec::<&str>::new());
    client.open(&lib, "effect Renamed {\n    expect DB_PORT\n}\n");
    let found = client.notification("textDocument/publishDiagnostics", |it| {
        it["uri"] == test.as_str() && it["diagnostics"][0]["code"] == "unresolved-effect"
    });
    assert_eq!(found["version"], 1);
    client.close(&lib);
    client.notification("textDocument/publishDiagnostics", |it| {
        it["uri"] == test.as_str() && it["diagnostics"] == json!([])
    });
    session.finish();
}

#[test]
fn columns_are_counted_as_agreed() {
    for (encoding, column) in [("utf-8", 21), ("utf-16", 19), ("utf-32", 18)] {
        let mut session = Session::new(&Files::new(SUITE));
        let client = &mut session.client;
        client.initialize(&json!({"general": {"positionEncodings": [encoding]}}));
        let uri = uri("relux/tests/a.relux");
        client.open(&uri, "fn f() {\n    log(\"𝄞\", \"1\", nope())\n}\n");
        let line = "    log(\"𝄞\", \"1\", nope())";
        assert_eq!(
            line.find("nope").expect("it is there"),
            20 + 1,
            "the test is right"
        );
        let found = client.diagnostics(&uri, 1);
        let nope = found
            .iter()
            .find(|it| it["message"].as_str().is_some_and(|text| text.contains("nope")));
        let nope = nope.unwrap_or_else(|| panic!("{found:?}"));
        assert_eq!(
            nope["range"]["start"],
            json!({"line": 1, "character": column}),
            "{encoding}"
        );
        session.finish();
    }
}

#[test]
fn closing_clears() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "import nothing\n");
    assert!(!client.diagnostics(&uri, 1).is_empty());
    client.close(&uri);
    let cleared = client.notification("textDocument/publishDiagnostics", |it| it["uri"] == uri.as_str());
    assert_eq!(cleared["diagnostics"], json!([]));
    session.finish();
}

/// Takes minutes if the lines of a file are counted again for every place that a finding is related to.
#[test]
fn thousands_of_findings_that_point_to_another_place_are_published() {
    let mut session = Session::new(&Files::new(SUITE));
    let client = &mut session.client;
    client.initialize(&json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}}));
    let uri = uri("relux/tests/a.relux");
    let many = 3_000;
    let test = format!(
        "test \"a\" {{\n    shell s {{\n        > x\n    }}\n}}\n{}",
        "\n".repeat(100)
    );
    client.open(&uri, &test.repeat(many));
    let found = client.diagnostics(&uri, 1);
    assert_eq!(found.len(), many - 1);
    let related = &found[many - 2]["relatedInformation"][0]["location"];
    assert_eq!(
        (&related["uri"], &related["range"]["start"]["line"]),
        (&json!(uri), &json!(0))
    );
    session.finish();
}

#[test]
fn an_error_anywhere_in_the_statement_that_is_typed_waits() {
    const FOUND: [&str; 1] = ["missing-expect"];
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    let test = |start: &str| {
        format!(
            "import db\ntest \"a\" {{\n    {start}\n    shell s {{\n        > x\n        match_ok()\n    }}\n}}\n"
        )
    };
    client.open(
        &uri,
        &test("start Db {\n        DB_PORT = \"1\"\n        OTHER = \"1\"\n    }"),
    );
    assert_eq!(codes(&client.diagnostics(&uri, 1)), ["overlay-key-not-expected"]);
    // On line 3 a letter makes two lines wrong: the name is missing where the effect is named, one line above.
    client.insert(&uri, 2, (3, 8), "X");
    // What is new comes all at once: after a moment, or at once if the server was slow.
    let mut all = client.diagnostics(&uri, 2);
    if codes(&all) != FOUND {
        assert!(!codes(&all).contains(&"missing-expect"), "{all:?}");
        all = client.diagnostics(&uri, 2);
    }
    assert_eq!(codes(&all), FOUND);
    session.finish();
}
