//! Long lines that the terminal cuts without a word.

use relux_runner::event::FailureKind;

use crate::suite::suite;

fn echo_of(length: usize) -> String {
    let text = "y".repeat(length - "echo ".len());
    format!("> echo {text}\n<= {text}\n<= {text}\nmatch_prompt()\n")
}

#[test]
fn w17_the_longest_line_passes_and_a_longer_one_is_an_error() {
    let test = |length: usize| format!("test \"t\" {{\n    shell s {{\n{}    }}\n}}\n", echo_of(length));
    suite(&test(4095)).run().ok();
    let ran = suite(&test(4096)).run();
    let failure = ran.only().failure.as_ref().expect("a failure");
    assert_eq!(failure.kind, FailureKind::Send, "{}", ran.output);
    assert!(failure.message.contains("4095"), "{}", failure.message);
}

#[test]
fn w17_pieces_of_a_line_count_together() {
    let piece = "z".repeat(2050);
    let source = format!("test \"t\" {{\n    shell s {{\n=> echo {piece}\n=> {piece}\n> \n    }}\n}}\n");
    let ran = suite(&source).run();
    assert_eq!(
        ran.only().failure.as_ref().unwrap().kind,
        FailureKind::Send,
        "{}",
        ran.output
    );
}

#[test]
fn w17_an_application_that_reads_by_itself_has_no_limit() {
    let text = "w".repeat(9000);
    let source = format!(
        "test \"t\" {{\n    shell s {{\n> stty -icanon -echo; echo ready; read line; echo \"got $${{#line}}\"; stty icanon echo\n<? ^ready$\n> {text}\n<? ^got 9000$\nmatch_ok()\n    }}\n}}\n"
    );
    suite(&source).run().ok();
}
