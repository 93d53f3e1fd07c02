//! The effect graph: who starts whom, what each effect needs from outside, and where the graph runs in circles.
//!
//! It is built from item indexes only and without recursion, so that neither a circle nor a chain of any length can
//! hurt, and it never depends on the order of tests or on which test came first.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::components::components;
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, Effect, Name, StartItem, item_index};
use crate::scope;

/// An effect as the graph sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct EffectDecl {
    def: Def,
    /// Without duplicates, in order.
    expects: Vec<Name>,
    /// Parallel to `Effect::starts`.
    starts: Vec<StartDecl>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct StartDecl {
    /// `None` where the name does not resolve; that is reported elsewhere.
    target: Option<Def>,
    keys: Vec<Name>,
}

/// The effects of one file with their starts resolved; empty for most test files, whatever is typed in them.
#[salsa::tracked(returns(ref))]
fn effect_decls(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<EffectDecl> {
    let index = item_index(db, file);
    if index.effects.is_empty() {
        return Vec::new();
    }
    let start = |start: &StartItem| StartDecl {
        target: scope::effect(db, suite, file, &start.effect),
        keys: start.overlay.iter().map(|entry| entry.key.clone()).collect(),
    };
    let decl = |effect: &Effect| EffectDecl {
        def: Def {
            file,
            id: effect.id.clone(),
        },
        expects: unique(&effect.expects),
        starts: effect.starts.iter().map(start).collect(),
    };
    index.effects.iter().map(decl).collect()
}

fn unique(names: &[Name]) -> Vec<Name> {
    let mut seen = FxHashSet::default();
    names.iter().filter(|name| seen.insert(*name)).cloned().collect()
}

/// A start of an effect inside of another one, as a node of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The effect whose start is meant.
    pub effect: Def,
    /// Position in `Effect::starts`.
    pub start: usize,
}

/// The effects of a suite.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct EffectGraph {
    nodes: FxHashMap<Def, u32>,
    decls: Vec<EffectDecl>,
    /// Parallel to `decls`, then to its starts.
    targets: Vec<Vec<Option<u32>>>,
    /// Names of all expects, sorted.
    names: Vec<Name>,
    /// Parallel to `decls`: what each effect needs, as ascending positions in `names`. Effects that need the same share it.
    needs: Vec<Arc<[u32]>>,
    /// Parallel to `decls`: number of the component that the effect belongs to if it runs in a circle.
    circle: Vec<Option<u32>>,
}

/// The effect graph of a suite.
#[salsa::tracked(returns(ref))]
pub fn effect_graph(db: &dyn Db, suite: Suite) -> EffectGraph {
    let mut graph = EffectGraph::default();
    for &file in suite.files(db).iter() {
        for decl in effect_decls(db, suite, file) {
            graph.nodes.insert(decl.def.clone(), graph.decls.len() as u32);
            graph.decls.push(decl.clone());
        }
    }
    graph.targets = graph
        .decls
        .iter()
        .map(|decl| {
            decl.starts
                .iter()
                .map(|s| graph.node(s.target.as_ref()?))
                .collect()
        })
        .collect();
    graph.solve();
    graph
}

