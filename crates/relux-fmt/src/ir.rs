//! What is to be printed, before anybody knows where lines break.
//!
//! A flat list instead of a tree: groups do not nest deeply here, and a list is printed in one pass. Nothing in it owns
//! text; tokens are ranges of the source, so that payloads cannot be changed on their way.

use relux_syntax::TextRange;

/// A step of the printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Text that stands nowhere in the source: a blank, a comma.
    Text(&'static str),
    /// A token of the source, byte for byte. A string may hold newlines.
    Source(TextRange),
    /// A comment without blanks behind it; `moved` if it stood behind code and is printed above.
    Comment { range: TextRange, moved: bool },
    /// Whole lines of the source, byte for byte, their indentation included.
    Verbatim(TextRange),
    /// The current indentation in the middle of a token: a line of a docstring.
    Margin,
    /// The line ends here; with `blank` an empty line follows.
    Hard { blank: bool },
    /// As many newlines as stand in the source, beside lines that stay as they are. The line ends at least.
    Exactly(u32),
    /// A blank if its group fits on the line, otherwise a newline.
    Line,
    /// Nothing if its group fits on the line, otherwise this text.
    IfBroken(&'static str),
    /// Begins a group: all of it is on one line, or each `Line` in it is a newline.
    Open,
    /// Ends a group.
    Close,
    /// Lines from here on are indented by one step more.
    Indent,
    /// Ends [`Op::Indent`].
    Dedent,
    /// What follows, up to [`Op::End`], is formatted as a whole or not at all. At this offset of the source.
    Begin(u32),
    /// Ends [`Op::Begin`], at this offset of the source.
    End(u32),
}

/// The document: what the layout made of a file.
#[derive(Default)]
pub(crate) struct Doc {
    pub(crate) ops: Vec<Op>,
}

impl Doc {
    pub(crate) fn push(&mut self, op: Op) {
        self.ops.push(op);
    }

    pub(crate) fn text(&mut self, text: &'static str) {
        self.push(Op::Text(text));
    }

    pub(crate) fn source(&mut self, range: TextRange) {
        self.push(Op::Source(range));
    }

    pub(crate) fn hard(&mut self) {
        self.push(Op::Hard { blank: false });
    }
}
