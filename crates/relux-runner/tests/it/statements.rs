//! Every kind of statement against a real shell.

use crate::suite::suite;

fn passes(source: &str) {
    suite(source).run().ok();
}

#[test]
fn send_and_match() {
    passes(
        r#"
test "t" {
    shell s {
        > echo hello
        <? ^hello$
        match_ok()
    }
}
"#,
    );
}
