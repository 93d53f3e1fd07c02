//! What statements and expressions mean beyond their fields.

use std::time::Duration;

use super::generated::{
    ArgumentList, AssignOrAssert, Call, Capture, Expression, ExpressionStatement, Literal, MatchLiteral,
    MatchRegex, Module, Multimatch, MultimatchPattern, Payload, Statement, SyntaxKind, Timeout,
};
use super::node::{AstNode, SyntaxNode};
use super::tree::FlatTree;
use crate::TextRange;
use crate::duration::{self, DurationError};
use crate::parse;

impl<'t> Statement<'t> {
    /// The payload behind its operator: what is sent, or the pattern.
    pub fn payload(&self) -> Option<Payload<'t>> {
        match self {
            Self::Send(it) => it.payload().map(Payload::Literal),
            Self::SendRaw(it) => it.payload().map(Payload::Literal),
            Self::MatchLiteral(it) => it.pattern().map(Payload::Literal),
            Self::FailLiteral(it) => it.pattern().map(Payload::Literal),
            Self::AssertEqual(it) => it.pattern().map(Payload::Literal),
            Self::MatchRegex(it) => it.pattern().map(Payload::Regex),
            Self::FailRegex(it) => it.pattern().map(Payload::Regex),
            Self::AssertRegex(it) => it.pattern().map(Payload::Regex),
            Self::AssignOrAssert(it) => it.value().map(Payload::Literal),
            Self::Multimatch(_)
            | Self::TimeoutStatement(_)
            | Self::Let(_)
            | Self::Assign(_)
            | Self::ExpressionStatement(_) => None,
        }
    }
}

impl MatchRegex<'_> {
    /// Whether it forgets the output so far instead of waiting: `<?` without timeout and pattern.
    pub fn is_reset(&self) -> bool {
        self.timeout().is_none() && self.pattern().is_none()
    }
}

impl MatchLiteral<'_> {
    /// Whether it forgets the output so far instead of waiting: `<=` without timeout and with nothing but blanks.
    pub fn is_reset(&self) -> bool {
        self.timeout().is_none() && self.pattern().is_none_or(|it| it.is_blank())
    }
}

impl<'t> Multimatch<'t> {
    /// Its pattern lines in order.
    pub fn patterns(&self) -> impl Iterator<Item = MultimatchPattern<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Whether its closing brace is there.
    pub fn is_closed(&self) -> bool {
        self.syntax()
            .last_child()
            .is_some_and(|it| it.kind() == SyntaxKind::CloseBrace)
    }
}

impl<'t> MultimatchPattern<'t> {
    /// What is to be matched; `None` if the line is empty behind its operator.
    pub fn payload(&self) -> Option<Payload<'t>> {
        match self {
            Self::MultimatchRegex(it) => it.pattern().map(Payload::Regex),
            Self::MultimatchLiteral(it) => it.pattern().map(Payload::Literal),
        }
    }
}

impl<'t> Call<'t> {
    /// Name of the function, as written.
    pub fn name(&self) -> &'t str {
        self.function().map_or("", |it| it.text())
    }

    /// Its arguments in order.
    pub fn args(&self) -> impl Iterator<Item = Expression<'t>> + use<'t> {
        self.arguments().into_iter().flat_map(|it| it.expressions())
    }

    /// Number of arguments, which is part of a function's name.
    pub fn arity(&self) -> usize {
        self.args().count()
    }
}

impl<'t> ArgumentList<'t> {
    /// The arguments in order.
    pub fn expressions(&self) -> impl Iterator<Item = Expression<'t>> + use<'t> {
        self.syntax().children_as()
    }

    /// Whether its closing parenthesis is there.
    pub fn is_closed(&self) -> bool {
        self.syntax()
            .last_child()
            .is_some_and(|it| it.kind() == SyntaxKind::CloseParen)
    }
}

impl Capture<'_> {
    /// The number behind `$`; `None` if it does not fit 64 bits. Larger ones than 32 bits hold are cut: no regular
    /// expression has so many captures, and such a capture is empty.
    pub fn index(&self) -> Option<u32> {
        super::text::capture_index(self.text().get(1..)?)
    }
}

impl<'t> Timeout<'t> {
    /// Whether it is a promise that no factor scales: `@`.
    pub fn is_assertion(&self) -> bool {
        self.sigil_token().is_some_and(|it| it.kind() == SyntaxKind::At)
    }

    /// Its duration as written, without the sigil; empty while it is missing.
    pub fn duration_text(&self) -> &'t str {
        self.duration().map_or("", |it| it.text())
    }

    /// How long it is.
    pub fn value(&self) -> Result<Duration, DurationError> {
        duration::parse(self.duration_text())
    }
}

impl<'t> AssignOrAssert<'t> {
    /// Where the right side stands; empty at the end of the statement if there is none.
    pub fn value_range(&self) -> TextRange {
        match self.value() {
            Some(it) => it.range(),
            None => TextRange::empty(self.range().end),
        }
    }

    /// The right side as one expression, which is how edition 2026-04 reads it; `None` if it is not exactly one.
    ///
    /// Blanks behind the expression are ignored, although 2026-04 has none there: see
    /// [`has_trailing_blanks`](Self::has_trailing_blanks). The text of the right side is [`value`](Self::value).
    pub fn value_as_expression(&self) -> Option<ExpressionParse<'t>> {
        let value = self.value()?;
        let trimmed = value.text().trim_end_matches([' ', '\t']);
        let start = value.range().start;
        ExpressionParse::new(
            self.syntax().source(),
            TextRange::new(start, start + trimmed.len() as u32),
        )
    }

    /// Whether blanks follow the right side, which only edition 2026-08 allows.
    pub fn has_trailing_blanks(&self) -> bool {
        self.value()
            .is_some_and(|it: Literal<'_>| it.text().ends_with([' ', '\t']))
    }
}

/// An expression that was parsed on demand. Its positions are those of the file.
pub struct ExpressionParse<'t> {
    tree: FlatTree,
    source: &'t str,
}

impl<'t> ExpressionParse<'t> {
    fn new(source: &'t str, range: TextRange) -> Option<Self> {
        let tree = parse::parse_range(source, range)?;
        let parse = Self { tree, source };
        parse.find()?;
        Some(parse)
    }

    fn find(&self) -> Option<Expression<'_>> {
        let root = SyntaxNode::root(&self.tree, self.source);
        let module = Module::cast(root).filter(|_| !root.has_error())?;
        let mut children = module.syntax().children();
        let statement = ExpressionStatement::cast(children.next()?)?;
        match children.next() {
            None => statement.expression(),
            Some(_) => None,
        }
    }

    /// The expression.
    ///
    /// # Panics
    /// Never: the constructor looked for it in the same tree.
    pub fn expression(&self) -> Expression<'_> {
        self.find().expect("the constructor found one in this very tree")
    }
}
