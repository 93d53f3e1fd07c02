//! Words and habits of other languages: what their authors meant, in the words of this one.
//!
//! Everything here is a guess about a line that is certainly wrong. Where no guess fits, the caller says what may stand
//! there.

use super::codes;
use super::sink::shown;
use super::unexpected::Place;
use crate::{Diagnostic, Fix, TextRange, duration, names};

/// A line that begins with a word of another language; `range` is that of the text.
pub(super) fn line(text: &str, range: TextRange, place: Place) -> Option<Diagnostic> {
    prompt(text, range, place)
        .or_else(|| word(text, range, place))
        .or_else(|| patch(text, range).filter(|_| place == Place::Statements))
}

/// `$ ls`, `$> ls`, `-> ls`: other signs for a send.
fn prompt(text: &str, range: TextRange, place: Place) -> Option<Diagnostic> {
    if place != Place::Statements {
        return None;
    }
    let signs = ["$> ", "$ ", "-> ", "% ", "$>"];
    let sign = signs.iter().find(|it| text.starts_with(**it))?;
    let at = TextRange::new(range.start, range.start + sign.len() as u32);
    let sign = sign.trim_end();
    Some(
        Diagnostic::error(
            codes::WRONG_OPERATOR,
            TextRange::new(at.start, at.start + sign.len() as u32),
            format!("`{sign}` sends nothing"),
        )
        .with_help("a line for the shell begins with `>`")
        .with_fix(Fix::safe("Write `>`", at, "> ")),
    )
}

/// `+ added`, `- removed`: what is left of a patch.
fn patch(text: &str, range: TextRange) -> Option<Diagnostic> {
    let (sign, rest) = text.split_at_checked(1)?;
    let help = match sign {
        "+" => "this looks like a line of a patch: remove the `+`",
        "-" => "this looks like a line of a patch: remove it",
        _ => return None,
    };
    let at = TextRange::new(range.start, range.start + 1);
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let edit = if sign == "+" { at } else { range };
    Some(
        Diagnostic::error(
            codes::UNEXPECTED_TEXT,
            at,
            format!("a line does not begin with `{sign}`"),
        )
        .with_help(help)
        .with_fix(Fix::needs_a_look("Remove it", edit, "")),
    )
}

/// A first word that other languages begin lines with.
fn word(text: &str, range: TextRange, place: Place) -> Option<Diagnostic> {
    let first = text
        .split(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == '.'))
        .next()?;
    let rest = text[first.len()..].trim_start();
    let at = TextRange::new(range.start, range.start + first.len() as u32);
    let line = Line {
        first,
        rest,
        range,
        at,
        place,
    };
    let control = || line.control();
    let found = match place {
        Place::Statements => line.in_statements(),
        Place::Test | Place::Effect => line.in_sections(),
        Place::Module => line.in_module(),
    };
    found.or_else(control).or_else(|| line.declaration())
}

/// A line in its parts.
struct Line<'t> {
    first: &'t str,
    /// What follows the first word, without blanks before it.
    rest: &'t str,
    /// Of the whole text.
    range: TextRange,
    /// Of the first word.
    at: TextRange,
    place: Place,
}

