//! Callers, callees, and the two ends of starts.

use super::{Calls, Hierarchy};
use crate::test_suite::{TestSuite, shown};

const SUITE: &str = "\
//- relux/lib/db.relux
effect Db {
    shell s {
        ready(\"db\")
    }
}
fn ready(what) {
    <? ^${what} ${quote(what)}$
}
pure fn quote(text) {
    \"'${text}'\"
}
//- relux/lib/auth.relux
import db
effect Auth {
    start Db as D
    start Db as E
    shell s {
        ready(quote(\"a\"))
    }
}
//- relux/tests/t.relux
import db { ready as up, Db }
import auth
# skip if quote(\"x\")
test \"t\" {
    start Auth
    start Db
    shell a {
        up(\"x\")
        up(\"y\")
    }
}
";

#[track_caller]
fn check(mark: &str, what: Hierarchy, incoming: &[&str], outgoing: &[&str]) {
    let (before, after) = SUITE.split_once(&mark.replace("<|>", "")).expect("the mark");
    let suite = TestSuite::new(&format!("{before}{mark}{after}"));
    let analysis = suite.analysis();
    let items = analysis
        .hierarchy(&suite.file, suite.offset, what)
        .expect("nothing writes");
    let [item] = items.as_slice() else {
        panic!("one item, not {items:?}");
    };
    let shown = |calls: Vec<Calls>, own: bool| -> Vec<String> {
        let line = |calls: Calls| {
            let file = if own { &item.file } else { &calls.item.file };
            let lines: Vec<String> = calls
                .ranges
                .iter()
                .map(|range| shown(&analysis, file, *range))
                .collect();
            format!(
                "{} ({}): {}",
                calls.item.name,
                calls.item.detail,
                lines.join("; ")
            )
        };
        calls.into_iter().map(line).collect()
    };
    let (name, was) = (item.name.as_str(), item.focus.start);
    let found = analysis.incoming(&item.file, name, was, item.kind);
    assert_eq!(shown(found.expect("nothing writes"), false), incoming);
    let found = analysis.outgoing(&item.file, name, was, item.kind, what);
    assert_eq!(shown(found.expect("nothing writes"), true), outgoing);
}

#[test]
fn functions_are_called_under_any_name() {
    check(
        "        up<|>(\"y\")",
        Hierarchy::Calls,
        &[
            "Auth (lib/auth): relux/lib/auth.relux:6: [ready](quote(\"a\"))",
            "Db (lib/db): relux/lib/db.relux:3: [ready](\"db\")",
            "t (tests/t): relux/tests/t.relux:8: [up](\"x\"); relux/tests/t.relux:9: [up](\"y\")",
        ],
        &[],
    );
}

#[test]
fn effects_call_functions_and_start_effects() {
    check(
        "effect A<|>uth",
        Hierarchy::Calls,
        &["t (tests/t): relux/tests/t.relux:5: start [Auth]"],
        &[
            "Db (lib/db): relux/lib/auth.relux:3: start [Db] as D; relux/lib/auth.relux:4: start [Db] as E",
            "ready ((what) lib/db): relux/lib/auth.relux:6: [ready](quote(\"a\"))",
            "quote ((text) lib/db): relux/lib/auth.relux:6: ready([quote](\"a\"))",
        ],
    );
}

#[test]
fn tests_begin_a_call_hierarchy() {
    check(
        "test \"<|>t\"",
        Hierarchy::Calls,
        &[],
        &[
            "Auth (lib/auth): relux/tests/t.relux:5: start [Auth]",
            "Db (lib/db): relux/tests/t.relux:6: start [Db]",
            "ready ((what) lib/db): relux/tests/t.relux:8: [up](\"x\"); relux/tests/t.relux:9: [up](\"y\")",
        ],
    );
}

#[test]
fn starts_alone_are_the_type_hierarchy() {
    check(
        "effect A<|>uth",
        Hierarchy::Starts,
        &["t (tests/t): relux/tests/t.relux:5: start [Auth]"],
        &["Db (lib/db): relux/lib/auth.relux:3: start [Db] as D; relux/lib/auth.relux:4: start [Db] as E"],
    );
}

#[test]
fn a_function_is_no_type_and_a_comment_is_nothing() {
    for (text, what) in [
        ("fn f<|>() {\n}\n", Hierarchy::Starts),
        ("// effect A<|>\n", Hierarchy::Calls),
    ] {
        let suite = TestSuite::new(text);
        let found = suite.analysis().hierarchy(&suite.file, suite.offset, what);
        assert_eq!(found, Ok(vec![]));
    }
}
