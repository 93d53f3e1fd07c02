//! What is known about a shell between two statements, and how each of them changes it.

use relux_syntax::TextRange;

use crate::bodies::body::{Pattern, Stmt, Text};
use crate::bodies::walk::Site;
use crate::builtins::Builtin;

/// What is known about a shell at some point.
#[derive(Debug, Clone, Default)]
pub(super) struct Shell {
    pub(super) captures: Captures,
    /// It is fresh, and nothing has been sent to it or expected of it.
    pub(super) untouched: bool,
    /// How many prompts may still come at most, as one can come per line that was sent; `None` where nothing is known.
    pub(super) prompts: Option<u32>,
    /// The last line that was sent, as long as nothing has been matched behind it.
    pub(super) sent: Option<Sent>,
    /// A command whose output has been read in part: it was sent here, and its prompt has not been waited for.
    pub(super) running: Option<TextRange>,
    /// The fail pattern that a statement here has set.
    pub(super) fail: Option<Fail>,
    /// A fail pattern that was set while a command was running, as long as nothing is sent after it.
    pub(super) late_fail: Option<LateFail>,
}

/// What `$1` can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Captures {
    /// Nothing is known.
    #[default]
    Unknown,
    /// No regex has matched.
    None,
    /// The regex here has so many groups.
    Groups(u32, TextRange),
}

/// A line that was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    /// The statement.
    pub(super) range: TextRange,
    pub(super) text: Text,
    /// What may have been at the other end.
    pub(super) to: Reader,
    /// A variable has been set since.
    pub(super) stale: bool,
}

/// Who reads a line that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The shell, which has printed its prompt.
    Prompt,
    /// What an earlier line has started, or the shell before its prompt.
    Command,
    /// Nothing is known.
    Unknown,
}

/// A fail pattern in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fail {
    pub(super) pattern: Pattern,
}

/// A fail pattern behind a command.
#[derive(Debug, Clone, Copy)]
pub(super) struct LateFail {
    /// The statement that sets it.
    pub(super) range: TextRange,
    /// The command.
    pub(super) command: TextRange,
}

impl Shell {
    /// A place before its first statement. `own`: the shell is started by the definition itself.
    pub(super) fn new(site: Site, own: bool) -> Self {
        let (captures, fresh) = match site {
            Site::Shell(_) => (if own { Captures::None } else { Captures::Unknown }, own),
            Site::Cleanup => (Captures::None, true),
            Site::Preamble { .. } | Site::Function { .. } => (Captures::None, false),
            Site::Marker | Site::Overlay(_) => (Captures::Unknown, false),
        };
        Self {
            captures,
            untouched: fresh,
            prompts: fresh.then_some(0),
            ..Self::default()
        }
    }

    pub(super) fn send(&mut self, stmt: Stmt, text: Text, newline: bool, lines: u32) {
        let to = match self.prompts {
            Some(0) => Reader::Prompt,
            Some(_) => Reader::Command,
            None => Reader::Unknown,
        };
        self.sent = newline.then_some(Sent {
            range: stmt.range,
            text,
            to,
            stale: false,
        });
        self.prompts = Some(self.prompts.unwrap_or(0) + lines);
        self.running = Some(stmt.range);
        self.late_fail = None;
        self.untouched = false;
    }

    pub(super) fn matched(&mut self) {
        self.sent = None;
        self.untouched = false;
    }

    /// A built-in function was called.
    pub(super) fn call(&mut self, builtin: Builtin) {
        match builtin {
            Builtin::MatchPrompt => {
                self.prompts = self.prompts.map(|prompts| prompts.saturating_sub(1));
                self.at_prompt();
            }
            // The status comes behind all prompts of earlier lines, and one prompt behind it is read.
            Builtin::MatchExitCode | Builtin::MatchOk | Builtin::MatchNotOk | Builtin::MatchNotOkCode => {
                self.prompts = Some(0);
                self.at_prompt();
            }
            Builtin::CtrlC | Builtin::CtrlD | Builtin::CtrlZ | Builtin::CtrlL | Builtin::CtrlBackslash => {
                self.prompts = self.prompts.map(|prompts| prompts + 1);
                self.matched();
            }
            _ => {}
        }
    }

    fn at_prompt(&mut self) {
        self.matched();
        self.running = None;
    }

    /// A function of the suite worked on the shell. Captures and the fail pattern are again what they were.
    pub(super) fn lost(&mut self) {
        *self = Self {
            captures: self.captures,
            fail: self.fail,
            ..Self::default()
        };
    }
}
