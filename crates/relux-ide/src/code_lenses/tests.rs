//! Which lenses stand where.

use super::LensKind;
use crate::test_suite::{TestSuite, shown};

fn lenses(text: &str) -> Vec<String> {
    let suite = TestSuite::new(text);
    let analysis = suite.analysis();
    let lenses = analysis.code_lenses(&suite.file).expect("nothing writes");
    let title = |kind: &LensKind| match kind {
        LensKind::RunFile => "file".to_owned(),
        LensKind::RunTest { name } => format!("test {name}"),
        LensKind::Starts => "starts".to_owned(),
    };
    let shown = lenses.iter().map(|lens| {
        let place = shown(&analysis, &suite.file, lens.range);
        format!("{} @ {place}", title(&lens.kind))
    });
    shown.collect()
}

#[test]
fn the_first_test_carries_the_file() {
    assert_eq!(
        lenses("fn f() {\n}\ntest \"a\" {\n}\n\ntest \"b \\\" c\" ~5s {\n}\n"),
        [
            "file @ relux/tests/main.relux:3: test [\"a\"] {",
            "test a @ relux/tests/main.relux:3: test [\"a\"] {",
            "test b \\\" c @ relux/tests/main.relux:6: test [\"b \\\" c\"] ~5s {",
        ]
    );
}

#[test]
fn nothing_to_run_means_no_lens() {
    assert!(lenses("fn f() {\n}\n").is_empty());
}

#[test]
fn effects_tell_who_starts_them() {
    assert_eq!(
        lenses("effect Db {\n}\ntest \"a\" {\n    start Db\n}\neffect {\n}\n"),
        [
            "starts @ relux/tests/main.relux:1: effect [Db] {",
            "file @ relux/tests/main.relux:3: test [\"a\"] {",
            "test a @ relux/tests/main.relux:3: test [\"a\"] {",
        ]
    );
}

#[test]
fn a_test_without_a_name_is_run_with_its_file() {
    assert_eq!(
        lenses("test {\n}\n"),
        ["file @ relux/tests/main.relux:1: test[] {"]
    );
}
