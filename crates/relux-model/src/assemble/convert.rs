//! One body to its plan: names become indexes, ranges become text, ambiguous forms become what the edition says.

use relux_syntax::TextRange;

use super::definitions::{Builder, Node, Problem};
use crate::bodies::body::{self, DefBody, ExprId, FileBodies, Stmts, TimeoutId};
use crate::bodies::calls::{Called, resolve};
use crate::bodies::exposed::{find_start, started};
use crate::components;
use crate::db::SourceFile;
use crate::edition::Edition;
use crate::items::{Def, StartItem, item_index};
use crate::plan::{
    Callee, Condition, ExposeKind, Expr, ExprKind, FileId, Loc, Marker, OverlayEntry, Pattern, Piece,
    ShellBlock, ShellRef, Start, Stmt, StmtKind, Text, Timeout,
};
use crate::scope::{Scope, scope};

/// Converts one definition.
pub(super) struct Convert<'b, 'a> {
    builder: &'b mut Builder<'a>,
    file: SourceFile,
    file_id: FileId,
    source: &'a str,
    bodies: &'a FileBodies,
    scope: &'a Scope,
    edition: Edition,
    starts: &'a [StartItem],
    pure: bool,
    node: Node,
}

impl<'b, 'a> Convert<'b, 'a> {
    pub(super) fn new(builder: &'b mut Builder<'a>, def: &Def, body: &DefBody) -> Self {
        let (db, suite) = (builder.db, builder.suite);
        let file_id = builder.file(def.file);
        Self {
            builder,
            file: def.file,
            file_id,
            source: def.file.text(db),
            bodies: crate::bodies::lower(db, def.file),
            scope: scope(db, suite, def.file),
            edition: crate::edition::edition(db, suite, def.file).edition,
            starts: crate::bodies::starts(item_index(db, def.file), body),
            pure: body.is_pure(),
            node: Node::default(),
        }
    }

    pub(super) fn finish(self) -> Node {
        self.node
    }

