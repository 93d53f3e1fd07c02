//! From typed nodes to the arena of bodies, in one walk per file.
//!
//! Total: a statement that is not well-formed becomes `Missing`, its neighbours stay. What is wrong with it is for the
//! validation of the syntax to say.

mod expr;
mod stmt;

use relux_syntax::TextRange;
use relux_syntax::ast::{self, AstNode, SyntaxKind, SyntaxNode};

use super::body::{
    Cleanup, Condition, DefBody, DefKind, FileBodies, Marker, OverlayEntry, Pattern, ShellBlock, Start, Stmt,
    StmtKind, Stmts, Timed, TimeoutId,
};
use crate::db::{Db, SourceFile};
use crate::plan::MarkerKind;

/// All bodies of a file.
pub(super) fn lower(db: &dyn Db, file: SourceFile) -> FileBodies {
    let parse = crate::parse::parse(db, file);
    let mut lowering = Lowering::default();
    for entry in parse.module().entries() {
        if let Some(definition) = ast::Definition::cast(entry.item.syntax()) {
            lowering.definition(definition, &entry.markers);
        }
    }
    lowering.finish()
}

/// The arena as far as it is filled.
#[derive(Default)]
struct Lowering {
    bodies: FileBodies,
    /// Statements and arguments that wait for their neighbours, because those of one list lie together.
    stmts: Vec<Stmt>,
    exprs: Vec<super::body::Expr>,
    depth: usize,
}

impl Lowering {
    fn finish(mut self) -> FileBodies {
        let bodies = &mut self.bodies;
        bodies.definitions.shrink_to_fit();
        bodies.stmts.shrink_to_fit();
        bodies.exprs.shrink_to_fit();
        bodies.pieces.shrink_to_fit();
        self.bodies
    }

