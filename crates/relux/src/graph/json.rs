//! The graph as one JSON document. Its shape is described in the book and pinned by a test.

use std::io::{self, Write};

use relux_model::graph::{Edge, EffectNode, Graph, Input, Source, Spot, StartNode, Target, Tree};
use relux_model::plan::ExposeKind;
use serde_json::{Value, json};

/// Raised when a field changes its meaning or goes; new fields do not count.
const FORMAT_VERSION: u32 = 1;

/// Writes the document and a line feed.
pub(crate) fn write(out: &mut dyn Write, graph: &Graph) -> io::Result<()> {
    let tests = graph.tests.iter().map(|test| {
        json!({
            "id": test.id,
            "name": test.name,
            "place": place(&test.spot),
            "starts": starts(&test.starts),
            "tree": tree(&test.tree),
        })
    });
    let roots = graph.roots.iter().map(|root| {
        let starters = root.started_by.iter();
        let starters = starters.map(|(name, spot)| json!({"name": name, "place": place(spot)}));
        json!({
            "effect": root.effect,
            "tree": tree(&root.tree),
            "started_by": starters.collect::<Vec<_>>(),
        })
    });
    let document = json!({
        "version": FORMAT_VERSION,
        "effects": graph.effects.iter().map(effect).collect::<Vec<_>>(),
        "tests": tests.collect::<Vec<_>>(),
        "roots": roots.collect::<Vec<_>>(),
    });
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn place(spot: &Spot) -> Value {
    json!({"file": spot.file, "line": spot.line, "column": spot.column})
}

fn effect(effect: &EffectNode) -> Value {
    let exposes = effect.exposes.iter().map(|item| {
        let kind = match item.kind {
            ExposeKind::Shell => "shell",
            ExposeKind::Var => "variable",
        };
        json!({"kind": kind, "name": item.name, "target": item.target})
    });
    json!({
        "name": effect.name,
        "module": effect.module,
        "place": place(&effect.spot),
        "expects": effect.expects,
        "needs": effect.needs,
        "starts": starts(&effect.starts),
        "exposes": exposes.collect::<Vec<_>>(),
        "circular": effect.circular,
    })
}

fn starts(starts: &[StartNode]) -> Vec<Value> {
    let start = |start: &StartNode| {
        let overlay = start.overlay.iter();
        let overlay = overlay.map(|(key, value)| json!({"key": key, "value": value}));
        json!({
            "effect": start.effect,
            "written": start.written,
            "alias": start.alias,
            "overlay": overlay.collect::<Vec<_>>(),
            "place": place(&start.spot),
        })
    };
    starts.iter().map(start).collect()
}

fn tree(tree: &Tree) -> Value {
    let instances = tree.instances.iter().map(|instance| {
        json!({
            "effect": instance.effect,
            "inputs": instance.inputs.iter().map(input).collect::<Vec<_>>(),
            "edges": edges(&instance.edges),
            "starts": instance.starts,
        })
    });
    json!({
        "edges": edges(&tree.edges),
        "instances": instances.collect::<Vec<_>>(),
        "cut": tree.cut,
    })
}

fn edges(edges: &[Edge]) -> Vec<Value> {
    let edge = |edge: &Edge| match edge.target {
        Target::Instance(at) => json!({"start": edge.start, "instance": at}),
        Target::Circle(effect) => json!({"start": edge.start, "circle": effect}),
        Target::Unknown => json!({"start": edge.start, "problem": "unknown"}),
        Target::Cut => json!({"start": edge.start, "problem": "cut"}),
    };
    edges.iter().map(edge).collect()
}

fn input(input: &Input) -> Value {
    let mut value = json!({"name": input.name, "value": input.value});
    let (source, more) = match &input.source {
        Source::Overlay => ("overlay", None),
        Source::Inherited { with, spot } => (
            "inherited",
            Some(("from", json!({"start_of": with, "place": place(spot)}))),
        ),
        Source::DotEnv(file) => ("dot-env", Some(("file", json!(file)))),
        Source::Host => ("host", None),
        Source::Runner => ("runner", None),
        Source::Outside => ("outside", None),
        Source::Missing => ("missing", None),
    };
    value["source"] = json!(source);
    if let Some((key, more)) = more {
        value[key] = more;
    }
    value
}
