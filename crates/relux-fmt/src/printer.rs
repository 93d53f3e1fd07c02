//! From the document to text: breaks groups that do not fit, indents, and notes where each token went.
//!
//! It knows nothing of Relux. What it notes is enough to turn the result into small edits.

use relux_syntax::TextRange;

use crate::ir::Op;

/// Lines of lists are broken beyond this many characters.
pub(crate) const WIDTH: usize = 100;

/// What one step of indentation is made of.
pub(crate) const STEP: &str = "    ";

/// A piece of the source that was copied, and where it begins in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) source: TextRange,
    pub(crate) out: u32,
}

/// The printed text with the way back to the source.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    pub(crate) text: String,
    /// In the order of the result.
    pub(crate) anchors: Vec<Anchor>,
    /// Ranges of the source that are formatted as a whole or not at all, in the order of the result.
    pub(crate) units: Vec<TextRange>,
    /// Every comment and every range of untouched lines, in the order of the result.
    pub(crate) kept: Vec<TextRange>,
}

/// Prints a document about `source`.
pub(crate) fn print(ops: &[Op], source: &str) -> Printed {
    let mut printer = Printer {
        source,
        printed: Printed {
            text: String::with_capacity(source.len() + source.len() / 16),
            ..Printed::default()
        },
        newlines: Some(0),
        depth: 0,
        broken: false,
        open_unit: 0,
        is_verbatim: false,
    };
    for (index, op) in ops.iter().enumerate() {
        printer.op(*op, &ops[index + 1..]);
    }
    printer.finish()
}

struct Printer<'t> {
    source: &'t str,
    printed: Printed,
    /// Newlines to write before the next text; `None` in the middle of a line.
    newlines: Option<u32>,
    depth: usize,
    /// Whether the current group is broken. Groups do not nest.
    broken: bool,
    open_unit: u32,
    /// Whether the last thing printed was a copy of whole lines.
    is_verbatim: bool,
}

impl Printer<'_> {
    fn op(&mut self, op: Op, rest: &[Op]) {
        self.is_verbatim = matches!(op, Op::Verbatim(_));
        match op {
            Op::Text(text) => {
                self.start_text();
                self.printed.text.push_str(text);
            }
            Op::Source(range) => {
                self.start_text();
                self.copy(range);
            }
            Op::Comment { range, moved } => {
                self.start_text();
                self.printed.kept.push(range);
                if moved {
                    self.printed.text.push_str(range.slice(self.source));
                } else {
                    self.copy(range);
                }
            }
            Op::Verbatim(range) => {
                self.start_line();
                self.printed.kept.push(range);
                self.copy(range);
            }
            Op::Margin => self.margin(),
            Op::Hard { blank } => self.newlines = Some(if blank { 2 } else { 1 }),
            Op::Exactly(newlines) => {
                let must_end = !self.printed.text.is_empty() && !self.printed.text.ends_with('\n');
                self.newlines = Some(newlines.max(u32::from(must_end)));
            }
            Op::Line if self.broken => self.newlines = Some(1),
            Op::Line => self.printed.text.push(' '),
            Op::IfBroken(text) => {
                if self.broken {
                    self.printed.text.push_str(text);
                }
            }
            Op::Open => self.broken = !self.fits(rest),
            Op::Close => self.broken = false,
            Op::Indent => self.depth += 1,
            Op::Dedent => self.depth = self.depth.saturating_sub(1),
            Op::Begin(offset) => {
                self.start_text();
                self.open_unit = offset;
                self.anchor(TextRange::empty(offset));
            }
            Op::End(offset) => {
                self.anchor(TextRange::empty(offset));
                self.printed.units.push(TextRange::new(self.open_unit, offset));
            }
        }
    }

    fn anchor(&mut self, source: TextRange) {
        let out = self.printed.text.len() as u32;
        self.printed.anchors.push(Anchor { source, out });
    }

    fn copy(&mut self, range: TextRange) {
        self.anchor(range);
        self.printed.text.push_str(range.slice(self.source));
    }

    /// Writes the newlines that wait, and the indentation of the new line.
    fn start_text(&mut self) {
        if self.newlines.is_some() {
            self.start_line();
            self.margin();
        }
    }

    /// Writes the newlines that wait. A file does not begin with one.
    fn start_line(&mut self) {
        let newlines = self.newlines.take().unwrap_or(0);
        if !self.printed.text.is_empty() {
            for _ in 0..newlines {
                self.printed.text.push('\n');
            }
        }
    }

    fn margin(&mut self) {
        for _ in 0..self.depth {
            self.printed.text.push_str(STEP);
        }
    }

    /// Whether the group that begins with these steps fits on the current line.
    fn fits(&self, group: &[Op]) -> bool {
        let line = self.printed.text.rsplit('\n').next().unwrap_or_default();
        let mut width = line.chars().count();
        for op in group {
            width += match op {
                Op::Text(text) => text.len(),
                Op::Source(range) => {
                    let text = range.slice(self.source);
                    if text.contains('\n') {
                        return false;
                    }
                    text.chars().count()
                }
                Op::Line => 1,
                // The closing bracket follows the group.
                Op::Close => return width < WIDTH,
                _ => 0,
            };
            if width >= WIDTH {
                return false;
            }
        }
        true
    }

    fn finish(mut self) -> Printed {
        let text = &mut self.printed.text;
        let last = self.printed.kept.last().map_or(0, |it| it.end as usize);
        let is_kept_to_the_end = last == self.source.len() && self.is_verbatim;
        if !is_kept_to_the_end && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        self.printed
    }
}
