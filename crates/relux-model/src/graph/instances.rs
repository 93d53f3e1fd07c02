//! Which instances a test will have: starts whose needed values agree lead to one.
//!
//! Works through a queue: chains of starts may be of any length, and circles are not followed.

use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::values::{Evaluator, Layer, ScopeId, Value, lookup};
use super::{Edge, Effects, Input, Instance, Source, Target, Tree};
use crate::checks::sibling_edges;
use crate::components::components;
use crate::db::SourceFile;
use crate::dot_env::{RUN_TIME_NAMES, dot_env_files, env_file};
use crate::effects::{effect_graph, needs};
use crate::items::{Name, StartItem, item_index};
use crate::source_map::{StartRanges, source_map};

/// More instances of one test than this are not shown.
const MOST_INSTANCES: usize = 1000;

/// The instances of a test.
pub(super) fn of_test(effects: &Effects<'_>, file: SourceFile, at: usize) -> Tree {
    let test = &item_index(effects.db, file).tests[at];
    let ranges = source_map(effects.db, file).tests.get(at);
    let mut builder = Builder::new(effects, Some(file));
    builder.pending.push_back(Body {
        instance: None,
        scope: 0,
        file,
        starts: &test.starts,
        ranges: ranges.map_or(&[], |ranges| &ranges.starts),
        lets: test.lets.iter().map(|it| &it.name).collect(),
        env: None,
    });
    builder.finish()
}

/// The instances below an effect that somebody starts.
pub(super) fn of_effect(effects: &Effects<'_>, at: usize) -> Tree {
    let mut builder = Builder::new(effects, None);
    let target = builder.instance(at, None, None);
    builder.tree.edges.push(Edge { start: 0, target });
    builder.finish()
}

/// A body whose starts are to be followed.
struct Body<'db> {
    /// `None` for a test.
    instance: Option<usize>,
    scope: ScopeId,
    file: SourceFile,
    starts: &'db [StartItem],
    ranges: &'db [StartRanges],
    lets: FxHashSet<&'db Name>,
    env: Option<Rc<Layer>>,
}

struct Builder<'a, 'db> {
    effects: &'a Effects<'db>,
    /// The file of the test; its `.env` files are in force.
    test: Option<SourceFile>,
    tree: Tree,
    known: FxHashMap<(usize, Vec<Value>), usize>,
    pending: VecDeque<Body<'db>>,
}

impl<'a, 'db> Builder<'a, 'db> {
    fn new(effects: &'a Effects<'db>, test: Option<SourceFile>) -> Self {
        Self {
            effects,
            test,
            tree: Tree::default(),
            known: FxHashMap::default(),
            pending: VecDeque::new(),
        }
    }

    fn finish(mut self) -> Tree {
        while let Some(body) = self.pending.pop_front() {
            let edges = self.follow(&body);
            match body.instance {
                Some(at) => self.tree.instances[at].edges = edges,
                None => self.tree.edges = edges,
            }
        }
        self.tree
    }

    /// The starts of a body in source order. One that reads what a sibling exposes is followed after that sibling.
    fn follow(&mut self, body: &Body<'db>) -> Vec<Edge> {
        let mut targets: Vec<Option<Target>> = vec![None; body.starts.len()];
        for at in components(&sibling_edges(body.starts)).into_iter().flatten() {
            targets[at] = Some(self.start(body, at, &targets));
        }
        let edge = |(start, target): (usize, Option<Target>)| Edge {
            start,
            target: target.unwrap_or(Target::Unknown),
        };
        targets.into_iter().enumerate().map(edge).collect()
    }

    fn start(&mut self, body: &Body<'db>, at: usize, targets: &[Option<Target>]) -> Target {
        let start = &body.starts[at];
        let Some(effect) = self.effects.target(body.file, start) else {
            return Target::Unknown;
        };
        if body
            .instance
            .is_some_and(|from| self.is_circle(self.tree.instances[from].effect, effect))
        {
            return Target::Circle(effect);
        }
        let layer = self.layer(body, at, targets);
        self.instance(effect, layer.as_ref(), body.env.as_ref())
    }

    fn is_circle(&self, from: usize, to: usize) -> bool {
        let graph = effect_graph(self.effects.db, self.effects.suite);
        let number = |at: usize| graph.circle_number(&self.effects.defs[at]);
        number(to).is_some() && number(from) == number(to)
    }

