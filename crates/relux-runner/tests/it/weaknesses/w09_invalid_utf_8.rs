//! Bytes that are not UTF-8 and take the run down, or shift what is read.

use std::fs;

use crate::suite::suite;

#[test]
fn w09_invalid_bytes_are_replaced_and_nothing_is_shifted() {
    for read_size in [Some(1), None] {
        let ran = suite(
            r#"
test "t" {
    shell s {
        > printf '\377\376\303(\360\237 mark one mark two\\n'; head -c 20000 /dev/urandom | tr -d '\\r\\n'; echo; echo last
        <? ^..(.)\(. (mark one)
        <= mark two
        <? ^last$
        match_ok()
    }
}
"#,
        )
        .with(|suite| suite.options.read_size = read_size)
        .run()
        .ok();
        let dir = ran.report.run_dir.join("logs/relux/tests/t.relux/t");
        let bytes = fs::read(dir.join("s.log")).unwrap();
        let text = fs::read_to_string(dir.join("s.txt")).unwrap();
        assert!(bytes.windows(4).any(|window| window == b"\xff\xfe\xc3("));
        assert_eq!(text, String::from_utf8_lossy(&bytes));
    }
}
