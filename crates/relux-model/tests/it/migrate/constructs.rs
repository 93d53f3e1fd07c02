//! Each construct, before and after.

use super::*;
use Edition::{E2026_04 as OLD, E2026_08 as NEW};

#[test]
fn binds() {
    let old = r#"//- relux/lib/db.relux
effect Db {
    expect PORT
    let addr = "127.0.0.1:${PORT}"
    let empty
    expose db
    shell db {
        > db ${addr}${empty}
    }
}

fn put(key) {
    // kept
    let line = key
    line = upper(key)
    line="${line}"
    line
}
//- relux/tests/t.relux
import db

test "t" {
    let p=available_port()
    let PORT = p
    start Db { PORT = p, EXTRA="1" PORT2 =2 }
    start Db {
        PORT,
    }
    shell s {
        let x = "1"
        x = 2
        x = $1
        > ${x} = 1
        <= x = 1
        put("a = b")
    }
    cleanup {
        let y = 1
        > rm ${y}
    }
}
"#;
    let new = r#"//- relux/lib/db.relux
effect Db {
    expect PORT
    let addr := "127.0.0.1:${PORT}"
    let empty
    expose shell db
    shell db {
        > db ${addr}${empty}
    }
}

fn put(key) {
    // kept
    let line := key
    line := upper(key)
    line:="${line}"
    line
}
//- relux/tests/t.relux
import db

test "t" {
    let p:=available_port()
    let PORT := p
    start Db { PORT := p, EXTRA:="1" PORT2 :=2 }
    start Db {
        PORT,
    }
    shell s {
        let x := "1"
        x := 2
        x := $1
        > ${x} = 1
        <= x = 1
        put("a = b")
    }
    cleanup {
        let y := 1
        > rm ${y}
    }
}
"#;
    becomes(NEW, old, new);
    becomes(OLD, new, old);
}

#[test]
fn a_comparison_stays_one() {
    let text = "//- Relux.toml\nedition = \"2026-08\"\n//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        let x := \"y\"\n        x = y\n        x ? ^y$\n        > ${x}\n    }\n}\n";
    becomes(NEW, text, "");
}

#[test]
fn what_has_no_evidence_follows_the_suite() {
    let fixture = |edition: &str, bind: &str| {
        format!(
            "//- Relux.toml\nedition = \"{edition}\"\n//- relux/lib/a.relux\nfn f(x) {{\n    x {bind} \"1\"\n    > ${{x}}\n}}\n//- relux/tests/t.relux\nimport a\n\ntest \"t\" {{\n    shell s {{\n        f(\"a\")\n    }}\n}}\n"
        )
    };
    becomes(NEW, &fixture("2026-04", "="), &fixture("2026-08", ":="));
    becomes(OLD, &fixture("2026-08", ":="), &fixture("2026-04", "="));
    let read_as_new = fixture("2026-08", "=");
    becomes(NEW, &read_as_new, &read_as_new);
}

const SERVICES_OLD: &str = r#"//- relux/lib/db.relux
effect Db {
    expose Srv
    expose Srv as Main
    expose log
    shell Srv {
        > db
    }
    shell log {
        > tail
    }
}
//- relux/lib/auth.relux
import db { Db as Store }

effect Auth {
    // the store
    start Store as db
    expose db.Srv as store
    expose db.Main
    expose web_2 as Web
    shell web_2 {
        > auth
    }
    shell db.log {
        > reload
    }
}
//- relux/tests/t.relux
import auth
import db

test "t" {
    start Auth as auth
    start Db as db
    start Db as Db
    shell auth.store {
        > ${db.Srv} ${Db.Srv} $${Db.Srv} $$${Db.Srv}
    }
    shell auth.Web {
        > x
    }
    shell auth.Main {
        > x
    }
    shell db.Srv {
        > x
    }
    shell Db.Main {
        > x
    }
}
"#;

#[test]
fn names_of_aliases_and_shells() {
    let new = r#"//- relux/lib/db.relux
effect Db {
    expose shell srv
    expose shell srv as main
    expose shell log
    shell srv {
        > db
    }
    shell log {
        > tail
    }
}
//- relux/lib/auth.relux
import db { Db as Store }

effect Auth {
    // the store
    start Store as Db
    expose shell Db.srv as store
    expose shell Db.main
    expose shell web_2 as web
    shell web_2 {
        > auth
    }
    shell Db.log {
        > reload
    }
}
//- relux/tests/t.relux
import auth
import db

test "t" {
    start Auth as Auth
    start Db as Db2
    start Db as Db
    shell Auth.store {
        > ${db.Srv} $${Db.Srv} $${Db.Srv} $$$${Db.Srv}
    }
    shell Auth.web {
        > x
    }
    shell Auth.main {
        > x
    }
    shell Db2.srv {
        > x
    }
    shell Db.main {
        > x
    }
}
"#;
    becomes(NEW, SERVICES_OLD, new);
}

