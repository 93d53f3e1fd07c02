//! Searching by some letters of a name.

use crate::test_suite::TestSuite;

const SUITE: &str = "\
//- relux/lib/auth.relux
effect Auth {
}
effect AuthWithPeople {
}
fn open_account(port) {
}
//- relux/tests/t.relux
test \"opens an account\" {
    shell a {
        > x
    }
}
fn account() {
}
";

#[track_caller]
fn check(query: &str, expected: &[&str]) {
    let suite = TestSuite::new(SUITE);
    let found = suite.analysis().workspace_symbols(query).expect("nothing writes");
    let shown: Vec<String> = found
        .iter()
        .map(|it| format!("{:?} {} in {}", it.kind, it.name, it.module))
        .collect();
    assert_eq!(shown, expected, "{query}");
}

#[test]
fn the_best_match_comes_first() {
    check(
        "auth",
        &["Effect Auth in lib/auth", "Effect AuthWithPeople in lib/auth"],
    );
    check("awp", &["Effect AuthWithPeople in lib/auth"]);
    check(
        "account",
        &[
            "Function account in tests/t",
            "Function open_account in lib/auth",
            "Test opens an account in tests/t",
        ],
    );
    check(
        "open acc",
        &[
            "Function open_account in lib/auth",
            "Test opens an account in tests/t",
        ],
    );
    check("xyz", &[]);
}

#[test]
fn an_empty_query_finds_everything() {
    let suite = TestSuite::new(SUITE);
    assert_eq!(suite.analysis().workspace_symbols("").map(|it| it.len()), Ok(5));
}
