//! Making a failure out of a message and the state of the interpreter: place, stack, variables, output.

use std::collections::BTreeMap;
use std::sync::Arc;

use relux_model::plan::{Loc, Program};

use super::{Halt, Scope, Vm};
use crate::event::{
    Failure, FailureKind, OutputTail, Place, StackEntry, Utf16Position, Utf16Range, Variable,
};
use crate::shell::Tail;

/// Characters of a value that reports show.
const VALUE_CHARS: usize = 200;

impl Vm {
    /// A failure here, with everything around it.
    pub(super) fn failed(&self, kind: FailureKind, message: String, loc: Loc) -> Halt {
        Halt::Failed(Arc::new(self.failure(kind, message, loc)))
    }

    /// The same before it is final.
    pub(super) fn failure(&self, kind: FailureKind, message: String, loc: Loc) -> Failure {
        let shell = self.shell();
        Failure {
            kind,
            message,
            label: None,
            notes: Vec::new(),
            place: Some(place(self.program(), loc)),
            shell: shell.map(|shell| shell.name.clone()),
            tail: shell.map(|shell| output_tail(&shell.view().tail())),
            stack: self.stack(),
            vars: self.vars_in_scope(),
        }
    }

    fn stack(&self) -> Vec<StackEntry> {
        self.calls
            .iter()
            .rev()
            .cloned()
            .chain(self.scope.origin.iter().cloned())
            .collect()
    }

    fn vars_in_scope(&self) -> Vec<Variable> {
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        if let Some(frame) = self.frames.last() {
            all.extend(frame.vars.clone());
        } else {
            all.extend(self.scope.env.overlays());
            all.extend(Scope::lock(&self.scope.lets).clone());
            if let Some(session) = &self.session {
                all.extend(session.vars.clone());
            }
        }
        all.into_iter()
            .map(|(name, value)| Variable {
                name,
                value: shortened(&value, VALUE_CHARS),
            })
            .collect()
    }
}

/// At most so many characters, with an ellipsis if there were more.
pub(crate) fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// The output as it can be shown: no carriage returns, other control characters as escapes.
pub(crate) fn output_tail(tail: &Tail) -> OutputTail {
    let (read, unread) = tail.text.split_at(tail.read.min(tail.text.len()));
    OutputTail {
        read: visible(read),
        unread: visible(unread),
    }
}

/// Text without control characters, safe to show in a terminal.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            match c {
                '\r' => {}
                '\n' | '\t' => out.push(c),
                c if c.is_control() => out.extend(c.escape_default()),
                c => out.push(c),
            }
            out
        })
}

/// One level of what called what.
pub(crate) fn stack_entry(program: &Program, what: String, loc: Loc) -> StackEntry {
    StackEntry {
        what,
        place: place(program, loc),
    }
}

/// A place in every unit. A range outside of the file's text gives its end.
pub(crate) fn place(program: &Program, loc: Loc) -> Place {
    let (path, text) = program
        .files
        .get(loc.file.0 as usize)
        .map_or(("", ""), |file| (file.path.as_str(), &*file.text));
    let start = position(text, loc.range.start);
    let end = position(text, loc.range.end);
    Place {
        file: path.to_owned(),
        start_byte: loc.range.start,
        end_byte: loc.range.end,
        line: start.0.line + 1,
        column: start.1 + 1,
        range: Utf16Range {
            start: start.0,
            end: end.0,
        },
    }
}

fn position(text: &str, offset: u32) -> (Utf16Position, u32) {
    let mut at = (offset as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
    let in_line = &before[start..];
    let position = Utf16Position {
        line: line as u32,
        character: in_line.encode_utf16().count() as u32,
    };
    (position, in_line.chars().count() as u32)
}

#[cfg(test)]
mod tests {
    use relux_model::plan::{FileId, PlanFile};
    use relux_syntax::TextRange;

    use super::*;

    #[test]
    fn places_have_every_unit() {
        let program = Program {
            files: vec![PlanFile {
                path: "a.relux".to_owned(),
                text: "x\n🦀é y\n".into(),
            }],
            ..Program::default()
        };
        let loc = Loc {
            file: FileId(0),
            range: TextRange::new(9, 10),
        };
        let place = place(&program, loc);
        assert_eq!((place.line, place.column), (2, 4));
        assert_eq!(
            place.range.start,
            Utf16Position {
                line: 1,
                character: 4
            }
        );
        assert_eq!(
            place.range.end,
            Utf16Position {
                line: 1,
                character: 5
            }
        );
    }

    #[test]
    fn a_place_outside_of_the_text_is_its_end() {
        let loc = Loc {
            file: FileId(7),
            range: TextRange::new(90, 100),
        };
        assert_eq!(place(&Program::default(), loc).line, 1);
    }

    #[test]
    fn control_characters_are_visible() {
        assert_eq!(visible("a\r\n\x1b[31mred\x07"), "a\n\\u{1b}[31mred\\u{7}");
    }
}
