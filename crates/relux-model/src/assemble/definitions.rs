//! Collects the definitions that tests reach: each becomes one plan, however many tests share it.
//!
//! Works through a queue instead of recursion: a chain of definitions may be as long as a suite allows.

use std::collections::VecDeque;

use relux_syntax::TextRange;
use rustc_hash::FxHashMap;

use super::convert::Convert;
use super::selection::Selected;
use crate::bodies::body::DefBody;
use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, ItemKind, item_index};
use crate::plan::{
    Block, EffectId, EffectPlan, Expose, ExposeKind, FileId, FunctionId, FunctionPlan, Loc, Marker, PlanFile,
    Program, TestPlan,
};
use crate::source_map::{name_range, source_map};

/// What a test reaches.
pub(super) struct Reach {
    /// Modules of all reached definitions, that of the test first.
    pub(super) files: Vec<SourceFile>,
    /// Everything in them that cannot be planned.
    pub(super) problems: Vec<Problem>,
    /// A definition that leads back to itself: a run would never end.
    pub(super) circle: Option<Problem>,
}

/// Something that cannot be planned.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) file: SourceFile,
    pub(super) range: TextRange,
    pub(super) message: String,
}

/// What a definition leads to, beside its plan.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Definitions it names, in order, without repetition.
    pub(super) refs: Vec<Def>,
    pub(super) problems: Vec<Problem>,
    pub(super) markers: Vec<Marker>,
}

