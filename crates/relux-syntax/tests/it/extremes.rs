//! Texts that are large or hostile: they must be read without recursion and without quadratic work.
//!
//! Nothing is asserted on the clock; what is quadratic here takes minutes and is noticed.

use relux_syntax::{parse, validate};

fn survives(text: &str) -> usize {
    let parse = parse(text);
    let found = validate(&parse);
    assert!(found.iter().all(|it| it.range.end as usize <= text.len()));
    found.len()
}

#[test]
fn hostile_texts_are_read() {
    let many = 20_000;
    assert!(survives(&"{".repeat(many)) > 0);
    assert!(survives(&"}\n".repeat(many)) > 0);
    assert!(survives(&"{\n".repeat(many)) > 0);
    assert!(survives(&"shell s {\n".repeat(many)) > 0);
    assert!(survives(&"test \"t\" {\n".repeat(many)) > 0);
    assert!(survives(&"start A {\n".repeat(many)) > 0);
    assert!(survives(&"fn f(".repeat(many)) > 0);
    assert!(survives(&format!("fn f() {{\n{}\n}}\n", "f(".repeat(many))) > 0);
    assert!(survives(&format!("fn f() {{\n{}\n}}\n", "f(\n".repeat(many))) > 0);
    assert!(
        survives(&format!(
            "fn f() {{\n{}x{}\n}}\n",
            "f(".repeat(many),
            ")".repeat(many)
        )) > 0
    );
    assert!(survives(&"\"\"\"\n".repeat(many)) > 0);
    assert!(survives(&"\"\n".repeat(many)) > 0);
    assert!(survives(&"# x\n".repeat(many)) > 0);
    assert!(survives(&format!("start A {{{}", "%, ".repeat(many))) > 0);
    assert!(survives(&format!("import a {{{}", "b // c\n".repeat(many))) > 0);
    assert!(survives(&"test \"t\n".repeat(many)) > 0);
}

#[test]
fn long_lines_and_files_are_read() {
    let payload = "x ${v} \\n $$ ".repeat(40_000);
    assert_eq!(survives(&format!("fn f() {{\n> {payload}\n}}\n")), 0);
    let block = "test \"t\" {\n    shell s {\n        > echo ${x}\n        <? ^y$\n        let z = f(\"a\", b)\n    }\n}\n\n";
    assert_eq!(survives(&block.repeat(4_000)), 0);
    let escapes = "\\q".repeat(50_000);
    assert_eq!(survives(&format!("fn f() {{\n> {escapes}\n}}\n")), 50_000);
}

#[test]
fn strings_of_many_lines_are_read() {
    let newlines = "\n".repeat(300_000);
    assert_eq!(survives(&format!("fn f() {{\n    log(\"{newlines}\")\n}}\n")), 0);
    let lines = "abc $x ${y} \\n\n".repeat(100_000);
    assert_eq!(survives(&format!("fn f() {{\n    log(\"{lines}\")\n}}\n")), 0);
    assert_eq!(survives(&format!("fn f() {{\n    log(\"{newlines}\n}}\n")), 1);
}
