//! `duplicate-parameter`, `duplicate-test-name`, `empty-test`, `mixed-editions`, and what silences them.

use crate::check::{check, report};

#[test]
fn parameters() {
    check(
        "\
fn f(a, b, a) {
           ^ duplicate-parameter
    > x
}
",
    );
}

#[test]
fn test_names_and_slugs() {
    check(
        "\
test \"A b\" {
    shell s {
        > x
    }
}
test \"a-b\" {
     ^^^^^ duplicate-test-name
    shell s {
        > x
    }
}
test \"A b\" {
     ^^^^^ duplicate-test-name
    shell s {
        > x
    }
}
test \"a--b\" {
    shell s {
        > x
    }
}
//- /relux/tests/other.relux
test \"A b\" {
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn empty_tests() {
    check(
        "\
test \"nothing\" {
     ^^^^^^^^^ empty-test
}
test \"empty block\" {
     ^^^^^^^^^^^^^ empty-test
    shell s {
    }
}
test \"comment\" {
    shell s {
        // to do
    }
}
",
    );
}

#[test]
fn editions_may_not_contradict_each_other() {
    check(
        "\
test \"t\" {
    let a = \"1\"
    let b = \"2\"
    let c := \"3\"
          ^^ mixed-editions
    shell s {
        > x
    }
}
",
    );
    check(
        "\
//- /Relux.toml
edition = \"2026-08\"
//- /relux/tests/t.relux
test \"t\" {
    let a = \"1\"
    let c := \"3\"
    shell s {
        > x
    }
}
",
    );
}

#[test]
fn comments_and_the_manifest_silence() {
    check(
        "\
// relux: allow(other, empty-test)
test \"a\" {
}
// relux: allow(duplicate-test-name)
test \"b\" {
     ^^^ empty-test
}
",
    );
    check(
        "\
//- /Relux.toml
[lints]
empty-test = \"allow\"
//- /relux/tests/t.relux
test \"a\" {
}
",
    );
}

#[test]
fn messages() {
    insta::assert_snapshot!(report(
        "\
//- /Relux.toml
[lints]
duplicate-parameter = \"warn\"
//- /relux/tests/t.relux
fn f(a, a) {
    > x
}
test \"one\" {
}
test \"one\" {
    let a = \"1\"
    let b := \"1\"
    shell s {
        > x
    }
}
test \"ONE\" {
    shell s {
        > x
    }
}
"
    ));
}
