//! The walk that the lints about shells share: statements in the order in which they run, and what is known about the
//! shell before each of them.
//!
//! The language has no branches, so within a definition this is exact; a call of a function that works on the shell
//! makes everything unknown. Nothing is judged here.

mod captures;
mod dollar_digit;
mod empty_value;
mod fail_patterns;
mod interpolations;
mod long_timeout;
mod match_echo;
mod match_without_send;
mod operators;
mod regex_facts;
mod regexes;
mod state;
mod texts;
mod unchecked_last_send;
mod unsynchronised_send;
mod unused_value;

use std::borrow::Cow;

use relux_syntax::TextRange;
use rustc_hash::FxHashMap;

use self::regex_facts::RegexFacts;
use self::state::{Captures, Fail, LateFail, Shell};
use super::Context;
use crate::bodies::body::{
    DefBody, ExprKind, Exprs, FileBodies, Pattern, Piece, Stmt, StmtKind, Text, TimeoutId,
};
use crate::bodies::calls::{Called, resolve};
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
    /// Whether the statement sends its text.
    in_send: bool,
    /// Whether the operator of the statement is another one than it looks like.
    misread: bool,
    /// The call that is a statement of its own.
    bare_call: Option<TextRange>,
    /// How many regular expressions have been compiled.
    compiled: u32,
}

pub(super) fn check(cx: &mut Context<'_, '_>) {
    let bodies = crate::bodies::lower(cx.db, cx.file);
    let edition = edition(cx.db, cx.suite, cx.file).edition;
    let mut compiled = 0;
    for definition in &bodies.definitions {
        let mut flow = Flow {
            cx: &mut *cx,
            bodies,
            edition,
            definition,
            shells: FxHashMap::default(),
            next_captures: None,
            in_send: false,
            misread: false,
            bare_call: None,
            compiled,
        };
        walk(bodies, edition, definition, &mut |site, node| {
            flow.node(site, node);
        });
        flow.end();
        compiled = flow.compiled;
    }
}

