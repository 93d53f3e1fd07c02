//! Statements: operators with payloads, bindings, assertions.

use std::time::Duration;

use relux_syntax::TextRange;
use relux_syntax::ast::{self, AstNode, SyntaxKind, SyntaxNode};

use super::Lowering;
use crate::bodies::body::{Expr, ExprId, ExprKind, Pattern, Patterns, Stmt, StmtKind, Text};
use crate::plan::{Timeout, TimeoutKind};

impl Lowering {
    /// The statement that a node is; `None` for what is none, such as a line end or a comment.
    pub(super) fn stmt(&mut self, node: SyntaxNode<'_>) -> Option<Stmt> {
        let range = node.range();
        let kind = match ast::Statement::cast(node) {
            Some(stmt) => self.stmt_kind(stmt).unwrap_or(StmtKind::Missing),
            None => match node.kind() {
                SyntaxKind::IncompleteOperator
                | SyntaxKind::Unexpected
                | SyntaxKind::Marker
                | SyntaxKind::Docstring
                | SyntaxKind::UnclosedDocstring
                | SyntaxKind::Start
                | SyntaxKind::Expect
                | SyntaxKind::Expose
                | SyntaxKind::ShellBlock
                | SyntaxKind::Cleanup
                | SyntaxKind::Error => StmtKind::Missing,
                _ => return None,
            },
        };
        Some(Stmt { range, kind })
    }

    /// `None` where something that it needs is missing.
    fn stmt_kind(&mut self, stmt: ast::Statement<'_>) -> Option<StmtKind> {
        use ast::{Payload, Statement};
        let end = TextRange::empty(stmt.range().end);
        Some(match stmt {
            Statement::Send(it) => StmtKind::Send {
                text: self.pattern_text(it.payload().map(Payload::Literal), end),
                newline: true,
            },
            Statement::SendRaw(it) => StmtKind::Send {
                text: self.pattern_text(it.payload().map(Payload::Literal), end),
                newline: false,
            },
            Statement::MatchRegex(it) => {
                self.match_stmt(it.pattern().map(Payload::Regex), true, it.timeout(), end)
            }
            Statement::MatchLiteral(it) => {
                self.match_stmt(it.pattern().map(Payload::Literal), false, it.timeout(), end)
            }
            Statement::FailRegex(it) => {
                self.fail_stmt(it.pattern().map(Payload::Regex), true, it.timeout(), end)?
            }
            Statement::FailLiteral(it) => {
                self.fail_stmt(it.pattern().map(Payload::Literal), false, it.timeout(), end)?
            }
            Statement::Multimatch(it) => self.multimatch(it),
            Statement::TimeoutStatement(it) => StmtKind::Timeout(self.timeout(it.timeout()?)),
            Statement::Let(it) => {
                let name = it.name()?.range();
                // A value that is still to be typed is a syntax error; the name is declared all the same.
                let value = it.value().map(|value| self.expr(value));
                StmtKind::Let { name, value }
            }
            Statement::Assign(it) => StmtKind::Assign {
                name: it.name()?.range(),
                value: self.expr(it.value()?),
            },
            Statement::AssignOrAssert(it) => self.assign_or_assert(it, end)?,
            Statement::AssertEqual(it) => StmtKind::PureMatch {
                subject: self.expr(it.subject()?),
                pattern: Pattern {
                    regex: false,
                    text: self.pattern_text(it.pattern().map(Payload::Literal), end),
                },
                assigned: None,
            },
            Statement::AssertRegex(it) => StmtKind::PureMatch {
                subject: self.expr(it.subject()?),
                pattern: Pattern {
                    regex: true,
                    text: self.pattern_text(it.pattern().map(Payload::Regex), end),
                },
                assigned: None,
            },
            Statement::ExpressionStatement(it) => StmtKind::Expr(self.expr(it.expression()?)),
        })
    }

    fn match_stmt(
        &mut self,
        payload: Option<ast::Payload<'_>>,
        regex: bool,
        timeout: Option<ast::Timeout<'_>>,
        end: TextRange,
    ) -> StmtKind {
        if timeout.is_none() && is_blank(payload) {
            return StmtKind::Reset;
        }
        let text = self.pattern_text(payload, end);
        StmtKind::Match {
            pattern: Pattern { regex, text },
            timeout: timeout.map(|timeout| self.timeout(timeout)),
        }
    }

    /// There are no timed fail patterns; one is missing as a whole.
    fn fail_stmt(
        &mut self,
        payload: Option<ast::Payload<'_>>,
        regex: bool,
        timeout: Option<ast::Timeout<'_>>,
        end: TextRange,
    ) -> Option<StmtKind> {
        if timeout.is_some() {
            return None;
        }
        Some(if is_blank(payload) {
            StmtKind::ClearFailPattern
        } else {
            let text = self.pattern_text(payload, end);
            StmtKind::FailPattern(Pattern { regex, text })
        })
    }

