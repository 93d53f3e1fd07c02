//! The effect graph as something to look at: who starts what, what each effect needs, where every value comes from, and
//! which starts will share an instance.
//!
//! Plain data for renderers, in the order of files and sources. It predicts and decides nothing: a run compares the values
//! of needed variables, this compares the expressions behind them.

mod instances;
mod values;

use relux_syntax::nearest::nearest;
use relux_syntax::{Encoding, LineIndex, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::assemble::test_ids;
use crate::db::{Db, SourceFile, Suite};
use crate::effects::needs;
use crate::items::{Def, Effect, ItemId, StartItem, Test, item_index};
use crate::plan::ExposeKind;
use crate::scope::scope;
use crate::source_map::{BodyRanges, source_map};

/// The effects of a suite, or what one test or effect reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// In path order, then in source order. Indexes of this module point here.
    pub effects: Vec<EffectNode>,
    /// Tests in path order, each with the instances that it will have.
    pub tests: Vec<TestNode>,
    /// The effects that were asked for, as if something started them.
    pub roots: Vec<RootNode>,
}

/// A place: path below the suite root, line and column from 1, the column in characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// Path below the suite root.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// An effect as it is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectNode {
    /// `Store`.
    pub name: String,
    /// `lib/service/store`.
    pub module: String,
    /// The name in its header.
    pub spot: Spot,
    /// Own `expect`s, without repetition.
    pub expects: Vec<String>,
    /// Own expects in order, then what its starts need and do not get.
    pub needs: Vec<String>,
    /// Its starts in order.
    pub starts: Vec<StartNode>,
    /// What a starter can see.
    pub exposes: Vec<ExposedNode>,
    /// Whether it starts itself, directly or through others.
    pub circular: bool,
}

/// A `start` as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartNode {
    /// Which effect; `None` if there is none of that name in scope.
    pub effect: Option<usize>,
    /// The name as written.
    pub written: String,
    /// `as` name.
    pub alias: Option<String>,
    /// Keys and values as written; an entry that is a key alone has no value.
    pub overlay: Vec<(String, Option<String>)>,
    /// The name of the effect in it.
    pub spot: Spot,
}

/// Something that an effect exposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedNode {
    /// Shell or variable.
    pub kind: ExposeKind,
    /// Name under which a starter sees it.
    pub name: String,
    /// `alias.target`, or the name inside the effect.
    pub target: String,
}

/// A test with its instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestNode {
    /// Id as a run prints it.
    pub id: String,
    /// Name as written.
    pub name: String,
    /// The name in its header.
    pub spot: Spot,
    /// Its starts in order.
    pub starts: Vec<StartNode>,
    /// What they lead to.
    pub tree: Tree,
}

/// An effect that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootNode {
    /// Which.
    pub effect: usize,
    /// What its starts lead to; instance 0 is the effect itself.
    pub tree: Tree,
    /// Tests and effects that start it, in path order: `test "x"`, `effect Y`.
    pub started_by: Vec<(String, Spot)>,
}

/// The instances of one test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// In the order in which starts lead to them first.
    pub instances: Vec<Instance>,
    /// The starts at the top.
    pub edges: Vec<Edge>,
    /// Whether there are more instances than are shown.
    pub cut: bool,
}

/// An effect instance. Starts with the same values lead to the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Of which effect.
    pub effect: usize,
    /// What it needs, in the order of [`EffectNode::needs`].
    pub inputs: Vec<Input>,
    /// Its own starts.
    pub edges: Vec<Edge>,
    /// How many starts lead to it: more than one means that it is shared.
    pub starts: usize,
}

/// A start that leads to an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Position among the starts of the body.
    pub start: usize,
    /// Where it leads.
    pub target: Target,
}

/// Where a start leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To this instance.
    Instance(usize),
    /// Nowhere: no effect of that name is in scope.
    Unknown,
    /// Back to an effect that is being started.
    Circle(usize),
    /// To an instance that is not shown because there are too many.
    Cut,
}