#[test]
fn aliases_are_lowered_again() {
    let new = r#"//- Relux.toml
edition = "2026-08"
//- relux/tests/t.relux
effect Db {
    expose shell srv
    shell srv {
        > db
    }
}

effect All {
    start Db as MainDb
    expose shell MainDb.srv as db
}

test "t" {
    start All as All
    start Db as S
    start Db as Shell
    shell All.db {
        > x
    }
    shell S.srv {
        > x
    }
    shell Shell.srv {
        > x
    }
    shell s {
        > x
    }
}
"#;
    let old = r#"//- Relux.toml
edition = "2026-04"
//- relux/tests/t.relux
effect Db {
    expose srv
    shell srv {
        > db
    }
}

effect All {
    start Db as main_db
    expose main_db.srv as db
}

test "t" {
    start All as all
    start Db as S
    start Db as Shell
    shell all.db {
        > x
    }
    shell S.srv {
        > x
    }
    shell Shell.srv {
        > x
    }
    shell s {
        > x
    }
}
"#;
    becomes(OLD, new, old);
}

#[test]
fn two_shells_stay_two() {
    becomes(
        NEW,
        r#"effect E {
    expose Srv
    expose srv
    shell Srv {
        > a
    }
    shell srv {
        > b
    }
    shell Shell {
        > c
    }
}

test "t" {
    start E as e
    shell e.Srv {
        > a
    }
    shell e.srv {
        > b
    }
}
"#,
        r#"effect E {
    expose shell srv_2
    expose shell srv
    shell srv_2 {
        > a
    }
    shell srv {
        > b
    }
    shell shell_ {
        > c
    }
}

test "t" {
    start E as E
    shell E.srv_2 {
        > a
    }
    shell E.srv {
        > b
    }
}
"#,
    );
}

#[test]
fn an_inner_and_an_outer_name_may_part() {
    becomes(
        NEW,
        r#"effect E {
    expose Srv
    expose log as srv
    shell Srv {
        > a
    }
    shell log {
        > b
    }
}

test "t" {
    start E as e
    shell e.Srv {
        > a
    }
    shell e.srv {
        > b
    }
}
"#,
        r#"effect E {
    expose shell srv as srv_2
    expose shell log as srv
    shell srv {
        > a
    }
    shell log {
        > b
    }
}

test "t" {
    start E as E
    shell E.srv_2 {
        > a
    }
    shell E.srv {
        > b
    }
}
"#,
    );
}

#[test]
fn what_is_exposed_without_words_is_said() {
    becomes(
        NEW,
        r#"//- relux/lib/e.relux
effect Plain {
    shell Web {
        > a
    }
    shell log {
        > b
    }
}

effect Nothing {
}

effect Borrowed {
    // why
    start Plain as p
    shell p.Web {
        > a
    }
    shell own {
        > b
    }
}

effect Packed { // here
    shell a {
        > a
    }
}

  effect Indented { shell a {
        > a
    } }
//- relux/tests/t.relux
import e

test "t" {
    start Plain as web
    start Borrowed as b
    start Packed as Packed
    start Indented
    start Nothing
    shell web {
        > a
    }
    shell b.own {
        > a
    }
    shell Packed {
        > a
    }
}
"#,
        r#"//- relux/lib/e.relux
effect Plain {
    expose shell web
    shell web {
        > a
    }
    shell log {
        > b
    }
}

effect Nothing {
}

effect Borrowed {
    // why
    start Plain as P
    expose shell own
    shell P.web {
        > a
    }
    shell own {
        > b
    }
}

effect Packed {
    expose shell a
    // here
    shell a {
        > a
    }
}

  effect Indented {
      expose shell a
      shell a {
        > a
    } }
//- relux/tests/t.relux
import e

test "t" {
    start Plain as Web
    start Borrowed as B
    start Packed as Packed
    start Indented
    start Nothing
    shell Web.web {
        > a
    }
    shell B.own {
        > a
    }
    shell Packed.a {
        > a
    }
}
"#,
    );
}

