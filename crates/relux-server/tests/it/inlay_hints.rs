//! Inlay hints, and what is told about them when they are pointed at.

use serde_json::{Value, json};

use crate::harness::{Files, Session, uri};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/l.relux
// Asks nicely.
fn ask(port, method) {
    > ask
}
effect Inner {
    expect PORT
}
effect Outer {
    expect PORT
    start Inner
}
//- relux/tests/a.relux
";

#[test]
fn hints_stand_at_their_places_and_tell_more() {
    let mut session = Session::started(&Files::new(SUITE));
    let client = &mut session.client;
    let (test, lib) = (uri("relux/tests/a.relux"), uri("relux/lib/l.relux"));
    client.open(&test, "import l { ask }\nfn f() {\n    ask(\"𝄞\", \"x\")\n}\n");
    let all = json!({"start": {"line": 0, "character": 0}, "end": {"line": 20, "character": 0}});
    let found = client.ask(
        "textDocument/inlayHint",
        json!({"textDocument": {"uri": test}, "range": all}),
    );
    let places: Vec<(&Value, &Value)> = found
        .as_array()
        .expect("hints")
        .iter()
        .map(|it| (&it["label"], &it["position"]))
        .collect();
    assert_eq!(
        places,
        [
            (&json!("port:"), &json!({"line": 2, "character": 8})),
            (&json!("method:"), &json!({"line": 2, "character": 14})),
        ]
    );
    assert_eq!(
        (&found[0]["kind"], &found[0]["tooltip"]),
        (&json!(2), &Value::Null)
    );
    let resolved = client.ask("inlayHint/resolve", found[0].clone());
    let tooltip = resolved["tooltip"]["value"].as_str().expect("a page");
    assert!(tooltip.contains("Asks nicely."), "{tooltip}");

    client.open(
        &lib,
        &SUITE[SUITE.find("// Asks").expect("it is there")
            ..SUITE.find("//- relux/tests").expect("it is there")],
    );
    let found = client.ask(
        "textDocument/inlayHint",
        json!({"textDocument": {"uri": lib}, "range": all}),
    );
    assert_eq!(found[0]["label"], "inherits PORT");
    assert_eq!(found[0]["paddingLeft"], true);
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    session.finish();
}