impl Line<'_> {
    fn error(&self, help: impl Into<String>) -> Diagnostic {
        Diagnostic::error(
            codes::UNKNOWN_WORD,
            self.at,
            format!("`{}` begins nothing here", self.first),
        )
        .with_help(help)
    }

    /// The finding with the whole line written anew.
    fn rewritten(&self, help: impl Into<String>, new: String) -> Diagnostic {
        let title = format!("Write `{}`", shown(&new));
        self.error(help)
            .with_fix(Fix::needs_a_look(title, self.range, new))
    }

    /// Conditions, loops and ends of blocks.
    fn control(&self) -> Option<Diagnostic> {
        let help = match self.first {
            "if" | "unless" | "elif" | "elsif" | "else" | "switch" | "case" | "when" | "then" | "fi"
            | "esac" => {
                "there are no conditions in a body; a marker such as `# skip if CI` guards a whole test"
            }
            "for" | "while" | "loop" | "until" | "foreach" | "repeat" | "do" | "done" => {
                "there are no loops; loop in the shell, or write a function and call it for each value"
            }
            "try" | "catch" | "except" | "rescue" | "finally" | "defer" => {
                "there are no exceptions; what has to happen in any case belongs into `cleanup {`"
            }
            "end" => {
                return Some(self.error("a block ends with `}`").with_fix(Fix::needs_a_look(
                    "Write `}`",
                    self.at,
                    "}",
                )));
            }
            _ => return None,
        };
        // `done` and `then` are also ordinary names; with a value they are calls or bindings.
        let bare =
            self.rest.is_empty() && matches!(self.first, "done" | "then" | "do" | "when" | "case" | "end");
        (!bare).then(|| self.error(help))
    }

    /// Variables and functions as other languages declare them.
    fn declaration(&self) -> Option<Diagnostic> {
        match self.first {
            "var" | "const" | "set" | "local" | "my" | "auto" | "val" | "mut" | "declare" => {
                let help = "variables are declared with `let`";
                let name = self.rest.split([' ', '\t', '=', ':']).next().unwrap_or_default();
                if !names::is_variable(name) || names::is_keyword(name) {
                    return Some(self.error(help));
                }
                let value = self.rest[name.len()..].trim_start();
                let binds = value.is_empty() || value.starts_with('=') || value.starts_with(":=");
                Some(if binds {
                    self.error(help)
                        .with_fix(Fix::safe("Write `let`", self.at, "let"))
                } else if value.starts_with(':') || self.place == Place::Module {
                    self.error(help)
                } else {
                    self.rewritten(help, format!("let {name} = {value}"))
                })
            }
            "def" | "function" | "func" | "fun" | "proc" | "sub" | "method" => {
                let found = self.error("functions are written `fn name(a, b) {`, at top level");
                let is_header = self.rest.trim_end().ends_with('{') && self.rest.contains('(');
                Some(if is_header && self.place == Place::Module {
                    found.with_fix(Fix::safe("Write `fn`", self.at, "fn"))
                } else {
                    found
                })
            }
            _ => None,
        }
    }

    fn in_statements(&self) -> Option<Diagnostic> {
        let quoted = self
            .rest
            .strip_prefix('"')
            .and_then(|it| it.strip_suffix('"'))
            .or_else(|| self.rest.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')));
        Some(match self.first {
            "wait" | "sleep" | "pause" | "delay" => {
                let time = quoted.unwrap_or(self.rest).trim_matches(['(', ')', '"']);
                let time = match duration::parse(time) {
                    Ok(_) => time.to_owned(),
                    Err(_) if !time.is_empty() && time.bytes().all(|it| it.is_ascii_digit()) => {
                        format!("{time}s")
                    }
                    Err(_) => return Some(self.error("waiting is written `sleep(\"5s\")`")),
                };
                let call = format!("sleep(\"{time}\")");
                self.rewritten(format!("waiting is written `{call}`"), call)
            }
            "timeout" => match duration::parse(self.rest) {
                Ok(_) => self.rewritten(
                    "the time that a match may take is set with `~`",
                    format!("~{}", self.rest),
                ),
                Err(_) => return None,
            },
            "send" | "sendline" | "run" | "exec" | "execute" | "type" | "cmd" if quoted.is_some() => {
                let sent = quoted.unwrap_or_default();
                self.rewritten("a line for the shell begins with `>`", format!("> {sent}"))
            }
            "match" | "expects" | "wait_for" | "read" if quoted.is_some() => {
                let pattern = quoted.unwrap_or_default();
                self.rewritten("to wait for output write `<?` or `<=`", format!("<= {pattern}"))
            }
            "assert" | "check" | "verify" | "ensure" if !self.rest.is_empty() => self.error(
                "values are compared with `name = text` or `name ? regex`, output is awaited with `<?`",
            ),
            "raise" | "throw" | "fail" | "panic" | "die" if !self.rest.is_empty() => {
                self.error("a test fails where a match does not come or a comparison does not hold")
            }
            "print" | "println" | "puts" | "console.log" => {
                self.error("a word for the log is written `log(\"…\")`")
            }
            "return" if self.rest.is_empty() => self.error("a function ends with its last line"),
            "return" => {
                let value = TextRange::new(self.at.start, self.range.end - self.rest.len() as u32);
                self.error("the last line of a function is its value: write the expression alone")
                    .with_fix(Fix::needs_a_look("Remove `return`", value, ""))
            }
            "spawn" => self.error("each shell block is a shell of its own: `shell name {` in the test"),
            "need" | "needs" => {
                self.error("effects are started with `start`, before the shells of a test or effect")
            }
            _ => return None,
        })
    }

    fn in_sections(&self) -> Option<Diagnostic> {
        Some(match self.first {
            "need" | "needs" | "use" | "uses" | "with" | "require" | "requires"
                if names::is_camel(self.rest.split([' ', '{', '(']).next().unwrap_or_default()) =>
            {
                self.error("effects are started with `start`").with_fix(Fix::safe(
                    "Write `start`",
                    self.at,
                    "start",
                ))
            }
            "spawn" | "bash" | "sh" | "terminal" => self.error("a shell is opened with `shell name {`"),
            "setup" | "before" | "beforeEach" | "given" | "background" => {
                self.error("what a test needs is started as an effect, with `start Name`")
            }
            "teardown" | "after" | "afterEach" | "finally" | "defer" => {
                let found = self.error("what has to happen at the end belongs into `cleanup {`");
                match self.rest {
                    "{" => found.with_fix(Fix::needs_a_look("Write `cleanup`", self.at, "cleanup")),
                    _ => found,
                }
            }
            "step" | "when" | "then" | "it" => {
                self.error("the steps of a test are statements of `shell name {`")
            }
            "timeout" => self.error("the time for a whole test stands in its header: `test \"name\" ~30s {`"),
            "send" | "run" | "exec" | "echo" | "print" => {
                self.error("commands are sent in a shell: `shell name {`, then `> command`")
            }
            _ => return None,
        })
    }

    fn in_module(&self) -> Option<Diagnostic> {
        Some(match self.first {
            "from" => {
                let (path, list) = self.rest.split_once(" import ")?;
                let new = format!("import {} {{ {} }}", path.trim().replace('.', "/"), list.trim());
                self.rewritten("an import is written `import path { names }`", new)
            }
            "use" | "using" | "require" | "include" | "source" | "load" => {
                let path = self
                    .rest
                    .trim_matches(['"', '\'', ';', '(', ')'])
                    .replace("::", "/");
                let (path, name) = match path.rsplit_once('/') {
                    Some((path, name)) if self.rest.contains("::") => (path, Some(name)),
                    _ => (path.as_str(), None),
                };
                let sound = |it: &str| {
                    it.split('/')
                        .all(|it| names::is_variable(it) && !names::is_keyword(it))
                };
                let help = "an import is written `import path { names }`";
                match name {
                    _ if !sound(path) => self.error(help),
                    Some(name) if sound(name) => self.rewritten(help, format!("import {path} {{ {name} }}")),
                    Some(_) => self.error(help),
                    None => self.rewritten(help, format!("import {path}")),
                }
            }
            "describe" | "it" | "scenario" | "suite" | "context" | "feature" | "testcase" => {
                self.error("a test is written `test \"name\" {`; a file is the group of its tests")
            }
            "class" | "struct" | "service" | "fixture" | "setup" | "before" | "interface" | "resource" => {
                self.error("what several tests need is an effect: `effect Name {`")
            }
            "module" | "namespace" | "package" => {
                self.error("a file is a module, named by its path: remove this line")
            }
            _ => return None,
        })
    }
}

/// A line that only wants to be sent, or called.
pub(super) fn send_help(text: &str) -> String {
    let word = text.split([' ', '\t']).next().unwrap_or_default();
    let rest = text[word.len()..].trim();
    let argument = rest.len() > 1
        && rest.starts_with('"')
        && rest.ends_with('"')
        && !rest[1..rest.len() - 1].contains('"');
    if names::is_snake(word) && argument {
        return format!(
            "to send a line to the shell write `>` before it; a call is written `{word}({rest})`"
        );
    }
    "to send a line to the shell write `>` before it".to_owned()
}