/// The program as far as it is built.
pub(super) struct Builder<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) suite: Suite,
    program: Program,
    files: FxHashMap<SourceFile, FileId>,
    functions: FxHashMap<Def, FunctionId>,
    effects: FxHashMap<Def, EffectId>,
    queue: VecDeque<Def>,
    nodes: FxHashMap<Def, Node>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(db: &'a dyn Db, suite: Suite) -> Self {
        Self {
            db,
            suite,
            program: Program::default(),
            files: FxHashMap::default(),
            functions: FxHashMap::default(),
            effects: FxHashMap::default(),
            queue: VecDeque::new(),
            nodes: FxHashMap::default(),
        }
    }

    pub(super) fn finish(self) -> Program {
        self.program
    }

    /// The plan of a test; `None` if the test is gone, which cannot be within one revision.
    pub(super) fn test(&mut self, selected: &Selected) -> Option<(TestPlan, Reach)> {
        let (mut plan, node) = self.test_plan(selected)?;
        while let Some(def) = self.queue.pop_front() {
            match def.id.kind {
                ItemKind::Function => self.function_plan(&def),
                _ => self.effect_plan(&def),
            }
        }
        let reach = self.reach(selected.def.file, node, &mut plan.markers);
        Some((plan, reach))
    }

    /// The id of a function, which is planned later if it is new.
    pub(super) fn function(&mut self, def: &Def) -> FunctionId {
        if let Some(id) = self.functions.get(def) {
            return *id;
        }
        let id = FunctionId(self.program.functions.len() as u32);
        let loc = self.name_loc(def);
        self.program.functions.push(FunctionPlan {
            name: def.id.name.to_string(),
            module: def.file.module_id(self.db).to_owned(),
            loc,
            params: Vec::new(),
            pure: false,
            body: Vec::new(),
        });
        self.functions.insert(def.clone(), id);
        self.queue.push_back(def.clone());
        id
    }

    /// The id of an effect, which is planned later if it is new.
    pub(super) fn effect(&mut self, def: &Def) -> EffectId {
        if let Some(id) = self.effects.get(def) {
            return *id;
        }
        let id = EffectId(self.program.effects.len() as u32);
        let loc = self.name_loc(def);
        self.program.effects.push(EffectPlan {
            name: def.id.name.to_string(),
            module: def.file.module_id(self.db).to_owned(),
            loc,
            expects: Vec::new(),
            needs: Vec::new(),
            preamble: Vec::new(),
            starts: Vec::new(),
            exposes: Vec::new(),
            blocks: Vec::new(),
            cleanup: None,
        });
        self.effects.insert(def.clone(), id);
        self.queue.push_back(def.clone());
        id
    }

    /// The id of a file.
    pub(super) fn file(&mut self, file: SourceFile) -> FileId {
        let (db, program) = (self.db, &mut self.program);
        *self.files.entry(file).or_insert_with(|| {
            program.files.push(PlanFile {
                path: file.path(db).to_string(),
                text: file.text(db).clone(),
            });
            FileId(program.files.len() as u32 - 1)
        })
    }

    fn name_loc(&mut self, def: &Def) -> Loc {
        Loc {
            file: self.file(def.file),
            range: name_range(self.db, def.file, &def.id).unwrap_or_default(),
        }
    }

    fn body(&self, def: &Def) -> Option<&'a DefBody> {
        let position = item_index(self.db, def.file).position(&def.id)?;
        crate::bodies::lower(self.db, def.file).definition(def.id.kind, position)
    }

    fn test_plan(&mut self, selected: &Selected) -> Option<(TestPlan, Node)> {
        let Selected { def, id } = selected;
        let body = self.body(def)?;
        let loc = self.name_loc(def);
        let dot_env = crate::dot_env::dot_env(self.db, self.suite, def.file);
        let mut convert = Convert::new(self, def, body);
        let markers = convert.markers(&body.markers, None);
        let preamble = convert.stmts(body.preamble);
        let starts = convert.starts(&body.starts);
        let blocks = convert.blocks(&body.blocks);
        let cleanup = body.cleanup.as_ref().map(|cleanup| Block {
            loc: convert.loc(cleanup.keyword),
            body: convert.stmts(cleanup.body),
        });
        let doc = body.doc.map(|range| dedent(convert.text(range)));
        let timeout = body.timeout.and_then(|timeout| convert.timeout(timeout));
        let node = convert.finish();
        let plan = TestPlan {
            id: id.clone(),
            name: def.id.name.to_string(),
            file: def.file.path(self.db).to_string(),
            loc,
            doc,
            timeout,
            markers,
            dot_env,
            preamble,
            starts,
            blocks,
            cleanup,
        };
        Some((plan, node))
    }

    fn function_plan(&mut self, def: &Def) {
        let (Some(body), Some(id)) = (self.body(def), self.functions.get(def).copied()) else {
            return self.lost(def);
        };
        let Some(function) = item_index(self.db, def.file).function(&def.id) else {
            return self.lost(def);
        };
        let origin = format!("fn {}", def.id.name);
        let mut convert = Convert::new(self, def, body);
        let markers = convert.markers(&body.markers, Some(&origin));
        let stmts = convert.stmts(body.body);
        let mut node = convert.finish();
        node.markers = markers;
        self.nodes.insert(def.clone(), node);
        let plan = &mut self.program.functions[id.0 as usize];
        plan.params = function.params.iter().map(ToString::to_string).collect();
        plan.pure = function.pure;
        plan.body = stmts;
    }

    fn effect_plan(&mut self, def: &Def) {
        let (Some(body), Some(id)) = (self.body(def), self.effects.get(def).copied()) else {
            return self.lost(def);
        };
        let Some(effect) = item_index(self.db, def.file).effect(&def.id) else {
            return self.lost(def);
        };
        let needs = crate::effects::needs(self.db, self.suite, def);
        let exposes = self.exposes(def, body);
        let origin = format!("effect {}", def.id.name);
        let mut convert = Convert::new(self, def, body);
        let markers = convert.markers(&body.markers, Some(&origin));
        let preamble = convert.stmts(body.preamble);
        let starts = convert.starts(&body.starts);
        let blocks = convert.blocks(&body.blocks);
        let cleanup = body.cleanup.as_ref().map(|cleanup| Block {
            loc: convert.loc(cleanup.keyword),
            body: convert.stmts(cleanup.body),
        });
        let mut node = convert.finish();
        node.markers = markers;
        self.nodes.insert(def.clone(), node);
        let plan = &mut self.program.effects[id.0 as usize];
        plan.expects = unique(effect.expects.iter().map(ToString::to_string));
        plan.needs = needs.iter().map(ToString::to_string).collect();
        plan.preamble = preamble;
        plan.starts = starts;
        plan.exposes = exposes;
        plan.blocks = blocks;
        plan.cleanup = cleanup;
    }

    fn exposes(&mut self, def: &Def, body: &DefBody) -> Vec<Expose> {
        let (db, suite) = (self.db, self.suite);
        let index = item_index(db, def.file);
        let Some(effect) = index.effect(&def.id) else {
            return Vec::new();
        };
        let ranges = index
            .position(&def.id)
            .and_then(|at| source_map(db, def.file).effects.get(at));
        let file = self.file(def.file);
        let implicit = body
            .blocks
            .iter()
            .find(|block| block.qualifier.is_none())
            .and_then(|block| block.name);
        crate::bodies::exposed(db, suite, def, effect)
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let range = ranges
                    .and_then(|ranges| ranges.exposes.get(at))
                    .map(|ranges| ranges.target);
                Expose {
                    kind: match item.kind {
                        ExposeKind::Shell => ExposeKind::Shell,
                        ExposeKind::Var => ExposeKind::Var,
                    },
                    from: item.from.as_ref().map(ToString::to_string),
                    target: item.target.to_string(),
                    name: item.name().to_string(),
                    loc: Loc {
                        file,
                        range: range.or(implicit).unwrap_or_default(),
                    },
                }
            })
            .collect()
    }

    /// Planned as nothing, and every test that reaches it is invalid.
    fn lost(&mut self, def: &Def) {
        let problem = Problem {
            file: def.file,
            range: name_range(self.db, def.file, &def.id).unwrap_or_default(),
            message: format!("`{}` cannot be planned", def.id.name),
        };
        let node = Node {
            problems: vec![problem],
            ..Node::default()
        };
        self.nodes.insert(def.clone(), node);
    }

    /// Everything reached from a test, depth first in source order; markers go to the test.
    fn reach(&self, file: SourceFile, test: Node, markers: &mut Vec<Marker>) -> Reach {
        let mut reach = Reach {
            files: vec![file],
            problems: test.problems,
            circle: None,
        };
        // True while the way to a definition goes on.
        let mut seen: FxHashMap<&Def, bool> = FxHashMap::default();
        let mut stack: Vec<Step<'_>> = test.refs.iter().rev().map(Step::Enter).collect();
        while let Some(step) = stack.pop() {
            let def = match step {
                Step::Enter(def) => def,
                Step::Leave(def) => {
                    seen.insert(def, false);
                    continue;
                }
            };
            if let Some(on_the_way) = seen.get(def) {
                if *on_the_way && reach.circle.is_none() {
                    reach.circle = Some(self.circle(def));
                }
                continue;
            }
            seen.insert(def, true);
            stack.push(Step::Leave(def));
            if !reach.files.contains(&def.file) {
                reach.files.push(def.file);
            }
            if let Some(node) = self.nodes.get(def) {
                reach.problems.extend(node.problems.iter().cloned());
                markers.extend(node.markers.iter().cloned());
                stack.extend(node.refs.iter().rev().map(Step::Enter));
            }
        }
        reach
    }

    fn circle(&self, def: &Def) -> Problem {
        Problem {
            file: def.file,
            range: name_range(self.db, def.file, &def.id).unwrap_or_default(),
            message: format!("`{}` leads back to itself", def.id.name),
        }
    }
}

/// A step of a walk along definitions.
enum Step<'a> {
    Enter(&'a Def),
    Leave(&'a Def),
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in names {
        if !out.contains(&name) {
            out.push(name);
        }
    }
    out
}

/// The text of a docstring without the indentation that all its lines share, and without blank lines around it.
fn dedent(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let blank = |line: &&str| line.trim().is_empty();
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let (first, rest) = lines
        .split_first()
        .map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let shared = rest
        .iter()
        .filter(|line| !blank(line))
        .map(indent)
        .min()
        .unwrap_or(0);
    let rest = rest
        .iter()
        .map(|line| line.get(shared..).unwrap_or_default().trim_end());
    let mut lines: Vec<&str> = std::iter::once(first.trim()).chain(rest).collect();
    while lines.first().is_some_and(blank) {
        lines.remove(0);
    }
    while lines.last().is_some_and(blank) {
        lines.pop();
    }
    lines.join("\n")
}