    pub(super) fn text(&self, range: TextRange) -> &'a str {
        range.slice(self.source)
    }

    pub(super) fn loc(&self, range: TextRange) -> Loc {
        Loc {
            file: self.file_id,
            range,
        }
    }

    pub(super) fn timeout(&mut self, id: TimeoutId) -> Option<Timeout> {
        let timed = self.bodies.timeout(id);
        if timed.value.is_none() {
            self.problem(timed.range, "this duration cannot be read");
        }
        timed.value
    }

    fn problem(&mut self, range: TextRange, message: impl Into<String>) {
        self.node.problems.push(Problem {
            file: self.file,
            range,
            message: message.into(),
        });
    }

    fn reaches(&mut self, def: &Def) {
        if !self.node.refs.contains(def) {
            self.node.refs.push(def.clone());
        }
    }

    /// Runs `convert` where only pure functions can be called.
    fn purely<T>(&mut self, convert: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.pure, true);
        let out = convert(self);
        self.pure = before;
        out
    }

    pub(super) fn markers(&mut self, markers: &[body::Marker], origin: Option<&str>) -> Vec<Marker> {
        let mut out = Vec::with_capacity(markers.len());
        for marker in markers {
            let Some(kind) = marker.kind else {
                self.problem(marker.range, "this marker cannot be read");
                continue;
            };
            let condition = marker
                .condition
                .map(|condition| self.purely(|convert| convert.condition(condition)));
            out.push(Marker {
                loc: self.loc(marker.range),
                kind,
                negated: marker.negated,
                condition,
                origin: origin.map(str::to_owned),
            });
        }
        out
    }

    fn condition(&mut self, condition: body::Condition) -> Condition {
        match condition {
            body::Condition::NotEmpty(value) => Condition::NotEmpty(self.expr(value)),
            body::Condition::Equals(left, right) => Condition::Equals(self.expr(left), self.expr(right)),
            body::Condition::Matches(value, pattern) => {
                Condition::Matches(self.expr(value), self.pieces(pattern.text))
            }
        }
    }

    pub(super) fn starts(&mut self, starts: &[body::Start]) -> Vec<Start> {
        // Positions in the plan; a start without a plan has none.
        let mut numbers: Vec<Option<usize>> = Vec::with_capacity(starts.len());
        let mut reads: Vec<Vec<usize>> = Vec::new();
        let mut out: Vec<Start> = Vec::with_capacity(starts.len());
        for start in starts {
            let target = start.effect.and_then(|name| self.scope.effect(self.text(name)));
            let Some(target) = target else {
                self.problem(start.range, "this start cannot be planned");
                numbers.push(None);
                continue;
            };
            self.reaches(target);
            let effect = self.builder.effect(target);
            let overlay = self.purely(|convert| convert.overlay(&start.overlay));
            numbers.push(Some(out.len()));
            reads.push(self.siblings(&overlay));
            out.push(Start {
                loc: self.loc(start.range),
                effect,
                alias: start.alias.map(|alias| self.text(alias).to_owned()),
                overlay,
                after: Vec::new(),
            });
        }
        for (start, reads) in out.iter_mut().zip(&reads) {
            start.after = reads
                .iter()
                .filter_map(|at| numbers.get(*at).copied().flatten())
                .collect();
            start.after.sort_unstable();
            start.after.dedup();
        }
        let edges: Vec<Vec<usize>> = out.iter().map(|start| start.after.clone()).collect();
        if let Some(first) = components::cycles(&edges)
            .first()
            .and_then(|circle| circle.first())
        {
            self.problem(
                out[*first].loc.range,
                "the overlays of these starts read each other in a circle",
            );
        }
        out
    }

    fn overlay(&mut self, entries: &[body::OverlayEntry]) -> Vec<OverlayEntry> {
        let mut out = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry.value {
                Some(value) => out.push(OverlayEntry {
                    key: self.text(entry.key).to_owned(),
                    value: self.expr(value),
                }),
                None => self.problem(entry.range, "this overlay entry has no value"),
            }
        }
        out
    }

    /// Indexes of the starts whose exposed variables the overlay reads.
    fn siblings(&self, overlay: &[OverlayEntry]) -> Vec<usize> {
        let mut aliases: Vec<&str> = Vec::new();
        let mut open: Vec<&Expr> = overlay.iter().map(|entry| &entry.value).collect();
        while let Some(expr) = open.pop() {
            match &expr.kind {
                ExprKind::Exposed { alias, .. } => aliases.push(alias),
                ExprKind::Text(text) => aliases.extend(text.pieces.iter().filter_map(|piece| match piece {
                    Piece::Exposed { alias, .. } => Some(alias.as_str()),
                    _ => None,
                })),
                ExprKind::Call { args, .. } => open.extend(args),
                ExprKind::Var(_) | ExprKind::Capture(_) => {}
            }
        }
        let position = |alias: &&str| {
            self.starts
                .iter()
                .rposition(|start| start.alias.as_deref() == Some(*alias))
        };
        aliases.iter().filter_map(position).collect()
    }

    pub(super) fn blocks(&mut self, blocks: &[body::ShellBlock]) -> Vec<ShellBlock> {
        let mut out = Vec::with_capacity(blocks.len());
        for block in blocks {
            let Some(name) = block.name else {
                self.problem(block.range, "this shell block has no name");
                continue;
            };
            let range = block.qualifier.map_or(name, |qualifier| qualifier.cover(name));
            out.push(ShellBlock {
                loc: self.loc(range),
                shell: self.shell(block.qualifier, name),
                body: self.stmts(block.body),
            });
        }
        out
    }

    fn shell(&self, qualifier: Option<TextRange>, name: TextRange) -> ShellRef {
        let name = self.text(name).to_owned();
        match qualifier {
            Some(alias) => ShellRef::Exposed {
                alias: self.text(alias).to_owned(),
                name,
            },
            None => match self.only_shell_of(&name) {
                Some(shell) => ShellRef::Exposed {
                    alias: name,
                    name: shell,
                },
                None => ShellRef::Own(name),
            },
        }
    }

    /// `shell alias { }` goes on with the only shell that the effect of this alias exposes.
    fn only_shell_of(&self, alias: &str) -> Option<String> {
        let (db, suite) = (self.builder.db, self.builder.suite);
        let start = find_start(self.starts, alias)?;
        let (def, effect) = started(db, self.scope, start)?;
        let exposed = crate::bodies::exposed(db, suite, def, effect);
        let mut shells = exposed.iter().filter(|item| item.kind == ExposeKind::Shell);
        match (shells.next(), shells.next()) {
            (Some(only), None) => Some(only.name().to_string()),
            _ => None,
        }
    }

    pub(super) fn stmts(&mut self, stmts: Stmts) -> Vec<Stmt> {
        let bodies = self.bodies;
        let mut out = Vec::with_capacity(stmts.len());
        for stmt in bodies.stmts(stmts) {
            if let Some(kind) = self.stmt(stmt) {
                out.push(Stmt {
                    loc: self.loc(stmt.range),
                    kind,
                });
            }
        }
        out
    }

    fn stmt(&mut self, stmt: &body::Stmt) -> Option<StmtKind> {
        Some(match stmt.kind.read(self.bodies, self.edition) {
            body::StmtKind::Send { text, newline } => StmtKind::Send {
                text: self.pieces(text),
                newline,
            },
            body::StmtKind::Match { pattern, timeout } => StmtKind::Match {
                pattern: self.pattern(pattern),
                timeout: timeout.and_then(|timeout| self.timeout(timeout)),
            },
            body::StmtKind::Reset => StmtKind::Reset,
            body::StmtKind::MultiMatch { patterns, timeout } => {
                let bodies = self.bodies;
                let patterns = bodies.patterns(patterns);
                if patterns.is_empty() {
                    self.problem(stmt.range, "this match has no pattern");
                }
                StmtKind::MultiMatch {
                    patterns: patterns
                        .iter()
                        .map(|pattern| (self.pattern(*pattern), self.loc(pattern.text.range)))
                        .collect(),
                    timeout: timeout.and_then(|timeout| self.timeout(timeout)),
                }
            }
            body::StmtKind::FailPattern(pattern) => StmtKind::FailPattern(self.pattern(pattern)),
            body::StmtKind::ClearFailPattern => StmtKind::ClearFailPattern,
            body::StmtKind::Timeout(timeout) => StmtKind::Timeout(self.timeout(timeout)?),
            body::StmtKind::Let { name, value } => StmtKind::Let {
                name: self.text(name).to_owned(),
                value: value.map(|value| self.expr(value)),
            },
            body::StmtKind::Assign { name, value } => StmtKind::Assign {
                name: self.text(name).to_owned(),
                value: self.expr(value),
            },
            body::StmtKind::PureMatch { subject, pattern, .. } => StmtKind::PureMatch {
                subject: self.expr(subject),
                pattern: self.pattern(pattern),
            },
            body::StmtKind::Expr(value) => StmtKind::Expr(self.expr(value)),
            body::StmtKind::Nothing => StmtKind::Nothing,
            body::StmtKind::Missing => {
                self.problem(stmt.range, "this statement cannot be read");
                return None;
            }
        })
    }

    fn pattern(&self, pattern: body::Pattern) -> Pattern {
        let text = self.pieces(pattern.text);
        if pattern.regex {
            Pattern::Regex(text)
        } else {
            Pattern::Literal(text)
        }
    }

    fn pieces(&self, text: body::Text) -> Text {
        let mut out = Text::default();
        for piece in self.bodies.pieces(text) {
            match *piece {
                body::Piece::Source(range) => push_literal(&mut out, self.text(range)),
                body::Piece::Char { value, .. } => push_literal(&mut out, value.encode_utf8(&mut [0; 4])),
                // `var` is a keyword in 2026-08, and keywords between braces are text.
                body::Piece::Var { range, name }
                    if self.text(name) == "var" && self.edition == Edition::E2026_08 =>
                {
                    push_literal(&mut out, self.text(range));
                }
                body::Piece::Var { name, .. } => out.pieces.push(Piece::Var(self.text(name).to_owned())),
                body::Piece::Exposed { range, .. } if self.edition == Edition::E2026_04 => {
                    push_literal(&mut out, self.text(range));
                }
                body::Piece::Exposed { alias, name, .. } => out.pieces.push(Piece::Exposed {
                    alias: self.text(alias).to_owned(),
                    name: self.text(name).to_owned(),
                }),
                body::Piece::Capture { index, .. } => out.pieces.push(Piece::Capture(index)),
            }
        }
        out
    }

    fn expr(&mut self, id: ExprId) -> Expr {
        let bodies = self.bodies;
        let expr = bodies.expr(id);
        let literal = |text: &str| Text {
            pieces: vec![Piece::Literal(text.to_owned())],
        };
        let kind = match expr.kind {
            body::ExprKind::Text(text) => ExprKind::Text(self.pieces(text)),
            body::ExprKind::Number => ExprKind::Text(literal(self.text(expr.range))),
            body::ExprKind::Var => ExprKind::Var(self.text(expr.range).to_owned()),
            body::ExprKind::Exposed { alias, name } => ExprKind::Exposed {
                alias: self.text(alias).to_owned(),
                name: self.text(name).to_owned(),
            },
            body::ExprKind::Capture(index) => ExprKind::Capture(index),
            body::ExprKind::Call { name, args } => self.call(name, args),
            body::ExprKind::Missing => {
                self.problem(expr.range, "this expression cannot be read");
                ExprKind::Text(Text::default())
            }
        };
        Expr {
            loc: self.loc(expr.range),
            kind,
        }
    }

    fn call(&mut self, name: TextRange, args: body::Exprs) -> ExprKind {
        let callee = match resolve(self.scope, self.text(name), args.len(), self.pure) {
            Called::Function(function) => {
                self.reaches(&function.def);
                Callee::Function(self.builder.function(&function.def))
            }
            Called::Builtin(builtin) => Callee::Builtin(builtin),
            Called::ImpureFunction(_) | Called::ImpureBuiltin(_) | Called::Unknown => {
                self.problem(name, format!("`{}` cannot be called here", self.text(name)));
                return ExprKind::Text(Text::default());
            }
        };
        let args = args.range().map(|at| self.expr(ExprId(at as u32))).collect();
        ExprKind::Call { callee, args }
    }
}

fn push_literal(text: &mut Text, literal: &str) {
    match text.pieces.last_mut() {
        Some(Piece::Literal(last)) => last.push_str(literal),
        _ if literal.is_empty() => {}
        _ => text.pieces.push(Piece::Literal(literal.to_owned())),
    }
}
