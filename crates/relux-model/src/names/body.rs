//! Names in statements and expressions: variables by the lookup order of the language, calls, captures.

use relux_syntax::TextRange;
use relux_syntax::names::KEYWORD_VAR;
use rustc_hash::FxHashMap;

use super::{Occurrence, Role, Symbol, VariableScope};
use crate::bodies::body::{DefBody, DefKind, ExprKind, FileBodies, Piece, StmtKind, Text};
use crate::bodies::calls::{Called, resolve};
use crate::bodies::exposed::find_start;
use crate::bodies::walk::{Node, Site, TextKind, walk};
use crate::db::{Db, SourceFile, Suite};
use crate::edition::Edition;
use crate::items::{Def, ItemIndex, Name, StartItem, item_index};
use crate::plan::ExposeKind;
use crate::scope::Scope;

/// Adds all names in bodies of the file, as far as a scope knows them.
pub(super) fn collect(db: &dyn Db, suite: Suite, file: SourceFile, scope: &Scope, out: &mut Vec<Occurrence>) {
    let bodies = crate::bodies::lower(db, file);
    let edition = crate::edition::edition(db, suite, file).edition;
    let index = item_index(db, file);
    for definition in &bodies.definitions {
        let Some(def) = def_of(file, index, definition) else {
            continue;
        };
        let mut names = Names {
            source: file.text(db),
            bodies,
            edition,
            index,
            scope,
            starts: crate::bodies::starts(index, definition),
            definition,
            def,
            variables: FxHashMap::default(),
            regexes: FxHashMap::default(),
            pending: None,
            sets_captures: true,
            out,
        };
        walk(bodies, edition, definition, &mut |site, node| {
            names.node(site, node);
        });
    }
}

fn def_of(file: SourceFile, index: &ItemIndex, definition: &DefBody) -> Option<Def> {
    let position = definition.position as usize;
    let id = match definition.kind {
        DefKind::Function | DefKind::PureFunction => &index.functions.get(position)?.id,
        DefKind::Effect => &index.effects.get(position)?.id,
        DefKind::Test => &index.tests.get(position)?.id,
    };
    Some(Def { file, id: id.clone() })
}

struct Names<'a> {
    source: &'a str,
    bodies: &'a FileBodies,
    edition: Edition,
    index: &'a ItemIndex,
    scope: &'a Scope,
    starts: &'a [StartItem],
    definition: &'a DefBody,
    def: Def,
    /// The latest declaration of each variable.
    variables: FxHashMap<(VariableScope, &'a str), TextRange>,
    /// The regex that matched last.
    regexes: FxHashMap<VariableScope, TextRange>,
    /// A `let` whose value is still being read: it does not see itself.
    pending: Option<Pending<'a>>,
    /// Whether a regex that follows sets captures.
    sets_captures: bool,
    out: &'a mut Vec<Occurrence>,
}

/// A `let` that is being read.
struct Pending<'a> {
    scope: VariableScope,
    name: &'a str,
    range: TextRange,
    /// Where the statement ends.
    end: u32,
}

