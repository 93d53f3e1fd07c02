//! Nodes and edges as any drawing program wants them. A whole suite is drawn as it is defined; what was asked for by name,
//! with its instances.

use relux_model::graph::{Edge, EffectNode, Graph, Source, StartNode, Target, Tree};

use super::{input_line, overlay_lines};

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Test,
    Effect,
    /// Something is wrong with it.
    Wrong,
}

pub(super) struct Node {
    pub(super) lines: Vec<String>,
    pub(super) kind: Kind,
}

pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) lines: Vec<String>,
}

#[derive(Default)]
pub(super) struct Drawing {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Line>,
}

impl Drawing {
    /// The drawing of a graph.
    pub(super) fn new(graph: &Graph, whole: bool) -> Self {
        let mut drawing = Self::default();
        if whole {
            drawing.definitions(graph);
            return drawing;
        }
        for test in &graph.tests {
            let top = drawing.node(vec![format!("test \"{}\"", test.name)], Kind::Test);
            drawing.tree(graph, &test.tree, Some((top, &test.starts)));
        }
        for root in &graph.roots {
            drawing.tree(graph, &root.tree, None);
        }
        drawing
    }

    fn node(&mut self, lines: Vec<String>, kind: Kind) -> usize {
        self.nodes.push(Node { lines, kind });
        self.nodes.len() - 1
    }

    fn definitions(&mut self, graph: &Graph) {
        for effect in &graph.effects {
            let kind = if effect.circular {
                Kind::Wrong
            } else {
                Kind::Effect
            };
            self.node(definition_lines(effect), kind);
        }
        for (at, effect) in graph.effects.iter().enumerate() {
            self.starts(at, &effect.starts);
        }
        for test in graph.tests.iter().filter(|test| !test.starts.is_empty()) {
            let node = self.node(
                vec![format!("test \"{}\"", test.name), test.id.clone()],
                Kind::Test,
            );
            self.starts(node, &test.starts);
        }
    }

    /// Starts as they are defined; node numbers of effects are their positions.
    fn starts(&mut self, from: usize, starts: &[StartNode]) {
        for start in starts {
            let to = match start.effect {
                Some(effect) => effect,
                None => self.node(unknown(start), Kind::Wrong),
            };
            self.edges.push(Line {
                from,
                to,
                lines: edge_lines(start, true),
            });
        }
    }

    /// The instances of a tree, below a node with these starts or standing alone.
    fn tree(&mut self, graph: &Graph, tree: &Tree, top: Option<(usize, &[StartNode])>) {
        let first = self.nodes.len();
        for instance in &tree.instances {
            let missing = instance
                .inputs
                .iter()
                .any(|input| input.source == Source::Missing);
            let mut lines = vec![graph.effects[instance.effect].name.clone()];
            lines.extend(instance.inputs.iter().map(input_line));
            self.node(lines, if missing { Kind::Wrong } else { Kind::Effect });
        }
        if let Some((node, starts)) = top {
            self.instance_edges(tree, first, node, &tree.edges, starts);
        }
        for (at, instance) in tree.instances.iter().enumerate() {
            let starts = &graph.effects[instance.effect].starts;
            self.instance_edges(tree, first, first + at, &instance.edges, starts);
        }
    }

    fn instance_edges(
        &mut self,
        tree: &Tree,
        first: usize,
        from: usize,
        edges: &[Edge],
        starts: &[StartNode],
    ) {
        for edge in edges {
            let start = &starts[edge.start];
            let to = match edge.target {
                Target::Instance(at) => first + at,
                Target::Circle(effect) => {
                    let back = tree
                        .instances
                        .iter()
                        .position(|instance| instance.effect == effect);
                    match back {
                        Some(at) => first + at,
                        None => self.node(
                            vec![start.written.clone(), "runs in a circle".to_owned()],
                            Kind::Wrong,
                        ),
                    }
                }
                Target::Unknown => self.node(unknown(start), Kind::Wrong),
                Target::Cut => self.node(vec!["and more".to_owned()], Kind::Wrong),
            };
            self.edges.push(Line {
                from,
                to,
                lines: edge_lines(start, false),
            });
        }
    }
}

fn unknown(start: &StartNode) -> Vec<String> {
    vec![start.written.clone(), "not in scope".to_owned()]
}

fn definition_lines(effect: &EffectNode) -> Vec<String> {
    let mut lines = vec![effect.name.clone(), effect.module.clone()];
    if !effect.needs.is_empty() {
        lines.push(format!("needs {}", effect.needs.join(", ")));
    }
    lines
}

/// The alias, and what is written in the overlay unless the node says where values come from.
fn edge_lines(start: &StartNode, overlay: bool) -> Vec<String> {
    let mut lines: Vec<String> = start.alias.iter().map(|alias| format!("as {alias}")).collect();
    if overlay {
        lines.extend(overlay_lines(start));
    }
    lines
}
