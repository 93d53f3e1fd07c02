//! The graph in the language of Graphviz: <https://graphviz.org/doc/info/lang.html>.

use std::fmt::{self, Write};

use relux_model::graph::Graph;

use super::drawing::{Drawing, Kind};

/// Writes one digraph.
pub(super) fn write(out: &mut String, graph: &Graph, whole: bool) -> fmt::Result {
    let drawing = Drawing::new(graph, whole);
    writeln!(out, "digraph relux {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=10];")?;
    for (at, node) in drawing.nodes.iter().enumerate() {
        let style = match node.kind {
            Kind::Test => ", shape=oval",
            Kind::Effect => "",
            Kind::Wrong => ", color=red",
        };
        writeln!(out, "  n{at} [label={}{style}];", quoted(&node.lines))?;
    }
    for edge in &drawing.edges {
        let label = if edge.lines.is_empty() {
            String::new()
        } else {
            format!(" [label={}]", quoted(&edge.lines))
        };
        writeln!(out, "  n{} -> n{}{label};", edge.from, edge.to)?;
    }
    writeln!(out, "}}")
}

/// Lines as one quoted string; in those only quotes and backslashes mean something.
fn quoted(lines: &[String]) -> String {
    let escaped = lines
        .iter()
        .map(|line| line.replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", escaped.collect::<Vec<_>>().join("\\n"))
}
