//! `name-conflict`.

use crate::check::{check, report};

const LIB: &str = "\
//- /relux/lib/a.relux
fn go(x) {
    > go
}

effect Db {
}
//- /relux/lib/b.relux
fn go(x) {
    > go
}

fn go() {
    > go
}
";

#[test]
fn different_arities_and_aliases_do_not_clash() {
    check(&format!(
        "{LIB}\
//- /relux/lib/user.relux
import a
import b {{ go as run }}
import a {{ go as gg }}
fn go(x, y) {{
    > go
}}
fn trim(x) {{
    > trim
}}
"
    ));
}

#[test]
fn two_wildcards_clash() {
    check(&format!(
        "{LIB}\
//- /relux/lib/user.relux
import a
import b
       ^ name-conflict
"
    ));
}

#[test]
fn an_own_definition_clashes_with_an_import() {
    check(&format!(
        "{LIB}\
//- /relux/lib/user.relux
import a {{ go, Db }}
           ^^ name-conflict
fn go(z) {{
    > go
}}
"
    ));
}

#[test]
fn a_name_twice_in_one_list_clashes() {
    check(&format!(
        "{LIB}\
//- /relux/lib/user.relux
import a {{ go, go }}
               ^^ name-conflict
import a {{ Db as Da }}
import a {{ Db as Da }}
                 ^^ name-conflict
"
    ));
}

#[test]
fn own_duplicates_are_reported_where_they_stand_only() {
    check(
        "\
//- /relux/lib/guilty.relux
fn go() {
    > go
}
fn go() {
   ^^ name-conflict
    > go
}
effect E {
}
effect E {
       ^ name-conflict
}
//- /relux/lib/user.relux
import guilty
",
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report(&format!(
        "{LIB}\
//- /relux/lib/user.relux
import user
import a
import a {{ Db }}
import b
fn go() {{
    > go
}}
pure fn go() {{
    \"x\"
}}
"
    )));
}
