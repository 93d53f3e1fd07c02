//! The graph as a flowchart of Mermaid: <https://mermaid.js.org/syntax/flowchart.html>.

use std::fmt::{self, Write};

use relux_model::graph::Graph;

use super::drawing::{Drawing, Kind};

/// Writes one flowchart.
pub(super) fn write(out: &mut String, graph: &Graph, whole: bool) -> fmt::Result {
    let drawing = Drawing::new(graph, whole);
    writeln!(out, "flowchart LR")?;
    for (at, node) in drawing.nodes.iter().enumerate() {
        let label = quoted(&node.lines);
        match node.kind {
            Kind::Test => writeln!(out, "  n{at}([{label}])")?,
            Kind::Effect => writeln!(out, "  n{at}[{label}]")?,
            Kind::Wrong => writeln!(out, "  n{at}[{label}]:::wrong")?,
        }
    }
    for edge in &drawing.edges {
        let label = if edge.lines.is_empty() {
            String::new()
        } else {
            format!("|{}|", quoted(&edge.lines))
        };
        writeln!(out, "  n{} -->{label} n{}", edge.from, edge.to)?;
    }
    if drawing.nodes.iter().any(|node| node.kind == Kind::Wrong) {
        writeln!(out, "  classDef wrong stroke:red")?;
    }
    Ok(())
}

/// Lines as one quoted text. Everything that could mean something there is written as an entity.
fn quoted(lines: &[String]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            text.push_str("<br/>");
        }
        for c in line.chars() {
            match c {
                '"' | '#' | '<' | '>' | '&' | '`' | '\\' | ';' | '|' | '*' => {
                    // The number of the character, as Mermaid writes entities.
                    text.extend(["#", &u32::from(c).to_string(), ";"]);
                }
                c => text.push(c),
            }
        }
    }
    format!("\"{text}\"")
}
