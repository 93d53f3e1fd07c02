//! The arena of a file's bodies: what checker, editor features and plan assembly read instead of syntax.
//!
//! One arena per file, not per definition: tens of millions of bytes of text stay small. Names and plain text are ranges
//! into the file, nothing is copied. Both readings of an ambiguous statement are kept, so that lowering does not depend
//! on the edition. Nothing here resolves names.

use std::ops::Range;

use relux_syntax::TextRange;

use crate::items::ItemKind;
use crate::plan::{MarkerKind, Timeout};

/// All bodies of one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FileBodies {
    /// Functions, effects and tests in source order.
    pub definitions: Vec<DefBody>,
    /// Indexes into `definitions`: functions, effects and tests in the order of the item index.
    pub(crate) groups: [Vec<u32>; 3],
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) exprs: Vec<Expr>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) timeouts: Vec<Timed>,
}

macro_rules! slice_of {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name {
            pub(crate) start: u32,
            pub(crate) end: u32,
        }

        impl $name {
            pub(crate) fn range(self) -> Range<usize> {
                self.start as usize..self.end as usize
            }

            /// Number of elements.
            pub const fn len(self) -> usize {
                (self.end - self.start) as usize
            }

            /// Whether there is none.
            pub const fn is_empty(self) -> bool {
                self.start == self.end
            }
        }
    };
}

slice_of!(
    /// Consecutive statements.
    Stmts
);
slice_of!(
    /// Consecutive expressions: the arguments of a call.
    Exprs
);
slice_of!(
    /// Consecutive pieces of a text.
    Pieces
);
slice_of!(
    /// Consecutive patterns of a multimatch.
    Patterns
);

/// Index of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExprId(pub(crate) u32);

/// Index of a timeout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeoutId(pub(crate) u32);

/// What kind of thing is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefKind {
    /// `fn`
    Function,
    /// `pure fn`
    PureFunction,
    /// `effect`
    Effect,
    /// `test`
    Test,
}

/// A function, effect or test with everything inside it.
#[derive(Debug, PartialEq, Eq)]
pub struct DefBody {
    /// What it is.
    pub kind: DefKind,
    /// Position among the functions, effects or tests of the item index.
    pub position: u32,
    /// The name; that of a test without its quotes. `None` while it is being typed.
    pub name: Option<TextRange>,
    /// The whole definition.
    pub range: TextRange,
    /// First docstring of a test, without its quotes.
    pub doc: Option<TextRange>,
    /// Timeout in the header of a test.
    pub timeout: Option<TimeoutId>,
    /// Markers above it.
    pub markers: Vec<Marker>,
    /// `let`s and pure matches of a test or effect.
    pub preamble: Stmts,
    /// `start` declarations.
    pub starts: Vec<Start>,
    /// Shell blocks.
    pub blocks: Vec<ShellBlock>,
    /// The cleanup block.
    pub cleanup: Option<Cleanup>,
    /// Statements of a function.
    pub body: Stmts,
}

impl DefBody {
    /// Which group of the item index it belongs to.
    pub fn item_kind(&self) -> ItemKind {
        match self.kind {
            DefKind::Function | DefKind::PureFunction => ItemKind::Function,
            DefKind::Effect => ItemKind::Effect,
            DefKind::Test => ItemKind::Test,
        }
    }

    /// Whether the body of a function must do without a shell.
    pub fn is_pure(&self) -> bool {
        self.kind == DefKind::PureFunction
    }

    /// Whether it is a function, pure or not.
    pub fn is_function(&self) -> bool {
        matches!(self.kind, DefKind::Function | DefKind::PureFunction)
    }
}

/// A marker line.
#[derive(Debug, PartialEq, Eq)]
pub struct Marker {
    /// From `#` to the end of the line.
    pub range: TextRange,
    /// `None` where the word is none that exists.
    pub kind: Option<MarkerKind>,
    /// `unless` instead of `if`.
    pub negated: bool,
    /// Missing means always.
    pub condition: Option<Condition>,
}

