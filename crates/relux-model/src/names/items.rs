//! Names outside of statements: headers, imports, starts, exposes.

use relux_syntax::TextRange;

use super::{Occurrence, Role, Symbol, VariableScope};
use crate::bodies::exposed::{exposed, find_start, started};
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, ExposeItem, ItemId, Name, ShellItem, StartItem, item_index};
use crate::plan::ExposeKind;
use crate::scope::{Scope, scope};
use crate::source_map::{BodyRanges, ExposeRanges, ShellRanges, StartRanges, source_map};

struct Collector<'a> {
    db: &'a dyn Db,
    suite: Suite,
    file: SourceFile,
    scope: &'a Scope,
    out: &'a mut Vec<Occurrence>,
}

/// Adds all names of items of the file.
pub(super) fn collect(db: &dyn Db, suite: Suite, file: SourceFile, out: &mut Vec<Occurrence>) {
    let index = item_index(db, file);
    let map = source_map(db, file);
    let mut collector = Collector {
        db,
        suite,
        file,
        scope: scope(db, suite, file),
        out,
    };
    for at in 0..index.imports.len() {
        collector.import(at);
    }
    for (function, ranges) in index.functions.iter().zip(&map.functions) {
        let def = collector.def(&function.id);
        for (param, range) in function.params.iter().zip(&ranges.params) {
            let symbol = Symbol::Parameter {
                function: def.clone(),
                name: param.clone(),
            };
            collector.add(*range, symbol, Role::Definition);
        }
        collector.add(ranges.name, Symbol::Function(def), Role::Definition);
    }
    for (effect, ranges) in index.effects.iter().zip(&map.effects) {
        let def = collector.def(&effect.id);
        collector.add(ranges.name, Symbol::Effect(def.clone()), Role::Definition);
        for (name, range) in effect.expects.iter().zip(&ranges.expects) {
            let symbol = Symbol::Expect {
                effect: def.clone(),
                name: name.clone(),
            };
            collector.add(*range, symbol, Role::Definition);
        }
        for (expose, ranges) in effect.exposes.iter().zip(&ranges.exposes) {
            collector.expose(&def, &effect.starts, expose, ranges);
        }
        collector.body(&def, &effect.starts, &effect.shells, ranges);
    }
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        let def = collector.def(&test.id);
        collector.add(ranges.name, Symbol::Test(def.clone()), Role::Definition);
        collector.body(&def, &test.starts, &test.shells, ranges);
    }
}

