//! Outlines as indented text.

use super::Symbol;
use crate::test_suite::TestSuite;

fn outline(text: &str) -> String {
    let suite = TestSuite::new(text);
    let symbols = suite
        .analysis()
        .document_symbols(&suite.file)
        .expect("nothing writes");
    let mut lines = Vec::new();
    show(&symbols, 0, &mut lines);
    lines.join("\n")
}

fn show(symbols: &[Symbol], depth: usize, lines: &mut Vec<String>) {
    for symbol in symbols {
        assert!(symbol.whole.covers(symbol.focus), "{symbol:?}");
        let detail = symbol
            .detail
            .as_ref()
            .map(|it| format!(" {it}"))
            .unwrap_or_default();
        lines.push(format!(
            "{}{:?} {}{detail}",
            "  ".repeat(depth),
            symbol.kind,
            symbol.name
        ));
        show(&symbol.children, depth + 1, lines);
    }
}

#[test]
fn everything_is_nested_and_in_source_order() {
    let outline = outline(
        r#"
import db
import auth { Auth, url as auth_url }

fn wait(what, limit) {
}

effect Tasks {
    expect DB_PORT, PORT
    let base = "x"
    start Auth as A { DB_PORT }
    start Db
    expose service
    expose var base as url

    shell service {
        let inner = "not in the outline"
    }
    shell A.service {
    }
    cleanup {
    }
}

test "first" {
    let port = available_port()
    start Tasks
    shell client {
        > true
    }
}

pure fn url(port) {
}
"#,
    );
    insta::assert_snapshot!(outline);
}

#[test]
fn half_typed_items_have_a_place_and_a_name() {
    insta::assert_snapshot!(outline(
        "effect {\n    start\n    shell {\n    }\n}\n\ntest {\n    shell a {\n\nfn\n\ntest \"whole\" {\n}\n"
    ));
}
