//! `unsynchronised-send`: a line sent to a shell that has not printed the prompt of the line before.
//!
//! Programs may read several lines, and which do nobody can tell. So it is reported only where the first line is typed
//! at a prompt and is a command that is known to read nothing.

use relux_syntax::{Diagnostic, Fix, Related, Severity, TextRange};

use super::Flow;
use super::state::{Reader, Sent};
use crate::bodies::body::Stmt;
use crate::codes;

/// Commands that never read their input.
const READ_NOTHING: [&str; 20] = [
    "cd", "chmod", "chown", "cp", "date", "echo", "export", "ln", "ls", "mkdir", "mktemp", "mv", "printf",
    "pwd", "rm", "rmdir", "set", "touch", "umask", "unset",
];

/// A line is sent while the echo of `before` has not been read.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, before: Sent, stmt: Stmt) {
    let command = before.text.range.slice(flow.cx.text);
    if before.to != Reader::Prompt || !reads_nothing(command) {
        return;
    }
    let at = TextRange::empty(stmt.range.start);
    let wait = format!("match_prompt()\n{}", flow.indent(stmt.range.start));
    flow.cx.found.push(
        Diagnostic::new(
            codes::UNSYNCHRONISED_SEND,
            Severity::Info,
            stmt.range,
            "this is sent before the prompt of the command above has come",
        )
        .with_related(Related {
            file: None,
            range: before.range,
            message: "the command".to_owned(),
        })
        .with_help("its output will follow a prompt on the same line; wait with `match_prompt()` or `match_ok()` first")
        .with_fix(Fix::needs_a_look("Wait for the prompt", at, wait)),
    );
}

fn reads_nothing(command: &str) -> bool {
    let is_simple = !command.contains(['|', ';', '&', '<', '`', '\\', '(', '\n'])
        && command.matches('\'').count().is_multiple_of(2)
        && command.matches('"').count().is_multiple_of(2);
    let word = command.split([' ', '\t']).next().unwrap_or_default();
    is_simple
        && (READ_NOTHING.contains(&word) || is_assignment(word) && word.len() == command.trim_end().len())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| relux_syntax::names::is_variable(name))
}