/// A variable that an instance needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// The expression that gives it its value, as written where the value arises; the name where nothing does.
    pub value: String,
    /// How it gets there.
    pub source: Source,
}

/// How a value gets to an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The overlay of the start itself sets it.
    Overlay,
    /// The overlay of an outer start sets it: of which effect that is the start, and where.
    Inherited {
        /// The effect with whose start it came.
        with: String,
        /// The overlay entry.
        spot: Spot,
    },
    /// A `.env` file sets it, by path below the suite root.
    DotEnv(String),
    /// Only the environment of this machine sets it.
    Host,
    /// The runner sets it.
    Runner,
    /// Whoever starts the effect that was asked for.
    Outside,
    /// Nothing sets it.
    Missing,
}

/// No test and no effect has the name that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name that was probably meant.
    pub nearest: Option<String>,
}

/// The graph of a suite.
pub fn graph(db: &dyn Db, suite: Suite) -> Graph {
    let effects = Effects::new(db, suite);
    let tests = all_tests(db, suite)
        .map(|(file, at)| effects.test(file, at))
        .collect();
    Graph {
        effects: effects.nodes(),
        tests,
        roots: Vec::new(),
    }
}

/// The graph of a test, by name or id, or of an effect, by name or as `module/Name`. All that bear the name are meant.
pub fn graph_of(db: &dyn Db, suite: Suite, name: &str) -> Result<Graph, UnknownName> {
    let effects = Effects::new(db, suite);
    let named = |(file, at): &(SourceFile, usize)| {
        let test = &item_index(db, *file).tests[*at];
        test.name() == name || test_ids(db, *file)[*at] == name
    };
    let tests: Vec<TestNode> = all_tests(db, suite)
        .filter(named)
        .map(|(file, at)| effects.test(file, at))
        .collect();
    let named = |at: &usize| effects.answers_to(*at, name);
    let roots: Vec<RootNode> = (0..effects.defs.len())
        .filter(named)
        .map(|at| effects.root(at))
        .collect();
    if tests.is_empty() && roots.is_empty() {
        return Err(UnknownName {
            nearest: effects.nearest(name),
        });
    }
    let graph = Graph {
        effects: effects.nodes(),
        tests,
        roots,
    };
    Ok(only_reached(graph))
}

/// The instances of some tests of a file, by their positions, and the effects that [`Instance::effect`] numbers.
pub fn instances_of_tests(
    db: &dyn Db,
    suite: Suite,
    file: SourceFile,
    tests: &[usize],
) -> (Vec<Def>, Vec<Tree>) {
    let effects = Effects::new(db, suite);
    let count = item_index(db, file).tests.len();
    let known = tests.iter().filter(|at| **at < count);
    let trees = known.map(|at| instances::of_test(&effects, file, *at)).collect();
    (effects.defs, trees)
}

/// Tests by file and position, in path order.
fn all_tests(db: &dyn Db, suite: Suite) -> impl Iterator<Item = (SourceFile, usize)> {
    let tests = |file: SourceFile| (0..item_index(db, file).tests.len()).map(move |at| (file, at));
    suite.files(db).iter().copied().flat_map(tests)
}

/// All effects of a suite, by position.
struct Effects<'db> {
    db: &'db dyn Db,
    suite: Suite,
    defs: Vec<Def>,
    positions: FxHashMap<Def, usize>,
}

