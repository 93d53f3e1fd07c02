//! `unresolved-effect`, `duplicate-alias`, `duplicate-overlay-key`, `overlay-cycle`, `effect-cycle`, `invalid-expose`.

use crate::check::{check, fixed, report};

#[test]
fn unknown_effects() {
    check(
        "\
//- /relux/lib/db.relux
effect Db {
}
//- /relux/tests/t.relux
test \"t\" {
    start Db
          ^^ unresolved-effect
    start Ghost
          ^^^^^ unresolved-effect
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn a_failed_import_silences_names_that_may_come_from_it() {
    check(
        "\
//- /relux/tests/wildcard.relux
import nowhere
       ^^^^^^^ unresolved-import
test \"t\" {
    start Ghost
    shell s {
        > x
    }
}
//- /relux/tests/selective.relux
import nowhere { Db as Store }
       ^^^^^^^ unresolved-import
test \"t\" {
    start Store
    start Other
          ^^^^^ unresolved-effect
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn importing_is_a_fix() {
    let fixture = "\
//- /relux/lib/db.relux
effect Db {
}
effect Db2 {
}
//- /relux/tests/t.relux
import db { Db2 }
test \"t\" {
    start Db
    start Db2
    shell s {
        > x
    }
}
";
    insta::assert_snapshot!(fixed(fixture, "unresolved-effect"), @r#"
    import db { Db2, Db }
    test "t" {
        start Db
        start Db2
        shell s {
            > x
        }
    }
    "#);
}

#[test]
fn duplicates_in_starts() {
    check(
        "\
effect Db {
    expect A
}
test \"t\" {
    start Db as db { A = \"1\", A = \"2\" }
                              ^ duplicate-overlay-key
    start Db as db { A = \"3\" }
                ^^ duplicate-alias
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn siblings_may_read_forward_but_not_in_a_circle() {
    check(
        "\
effect Queue {
    expect A
    let port := A
    expose var port
}
test \"ok\" {
    start Queue as W { A := Q.port }
    start Queue as Q { A := \"1\" }
    shell s {
        > x
    }
}
test \"circle\" {
    start Queue as W { A := Q.port }
                            ^^^^^^ overlay-cycle
    start Queue as Q { A := \"x${W.port}\" }
    shell s {
        > x
    }
}
test \"self\" {
    start Queue as W { A := W.port }
                            ^^^^^^ overlay-cycle
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn effects_that_start_themselves() {
    check(
        "\
//- /relux/lib/a.relux
import b { B }
effect A {
    start B
          ^ effect-cycle
}
effect Fine {
    start A
}
//- /relux/lib/b.relux
import a { A }
effect B {
    start A
          ^ effect-cycle
}
effect Alone {
    start Alone
          ^^^^^ effect-cycle
}
",
    );
}

#[test]
fn exposes() {
    check(
        "\
effect Inner {
    let port = \"1\"
    expose db
    expose var port
    shell db {
        > x
    }
}
effect Silent {
    shell hidden {
        > x
    }
}
effect Outer {
    expect HOST
    let mine = \"1\"
    start Inner as I
    start Silent as s
    expose I.db as main
    expose var I.port
    expose var mine
    expose own
    expose I.nope
             ^^^^ invalid-expose
    expose j.db
           ^ invalid-expose
    expose s.hidden
             ^^^^^^ invalid-expose
    expose ghost
           ^^^^^ invalid-expose
    expose var HOST
               ^^^^ invalid-expose
    shell own {
        > x
    }
    shell I.db {
        > x
    }
}
//- /Relux.toml
edition = \"2026-04\"
",
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report(
        "\
//- /relux/lib/a.relux
import b { B }
effect A {
    start B as One { X := Two.p }
    start B as Two { X := One.p }
    start Bee
    start Db
    start Silent as Sil
    expose One.nothing
    expose Silent.s
    expose Sil.s
    expose shel
    shell shell1 {
        > x
    }
}
effect Silent {
    shell s {
        > x
    }
}
//- /relux/lib/b.relux
import a { A }
effect B {
    start A
    start A as a
    start A as a { X, X }
}
//- /relux/lib/db.relux
effect Db {
}
"
    ));
}

#[test]
fn shells_to_expose_in_2026_08() {
    insta::assert_snapshot!(report(
        "\
//- /Relux.toml
edition = \"2026-08\"
//- /relux/lib/a.relux
effect Silent {
    shell s {
        > x
    }
}
effect Talks {
    let port := \"1\"
    expose var port
    shell other {
        > x
    }
    shell s {
        > x
    }
}
effect Outer {
    start Silent as First
    start Talks as Second
    expose shell First.s
    expose shell Second.s
    expose shell Second.port
    shell o {
        > x
    }
}
"
    ));
}