    fn definition(&mut self, node: ast::Definition<'_>, markers: &[ast::Marker<'_>]) {
        let (kind, name, body) = match node {
            ast::Definition::Function(function) => {
                let kind = if function.is_pure() {
                    DefKind::PureFunction
                } else {
                    DefKind::Function
                };
                (kind, function.name().map(|it| it.range()), function.body())
            }
            ast::Definition::Effect(effect) => {
                (DefKind::Effect, effect.name().map(|it| it.range()), effect.body())
            }
            ast::Definition::Test(test) => {
                (DefKind::Test, test.name().map(|it| it.name_range()), test.body())
            }
        };
        let mut definition = DefBody {
            kind,
            position: 0,
            name,
            range: node.range(),
            doc: None,
            timeout: None,
            markers: markers.iter().map(|marker| self.marker(*marker)).collect(),
            preamble: Stmts::default(),
            starts: Vec::new(),
            blocks: Vec::new(),
            cleanup: None,
            body: Stmts::default(),
        };
        if let ast::Definition::Test(test) = node {
            definition.timeout = test.timeout().map(|timeout| self.timeout(timeout));
        }
        if let Some(body) = body {
            if definition.is_function() {
                definition.body = self.body(body, true);
            } else {
                self.sections(body, &mut definition);
            }
        }
        self.push_definition(definition);
    }

    fn push_definition(&mut self, mut definition: DefBody) {
        let group = &mut self.bodies.groups[match definition.kind {
            DefKind::Function | DefKind::PureFunction => 0,
            DefKind::Effect => 1,
            DefKind::Test => 2,
        }];
        definition.position = group.len() as u32;
        group.push(self.bodies.definitions.len() as u32);
        self.bodies.definitions.push(definition);
    }

    fn marker(&mut self, marker: ast::Marker<'_>) -> Marker {
        Marker {
            range: marker.range(),
            kind: match marker.kind_text() {
                "skip" => Some(MarkerKind::Skip),
                "run" => Some(MarkerKind::Run),
                "flaky" => Some(MarkerKind::Flaky),
                _ => None,
            },
            negated: marker.is_unless(),
            condition: marker.condition().and_then(|condition| self.condition(condition)),
        }
    }

    fn condition(&mut self, condition: ast::Condition<'_>) -> Option<Condition> {
        let left = self.expr(condition.left()?);
        let Some(operator) = condition.operator_token() else {
            return Some(Condition::NotEmpty(left));
        };
        Some(if operator.kind() == SyntaxKind::Question {
            let text = self.pattern_text(condition.pattern().map(ast::Payload::Regex), operator.range());
            Condition::Matches(left, Pattern { regex: true, text })
        } else {
            Condition::Equals(left, self.expr_or_missing(condition.right(), condition.range()))
        })
    }

    /// The body of a test or effect.
    fn sections(&mut self, body: ast::Body<'_>, definition: &mut DefBody) {
        let base = self.stmts.len();
        for node in body.syntax().children() {
            match node.kind() {
                SyntaxKind::Start => definition
                    .starts
                    .extend(ast::Start::cast(node).map(|it| self.start(it))),
                SyntaxKind::ShellBlock => {
                    let (bodies_before, block) = (self.stmts.len(), ast::ShellBlock::cast(node));
                    definition
                        .blocks
                        .extend(block.map(|block| self.shell_block(block)));
                    debug_assert_eq!(bodies_before, self.stmts.len());
                }
                SyntaxKind::Cleanup => {
                    let cleanup = ast::Cleanup::cast(node).map(|cleanup| self.cleanup(cleanup));
                    definition.cleanup = definition.cleanup.take().or(cleanup);
                }
                SyntaxKind::Docstring => {
                    definition.doc = definition.doc.or_else(|| docstring(node));
                }
                SyntaxKind::Expect | SyntaxKind::Expose => {}
                _ => self.preamble(node),
            }
        }
        definition.preamble = self.take_stmts(base);
    }

    /// `let`s and assertions; what cannot stand in a test or effect is missing.
    fn preamble(&mut self, node: SyntaxNode<'_>) {
        let Some(mut stmt) = self.stmt(node) else { return };
        match &mut stmt.kind {
            // There is no assignment here, so `name = text` has one reading only.
            StmtKind::PureMatch { assigned, .. } => *assigned = None,
            StmtKind::Let { .. } => {}
            other => *other = StmtKind::Missing,
        }
        self.stmts.push(stmt);
    }

    fn start(&mut self, start: ast::Start<'_>) -> Start {
        Start {
            range: start.range(),
            effect: start.effect().map(|name| name.range()),
            alias: start
                .alias()
                .or_else(|| start.late_alias())
                .map(|name| name.range()),
            overlay: start
                .entries()
                .filter_map(|entry| self.overlay_entry(entry))
                .collect(),
        }
    }

    fn overlay_entry(&mut self, entry: ast::OverlayEntry<'_>) -> Option<OverlayEntry> {
        let key = entry.key()?.range();
        let shorthand = entry.is_shorthand();
        let value = match entry.value() {
            Some(value) => Some(self.expr(value)),
            None if shorthand => Some(self.variable(key)),
            None => None,
        };
        Some(OverlayEntry {
            range: entry.range(),
            key,
            value,
            shorthand,
        })
    }

    fn shell_block(&mut self, block: ast::ShellBlock<'_>) -> ShellBlock {
        ShellBlock {
            range: block.range(),
            qualifier: block
                .name()
                .and_then(|name| name.qualifier())
                .map(|it| it.range()),
            name: block.name().and_then(|name| name.name()).map(|it| it.range()),
            body: block
                .body()
                .map_or_else(Stmts::default, |body| self.body(body, false)),
        }
    }

    fn cleanup(&mut self, cleanup: ast::Cleanup<'_>) -> Cleanup {
        let range = cleanup.range();
        Cleanup {
            keyword: TextRange::new(range.start, range.start + "cleanup".len() as u32),
            range,
            body: cleanup
                .body()
                .map_or_else(Stmts::default, |body| self.body(body, false)),
        }
    }

    /// Statements of a block; a comment that ends a function is its last statement.
    fn body(&mut self, body: ast::Body<'_>, function: bool) -> Stmts {
        let base = self.stmts.len();
        let mut comment = None;
        for node in body.syntax().children() {
            if node.kind() == SyntaxKind::Comment {
                comment = Some(node.range());
            } else if let Some(stmt) = self.stmt(node) {
                self.stmts.push(stmt);
                comment = None;
            }
        }
        if let Some(range) = comment.filter(|_| function) {
            self.stmts.push(Stmt {
                range,
                kind: StmtKind::Nothing,
            });
        }
        self.take_stmts(base)
    }

    /// Moves waiting statements to the arena.
    fn take_stmts(&mut self, base: usize) -> Stmts {
        let start = self.bodies.stmts.len() as u32;
        self.bodies.stmts.extend(self.stmts.drain(base..));
        Stmts {
            start,
            end: self.bodies.stmts.len() as u32,
        }
    }

    fn timeout(&mut self, timeout: ast::Timeout<'_>) -> TimeoutId {
        let id = TimeoutId(self.bodies.timeouts.len() as u32);
        self.bodies.timeouts.push(Timed {
            range: timeout.range(),
            value: stmt::timeout_value(timeout),
        });
        id
    }
}

/// The text between the quotes.
fn docstring(node: SyntaxNode<'_>) -> Option<TextRange> {
    const QUOTES: u32 = 3;
    let range = node.range();
    (range.len() >= 2 * QUOTES).then(|| TextRange::new(range.start + QUOTES, range.end - QUOTES))
}
