//! Hints as they stand in the text, in guillemets.

use super::{HintKind, WantedHints};
use crate::TextRange;
use crate::test_suite::TestSuite;

const LIB: &str = "\
//- .env
REGION=eu
//- relux/lib/l.relux
effect Store {
    expect STORE_PORT
    shell store {
        > store
    }
}
effect Auth {
    expect STORE_PORT, AUTH_PORT, REGION
    start Store
    shell auth {
        > auth
    }
}
fn ask(port, method, status) {
    > ask
}
fn one(what) {
    > ${what}
}
";

/// The text of the last file with its hints.
fn shown(text: &str, wanted: WantedHints) -> String {
    let suite = TestSuite::new(&format!("{LIB}{text}"));
    let analysis = suite.analysis();
    let mut out = analysis
        .text(&suite.file)
        .expect("nothing writes")
        .expect("a file")
        .to_string();
    let all = TextRange::new(0, out.len() as u32);
    let hints = analysis
        .inlay_hints(&suite.file, all, wanted)
        .expect("nothing writes");
    for hint in hints.iter().rev() {
        out.insert_str(hint.offset as usize, &format!("«{}»", hint.label));
    }
    out
}

const TESTS: &str = "\
//- relux/tests/t.relux
import l

test \"t\" {
    let port = available_port()
    start Store as store { STORE_PORT = port }
    start Auth { STORE_PORT = port, AUTH_PORT = \"1\" }
    start Store as other { STORE_PORT = \"2\" }
    shell a {
        ~5s
        ask(port, \"GET\", 200)
        let answer = ask(store_port, upper(\"x\"), status)
        answer = replace(\"a\", \"b\", answer)
        one(\"x\")
        <? x
    }
    shell b {
        <? y
    }
    shell a {
        > x
        <~1s? z
        <= x
        <? y
    }
    shell a {
        @1s
        <? y
    }
}
";

#[test]
fn hints_stand_where_the_text_says_less() {
    insta::assert_snapshot!(shown(TESTS, WantedHints::default()));
}

#[test]
fn an_effect_inherits_from_whoever_starts_it() {
    let text = "//- relux/lib/m.relux\nimport l\neffect M {\n    expect STORE_PORT\n    start Auth as auth { AUTH_PORT = \"1\" }\n    start Store\n}\n";
    insta::assert_snapshot!(shown(text, WantedHints::default()));
}

#[test]
fn every_kind_can_be_left_out() {
    let suite = TestSuite::new(&format!("{LIB}{TESTS}"));
    let analysis = suite.analysis();
    let all = TextRange::new(0, u32::MAX);
    let kinds = |wanted: WantedHints| {
        let hints = analysis
            .inlay_hints(&suite.file, all, wanted)
            .expect("nothing writes");
        let kinds: rustc_hash::FxHashSet<HintKind> = hints.iter().map(|it| it.kind).collect();
        kinds
    };
    let every = WantedHints::default();
    assert_eq!(kinds(every).len(), 4);
    for (left_out, wanted) in [
        (
            HintKind::Parameter,
            WantedHints {
                parameters: false,
                ..every
            },
        ),
        (
            HintKind::Inherited,
            WantedHints {
                inherited: false,
                ..every
            },
        ),
        (
            HintKind::Shared,
            WantedHints {
                shared: false,
                ..every
            },
        ),
        (
            HintKind::Timeout,
            WantedHints {
                timeouts: false,
                ..every
            },
        ),
    ] {
        let found = kinds(wanted);
        assert!(found.len() == 3 && !found.contains(&left_out), "{left_out:?}");
    }
}

#[test]
fn a_range_has_its_own_hints_only() {
    let suite = TestSuite::new(&format!("{LIB}{TESTS}"));
    let analysis = suite.analysis();
    let text = analysis
        .text(&suite.file)
        .expect("nothing writes")
        .expect("a file");
    let at = text.find("ask(port").expect("it is there") as u32;
    let range = TextRange::new(at, at + 22);
    let hints = analysis
        .inlay_hints(&suite.file, range, WantedHints::default())
        .expect("nothing writes");
    let labels: Vec<&str> = hints.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["method:", "status:"]);
}