impl<'db> Flow<'_, '_, 'db> {
    fn node(&mut self, site: Site, node: Node) {
        match node {
            Node::Stmt(stmt) => self.stmt(site, stmt),
            Node::Expr(expr, _) => match expr.kind {
                ExprKind::Capture(index) => captures::reference(self, site, expr.range, index),
                ExprKind::Call { name, args } => self.call(site, expr.range, name, args),
                _ => {}
            },
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
        self.in_send = matches!(stmt.kind, StmtKind::Send { .. });
        self.bare_call = None;
        self.misread = operators::check(self, stmt);
        match stmt.kind {
            StmtKind::Send { text, newline } => self.send(site, stmt, text, newline),
            StmtKind::Match { pattern, timeout } => {
                self.timeout(timeout);
                self.next_captures = self.regex(site, stmt, pattern);
                // With a time and without a pattern it waits for nothing.
                if !pattern.text.range.is_empty() {
                    match_without_send::statement(self, site, stmt);
                    self.expect(site, stmt, pattern);
                    self.shell(site).matched();
                }
            }
            StmtKind::MultiMatch { patterns, timeout } => {
                self.timeout(timeout);
                match_without_send::statement(self, site, stmt);
                let bodies = self.bodies;
                for pattern in bodies.patterns(patterns) {
                    self.regex(site, stmt, *pattern);
                    self.expect(site, stmt, *pattern);
                }
                self.shell(site).matched();
            }
            StmtKind::PureMatch { pattern, .. } => {
                self.next_captures = self.regex(site, stmt, pattern);
            }
            StmtKind::FailPattern(pattern) => {
                self.regex(site, stmt, pattern);
                fail_patterns::set(self, site, stmt.range);
                self.shell(site).fail = Some(Fail { pattern });
            }
            StmtKind::ClearFailPattern => self.shell(site).fail = None,
            StmtKind::Reset => self.shell(site).sent = None,
            StmtKind::Timeout(timeout) => long_timeout::check(self, timeout),
            StmtKind::Expr(value) => {
                self.bare_call = Some(stmt.range);
                unused_value::check(self, site, stmt, value);
            }
            StmtKind::Let { .. } | StmtKind::Assign { .. } => {
                if let Some(sent) = &mut self.shell(site).sent {
                    sent.stale = true;
                }
            }
            _ => {}
        }
    }

    fn timeout(&mut self, timeout: Option<TimeoutId>) {
        if let Some(timeout) = timeout {
            long_timeout::check(self, timeout);
        }
    }

    fn send(&mut self, site: Site, stmt: Stmt, text: Text, newline: bool) {
        if let Some(before) = self.shell(site).sent.filter(|_| newline) {
            unsynchronised_send::check(self, before, stmt);
        }
        fail_patterns::sent(self, site, text);
        let bodies = self.bodies;
        let is_line_end = |piece: &&Piece| {
            matches!(
                piece,
                Piece::Char {
                    value: '\n' | '\r',
                    ..
                }
            )
        };
        let inside = bodies.pieces(text).iter().filter(is_line_end).count() as u32;
        // A value may hold line ends too, which is rare enough.
        self.shell(site).send(stmt, text, newline, inside + 1);
    }

    /// What is expected next in a shell.
    fn expect(&mut self, site: Site, stmt: Stmt, pattern: Pattern) {
        if let Some(sent) = self.shell(site).sent {
            match_echo::check(self, sent, stmt, pattern);
        }
        fail_patterns::expected(self, site, pattern);
    }

    /// Judges a regex; the captures that it leaves, `None` for a literal, which leaves them alone.
    fn regex(&mut self, site: Site, stmt: Stmt, pattern: Pattern) -> Option<Captures> {
        if !pattern.regex {
            return None;
        }
        let text = self.static_text(pattern.text);
        let Some(facts) = text.and_then(|text| RegexFacts::of(&text)) else {
            return Some(Captures::Unknown);
        };
        if !self.misread {
            regexes::check(self, site, stmt, pattern, &facts);
        }
        Some(Captures::Groups(facts.groups, pattern.text.range))
    }

    fn call(&mut self, site: Site, range: TextRange, name: TextRange, args: Exprs) {
        let scope = self.cx.scope;
        match resolve(scope, name.slice(self.cx.text), args.len(), site.is_pure()) {
            Called::Builtin(builtin) => {
                match_without_send::call(self, site, builtin, range);
                self.shell(site).call(builtin);
            }
            Called::Function(function) => {
                if self.bare_call != Some(range) {
                    empty_value::check(self, range, name, &function.def);
                }
                if !function.pure {
                    self.shell(site).lost();
                }
            }
            _ => self.shell(site).lost(),
        }
    }

    fn end(&mut self) {
        unchecked_last_send::check(self);
        let late: Vec<LateFail> = self.shells.values().filter_map(|shell| shell.late_fail).collect();
        for late in late {
            fail_patterns::late(self, late);
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
                Piece::Source(range) => {
                    dollar_digit::check(self, site, text, range, kind);
                    interpolations::check(self, text, range, kind);
                }
                Piece::Exposed { range, alias, .. } if self.edition == Edition::E2026_04 => {
                    interpolations::exposed(self, range, alias);
                }
                _ => {}
            }
        }
    }

    /// What is known about the shell of a place, or about the function, preamble or cleanup block.
    fn shell(&mut self, site: Site) -> &mut Shell {
        let name = self.name(site);
        let (definition, source) = (self.definition, self.cx.text);
        self.shells.entry(name).or_insert_with(|| {
            // Another owner may have used the shell of an effect; an alias alone may mean the only one it exposes.
            let mut aliases = definition.starts.iter().filter_map(|start| start.alias);
            let is_own = !name.contains('.') && !aliases.any(|alias| alias.slice(source) == name);
            Shell::new(site, is_own)
        })
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