/// The condition of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// A value on its own.
    NotEmpty(ExprId),
    /// `a = b`
    Equals(ExprId, ExprId),
    /// `a ? regex`
    Matches(ExprId, Pattern),
}

impl Condition {
    /// The expressions in it.
    pub fn exprs(self) -> impl Iterator<Item = ExprId> {
        let (first, second) = match self {
            Self::NotEmpty(value) | Self::Matches(value, _) => (value, None),
            Self::Equals(left, right) => (left, Some(right)),
        };
        std::iter::once(first).chain(second)
    }
}

/// A `start` declaration.
#[derive(Debug, PartialEq, Eq)]
pub struct Start {
    /// The whole declaration.
    pub range: TextRange,
    /// The effect's name; `None` while it is being typed.
    pub effect: Option<TextRange>,
    /// The name after `as`.
    pub alias: Option<TextRange>,
    /// Entries of the overlay in order.
    pub overlay: Vec<OverlayEntry>,
}

/// `KEY = value`, or `KEY` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverlayEntry {
    /// The whole entry.
    pub range: TextRange,
    /// The key.
    pub key: TextRange,
    /// The value; the key itself as a variable where none is written.
    pub value: Option<ExprId>,
    /// Whether the value is only the key once more.
    pub shorthand: bool,
}

/// `shell name { … }` or `shell Alias.name { … }`.
#[derive(Debug, PartialEq, Eq)]
pub struct ShellBlock {
    /// From the word `shell` to the closing brace.
    pub range: TextRange,
    /// Alias before the dot.
    pub qualifier: Option<TextRange>,
    /// The shell; `None` while it is being typed.
    pub name: Option<TextRange>,
    /// Statements.
    pub body: Stmts,
}

/// A `cleanup` block.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleanup {
    /// The word `cleanup`.
    pub keyword: TextRange,
    /// From the word to the closing brace.
    pub range: TextRange,
    /// Statements.
    pub body: Stmts,
}

/// A statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stmt {
    /// Its own text, without blanks around it and without the newline.
    pub range: TextRange,
    /// What it is.
    pub kind: StmtKind,
}

/// What a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StmtKind {
    /// `> text`, or `=> text` without the newline.
    Send {
        /// Payload.
        text: Text,
        /// Whether a line feed follows.
        newline: bool,
    },
    /// `<? …`, `<= …` and their timed forms. Never the reset.
    Match {
        /// What to wait for.
        pattern: Pattern,
        /// One-shot timeout.
        timeout: Option<TimeoutId>,
    },
    /// `<?` or `<=` without payload.
    Reset,
    /// `<{ … }`.
    MultiMatch {
        /// Its lines.
        patterns: Patterns,
        /// One-shot timeout for all.
        timeout: Option<TimeoutId>,
    },
    /// `!? …` or `!= …`.
    FailPattern(Pattern),
    /// `!?` or `!=` without payload.
    ClearFailPattern,
    /// `~5s` or `@5s` on a line of its own.
    Timeout(TimeoutId),
    /// `let name` with or without a value.
    Let {
        /// Variable.
        name: TextRange,
        /// Missing means empty.
        value: Option<ExprId>,
    },
    /// `name := value`, an assignment in every edition.
    Assign {
        /// Variable.
        name: TextRange,
        /// New value.
        value: ExprId,
    },
    /// `subject = text` and `subject ? regex`.
    PureMatch {
        /// What is looked at.
        subject: ExprId,
        /// What it must be.
        pattern: Pattern,
        /// The right side as one expression, where edition 2026-04 would read an assignment to the subject.
        assigned: Option<ExprId>,
    },
    /// An expression on its own.
    Expr(ExprId),
    /// A comment as the last statement of a function.
    Nothing,
    /// A statement that is not well-formed; the syntax has an error there.
    Missing,
}