/// What each effect of a file needs from outside, parallel to `ItemIndex::effects`.
#[salsa::tracked(returns(ref))]
fn needs_in_file(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Arc<[Name]>> {
    if item_index(db, file).effects.is_empty() {
        return Vec::new();
    }
    let graph = effect_graph(db, suite);
    effect_decls(db, suite, file)
        .iter()
        .map(|decl| {
            graph
                .node(&decl.def)
                .map_or_else(Default::default, |node| graph.in_order(decl, node))
        })
        .collect()
}

/// What an effect needs from outside: its expects in order, then what its starts need and do not get, sorted.
pub fn needs(db: &dyn Db, suite: Suite, effect: &Def) -> Arc<[Name]> {
    let at = item_index(db, effect.file).position(&effect.id);
    at.and_then(|at| needs_in_file(db, suite, effect.file).get(at).cloned())
        .unwrap_or_default()
}

impl EffectGraph {
    fn node(&self, def: &Def) -> Option<u32> {
        self.nodes.get(def).copied()
    }

    /// The starts that lead from `effect` to the nearest effect that itself expects `name`, and that effect.
    /// Empty if `effect` expects it. `None` if it is not needed.
    pub fn path_to_expect(&self, effect: &Def, name: &str) -> Option<(Vec<Hop>, Def)> {
        let root = self.node(effect)?;
        let mut came: FxHashMap<u32, Option<(u32, usize)>> = FxHashMap::default();
        came.insert(root, None);
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            let decl = &self.decls[node as usize];
            if decl.expects.iter().any(|expect| expect == name) {
                return Some((self.hops(&came, node), decl.def.clone()));
            }
            for (at, (start, target)) in decl.starts.iter().zip(&self.targets[node as usize]).enumerate() {
                let Some(target) = *target else { continue };
                if start.keys.iter().any(|key| key == name) || came.contains_key(&target) {
                    continue;
                }
                came.insert(target, Some((node, at)));
                queue.push_back(target);
            }
        }
        None
    }

    /// The effects that expect `name` and get the same value of it as `effect` because one starts the other, at any
    /// distance, without an overlay entry in between. In path order.
    pub fn sharing(&self, effect: &Def, name: &str) -> Vec<Def> {
        let (Some(root), Ok(id)) = (
            self.node(effect),
            self.names.binary_search_by(|it| it.as_str().cmp(name)),
        ) else {
            return Vec::new();
        };
        let id = id as u32;
        let needs = |node: usize| self.needs[node].binary_search(&id).is_ok();
        let mut neighbours: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for (node, decl) in self.decls.iter().enumerate().filter(|(node, _)| needs(*node)) {
            for (start, target) in decl.starts.iter().zip(&self.targets[node]) {
                let Some(target) = *target else { continue };
                if needs(target as usize) && !start.keys.iter().any(|key| key == name) {
                    neighbours.entry(node as u32).or_default().push(target);
                    neighbours.entry(target).or_default().push(node as u32);
                }
            }
        }
        let mut seen = FxHashSet::from_iter([root]);
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            let next = neighbours.get(&node).into_iter().flatten().copied();
            pending.extend(next.filter(|node| seen.insert(*node)));
        }
        let mut seen: Vec<u32> = seen.into_iter().collect();
        seen.sort_unstable();
        let decls = seen.into_iter().map(|node| &self.decls[node as usize]);
        decls
            .filter(|decl| decl.expects.iter().any(|it| it == name))
            .map(|decl| decl.def.clone())
            .collect()
    }

    /// Every start that lies on some way by which `effect` needs `name`, nearest first.
    fn hops(&self, came: &FxHashMap<u32, Option<(u32, usize)>>, to: u32) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut node = to;
        while let Some(Some((from, start))) = came.get(&node) {
            hops.push(Hop {
                effect: self.decls[*from as usize].def.clone(),
                start: *start,
            });
            node = *from;
        }
        hops.reverse();
        hops
    }

    /// The shortest circle of starts from `effect` back to itself, if it runs in one.
    pub fn circle(&self, effect: &Def) -> Option<Vec<Hop>> {
        let root = self.node(effect)?;
        let component = self.circle[root as usize]?;
        let mut came: FxHashMap<u32, Option<(u32, usize)>> = FxHashMap::default();
        came.insert(root, None);
        let mut queue = VecDeque::from([root]);
        while let Some(node) = queue.pop_front() {
            for (at, target) in self.targets[node as usize].iter().enumerate() {
                let Some(target) = *target else { continue };
                if target == root {
                    let mut hops = self.hops(&came, node);
                    hops.push(Hop {
                        effect: self.decls[node as usize].def.clone(),
                        start: at,
                    });
                    return Some(hops);
                }
                if self.circle[target as usize] == Some(component) && !came.contains_key(&target) {
                    came.insert(target, Some((node, at)));
                    queue.push_back(target);
                }
            }
        }
        None
    }

    /// Number of the circle that an effect belongs to; effects of one circle have the same number.
    pub fn circle_number(&self, effect: &Def) -> Option<u32> {
        self.circle[self.node(effect)? as usize]
    }

    /// Fills `names`, `needs` and `circle`, callees before callers.
    fn solve(&mut self) {
        let expects = self.decls.iter().flat_map(|decl| &decl.expects);
        self.names = expects.cloned().collect();
        self.names.sort_unstable();
        self.names.dedup();
        self.needs = vec![Arc::default(); self.decls.len()];
        self.circle = vec![None; self.decls.len()];
        for (number, component) in components(&self.edges()).into_iter().enumerate() {
            let starts_itself = |node: usize| self.targets[node].contains(&Some(node as u32));
            if component.len() > 1 || starts_itself(component[0]) {
                for &node in &component {
                    self.circle[node] = Some(number as u32);
                }
            }
            self.solve_component(&component);
        }
    }

    fn edges(&self) -> Vec<Vec<usize>> {
        let known = |targets: &Vec<Option<u32>>| targets.iter().flatten().map(|it| *it as usize).collect();
        self.targets.iter().map(known).collect()
    }

    /// The least sets that hold every expect and everything that inner starts need and do not get.
    fn solve_component(&mut self, component: &[usize]) {
        let mut changed = true;
        while changed {
            changed = false;
            for &node in component {
                let needs = self.needs_of(node);
                if needs.len() != self.needs[node].len() {
                    self.needs[node] = needs;
                    // A single effect that does not start itself is done after one round.
                    changed = self.circle[node].is_some();
                }
            }
        }
    }

    /// What an effect needs, as far as it is known what the effects need that it starts.
    fn needs_of(&self, node: usize) -> Arc<[u32]> {
        let decl = &self.decls[node];
        let mut own: Vec<u32> = decl.expects.iter().filter_map(|name| self.id(name)).collect();
        own.sort_unstable();
        let mut inherited: Vec<Arc<[u32]>> = Vec::new();
        for (start, target) in decl.starts.iter().zip(&self.targets[node]) {
            let Some(target) = *target else { continue };
            let mut keys: Vec<u32> = start.keys.iter().filter_map(|key| self.id(key)).collect();
            keys.sort_unstable();
            let inner = &self.needs[target as usize];
            if keys.iter().any(|key| inner.binary_search(key).is_ok()) {
                let left = inner.iter().filter(|name| keys.binary_search(name).is_err());
                inherited.push(left.copied().collect());
            } else if !inner.is_empty() && inherited.last().is_none_or(|last| !Arc::ptr_eq(last, inner)) {
                inherited.push(inner.clone());
            }
        }
        if own.is_empty() && inherited.len() <= 1 {
            return inherited.pop().unwrap_or_default();
        }
        for names in &inherited {
            own.extend_from_slice(names);
        }
        #[expect(
            clippy::stable_sort_primitive,
            reason = "it merges ascending runs, which is what it gets"
        )]
        own.sort();
        own.dedup();
        own.into()
    }

    fn id(&self, name: &Name) -> Option<u32> {
        self.names.binary_search(name).ok().map(|at| at as u32)
    }

    /// Own expects as declared, then the others sorted.
    fn in_order(&self, decl: &EffectDecl, node: u32) -> Arc<[Name]> {
        let own: FxHashSet<&Name> = decl.expects.iter().collect();
        let needs = self.needs[node as usize].iter();
        let inherited = needs
            .map(|name| &self.names[*name as usize])
            .filter(|name| !own.contains(name));
        decl.expects.iter().chain(inherited).cloned().collect()
    }
}