impl Collector<'_> {
    fn def(&self, id: &ItemId) -> Def {
        Def {
            file: self.file,
            id: id.clone(),
        }
    }

    fn add(&mut self, range: TextRange, symbol: Symbol, role: Role) {
        if !range.is_empty() {
            self.out.push(Occurrence {
                range,
                symbol,
                role,
                declared: None,
            });
        }
    }

    fn import(&mut self, at: usize) {
        let (db, file) = (self.db, self.file);
        let import = &item_index(db, file).imports[at];
        let Some(target) = self.scope.import(at) else {
            return;
        };
        let Some(ranges) = source_map(db, file).imports.get(at) else {
            return;
        };
        self.add(ranges.path, Symbol::Module(target), Role::Reference);
        let index = item_index(db, target);
        let names = import.names.as_deref().unwrap_or_default();
        for (name, ranges) in names.iter().zip(&ranges.names) {
            let def = |id: &ItemId| Def {
                file: target,
                id: id.clone(),
            };
            let functions = index
                .functions_named(&name.name)
                .map(|it| Symbol::Function(def(&it.id)));
            let effects = index
                .effect_named(&name.name)
                .map(|it| Symbol::Effect(def(&it.id)));
            for symbol in functions.chain(effects).collect::<Vec<_>>() {
                if let Some(alias) = ranges.alias {
                    self.add(alias, symbol.clone(), Role::Reference);
                }
                self.add(ranges.name, symbol, Role::Reference);
            }
        }
    }

    fn body(&mut self, owner: &Def, starts: &[StartItem], shells: &[ShellItem], ranges: &BodyRanges) {
        for (start, ranges) in starts.iter().zip(&ranges.starts) {
            self.start(owner, start, ranges);
        }
        for (shell, ranges) in shells.iter().zip(&ranges.shells) {
            self.shell(owner, starts, shell, ranges);
        }
    }

    fn start(&mut self, owner: &Def, start: &StartItem, ranges: &StartRanges) {
        if let (Some(name), Some(range)) = (&start.alias, ranges.alias) {
            let symbol = Symbol::Alias {
                owner: owner.clone(),
                name: name.clone(),
            };
            self.add(range, symbol, Role::Definition);
        }
        let Some(effect) = self.scope.effect(&start.effect).cloned() else {
            return;
        };
        for (entry, ranges) in start.overlay.iter().zip(&ranges.entries) {
            let symbol = self.key(&effect, &entry.key);
            self.add(ranges.key, symbol, Role::Reference);
        }
        self.add(ranges.effect, Symbol::Effect(effect), Role::Reference);
    }

    /// The expect that an overlay key supplies: the callee's own, or that of the nearest effect below it.
    fn key(&self, effect: &Def, key: &Name) -> Symbol {
        let graph = crate::effects::effect_graph(self.db, self.suite);
        match graph.path_to_expect(effect, key) {
            Some((_, effect)) => Symbol::Expect {
                effect,
                name: key.clone(),
            },
            None => Symbol::Environment(key.clone()),
        }
    }

    fn shell(&mut self, owner: &Def, starts: &[StartItem], shell: &ShellItem, ranges: &ShellRanges) {
        let (Some(alias), Some(range)) = (&shell.qualifier, ranges.qualifier) else {
            let symbol = self.own_shell(owner, starts, &shell.name);
            return self.add(ranges.name, symbol, Role::Reference);
        };
        self.behind_alias(
            owner,
            starts,
            (alias, range),
            (&shell.name, ranges.name),
            ExposeKind::Shell,
        );
    }

    /// `shell name`: the first block of a name is its definition, unless the name is an alias whose only shell is meant.
    fn own_shell(&self, owner: &Def, starts: &[StartItem], name: &Name) -> Symbol {
        let alias = find_start(starts, name).and_then(|start| started(self.db, self.scope, start));
        if let Some((def, effect)) = alias {
            let exposed = exposed(self.db, self.suite, def, effect);
            let mut shells = exposed.iter().filter(|item| item.kind == ExposeKind::Shell);
            if let (Some(_), None) = (shells.next(), shells.next()) {
                return Symbol::Alias {
                    owner: owner.clone(),
                    name: name.clone(),
                };
            }
        }
        Symbol::Shell {
            owner: owner.clone(),
            name: name.clone(),
        }
    }

    fn behind_alias(
        &mut self,
        owner: &Def,
        starts: &[StartItem],
        alias: (&Name, TextRange),
        name: (&Name, TextRange),
        kind: ExposeKind,
    ) {
        let Some(start) = find_start(starts, alias.0) else {
            return;
        };
        let symbol = Symbol::Alias {
            owner: owner.clone(),
            name: alias.0.clone(),
        };
        self.add(alias.1, symbol, Role::Reference);
        if let Some(effect) = self.scope.effect(&start.effect).cloned() {
            let symbol = Symbol::Exposed {
                effect,
                kind,
                name: name.0.clone(),
            };
            self.add(name.1, symbol, Role::Reference);
        }
    }

    fn expose(&mut self, owner: &Def, starts: &[StartItem], expose: &ExposeItem, ranges: &ExposeRanges) {
        if let (Some(alias), Some(range)) = (&expose.from, ranges.from) {
            let target = (&expose.target, ranges.target);
            self.behind_alias(owner, starts, (alias, range), target, expose.kind);
        } else {
            let (owner, name) = (owner.clone(), expose.target.clone());
            let symbol = match expose.kind {
                ExposeKind::Shell => Symbol::Shell { owner, name },
                ExposeKind::Var => Symbol::Variable {
                    owner,
                    scope: VariableScope::Body,
                    name,
                },
            };
            self.add(ranges.target, symbol, Role::Reference);
        }
        let symbol = Symbol::Exposed {
            effect: owner.clone(),
            kind: expose.kind,
            name: expose.name().clone(),
        };
        self.add(ranges.alias.unwrap_or(ranges.target), symbol, Role::Definition);
    }
}