impl Names<'_> {
    fn node(&mut self, site: Site, node: Node) {
        self.declare_before(match node {
            Node::Stmt(stmt) => stmt.range.start,
            Node::Expr(expr, _) => expr.range.start,
            Node::Text(text, _) => text.range.start,
        });
        match node {
            Node::Stmt(stmt) => {
                self.sets_captures = matches!(stmt.kind, StmtKind::Match { .. } | StmtKind::PureMatch { .. });
                match stmt.kind {
                    StmtKind::Let { name, .. } => self.declaration(site, name, stmt.range.end),
                    StmtKind::Assign { name, .. } => self.variable(site, name, Role::Write),
                    _ => {}
                }
            }
            Node::Expr(expr, _) => match expr.kind {
                ExprKind::Var => self.variable(site, expr.range, Role::Reference),
                ExprKind::Exposed { alias, name } => self.exposed(alias, name),
                ExprKind::Capture(index) => self.capture(site, expr.range, index),
                ExprKind::Call { name, args } => self.call(site, name, args.len()),
                ExprKind::Text(_) | ExprKind::Number | ExprKind::Missing => {}
            },
            Node::Text(text, kind) => {
                self.text(site, text);
                if kind == TextKind::Regex && self.sets_captures {
                    let scope = self.scope_of(site);
                    self.regexes.insert(scope, text.range);
                }
            }
        }
    }

    fn scope_of(&self, site: Site) -> VariableScope {
        match site {
            Site::Marker | Site::Preamble { .. } | Site::Overlay(_) => VariableScope::Body,
            Site::Cleanup => VariableScope::Cleanup,
            Site::Function { .. } => VariableScope::Function,
            Site::Shell(at) => {
                let block = self.definition.blocks.get(at);
                let name = block.and_then(|block| match (block.qualifier, block.name) {
                    (Some(qualifier), Some(name)) => Some(qualifier.cover(name)),
                    (qualifier, name) => name.or(qualifier),
                });
                VariableScope::Shell(Name::from(name.unwrap_or_default().slice(self.source)))
            }
        }
    }

    fn add(&mut self, range: TextRange, symbol: Symbol, role: Role, declared: Option<TextRange>) {
        self.out.push(Occurrence {
            range,
            symbol,
            role,
            declared,
        });
    }

    /// Declares the `let` whose end was passed.
    fn declare_before(&mut self, offset: u32) {
        if let Some(pending) = self.pending.take_if(|pending| pending.end <= offset) {
            self.variables
                .insert((pending.scope, pending.name), pending.range);
        }
    }

    fn declaration(&mut self, site: Site, range: TextRange, end: u32) {
        let name = range.slice(self.source);
        let scope = self.scope_of(site);
        let symbol = Symbol::Variable {
            owner: self.def.clone(),
            scope: scope.clone(),
            name: Name::from(name),
        };
        self.pending = Some(Pending {
            scope,
            name,
            range,
            end,
        });
        self.add(range, symbol, Role::Definition, Some(range));
    }

    fn variable(&mut self, site: Site, range: TextRange, role: Role) {
        let name = range.slice(self.source);
        let (symbol, declared) = self.lookup(site, name);
        self.add(range, symbol, role, declared);
    }

    fn lookup(&self, site: Site, name: &str) -> (Symbol, Option<TextRange>) {
        let inner = (site != Site::Marker).then(|| self.scope_of(site));
        let outer = matches!(site, Site::Shell(_) | Site::Cleanup).then_some(VariableScope::Body);
        for scope in inner.into_iter().chain(outer) {
            if let Some(declared) = self.variables.get(&(scope.clone(), name)) {
                let symbol = Symbol::Variable {
                    owner: self.def.clone(),
                    scope,
                    name: Name::from(name),
                };
                return (symbol, Some(*declared));
            }
        }
        (self.outside(site, name), None)
    }

    /// Parameters, expects, and at last the environment.
    fn outside(&self, site: Site, name: &str) -> Symbol {
        let position = self.definition.position as usize;
        let owner = self.def.clone();
        let named = |names: &[Name]| names.iter().any(|it| it == name);
        match self.definition.kind {
            _ if site == Site::Marker => Symbol::Environment(Name::from(name)),
            DefKind::Function | DefKind::PureFunction
                if self
                    .index
                    .functions
                    .get(position)
                    .is_some_and(|it| named(&it.params)) =>
            {
                Symbol::Parameter {
                    function: owner,
                    name: Name::from(name),
                }
            }
            DefKind::Effect
                if self
                    .index
                    .effects
                    .get(position)
                    .is_some_and(|it| named(&it.expects)) =>
            {
                Symbol::Expect {
                    effect: owner,
                    name: Name::from(name),
                }
            }
            _ => Symbol::Environment(Name::from(name)),
        }
    }

    fn text(&mut self, site: Site, text: Text) {
        let bodies = self.bodies;
        for piece in bodies.pieces(text) {
            match *piece {
                // A keyword between braces is text.
                Piece::Var { name, .. }
                    if self.edition == Edition::E2026_08 && name.slice(self.source) == KEYWORD_VAR => {}
                Piece::Var { name, .. } => self.variable(site, name, Role::Reference),
                Piece::Exposed { alias, name, .. } if self.edition == Edition::E2026_08 => {
                    self.exposed(alias, name);
                }
                Piece::Capture { range, index } => {
                    let inner = TextRange::new(range.start + 2, range.end.saturating_sub(1));
                    self.capture(site, inner, index);
                }
                Piece::Source(_) | Piece::Char { .. } | Piece::Exposed { .. } => {}
            }
        }
    }

    fn capture(&mut self, site: Site, range: TextRange, index: u32) {
        let symbol = Symbol::Capture {
            owner: self.def.clone(),
            index,
        };
        let regex = self.regexes.get(&self.scope_of(site)).copied();
        self.add(range, symbol, Role::Reference, regex);
    }

    fn exposed(&mut self, alias: TextRange, name: TextRange) {
        let Some(start) = find_start(self.starts, alias.slice(self.source)) else {
            return;
        };
        let symbol = Symbol::Alias {
            owner: self.def.clone(),
            name: Name::from(alias.slice(self.source)),
        };
        self.add(alias, symbol, Role::Reference, None);
        if let Some(effect) = self.scope.effect(&start.effect) {
            let symbol = Symbol::Exposed {
                effect: effect.clone(),
                kind: ExposeKind::Var,
                name: Name::from(name.slice(self.source)),
            };
            self.add(name, symbol, Role::Reference, None);
        }
    }

    fn call(&mut self, site: Site, name: TextRange, arity: usize) {
        let symbol = match resolve(self.scope, name.slice(self.source), arity, site.is_pure()) {
            Called::Function(function) | Called::ImpureFunction(function) => {
                Symbol::Function(function.def.clone())
            }
            Called::Builtin(builtin) | Called::ImpureBuiltin(builtin) => Symbol::Builtin(builtin),
            Called::Unknown => return self.functions_of_other_arities(name),
        };
        self.add(name, symbol, Role::Reference, None);
    }

    /// A call with a number of arguments that no function of its name takes may mean any of them.
    fn functions_of_other_arities(&mut self, name: TextRange) {
        let scope = self.scope;
        for function in scope.functions_named(name.slice(self.source)) {
            self.add(
                name,
                Symbol::Function(function.def.clone()),
                Role::Reference,
                None,
            );
        }
    }
}
