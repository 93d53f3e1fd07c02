//! Expressions and pieces of text.

use relux_syntax::TextRange;
use relux_syntax::ast::{self, AstNode, PieceValue, TextMode};

use super::Lowering;
use super::stmt::empty_text;
use crate::bodies::body::{Expr, ExprId, ExprKind, Exprs, Piece, Pieces, Text};

/// Calls may be nested so deep, because everything that reads expressions recurses; deeper ones are an error of the
/// syntax.
const DEEPEST: usize = relux_syntax::validation::MAX_NESTING;

impl Lowering {
    pub(super) fn push(&mut self, expr: Expr) -> ExprId {
        let id = ExprId(self.bodies.exprs.len() as u32);
        self.bodies.exprs.push(expr);
        id
    }

    pub(super) fn variable(&mut self, range: TextRange) -> ExprId {
        self.push(Expr {
            range,
            kind: ExprKind::Var,
        })
    }

    pub(super) fn expr(&mut self, node: ast::Expression<'_>) -> ExprId {
        let expr = self.lower_expr(node);
        self.push(expr)
    }

    pub(super) fn expr_or_missing(&mut self, node: Option<ast::Expression<'_>>, range: TextRange) -> ExprId {
        match node {
            Some(node) => self.expr(node),
            None => self.push(Expr {
                range,
                kind: ExprKind::Missing,
            }),
        }
    }

    fn lower_expr(&mut self, node: ast::Expression<'_>) -> Expr {
        let range = node.range();
        let kind = match node {
            ast::Expression::StringLiteral(string) => ExprKind::Text(self.string(string)),
            ast::Expression::Number(_) => ExprKind::Number,
            ast::Expression::Variable(_) => ExprKind::Var,
            ast::Expression::Capture(capture) => capture.index().map_or(ExprKind::Missing, ExprKind::Capture),
            ast::Expression::QualifiedVariable(variable) => match (variable.qualifier(), variable.name()) {
                (Some(alias), Some(name)) => ExprKind::Exposed {
                    alias: alias.range(),
                    name: name.range(),
                },
                _ => ExprKind::Missing,
            },
            ast::Expression::Call(call) => self.call(call).unwrap_or(ExprKind::Missing),
            ast::Expression::BracedReference(_) => ExprKind::Missing,
        };
        Expr { range, kind }
    }

    fn call(&mut self, call: ast::Call<'_>) -> Option<ExprKind> {
        let name = call.function()?.range();
        if self.depth >= DEEPEST {
            return None;
        }
        self.depth += 1;
        let base = self.exprs.len();
        for node in call.args() {
            let expr = self.lower_expr(node);
            self.exprs.push(expr);
        }
        self.depth -= 1;
        let start = self.bodies.exprs.len() as u32;
        self.bodies.exprs.extend(self.exprs.drain(base..));
        let args = Exprs {
            start,
            end: self.bodies.exprs.len() as u32,
        };
        Some(ExprKind::Call { name, args })
    }

    /// The text of a payload; empty at `otherwise` where there is none.
    pub(super) fn pattern_text(&mut self, payload: Option<ast::Payload<'_>>, otherwise: TextRange) -> Text {
        let Some(payload) = payload else {
            return empty_text(TextRange::empty(otherwise.end));
        };
        let range = payload.range();
        let pieces = if is_plain(payload.text()) {
            self.plain(range)
        } else {
            self.pieces(payload.syntax().children_as(), payload.mode())
        };
        Text { range, pieces }
    }

    fn string(&mut self, string: ast::StringLiteral<'_>) -> Text {
        let (range, text) = (string.range(), string.text());
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(inner) = inner
            && is_plain(inner)
        {
            let range = TextRange::new(range.start + 1, range.end - 1);
            return Text {
                range,
                pieces: self.plain(range),
            };
        }
        Text {
            range: string.content_range(),
            pieces: self.string_pieces(string),
        }
    }

    fn string_pieces(&mut self, string: ast::StringLiteral<'_>) -> Pieces {
        let start = self.plain(string.prefix()).start;
        self.more_pieces(start as usize, string.syntax().children_as(), TextMode::Literal)
    }

    /// Text that stands for itself.
    fn plain(&mut self, range: TextRange) -> Pieces {
        let start = self.bodies.pieces.len() as u32;
        if !range.is_empty() {
            self.bodies.pieces.push(Piece::Source(range));
        }
        Pieces {
            start,
            end: self.bodies.pieces.len() as u32,
        }
    }

    fn pieces<'t>(&mut self, nodes: impl Iterator<Item = ast::Piece<'t>>, mode: TextMode) -> Pieces {
        self.more_pieces(self.bodies.pieces.len(), nodes, mode)
    }

    /// Pieces of the text whose first ones are there already.
    fn more_pieces<'t>(
        &mut self,
        start: usize,
        nodes: impl Iterator<Item = ast::Piece<'t>>,
        mode: TextMode,
    ) -> Pieces {
        for node in nodes {
            let range = node.range();
            match (node, mode) {
                (ast::Piece::TextPiece(_), _) | (ast::Piece::Escape(_), TextMode::Regex) => {
                    self.push_source(start, range);
                }
                // A line end in a string stands for these two characters.
                (ast::Piece::LineBreak(_), _) => {
                    self.push_char(range, '\\');
                    self.push_char(TextRange::empty(range.end), 'n');
                }
                (node, mode) => self.decoded(start, node, mode),
            }
        }
        Pieces {
            start: start as u32,
            end: self.bodies.pieces.len() as u32,
        }
    }

    fn decoded(&mut self, start: usize, node: ast::Piece<'_>, mode: TextMode) {
        let piece = node.decode(mode);
        let range = piece.range;
        match piece.value {
            // Longer text is literal as it stands, such as a keyword between braces.
            PieceValue::Text(text) => match single(&text) {
                Some(value) => self.push_char(range, value),
                None => self.push_source(start, range),
            },
            PieceValue::Variable { range: name, .. } => self.bodies.pieces.push(Piece::Var { range, name }),
            PieceValue::Qualified {
                alias_range,
                name_range,
                ..
            } => self.bodies.pieces.push(Piece::Exposed {
                range,
                alias: alias_range,
                name: name_range,
            }),
            PieceValue::Capture(Some(index)) => self.bodies.pieces.push(Piece::Capture { range, index }),
            PieceValue::Capture(None) | PieceValue::UnknownEscape(_) => self.push_source(start, range),
        }
    }

    fn push_char(&mut self, range: TextRange, value: char) {
        self.bodies.pieces.push(Piece::Char { range, value });
    }

    /// Adds text as it stands, as one piece with the text right before it.
    fn push_source(&mut self, start: usize, range: TextRange) {
        if let Some(Piece::Source(last)) = self.bodies.pieces.get_mut(start..).and_then(<[Piece]>::last_mut)
            && last.end == range.start
        {
            last.end = range.end;
            return;
        }
        self.bodies.pieces.push(Piece::Source(range));
    }
}

/// Whether nothing in the text has a meaning of its own, as in most texts: then its pieces need not be looked at.
fn is_plain(text: &str) -> bool {
    !text
        .bytes()
        .any(|byte| matches!(byte, b'$' | b'\\' | b'\n' | b'\r'))
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}
