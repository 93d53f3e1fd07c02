//! The walk that the lints about shells share: statements in the order in which they run, and what is known about the
//! shell before each of them.
//!
//! The language has no branches, so within a definition this is exact; a call of a function that works on the shell
//! makes everything unknown. Nothing is judged here.

mod captures;
mod dollar_digit;
mod regex_facts;
mod regexes;

use std::borrow::Cow;

use relux_syntax::TextRange;
use rustc_hash::FxHashMap;

use self::regex_facts::RegexFacts;
use super::Context;
use crate::bodies::body::{DefBody, ExprKind, FileBodies, Pattern, Piece, Stmt, StmtKind, Text};
use crate::bodies::walk::{Node, Site, TextKind, walk};
use crate::edition::{Edition, edition};

/// A walk over one file.
struct Flow<'c, 'a, 'db> {
    cx: &'c mut Context<'a, 'db>,
    bodies: &'db FileBodies,
    edition: Edition,
    definition: &'db DefBody,
    /// By the shell's name as in the header of its blocks; other places have names that no shell can have.
    shells: FxHashMap<&'db str, Shell>,
    /// What a regex that is being read will leave as captures.
    next_captures: Option<Captures>,
}

/// What is known about a shell at some point.
#[derive(Debug, Clone, Default)]
struct Shell {
    captures: Captures,
}

/// What `$1` can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Captures {
    /// Nothing is known.
    #[default]
    Unknown,
    /// No regex has matched.
    None,
    /// The regex here has so many groups.
    Groups(u32, TextRange),
}

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let edition = edition(cx.db, cx.suite, cx.file).edition;
    for definition in &bodies.definitions {
        let mut flow = Flow {
            cx: &mut *cx,
            bodies,
            edition,
            definition,
            shells: FxHashMap::default(),
            next_captures: None,
        };
        walk(bodies, edition, definition, &mut |site, node| {
            flow.node(site, node);
        });
    }
}

impl<'db> Flow<'_, '_, 'db> {
    fn node(&mut self, site: Site, node: Node) {
        match node {
            Node::Stmt(stmt) => self.stmt(site, stmt),
            Node::Expr(expr, _) => {
                if let ExprKind::Capture(index) = expr.kind {
                    captures::reference(self, site, expr.range, index);
                }
            }
            Node::Text(text, kind) => {
                self.text(site, text, kind);
                if kind == TextKind::Regex
                    && let Some(captures) = self.next_captures.take()
                {
                    self.shell(site).captures = captures;
                }
            }
        }
    }

    fn stmt(&mut self, site: Site, stmt: Stmt) {
        self.next_captures = None;
        match stmt.kind {
            StmtKind::Match { pattern, .. } | StmtKind::PureMatch { pattern, .. } if pattern.regex => {
                let facts = self.facts(pattern);
                self.next_captures = Some(match &facts {
                    Some(facts) => Captures::Groups(facts.groups, pattern.text.range),
                    None => Captures::Unknown,
                });
                if let Some(facts) = facts {
                    regexes::check(self, site, stmt, pattern, &facts);
                }
            }
            StmtKind::FailPattern(pattern) => {
                if let Some(facts) = self.facts(pattern) {
                    regexes::check(self, site, stmt, pattern, &facts);
                }
            }
            StmtKind::MultiMatch { patterns, .. } => {
                for pattern in self.bodies.patterns(patterns) {
                    if let Some(facts) = self.facts(*pattern) {
                        regexes::check(self, site, stmt, *pattern, &facts);
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, site: Site, text: Text, kind: TextKind) {
        if !text.range.slice(self.cx.text).contains('$') {
            return;
        }
        let bodies = self.bodies;
        for piece in bodies.pieces(text) {
            match *piece {
                Piece::Capture { range, index } => captures::reference(self, site, range, index),
                Piece::Source(range) => dollar_digit::check(self, site, text, range, kind),
                _ => {}
            }
        }
    }

    /// What is known about the shell of a place, or about the function, preamble or cleanup block.
    fn shell(&mut self, site: Site) -> &mut Shell {
        let name = self.name(site);
        self.shells
            .entry(name)
            .or_insert_with(|| Shell::at_first(site, name))
    }

    fn name(&self, site: Site) -> &'db str {
        match site {
            Site::Marker => "if",
            Site::Overlay(_) => "{",
            Site::Preamble { .. } => "let",
            Site::Cleanup => "cleanup",
            Site::Function { .. } => "fn",
            Site::Shell(at) => {
                let block = self.definition.blocks.get(at);
                let range = block.and_then(|block| match (block.qualifier, block.name) {
                    (Some(qualifier), Some(name)) => Some(qualifier.cover(name)),
                    (qualifier, name) => name.or(qualifier),
                });
                range.unwrap_or_default().slice(self.cx.text)
            }
        }
    }

    fn facts(&self, pattern: Pattern) -> Option<RegexFacts> {
        if pattern.regex {
            RegexFacts::of(&self.static_text(pattern.text)?)
        } else {
            None
        }
    }

    /// The characters of a text that interpolates nothing.
    fn static_text(&self, text: Text) -> Option<Cow<'db, str>> {
        let source = self.cx.text;
        match self.bodies.pieces(text) {
            [] => Some(Cow::Borrowed("")),
            [Piece::Source(range)] => Some(Cow::Borrowed(range.slice(source))),
            pieces => pieces
                .iter()
                .map(|piece| match *piece {
                    Piece::Source(range) => Some(Cow::Borrowed(range.slice(source))),
                    Piece::Char { value, .. } => Some(Cow::Owned(value.to_string())),
                    Piece::Exposed { range, .. } if self.edition == Edition::E2026_04 => {
                        Some(Cow::Borrowed(range.slice(source)))
                    }
                    Piece::Var { .. } | Piece::Exposed { .. } | Piece::Capture { .. } => None,
                })
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }
}

impl Shell {
    fn at_first(site: Site, name: &str) -> Self {
        let captures = match site {
            // Another owner of the same effect may have used its shell.
            Site::Shell(_) if name.contains('.') => Captures::Unknown,
            Site::Marker | Site::Overlay(_) => Captures::Unknown,
            Site::Shell(_) | Site::Preamble { .. } | Site::Cleanup | Site::Function { .. } => Captures::None,
        };
        Self { captures }
    }
}
