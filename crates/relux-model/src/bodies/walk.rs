//! One walk over everything that can be named or matched in a definition, for all that read bodies.
//!
//! Ambiguous statements arrive as the edition reads them, so that no reader decides that for itself.

use super::body::{
    Condition, DefBody, Expr, ExprId, ExprKind, FileBodies, Pattern, Stmt, StmtKind, Stmts, Text,
};
use crate::edition::Edition;

/// Where in a definition something stands: this decides what may be called and which names are visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// The condition of a marker.
    Marker,
    /// What stands before the starts.
    Preamble {
        /// A pure match, against a `let`.
        assertion: bool,
    },
    /// A value in the overlay of the start with this index.
    Overlay(usize),
    /// The shell block with this index.
    Shell(usize),
    /// The cleanup block.
    Cleanup,
    /// The body of a function.
    Function {
        /// `pure fn`.
        pure: bool,
    },
}

impl Site {
    /// Whether nothing here can reach a shell.
    pub(crate) const fn is_pure(self) -> bool {
        matches!(
            self,
            Self::Marker | Self::Preamble { .. } | Self::Overlay(_) | Self::Function { pure: true }
        )
    }
}

/// A node of a body.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node {
    /// A statement; its parts follow.
    Stmt(Stmt),
    /// An expression; its parts follow. The flag tells whether it is an argument of a call.
    Expr(Expr, bool),
    /// A payload, a string or a pattern.
    Text(Text, TextKind),
}

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextKind {
    /// A payload, or a string as a value.
    Plain,
    /// A string in an argument of a call.
    Argument,
    /// A regular expression.
    Regex,
}

impl StmtKind {
    /// The statement as the edition reads it: `name = value` assigns in 2026-04 and asserts in 2026-08.
    pub(crate) fn read(self, bodies: &FileBodies, edition: Edition) -> Self {
        match self {
            Self::PureMatch {
                subject,
                assigned: Some(value),
                ..
            } if edition == Edition::E2026_04 => Self::Assign {
                name: bodies.expr(subject).range,
                value,
            },
            other => other,
        }
    }
}

/// Calls `visit` for every node of the definition in source order of its sections.
pub(crate) fn walk(
    bodies: &FileBodies,
    edition: Edition,
    definition: &DefBody,
    visit: &mut dyn FnMut(Site, Node),
) {
    let mut walker = Walker {
        bodies,
        edition,
        site: Site::Marker,
        visit,
    };
    for condition in definition.markers.iter().filter_map(|marker| marker.condition) {
        for expr in condition.exprs() {
            walker.expr(expr, false);
        }
        if let Condition::Matches(_, pattern) = condition {
            walker.pattern(pattern);
        }
    }
    walker
        .at(Site::Preamble { assertion: false })
        .stmts(definition.preamble);
    for (index, start) in definition.starts.iter().enumerate() {
        walker.site = Site::Overlay(index);
        for value in start.overlay.iter().filter_map(|entry| entry.value) {
            walker.expr(value, false);
        }
    }
    for (index, block) in definition.blocks.iter().enumerate() {
        walker.at(Site::Shell(index)).stmts(block.body);
    }
    if let Some(cleanup) = &definition.cleanup {
        walker.at(Site::Cleanup).stmts(cleanup.body);
    }
    let pure = definition.is_pure();
    walker.at(Site::Function { pure }).stmts(definition.body);
}

struct Walker<'a> {
    bodies: &'a FileBodies,
    edition: Edition,
    site: Site,
    visit: &'a mut dyn FnMut(Site, Node),
}

impl Walker<'_> {
    fn at(&mut self, site: Site) -> &mut Self {
        self.site = site;
        self
    }

    fn stmts(&mut self, stmts: Stmts) {
        let bodies = self.bodies;
        for stmt in bodies.stmts(stmts) {
            self.stmt(Stmt {
                range: stmt.range,
                kind: stmt.kind.read(bodies, self.edition),
            });
        }
    }

    fn stmt(&mut self, stmt: Stmt) {
        if let Site::Preamble { assertion } = &mut self.site {
            *assertion = matches!(stmt.kind, StmtKind::PureMatch { .. });
        }
        (self.visit)(self.site, Node::Stmt(stmt));
        match stmt.kind {
            StmtKind::Send { text, .. } => self.text(text, TextKind::Plain),
            StmtKind::Match { pattern, .. } | StmtKind::FailPattern(pattern) => {
                self.pattern(pattern);
            }
            StmtKind::MultiMatch { patterns, .. } => {
                for pattern in self.bodies.patterns(patterns) {
                    self.pattern(*pattern);
                }
            }
            StmtKind::Let { value, .. } => {
                if let Some(value) = value {
                    self.expr(value, false);
                }
            }
            StmtKind::Assign { value, .. } | StmtKind::Expr(value) => self.expr(value, false),
            StmtKind::PureMatch { subject, pattern, .. } => {
                self.expr(subject, false);
                self.pattern(pattern);
            }
            StmtKind::Reset
            | StmtKind::ClearFailPattern
            | StmtKind::Timeout(_)
            | StmtKind::Nothing
            | StmtKind::Missing => {}
        }
    }

    fn pattern(&mut self, pattern: Pattern) {
        let kind = if pattern.regex {
            TextKind::Regex
        } else {
            TextKind::Plain
        };
        self.text(pattern.text, kind);
    }

    fn text(&mut self, text: Text, kind: TextKind) {
        (self.visit)(self.site, Node::Text(text, kind));
    }

    fn expr(&mut self, id: ExprId, is_argument: bool) {
        let expr = *self.bodies.expr(id);
        (self.visit)(self.site, Node::Expr(expr, is_argument));
        match expr.kind {
            ExprKind::Text(text) if is_argument => self.text(text, TextKind::Argument),
            ExprKind::Text(text) => self.text(text, TextKind::Plain),
            ExprKind::Call { args, .. } => {
                for id in args.range() {
                    self.expr(ExprId(id as u32), true);
                }
            }
            ExprKind::Number
            | ExprKind::Var
            | ExprKind::Exposed { .. }
            | ExprKind::Capture(_)
            | ExprKind::Missing => {}
        }
    }
}