impl<'db> Effects<'db> {
    fn new(db: &'db dyn Db, suite: Suite) -> Self {
        let files = suite.files(db).iter().copied();
        let of_file = |file: SourceFile| {
            let effects = item_index(db, file).effects.iter();
            effects.map(move |effect| Def {
                file,
                id: effect.id.clone(),
            })
        };
        let defs: Vec<Def> = files.flat_map(of_file).collect();
        let positions = defs
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, def)| (def, at))
            .collect();
        Self {
            db,
            suite,
            defs,
            positions,
        }
    }

    fn effect(&self, at: usize) -> Option<&'db Effect> {
        let def = &self.defs[at];
        item_index(self.db, def.file).effect(&def.id)
    }

    fn target(&self, file: SourceFile, start: &StartItem) -> Option<usize> {
        let def = scope(self.db, self.suite, file).effect(&start.effect)?;
        self.positions.get(def).copied()
    }

    /// `Store`, `service/store/Store` or `lib/service/store/Store`.
    fn answers_to(&self, at: usize, name: &str) -> bool {
        let def = &self.defs[at];
        let name = name.strip_prefix("lib/").unwrap_or(name);
        match name.rsplit_once('/') {
            None => def.id.name == name,
            Some((module, last)) => {
                let known = def
                    .file
                    .import_path(self.db)
                    .unwrap_or(def.file.module_id(self.db));
                def.id.name == last && known == module
            }
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let effects = self.defs.iter().map(|def| def.id.name.as_str());
        let tests = all_tests(self.db, self.suite).flat_map(|(file, at)| {
            let test = item_index(self.db, file).tests[at].name().as_str();
            [test, test_ids(self.db, file)[at].as_str()]
        });
        nearest(name, effects.chain(tests)).map(str::to_owned)
    }

    fn nodes(&self) -> Vec<EffectNode> {
        let nodes = (0..self.defs.len()).filter_map(|at| self.node(at));
        nodes.collect()
    }

    fn node(&self, at: usize) -> Option<EffectNode> {
        let (db, suite, def) = (self.db, self.suite, &self.defs[at]);
        let effect = self.effect(at)?;
        let mut seen = FxHashSet::default();
        let expects = effect.expects.iter().filter(|name| seen.insert(*name));
        let exposes = crate::bodies::exposed(db, suite, def, effect);
        Some(EffectNode {
            name: def.id.name.to_string(),
            module: def.file.module_id(db).to_owned(),
            spot: self.name_spot(def.file, &def.id),
            expects: expects.map(ToString::to_string).collect(),
            needs: needs(db, suite, def).iter().map(ToString::to_string).collect(),
            starts: self.starts(def.file, &effect.starts, self.ranges(def)),
            exposes: exposes
                .iter()
                .map(|item| ExposedNode {
                    kind: item.kind,
                    name: item.name().to_string(),
                    target: match &item.from {
                        Some(from) => format!("{from}.{}", item.target),
                        None => item.target.to_string(),
                    },
                })
                .collect(),
            circular: crate::effects::effect_graph(db, suite)
                .circle_number(def)
                .is_some(),
        })
    }

    fn ranges(&self, def: &Def) -> Option<&'db BodyRanges> {
        let at = item_index(self.db, def.file).position(&def.id)?;
        source_map(self.db, def.file).effects.get(at)
    }

    fn test(&self, file: SourceFile, at: usize) -> TestNode {
        let test: &Test = &item_index(self.db, file).tests[at];
        let ranges = source_map(self.db, file).tests.get(at);
        TestNode {
            id: test_ids(self.db, file)[at].clone(),
            name: test.name().to_string(),
            spot: self.name_spot(file, &test.id),
            starts: self.starts(file, &test.starts, ranges),
            tree: instances::of_test(self, file, at),
        }
    }

    fn root(&self, at: usize) -> RootNode {
        RootNode {
            effect: at,
            tree: instances::of_effect(self, at),
            started_by: self.starters(at),
        }
    }

    fn starters(&self, of: usize) -> Vec<(String, Spot)> {
        let db = self.db;
        let mut found = Vec::new();
        for &file in self.suite.files(db).iter() {
            let index = item_index(db, file);
            let leads = |starts: &[StartItem]| starts.iter().any(|it| self.target(file, it) == Some(of));
            for effect in index.effects.iter().filter(|it| leads(&it.starts)) {
                let spot = self.name_spot(file, &effect.id);
                found.push((format!("effect {}", effect.name()), spot));
            }
            for test in index.tests.iter().filter(|it| leads(&it.starts)) {
                let spot = self.name_spot(file, &test.id);
                found.push((format!("test \"{}\"", test.name()), spot));
            }
        }
        found
    }

    fn starts(&self, file: SourceFile, starts: &[StartItem], ranges: Option<&BodyRanges>) -> Vec<StartNode> {
        let text = file.text(self.db);
        let node = |(at, start): (usize, &StartItem)| {
            let ranges = ranges.and_then(|ranges| ranges.starts.get(at));
            let overlay = start.overlay.iter().enumerate().map(|(entry, item)| {
                let value = ranges.and_then(|ranges| ranges.entries.get(entry)?.value);
                let value = value.and_then(|range| text.get(range.start as usize..range.end as usize));
                (item.key.to_string(), value.map(str::to_owned))
            });
            StartNode {
                effect: self.target(file, start),
                written: start.effect.to_string(),
                alias: start.alias.as_ref().map(ToString::to_string),
                overlay: overlay.collect(),
                spot: self.spot(file, ranges.map(|ranges| ranges.effect).unwrap_or_default()),
            }
        };
        starts.iter().enumerate().map(node).collect()
    }

    fn name_spot(&self, file: SourceFile, id: &ItemId) -> Spot {
        let range = crate::source_map::name_range(self.db, file, id).unwrap_or_default();
        self.spot(file, range)
    }

    fn spot(&self, file: SourceFile, range: TextRange) -> Spot {
        let (line, column) = line_and_column(file.text(self.db), lines(self.db, file), range.start);
        Spot {
            file: file.path(self.db).to_string(),
            line,
            column,
        }
    }
}

