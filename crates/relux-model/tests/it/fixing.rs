//! Applying fixes: what a file becomes, and that nothing becomes worse.

use std::fmt::Write;

use proptest::prelude::*;
use relux_model::apply_fixes::fix_all;
use relux_model::{RootDb, Suite, all_files, diagnostics};
use relux_syntax::{Applicability, Severity};

use crate::check::load;

/// The files that changed, as they are afterwards, and what is still said about the suite.
fn fixed(fixture: &str, most: Applicability) -> String {
    let (mut db, suite, _) = load(fixture, &[]);
    let files = all_files(&db, suite);
    let outcome = fix_all(&mut db, suite, &files, most, 1);
    let mut shown = format!("{} applied\n", outcome.applied);
    for file in outcome.changed {
        let _ = write!(shown, "--- {}\n{}", file.path(&db), file.text(&db));
    }
    for file in all_files(&db, suite) {
        for finding in diagnostics(&db, suite, file) {
            let _ = writeln!(
                shown,
                "left: {} {} {}",
                file.path(&db),
                finding.code.as_str(),
                finding.message
            );
        }
    }
    shown
}

fn errors(db: &RootDb, suite: Suite) -> usize {
    let files = all_files(db, suite);
    let found = files.iter().flat_map(|&file| diagnostics(db, suite, file));
    found.filter(|it| it.severity == Severity::Error).count()
}

const SLIPS: &str = r#"//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    expose db
    shell db {
        > db --port ${DB_PORT}
    }
}
//- relux/tests/a.relux
import db

test "one" {
    start Db as Main
    shell s {
        > echo "a
        match_ok()
    }
}

tset "two" {
    start Db as Other
    shell s {
        <~5sec? done
        > x ; y
    }
}
"#;

#[test]
fn safe_fixes_only() {
    insta::assert_snapshot!(fixed(SLIPS, Applicability::Safe));
}

#[test]
fn all_fixes() {
    insta::assert_snapshot!(fixed(SLIPS, Applicability::Unsafe));
}

#[test]
fn a_clean_suite_stays_as_it_is() {
    let clean = "test \"t\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n";
    assert_eq!(fixed(clean, Applicability::Unsafe), "0 applied\n");
}

const PIECES: [&str; 12] = [
    "import db\n",
    "import dv\n",
    "import db { Db as db }\n",
    "test \"t\" {\n    start Db\n    shell s {\n        > true\n        match_ok()\n    }\n}\n",
    "tset \"u\" {\n    start Dc as X { DB_PORT }\n    shell s\n    {\n        > a // b\n        matchok()\n    }\n",
    "effect e {\n    expect a, B\n    start Db as D { DB_PORT = \"1\", DB_PORT = \"2\" }\n    expose D.dbb\n    shell x {\n        >\n    }\n}\n",
    "fn F(a a) {\n    <~3? x\n    x = \n    a := trim(b\n}\n",
    "}\n",
    "# flakey\n",
    "    > stray\n",
    "\"\"\"\n",
    "test \"v\" {\n    let port = available_port()\n    shell s {\n        port = \"2\"\n        > \\q ${\n        <= $1\n    }\n}\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn fixing_ends_and_does_not_make_it_worse(pieces in prop::collection::vec(0..PIECES.len(), 1..6), any in any::<bool>()) {
        let db_module = SLIPS.split("//- relux/tests").next().expect("a first file");
        let text: String = pieces.iter().map(|&piece| PIECES[piece]).collect();
        let (mut db, suite, _) = load(&format!("{db_module}//- relux/tests/t.relux\n{text}"), &[]);
        let files = all_files(&db, suite);
        let most = if any { Applicability::Unsafe } else { Applicability::Safe };
        let syntax_before = syntax_errors(&db, suite);
        let before = errors(&db, suite);
        let outcome = fix_all(&mut db, suite, &files, most, 1);
        let after = errors(&db, suite);
        let syntax_after = syntax_errors(&db, suite);
        prop_assert!((syntax_after, after) <= (syntax_before, before), "{}", text);
        prop_assert!(outcome.applied > 0 || outcome.changed.is_empty());
        // Doing it again changes nothing.
        let again = fix_all(&mut db, suite, &files, most, 1);
        prop_assert_eq!(again.applied, 0);
    }
}

fn syntax_errors(db: &RootDb, suite: Suite) -> usize {
    let files = all_files(db, suite);
    let found = files.iter().flat_map(|&file| diagnostics(db, suite, file));
    found
        .filter(|it| relux_model::codes::is_syntax(it.code.as_str()))
        .count()
}