#[test]
fn the_name_var() {
    becomes(
        NEW,
        r#"//- relux/lib/m.relux
fn var(var) {
    let x = var
    x = "${var}"
    > ${x}
}

fn trace(x, y) {
    > ${x}${y}
}

effect E {
    let var = "1"
    expose var
    shell var {
        > ${var}
    }
}
//- relux/tests/t.relux
import m { var, E, trace as t }

test "t" {
    let var = "1"
    let var_
    start E as var
    shell s {
        var = upper(var)
        var(var)
        t(var, var_)
        > var ${var} $var
    }
    shell var.var {
        > x
    }
}
//- relux/tests/u.relux
import m { trace as var }

test "u" {
    shell s {
        var("a", "b")
    }
}
"#,
        r#"//- relux/lib/m.relux
fn var_2(var_2) {
    let x := var_2
    x := "${var_2}"
    > ${x}
}

fn trace(x, y) {
    > ${x}${y}
}

effect E {
    let var_2 := "1"
    expose shell var_
    shell var_ {
        > ${var_2}
    }
}
//- relux/tests/t.relux
import m { var_2, E, trace as t }

test "t" {
    let var_2 := "1"
    let var_
    start E as Var
    shell s {
        var_2 := upper(var_2)
        var_2(var_2)
        t(var_2, var_)
        > var ${var_2} $var
    }
    shell Var.var_ {
        > x
    }
}
//- relux/tests/u.relux
import m { trace as var_2 }

test "u" {
    shell s {
        var_2("a", "b")
    }
}
"#,
    );
}

#[test]
fn var_between_braces_is_text_in_2026_08() {
    becomes(
        OLD,
        "//- Relux.toml\nedition = \"2026-08\"\n//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        > ${var} $${var}\n    }\n}\n",
        "//- Relux.toml\nedition = \"2026-04\"\n//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        > $${var} $${var}\n    }\n}\n",
    );
}

#[test]
fn literal_references_in_every_kind_of_text() {
    let fixture = |dollar: &str, bind: &str| {
        format!(
            "# skip if \"{dollar}{{A.b}}\" = \"x\"\ntest \"t ${{A.b}}\" {{\n    \"\"\"${{A.b}}\"\"\"\n    let x {bind} \"{dollar}{{A.b}}\"\n    // ${{A.b}}\n    shell s {{\n        > {dollar}{{A.b}} ${{x}}\n        => {dollar}{{A.b}}\n        <= {dollar}{{A.b}}\n        log(\"{dollar}{{A.b}}\")\n        != {dollar}{{A.b}}\n    }}\n}}\n"
        )
    };
    becomes(NEW, &fixture("$", "="), &fixture("$$", ":="));
}

#[test]
fn blanks_at_line_ends_go_where_they_are_no_text() {
    becomes(
        OLD,
        "//- Relux.toml\nedition = \"2026-08\"\n//- relux/tests/t.relux\ntest \"t\" { \n    \"\"\"doc  \n    \"\"\"\t\n    let x := \"a  \nb\" \n  \n    // c  \n    shell s {  \n        > x  \n        => x\t\n        <?  \n        <? x \n        x := 1 \t\n    } \n}\t\n \n",
        "//- Relux.toml\nedition = \"2026-04\"\n//- relux/tests/t.relux\ntest \"t\" {\n    \"\"\"doc  \n    \"\"\"\n    let x = \"a  \nb\"\n\n    // c  \n    shell s {\n        > x  \n        => x\t\n        <?  \n        <? x \n        x = 1\n    }\n}\n\n",
    );
    becomes(
        OLD,
        "//- Relux.toml\nedition = \"2026-04\"\n//- relux/tests/t.relux\ntest \"t\" {\r\n    shell s { \r\n        let x = 1\r\n        x = 2 \r\n        > ${x} \r\n    }\r\n}\r\n",
        "//- relux/tests/t.relux\ntest \"t\" {\r\n    shell s {\r\n        let x = 1\r\n        x = 2\r\n        > ${x} \r\n    }\r\n}\r\n",
    );
}

#[test]
fn the_manifest_follows_a_whole_suite() {
    becomes(
        NEW,
        "//- Relux.toml\n# mine\nname = \"x\" # y\n\n[run]\njobs = 2\n//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        let x = 1\n        > ${x}\n    }\n}\n",
        "//- Relux.toml\n# mine\nname = \"x\" # y\nedition = \"2026-08\"\n\n[run]\njobs = 2\n//- relux/tests/t.relux\ntest \"t\" {\n    shell s {\n        let x := 1\n        > ${x}\n    }\n}\n",
    );
}