    fn multimatch(&mut self, multimatch: ast::Multimatch<'_>) -> StmtKind {
        let mut patterns = Vec::new();
        for node in multimatch.syntax().children() {
            let end = TextRange::empty(node.range().end);
            let (regex, payload) = match ast::MultimatchPattern::cast(node) {
                Some(ast::MultimatchPattern::MultimatchRegex(it)) => {
                    (true, it.pattern().map(ast::Payload::Regex))
                }
                Some(ast::MultimatchPattern::MultimatchLiteral(it)) => {
                    (false, it.pattern().map(ast::Payload::Literal))
                }
                None => continue,
            };
            let text = self.pattern_text(payload, end);
            patterns.push(Pattern { regex, text });
        }
        let start = self.bodies.patterns.len() as u32;
        self.bodies.patterns.extend(patterns);
        StmtKind::MultiMatch {
            patterns: Patterns {
                start,
                end: self.bodies.patterns.len() as u32,
            },
            timeout: multimatch.timeout().map(|timeout| self.timeout(timeout)),
        }
    }

    /// `name = rest` keeps both readings where both editions have one.
    fn assign_or_assert(&mut self, node: ast::AssignOrAssert<'_>, end: TextRange) -> Option<StmtKind> {
        if node
            .operator_token()
            .is_some_and(|operator| operator.kind() == SyntaxKind::EqualsEquals)
        {
            return None;
        }
        let name = node.name()?.range();
        let subject = self.variable(name);
        let payload = node.value();
        let text = self.pattern_text(payload.map(ast::Payload::Literal), end);
        Some(StmtKind::PureMatch {
            subject,
            pattern: Pattern { regex: false, text },
            assigned: payload.and_then(|payload| self.assigned(node, payload)),
        })
    }

    /// The right side as edition 2026-04 reads it, if it is one expression and nothing else.
    fn assigned(&mut self, node: ast::AssignOrAssert<'_>, payload: ast::Literal<'_>) -> Option<ExprId> {
        let text = payload.text();
        let trimmed = text.trim_end_matches([' ', '\t']);
        let range = TextRange::new(
            payload.range().start,
            payload.range().start + trimmed.len() as u32,
        );
        if relux_syntax::names::is_variable(trimmed) {
            let keyword = relux_syntax::names::KEYWORDS.contains(&trimmed);
            return (!keyword).then(|| self.variable(range));
        }
        if trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(self.push(Expr {
                range,
                kind: ExprKind::Number,
            }));
        }
        // Cheaper than parsing: everything else begins like this.
        let first = trimmed.bytes().next()?;
        if !(first == b'"' || first == b'$' || trimmed.ends_with(')') || trimmed.contains('.')) {
            return None;
        }
        let parse = node.value_as_expression()?;
        let value = self.expr(parse.expression());
        let closed = match parse.expression() {
            ast::Expression::StringLiteral(string) => string.is_closed(),
            _ => true,
        };
        (closed && self.is_of_2026_04(*self.bodies.expr(value))).then_some(value)
    }

    /// Whether the expression is well-formed and has nothing that only 2026-08 has.
    fn is_of_2026_04(&self, expr: Expr) -> bool {
        match expr.kind {
            ExprKind::Text(_) | ExprKind::Number | ExprKind::Var | ExprKind::Capture(_) => true,
            ExprKind::Exposed { .. } | ExprKind::Missing => false,
            ExprKind::Call { args, .. } => self.bodies.args(args).iter().all(|arg| self.is_of_2026_04(*arg)),
        }
    }
}

/// Whether the payload is the empty form of its operator: nothing but blanks after decoding.
fn is_blank(payload: Option<ast::Payload<'_>>) -> bool {
    match payload {
        None => true,
        // Blanks are dropped before a payload, so that only escapes can make one blank.
        Some(ast::Payload::Literal(literal)) => literal.text().starts_with('\\') && literal.is_blank(),
        Some(ast::Payload::Regex(_)) => false,
    }
}

/// The value of a timeout; `None` where the duration is none.
pub(super) fn timeout_value(timeout: ast::Timeout<'_>) -> Option<Timeout> {
    let kind = if timeout.is_assertion() {
        TimeoutKind::Assertion
    } else {
        TimeoutKind::Tolerance
    };
    let duration: Duration = timeout.value().ok()?;
    Some(Timeout { kind, duration })
}

/// An empty text at a place.
pub(super) fn empty_text(range: TextRange) -> Text {
    Text {
        range,
        pieces: crate::bodies::body::Pieces::default(),
    }
}
