//! `match-without-send` and `prompt-matched-twice`: waiting for what nothing makes come.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Flow;
use crate::bodies::body::Stmt;
use crate::bodies::walk::Site;
use crate::builtins::Builtin;
use crate::codes;

/// A match in a shell to which nothing was sent. Its first prompt was read when it started.
fn in_fresh_shell(flow: &mut Flow<'_, '_, '_>, range: TextRange) {
    flow.cx.found.push(
        Diagnostic::new(
            codes::MATCH_WITHOUT_SEND,
            Severity::Info,
            range,
            "nothing was sent to this shell, so nothing can come from it",
        )
        .with_help("the first prompt of a shell is read when it starts"),
    );
}

/// A match statement.
pub(super) fn statement(flow: &mut Flow<'_, '_, '_>, site: Site, stmt: Stmt) {
    if flow.shell(site).untouched {
        in_fresh_shell(flow, stmt.range);
    }
}

/// A call of a built-in function, by the range of the call.
pub(super) fn call(flow: &mut Flow<'_, '_, '_>, site: Site, builtin: Builtin, range: TextRange) {
    let waits = matches!(
        builtin,
        Builtin::MatchPrompt | Builtin::MatchOk | Builtin::MatchNotOk | Builtin::MatchNotOkCode
    );
    let shell = flow.shell(site);
    if !waits || shell.prompts != Some(0) {
        return;
    }
    if shell.untouched {
        return in_fresh_shell(flow, range);
    }
    let diagnostic = Diagnostic::new(
        codes::PROMPT_MATCHED_TWICE,
        Severity::Warning,
        range,
        "this waits for a prompt, and the last one has been matched",
    );
    let text = range.slice(flow.cx.text);
    let arguments = text.find('(').map_or("", |at| &text[at..]);
    let replacement = match builtin {
        Builtin::MatchOk => Some("match_exit_code(0)".to_owned()),
        Builtin::MatchNotOkCode => Some(format!("match_exit_code{arguments}")),
        _ => None,
    };
    let diagnostic = match replacement {
        Some(call) => diagnostic
            .with_help("`match_exit_code` asks for the status without waiting for a prompt first")
            .with_fix(Fix::needs_a_look(format!("Call `{call}`"), range, call)),
        None => diagnostic.with_help("each command prints one prompt"),
    };
    flow.cx.found.push(diagnostic);
}