/// A regex or literal pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Regex, against literal text.
    pub regex: bool,
    /// Its text.
    pub text: Text,
}

/// Text with interpolations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// The whole text in the source; for a string without its quotes.
    pub range: TextRange,
    /// Its pieces in order.
    pub pieces: Pieces,
}

/// A piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The bytes of this range as they are.
    Source(TextRange),
    /// One character written in another way: an escape, or `$$`.
    Char {
        /// How it is written.
        range: TextRange,
        /// What it means.
        value: char,
    },
    /// `${name}`
    Var {
        /// From `$` to `}`.
        range: TextRange,
        /// The name.
        name: TextRange,
    },
    /// `${Alias.name}`; literal text in edition 2026-04.
    Exposed {
        /// From `$` to `}`.
        range: TextRange,
        /// The alias.
        alias: TextRange,
        /// The exposed name.
        name: TextRange,
    },
    /// `${1}`
    Capture {
        /// From `$` to `}`.
        range: TextRange,
        /// The group.
        index: u32,
    },
}

impl Piece {
    /// Its place in the source.
    pub const fn range(&self) -> TextRange {
        match *self {
            Self::Source(range)
            | Self::Char { range, .. }
            | Self::Var { range, .. }
            | Self::Exposed { range, .. }
            | Self::Capture { range, .. } => range,
        }
    }
}

/// An expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expr {
    /// Its text.
    pub range: TextRange,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprKind {
    /// `"…"`
    Text(Text),
    /// Digits as written.
    Number,
    /// A variable.
    Var,
    /// `Alias.name`
    Exposed {
        /// The alias.
        alias: TextRange,
        /// The exposed name.
        name: TextRange,
    },
    /// `$1`
    Capture(u32),
    /// `name(…)`
    Call {
        /// The callee.
        name: TextRange,
        /// Arguments in order.
        args: Exprs,
    },
    /// Not well-formed; the syntax has an error there.
    Missing,
}

/// A timeout as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// Sigil and duration.
    pub range: TextRange,
    /// `None` where the duration is none; the syntax has an error there.
    pub value: Option<Timeout>,
}

impl FileBodies {
    /// The statements of a body.
    pub fn stmts(&self, stmts: Stmts) -> &[Stmt] {
        self.stmts.get(stmts.range()).unwrap_or_default()
    }

    /// The pieces of a text.
    pub fn pieces(&self, text: Text) -> &[Piece] {
        self.pieces.get(text.pieces.range()).unwrap_or_default()
    }

    /// The lines of a multimatch.
    pub fn patterns(&self, patterns: Patterns) -> &[Pattern] {
        self.patterns.get(patterns.range()).unwrap_or_default()
    }

    /// The arguments of a call.
    pub fn args(&self, args: Exprs) -> &[Expr] {
        self.exprs.get(args.range()).unwrap_or_default()
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// A timeout.
    pub fn timeout(&self, id: TimeoutId) -> Timed {
        self.timeouts[id.0 as usize]
    }

    /// The body of an item by its position among the functions, effects or tests of the item index.
    pub fn definition(&self, kind: ItemKind, position: usize) -> Option<&DefBody> {
        let group = match kind {
            ItemKind::Function => &self.groups[0],
            ItemKind::Effect => &self.groups[1],
            ItemKind::Test => &self.groups[2],
            ItemKind::Import => return None,
        };
        self.definitions.get(*group.get(position)? as usize)
    }

    /// The definition that holds `offset`, its markers included.
    pub fn definition_at(&self, offset: u32) -> Option<&DefBody> {
        let after = self
            .definitions
            .partition_point(|definition| definition.range.start <= offset);
        let candidate = after
            .checked_sub(1)
            .map(|index| &self.definitions[index])
            .filter(|definition| definition.range.touches(offset));
        candidate.or_else(|| {
            self.definitions.get(after).filter(|definition| {
                definition
                    .markers
                    .iter()
                    .any(|marker| marker.range.touches(offset))
            })
        })
    }
}
