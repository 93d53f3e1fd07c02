//! `unresolved-import` and `unresolved-name-in-import`.

use crate::check::{check, report};

const LIB: &str = "\
//- /relux/lib/net/probe.relux
fn ping(host) {
    > ping ${host}
}

fn ping(host, count) {
    > ping -c ${count} ${host}
}

effect Probe {
}
";

#[test]
fn every_form_resolves() {
    check(&format!(
        "{LIB}\
//- /relux/lib/all.relux
import net/probe
//- /relux/lib/some.relux
import net/probe {{ ping as p, Probe as Pr }}
//- /relux/lib/list.relux
import net/probe {{
    ping
    Probe,
}}
//- /relux/lib/none.relux
import net/probe {{ }}
"
    ));
}

#[test]
fn missing_modules_are_reported_at_the_path() {
    check(&format!(
        "{LIB}\
//- /relux/lib/a.relux
import nowhere/at/all
       ^^^^^^^^^^^^^^ unresolved-import
import net/prob {{ ping }}
       ^^^^^^^^ unresolved-import
//- /relux/tests/b.relux
import lib/net/probe
       ^^^^^^^^^^^^^ unresolved-import
"
    ));
}

#[test]
fn missing_names_are_reported_at_the_name() {
    check(&format!(
        "{LIB}\
//- /relux/lib/a.relux
import net/probe {{ pong, Probe, ping as other }}
                   ^^^^ unresolved-name-in-import
"
    ));
}

#[test]
fn messages() {
    insta::assert_snapshot!(report(&format!(
        "{LIB}\
//- /relux/lib/auth.relux
import net/probe {{ ping, Probe }}
effect Auth {{
}}
//- /relux/tests/t.relux
import net/porbe
import probe
import lib/auth
import tests/t
import x/y/z
import net/probe {{ pin, Auth }}
import auth {{ Probe, whatever }}
"
    )));
}

#[test]
fn modules_whose_path_cannot_be_written_are_not_proposed() {
    insta::assert_snapshot!(report(
        "\
//- /relux/lib/Upper-Case/x.relux
effect Probe {
}
effect Upload {
}
//- /relux/lib/net.relux
//- /relux/tests/t.relux
import Upper_Case/x { a }
import x { b }
import net { Probe }
test \"t\" {
    start Upload
    start Uplaod
}
"
    ));
}