/// The lines of a file, found once for all its places.
#[salsa::tracked(returns(ref))]
fn lines(db: &dyn Db, file: SourceFile) -> LineIndex {
    LineIndex::new(file.text(db))
}

/// Line and column of an offset, both from 1, the column in characters.
fn line_and_column(text: &str, lines: &LineIndex, offset: u32) -> (u32, u32) {
    let place = lines.position(text, offset, Encoding::Utf32);
    (place.line + 1, place.column + 1)
}

/// Leaves out effects that neither a test nor a root reaches.
fn only_reached(mut graph: Graph) -> Graph {
    let mut pending: Vec<usize> = graph.roots.iter().map(|root| root.effect).collect();
    let starts = graph.tests.iter().flat_map(|test| &test.starts);
    pending.extend(starts.filter_map(|start| start.effect));
    let mut reached = vec![false; graph.effects.len()];
    while let Some(at) = pending.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            pending.extend(graph.effects[at].starts.iter().filter_map(|start| start.effect));
        }
    }
    let mut next = 0;
    let new: Vec<usize> = reached
        .iter()
        .map(|kept| {
            next += usize::from(*kept);
            next.saturating_sub(1)
        })
        .collect();
    let mut at = 0;
    graph.effects.retain(|_| {
        at += 1;
        reached[at - 1]
    });
    renumber(&mut graph, &new);
    graph
}

fn renumber(graph: &mut Graph, new: &[usize]) {
    let edge = |edge: &mut Edge| {
        if let Target::Circle(effect) = &mut edge.target {
            *effect = new[*effect];
        }
    };
    let tree = |tree: &mut Tree| {
        tree.edges.iter_mut().for_each(edge);
        for instance in &mut tree.instances {
            instance.effect = new[instance.effect];
            instance.edges.iter_mut().for_each(edge);
        }
    };
    let effects = graph.effects.iter_mut().flat_map(|effect| &mut effect.starts);
    let tests = graph.tests.iter_mut().flat_map(|test| &mut test.starts);
    for start in effects.chain(tests) {
        start.effect = start.effect.map(|effect| new[effect]);
    }
    graph.tests.iter_mut().for_each(|test| tree(&mut test.tree));
    for root in &mut graph.roots {
        root.effect = new[root.effect];
        tree(&mut root.tree);
    }
}