    /// The environment behind a start; `None` if the start adds nothing to none.
    fn layer(&self, body: &Body<'db>, at: usize, targets: &[Option<Target>]) -> Option<Rc<Layer>> {
        let start = &body.starts[at];
        if start.overlay.is_empty() {
            return body.env.clone();
        }
        let evaluator = Evaluator {
            scope: body.scope,
            lets: &body.lets,
            env: body.env.as_ref(),
        };
        let exposed = |alias: &Name| {
            let sibling = body
                .starts
                .iter()
                .position(|it| it.alias.as_ref() == Some(alias))?;
            match targets[sibling] {
                Some(Target::Instance(instance)) => Some(instance),
                _ => None,
            }
        };
        let ranges = body.ranges.get(at);
        let entries = start.overlay.iter().enumerate().map(|(entry, item)| {
            let whole = ranges.and_then(|ranges| ranges.entries.get(entry));
            let spot = self
                .effects
                .spot(body.file, whole.map(|it| it.whole).unwrap_or_default());
            let value = evaluator.value(item, &item.key, (at, entry), exposed);
            (item.key.clone(), value, spot)
        });
        Some(Rc::new(Layer {
            entries: entries.collect(),
            with: start.effect.clone(),
            below: body.env.clone(),
        }))
    }

    /// The instance of an effect in an environment, which is new or known. `around` is the environment of its starter.
    fn instance(&mut self, effect: usize, env: Option<&Rc<Layer>>, around: Option<&Rc<Layer>>) -> Target {
        let (db, suite) = (self.effects.db, self.effects.suite);
        let def = &self.effects.defs[effect];
        let names = needs(db, suite, def);
        let value =
            |name: &Name| lookup(env, name).map_or_else(|| Value::Env(name.clone()), |it| it.0.clone());
        let key = (effect, names.iter().map(value).collect::<Vec<_>>());
        if let Some(&known) = self.known.get(&key) {
            self.tree.instances[known].starts += 1;
            return Target::Instance(known);
        }
        if self.tree.instances.len() >= MOST_INSTANCES {
            self.tree.cut = true;
            return Target::Cut;
        }
        let at = self.tree.instances.len();
        let inputs = names.iter().zip(&key.1).map(|(name, value)| Input {
            name: name.to_string(),
            value: value.text(),
            source: self.source(name, env, around),
        });
        self.tree.instances.push(Instance {
            effect,
            inputs: inputs.collect(),
            edges: Vec::new(),
            starts: 1,
        });
        self.known.insert(key, at);
        if let Some(item) = self.effects.effect(effect) {
            self.pending.push_back(Body {
                instance: Some(at),
                scope: at + 1,
                file: def.file,
                starts: &item.starts,
                ranges: self.effects.ranges(def).map_or(&[], |ranges| &ranges.starts),
                lets: item.lets.iter().map(|it| &it.name).collect(),
                env: env.cloned(),
            });
        }
        Target::Instance(at)
    }

    fn source(&self, name: &Name, env: Option<&Rc<Layer>>, around: Option<&Rc<Layer>>) -> Source {
        let Some((_, spot, layer)) = lookup(env, name) else {
            return self.base(name);
        };
        let own = env.filter(|env| around.is_none_or(|around| !Rc::ptr_eq(env, around)));
        if own.is_some_and(|own| Rc::ptr_eq(own, layer)) {
            return Source::Overlay;
        }
        Source::Inherited {
            with: layer.with.to_string(),
            spot: spot.clone(),
        }
    }

    /// Where a name comes from that no overlay sets.
    fn base(&self, name: &Name) -> Source {
        let (db, suite) = (self.effects.db, self.effects.suite);
        if RUN_TIME_NAMES.contains(&name.as_str()) {
            return Source::Runner;
        }
        let Some(test) = self.test else {
            return Source::Outside;
        };
        let sets = |file: &SourceFile| {
            env_file(db, *file)
                .entries
                .iter()
                .any(|entry| entry.name == name.as_str())
        };
        if let Some(file) = dot_env_files(db, suite, test).into_iter().rfind(sets) {
            return Source::DotEnv(file.path(db).to_string());
        }
        if suite.host_env(db).get(name).is_some() {
            Source::Host
        } else {
            Source::Missing
        }
    }
}
