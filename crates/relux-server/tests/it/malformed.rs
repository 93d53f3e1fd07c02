//! Bytes that are no messages, and messages that make no sense: each is answered, and the session goes on.

use serde_json::{Value, json};

use crate::harness::{Files, Session, names, uri};

#[test]
fn bytes_that_are_no_message_do_not_end_the_session() {
    let mut session = Session::started(&Files::default());
    let client = &mut session.client;
    for (bytes, code) in [
        ("Content-Length: 3\r\n\r\n{{{", -32700),
        ("Content-Length: 2\r\n\r\n[]", -32600),
        ("Content-Length: nonsense\r\n\r\n", -32700),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", -32700),
        (
            "Content-Length: 2\r\nContent-Type: text/plain\r\nX: y\r\nY: z\r\n\r\n{}",
            -32600,
        ),
    ] {
        client.raw(bytes.as_bytes());
        let answer = client.answer(Value::Null);
        assert_eq!(answer["error"]["code"], code, "{bytes}");
    }
    session.finish();
}

#[test]
fn files_that_nobody_knows_have_nothing_to_tell() {
    let mut session = Session::started(&Files::default());
    let client = &mut session.client;
    for uri in [
        "file:///suite/none.relux",
        "untitled:x",
        "file:///",
        "http://a/b",
        "file:",
    ] {
        assert_eq!(
            client.ask_about("textDocument/documentSymbol", uri),
            Value::Null,
            "{uri}"
        );
        assert_eq!(
            client.ask_about("textDocument/codeLens", uri),
            Value::Null,
            "{uri}"
        );
        assert_eq!(
            client.ask_at("textDocument/definition", uri, (7, 7)),
            Value::Null,
            "{uri}"
        );
        client.change(uri, 2, &json!([{"text": "x"}]));
        client.close(uri);
    }
    session.finish();
}

#[test]
fn buffers_without_a_file_have_symbols_but_nothing_to_run() {
    let mut session = Session::started(&Files::default());
    let client = &mut session.client;
    let buffer = "untitled:Untitled-1";
    client.open(
        buffer,
        "test \"a\" {\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n",
    );
    assert!(client.diagnostics(buffer, 1).is_empty());
    assert_eq!(
        names(&client.ask_about("textDocument/documentSymbol", buffer))[0],
        "a"
    );
    assert_eq!(client.ask_about("textDocument/codeLens", buffer), Value::Null);
    client.close(buffer);
    assert_eq!(
        client.ask_about("textDocument/documentSymbol", buffer),
        Value::Null
    );
    session.finish();
}

#[test]
fn an_impossible_edit_is_told_and_mended_by_the_next_full_text() {
    let mut session = Session::started(&Files::new("//- Relux.toml\n//- relux/tests/a.relux\n"));
    let client = &mut session.client;
    let uri = uri("relux/tests/a.relux");
    client.open(&uri, "fn f() {\n}\n");
    assert_eq!(
        names(&client.ask_about("textDocument/documentSymbol", &uri)),
        ["f"]
    );
    client.insert(&uri, 2, (900, 0), "x");
    client.notification("window/logMessage", |it| {
        it["message"]
            .as_str()
            .is_some_and(|text| text.contains("out of step"))
    });
    let told = client.notification("window/showMessage", |_| true);
    assert_eq!(
        told["message"],
        "a.relux reads differently in the editor and in the language server: close and open it again"
    );
    assert_eq!(client.ask_about("textDocument/documentSymbol", &uri), Value::Null);
    client.insert(&uri, 3, (0, 0), "fn g() {\n}\n");
    assert_eq!(client.ask_about("textDocument/documentSymbol", &uri), Value::Null);
    client.replace(&uri, 4, "fn h() {\n}\n");
    assert_eq!(
        names(&client.ask_about("textDocument/documentSymbol", &uri)),
        ["h"]
    );
    session.finish();
}
