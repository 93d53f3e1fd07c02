//! What the runner gets, for whole suites of both editions.

use std::fmt::Write as _;

use relux_model::assemble::{Selection, UnknownSelection, assemble, test_ids};
use relux_model::plan::{Program, StmtKind, TestEntry};

use crate::check::load;
use crate::plan_text::render;

/// The plans of the selected tests, and what could not be found.
fn plan(text: &str, selection: &Selection) -> String {
    let (db, suite, _) = load(text, &[]);
    let assembly = assemble(&db, suite, selection);
    let mut out = render(&assembly.program, &assembly.tests);
    for unknown in &assembly.unknown {
        let _ = match unknown {
            UnknownSelection::File { given, nearest } => writeln!(out, "unknown file {given} {nearest:?}"),
            UnknownSelection::Test {
                given,
                nearest,
                elsewhere,
            } => writeln!(out, "unknown test {given} {nearest:?} {elsewhere:?}"),
        };
    }
    out
}

macro_rules! plans {
    ($suite:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(plan($suite, &Selection::default()));
        })
    };
}

/// Three services, each on top of the one before, with ports handed down by inheritance.
const BOARD: &str = include_str!("suites/board.txt");

#[test]
fn services_in_2026_04() {
    plans!(BOARD);
}

#[test]
fn services_in_2026_08() {
    plans!(include_str!("suites/queue.txt"));
}

#[test]
fn every_statement() {
    plans!(include_str!("suites/statements.txt"));
}

#[test]
fn ambiguous_statements_follow_the_edition() {
    let body = "test \"t\" {
    shell s {
        let x
        x = \"a\\\"${y}\"
        x = ${V.port}$$
        > ${V.port} ${var} ${let}
    }
}
";
    let mut out = String::new();
    for edition in ["2026-04", "2026-08"] {
        let suite = format!("//- /Relux.toml\nedition = \"{edition}\"\n//- /relux/tests/a.relux\n{body}");
        let _ = writeln!(out, "--- {edition}\n{}", plan(&suite, &Selection::default()));
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(out) });
}

#[test]
fn errors_stop_the_tests_that_reach_them() {
    plans!(
        "//- /relux/lib/good.relux
effect Fine {
    shell s {
        > ok
    }
}
fn fine() {
    match_ok()
}
//- /relux/lib/bad.relux
fn broken() {
    nowhere()
}
fn innocent() {
    \"but in a module with an error\"
}
effect Indirect {
    shell s {
        broken()
    }
}
//- /relux/tests/a.relux
import good
import bad
test \"reaches an error through an effect\" {
    start Indirect
    shell s {
        > x
    }
}
test \"has an error of its own\" {
    shell s {
        macth_ok()
    }
}
test \"runs\" {
    start Fine
    shell s {
        fine()
    }
}
test \"reaches a module with an error\" {
    shell s {
        innocent()
    }
}
//- /relux/tests/b.relux
import nowhere
test \"import\" {
    shell s {
        > x
    }
}
"
    );
}

#[test]
fn circles_do_not_run_whatever_is_allowed() {
    plans!(
        "//- /Relux.toml
[lints]
unresolved-function = \"allow\"
function-cycle = \"allow\"
effect-cycle = \"allow\"
//- /relux/tests/a.relux
fn f() {
    // relux: allow(function-cycle)
    g()
}
fn g() {
    f()
}
effect A {
    // relux: allow(effect-cycle)
    start B
    shell s {
        > x
    }
}
effect B {
    start A
    shell s {
        > x
    }
}
test \"functions\" {
    shell s {
        f()
    }
}
//- /relux/tests/b.relux
test \"unknown\" {
    shell s {
        nowhere()
    }
}
"
    );
}

#[test]
fn markers_of_everything_reached() {
    plans!(
        "//- /relux/tests/a.relux
# flaky
effect Base {
    shell s {
        > x
    }
}
# skip unless which(\"curl\")
effect Top {
    start Base
    shell s {
        helper()
    }
}
# run if \"${CI}\" ? ^(yes|1)$
fn helper() {
    name()
}
# skip if OS = \"plan9\"
pure fn name() {
    \"x\"
}
# skip if SMOKE
# run if name() = \"x\"
test \"t\" {
    start Top
    shell s {
        > x
    }
}
"
    );
}

