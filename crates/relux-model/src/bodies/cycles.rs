//! `function-cycle`: a function that calls itself, directly or through others, never returns.
//!
//! Calls cross modules only along imports, so a circle lies within modules that import each other in a circle: mostly
//! within one module. Names of callees are a query of their own, so that typing in a body elsewhere costs nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use relux_syntax::{Diagnostic, Related, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::body::ExprKind;
use super::calls::{Called, resolve};
use super::check::Check;
use super::walk::{Node, Site, walk};
use crate::codes;
use crate::components;
use crate::db::{Db, SourceFile, Suite};
use crate::importers::imports;
use crate::items::{Def, Name, item_index};
use crate::modules::modules;
use crate::scope::{Scope, scope};

/// More stations of a circle than this are not shown.
const MAX_SHOWN: usize = 8;

/// What one function calls, without places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct CallSet {
    pure: bool,
    /// Name and number of arguments, sorted.
    calls: Vec<(Name, u32)>,
}

/// The call sets of the functions of a file, parallel to `ItemIndex::functions`.
#[salsa::tracked(returns(ref))]
fn call_sets(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<CallSet> {
    let bodies = super::lower(db, file);
    let edition = crate::edition::edition(db, suite, file).edition;
    let source = file.text(db);
    let functions = bodies
        .definitions
        .iter()
        .filter(|definition| definition.is_function());
    functions
        .map(|definition| {
            let mut calls = Vec::new();
            walk(bodies, edition, definition, &mut |site, node| {
                if let (Site::Function { .. }, Node::Expr(expr, _)) = (site, node)
                    && let ExprKind::Call { name, args } = expr.kind
                {
                    calls.push((Name::from(name.slice(source)), args.len() as u32));
                }
            });
            calls.sort_unstable();
            calls.dedup();
            CallSet {
                pure: definition.is_pure(),
                calls,
            }
        })
        .collect()
}

/// Modules that import each other in a circle, by module.
#[salsa::tracked(returns(ref))]
fn import_circles(db: &dyn Db, suite: Suite) -> FxHashMap<SourceFile, Arc<[SourceFile]>> {
    let files = suite.files(db);
    let numbers: FxHashMap<SourceFile, usize> =
        files.iter().enumerate().map(|(at, file)| (*file, at)).collect();
    let modules = modules(db, suite);
    let edges: Vec<Vec<usize>> = files
        .iter()
        .map(|file| {
            imports(db, *file)
                .iter()
                .filter_map(|import| numbers.get(&modules.import(import.path())?).copied())
                .collect()
        })
        .collect();
    let mut circles = FxHashMap::default();
    for members in components::cycles(&edges) {
        let circle: Arc<[SourceFile]> = members.into_iter().map(|member| files[member]).collect();
        circles.extend(circle.iter().map(|file| (*file, circle.clone())));
    }
    circles
}

/// Functions that call each other, as far as a circle through one file can reach.
struct CallGraph {
    nodes: Vec<Def>,
    numbers: FxHashMap<Def, usize>,
    edges: Vec<Vec<usize>>,
}

impl CallGraph {
    fn new(db: &dyn Db, suite: Suite, file: SourceFile) -> Self {
        let alone = [file];
        let files = import_circles(db, suite)
            .get(&file)
            .map_or(&alone[..], |circle| circle);
        let def = |file: SourceFile, at: usize| Def {
            file,
            id: item_index(db, file).functions[at].id.clone(),
        };
        let nodes: Vec<Def> = files
            .iter()
            .flat_map(|file| (0..item_index(db, *file).functions.len()).map(|at| def(*file, at)))
            .collect();
        let numbers: FxHashMap<Def, usize> = nodes.iter().cloned().zip(0..).collect();
        let mut edges = Vec::with_capacity(nodes.len());
        for file in files {
            let scope = scope(db, suite, *file);
            let sets = call_sets(db, suite, *file);
            edges.extend((0..item_index(db, *file).functions.len()).map(|at| {
                let set = sets.get(at);
                let pure = set.is_some_and(|set| set.pure);
                set.into_iter()
                    .flat_map(|set| &set.calls)
                    .filter_map(|(name, arity)| callee(scope, name, *arity as usize, pure))
                    .filter_map(|def| numbers.get(def).copied())
                    .collect()
            }));
        }
        Self {
            nodes,
            numbers,
            edges,
        }
    }

    /// The shortest way from `from` to `to` within `members`, both included.
    fn path(&self, members: &FxHashSet<usize>, from: usize, to: usize) -> Vec<usize> {
        let mut came: FxHashMap<usize, usize> = FxHashMap::default();
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            if node == to {
                let mut path = vec![to];
                while let Some(before) = path
                    .last()
                    .filter(|last| **last != from)
                    .and_then(|last| came.get(last))
                {
                    path.push(*before);
                }
                path.reverse();
                return path;
            }
            for &next in &self.edges[node] {
                if members.contains(&next) && next != from && !came.contains_key(&next) {
                    came.insert(next, node);
                    queue.push_back(next);
                }
            }
        }
        vec![from]
    }
}