#[test]
fn some_files_take_their_names_along() {
    let (before, after) = (
        r#"//- relux/lib/e.relux
effect E {
    expose Srv
    shell Srv {
        > a
    }
}

effect Plain {
    shell Web {
        > a
    }
}
//- relux/tests/a.relux
import e

test "a" {
    let x = 1
    start E as e
    start Plain as p
    shell e.Srv {
        > ${x}
    }
    shell p {
        > ${x}
    }
}
//- relux/tests/b.relux
import e

test "b" {
    let x = 1
    start E as e
    start Plain as p
    shell e.Srv {
        > ${x}
    }
    shell p.Web {
        > ${x}
    }
}
"#,
        r#"//- relux/lib/e.relux
effect E {
    expose Srv as srv
    shell Srv {
        > a
    }
}

effect Plain {
    shell web {
        > a
    }
}
//- relux/tests/a.relux
import e

test "a" {
    let x := 1
    start E as E
    start Plain as P
    shell E.srv {
        > ${x}
    }
    shell P.web {
        > ${x}
    }
}
//- relux/tests/b.relux
import e

test "b" {
    let x = 1
    start E as e
    start Plain as p
    shell e.srv {
        > ${x}
    }
    shell p.web {
        > ${x}
    }
}
//- Relux.toml
"#,
    );
    partly(NEW, &["relux/tests/a.relux"], before, after);
}

#[test]
fn a_file_and_a_statement() {
    let (db, suite, _) = load(SERVICES_OLD, &[]);
    let file = |path: &str| {
        let found = suite.files(&db).iter().find(|file| &**file.path(&db) == path);
        *found.expect("the fixture has it")
    };
    let shown = |edits: Vec<relux_syntax::Edit>, own: SourceFile| {
        let mut out = String::new();
        for edit in edits {
            let path = edit.file.as_deref().unwrap_or("here");
            let of = edit.file.as_deref().map_or(own, file);
            let old = edit.range.slice(of.text(&db));
            let _ = writeln!(out, "{path} {} `{old}` -> `{}`", edit.range.start, edit.new_text);
        }
        out
    };
    let auth = file("relux/lib/auth.relux");
    let whole = migrate_file(&db, suite, auth, NEW).expect("it can be said");
    insta::assert_snapshot!("a_file", shown(whole, auth));
    let start = auth.text(&db).find("Store as").expect("a start") as u32;
    let one = migrate_statement(&db, suite, auth, start, NEW).expect("it can be said");
    insta::assert_snapshot!("a_statement", shown(one, auth));
    let tests = file("relux/tests/t.relux");
    let text = tests.text(&db).find("> ${db").expect("a send") as u32;
    let one = migrate_statement(&db, suite, tests, text, NEW).expect("it can be said");
    insta::assert_snapshot!("a_send", shown(one, tests));
    let name = tests.text(&db).find("\"t\"").expect("a test") as u32;
    assert_eq!(migrate_statement(&db, suite, tests, name, NEW), Ok(Vec::new()));
}

/// What the fixes of `mixed-editions` in the only module make of it.
fn unmixed(text: &str) -> String {
    let (db, suite, _) = load(text, &[]);
    let file = suite.files(&db)[0];
    let found = relux_model::diagnostics(&db, suite, file);
    let mixed = found.iter().find(|it| it.code.as_str() == "mixed-editions");
    let mixed = mixed.expect("the fixture is mixed");
    let mut out = String::new();
    for fix in &mixed.fixes {
        let edits = fix
            .edits
            .iter()
            .map(|edit| (edit.range, &*edit.new_text))
            .collect();
        let new = relux_model::apply_fixes::edited(file.text(&db), edits);
        let _ = write!(out, "--- {}\n{new}", fix.title);
        let (db, suite, _) = load(&new, &[]);
        let left = relux_model::diagnostics(&db, suite, suite.files(&db)[0]);
        assert!(
            left.iter()
                .all(|it| it.severity < relux_syntax::Severity::Warning
                    && it.code.as_str() != "mixed-editions"),
            "{left:?}"
        );
    }
    out
}

#[test]
fn a_mixed_file_becomes_one_of_either_edition() {
    insta::assert_snapshot!(unmixed(
        r#"effect E {
    expose shell s
    shell s {
        > a
    }
}

test "t" {
    let x = "1"
    let y = x
    start E as e
    shell e.s {
        x = y
        > ${x} ${y}
    }
}
"#
    ));
}

#[test]
fn a_mixed_file_that_cannot_be_unmixed_both_ways() {
    insta::assert_snapshot!(unmixed(
        r#"test "t" {
    let x = "1"
    let y = x
    shell s {
        x ? ^1$
        > ${x} ${y}
    }
}
"#
    ));
}