#[test]
fn shells_of_aliases() {
    plans!(
        "//- /relux/tests/a.relux
effect One {
    expose main as only
    shell main {
        > x
    }
}
effect Silent {
    shell first {
        > x
    }
    shell second {
        > x
    }
}
effect Two {
    expose a
    expose b
    shell a {
        > x
    }
    shell b {
        > x
    }
}
test \"t\" {
    let old = \"1\"
    start One as one
    start Silent as silent
    start Two as two
    shell one {
        > goes on in one.only
    }
    shell one.only {
        > x
    }
    shell silent {
        > goes on in silent.first
    }
    shell two {
        > a shell of the test
    }
}
"
    );
}

#[test]
fn selections() {
    let select = |files: &[&str], tests: &[&str]| Selection {
        files: files.iter().map(ToString::to_string).collect(),
        tests: tests.iter().map(ToString::to_string).collect(),
    };
    let suite = "//- /relux/lib/x.relux
test \"in a library\" {
    shell s {
        > x
    }
}
//- /relux/tests/db/errors.relux
test \"A b!\" {
    shell s {
        > x
    }
}
test \"\" {
    shell s {
        > x
    }
}
//- /relux/tests/db/smoke.relux
test \"A b\" {
    shell s {
        > x
    }
}
";
    let mut out = String::new();
    for (files, tests) in [
        (&[][..], &[][..]),
        (&["relux/tests/db"], &[]),
        (&["relux/tests/db/smoke.relux"], &[]),
        (&["relux/tests/d", "relux/tests/db/smke.relux"], &[]),
        (&[], &["A b"]),
        (&[], &["db/errors/a-b", "db/errors/unnamed"]),
        (&["relux/tests/db/smoke.relux"], &["db/errors/a-b"]),
        (&[], &["A c", "a  b"]),
    ] {
        let _ = writeln!(out, "--- files {files:?} tests {tests:?}");
        let plans = plan(suite, &select(files, tests));
        for line in plans.lines().filter(|line| !line.starts_with(' ')) {
            let _ = writeln!(out, "{line}");
        }
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(out) });
}

#[test]
fn ids_are_unique() {
    let body = "{\n    shell s {\n        > x\n    }\n}\n";
    let (db, suite, _) = load(
        &format!("test \"a b\" {body}test \"a-b\" {body}test \"a b 2\" {body}test \"A B\" {body}"),
        &[],
    );
    let ids = test_ids(&db, suite.files(&db)[0]);
    assert_eq!(ids, &["main/a-b", "main/a-b-2", "main/a-b-2-2", "main/a-b-3"]);
}

/// Every place in a plan lies in its file and cuts no character.
#[test]
fn places_are_in_their_files() {
    for suite in [
        BOARD,
        include_str!("suites/queue.txt"),
        include_str!("suites/statements.txt"),
    ] {
        let (db, suite, _) = load(suite, &[]);
        let assembly = assemble(&db, suite, &Selection::default());
        let program = &assembly.program;
        for test in &assembly.tests {
            let TestEntry::Ready(plan) = test else {
                panic!("{test:?}");
            };
            assert_eq!(text(program, plan.loc).trim_matches('"'), plan.name);
            for block in &plan.blocks {
                for stmt in &block.body {
                    let text = text(program, stmt.loc);
                    assert!(!text.is_empty() && text == text.trim_start(), "{text:?}");
                    if let StmtKind::Let { name, .. } = &stmt.kind {
                        assert!(
                            text.starts_with("let ") && text.contains(name.as_str()),
                            "{text:?}"
                        );
                    }
                }
            }
        }
        for function in &program.functions {
            assert_eq!(text(program, function.loc), function.name);
        }
        for effect in &program.effects {
            assert_eq!(text(program, effect.loc), effect.name);
            for expose in &effect.exposes {
                assert_eq!(text(program, expose.loc), expose.target);
            }
        }
    }
}

fn text(program: &Program, loc: relux_model::plan::Loc) -> &str {
    loc.range.slice(&program.files[loc.file.0 as usize].text)
}