fn callee<'a>(scope: &'a Scope, name: &str, arity: usize, pure: bool) -> Option<&'a Def> {
    match resolve(scope, name, arity, pure) {
        Called::Function(function) | Called::ImpureFunction(function) => Some(&function.def),
        Called::Builtin(_) | Called::ImpureBuiltin(_) | Called::Unknown => None,
    }
}

/// Reports each circle once, at the call of its first function in the file.
pub(super) fn check(check: &mut Check<'_>) {
    if check.index.functions.is_empty() {
        return;
    }
    let graph = CallGraph::new(check.db, check.suite, check.file);
    for circle in components::cycles(&graph.edges) {
        let members: FxHashSet<usize> = circle.iter().copied().collect();
        let mut own = circle
            .into_iter()
            .filter(|member| graph.nodes[*member].file == check.file);
        let finding = own.find_map(|member| finding(check, &graph, &members, member));
        check.out.extend(finding);
    }
}

fn finding(
    check: &Check<'_>,
    graph: &CallGraph,
    members: &FxHashSet<usize>,
    member: usize,
) -> Option<Diagnostic> {
    let (range, target) = call_into(check, graph, members, member)?;
    let name = &graph.nodes[member].id.name;
    let way = graph.path(members, target, member);
    let through: Vec<String> = way
        .iter()
        .filter(|node| **node != member)
        .map(|node| format!("`{}`", graph.nodes[*node].id.name))
        .collect();
    let message = match through.as_slice() {
        [] => format!("`{name}` calls itself and would never return"),
        [only] => format!("`{name}` calls itself through {only} and would never return"),
        [first, .., last] => {
            let more = through.len() - 2;
            match more {
                0 => format!("`{name}` calls itself through {first} and {last}, and would never return"),
                _ => format!(
                    "`{name}` calls itself through {first}, {more} more and {last}, and would never return"
                ),
            }
        }
    };
    let mut diagnostic = Diagnostic::error(codes::FUNCTION_CYCLE, range, message)
        .with_help("nothing would end it; repeat in the shell, for example with `until …; do sleep 1; done`");
    for hop in way.windows(2).take(MAX_SHOWN) {
        let one = FxHashSet::from_iter([hop[1]]);
        let Some((range, _)) = call_into(check, graph, &one, hop[0]) else {
            continue;
        };
        let file = graph.nodes[hop[0]].file;
        diagnostic.related.push(Related {
            file: (file != check.file).then(|| file.path(check.db).clone()),
            range,
            message: format!(
                "`{}` calls `{}`",
                graph.nodes[hop[0]].id.name, graph.nodes[hop[1]].id.name
            ),
        });
    }
    Some(diagnostic)
}

/// The first call in the body of `caller` that leads to one of `targets`: the callee's name and which one it is.
fn call_into(
    check: &Check<'_>,
    graph: &CallGraph,
    targets: &FxHashSet<usize>,
    caller: usize,
) -> Option<(TextRange, usize)> {
    let (db, suite) = (check.db, check.suite);
    let def = &graph.nodes[caller];
    let position = item_index(db, def.file).position(&def.id)?;
    let bodies = super::lower(db, def.file);
    let source = def.file.text(db);
    let scope = scope(db, suite, def.file);
    let edition = crate::edition::edition(db, suite, def.file).edition;
    let definition = bodies.definition(def.id.kind, position)?;
    let mut found = None;
    walk(bodies, edition, definition, &mut |site, node| {
        if let (Site::Function { pure }, Node::Expr(expr, _)) = (site, node)
            && let ExprKind::Call { name, args } = expr.kind
            && found.is_none()
            && let Some(target) = callee(scope, name.slice(source), args.len(), pure)
            && let Some(number) = graph
                .numbers
                .get(target)
                .filter(|number| targets.contains(number))
        {
            found = Some((name, *number));
        }
    });
    found
}
