//! The effect graph for drawing programs, and the words by which it tells where values come from. One file per form; nothing
//! here decides what is in the graph.

mod dot;
mod drawing;
mod mermaid;

use relux_model::Db;
use relux_model::graph::{Graph, Input, Source, StartNode, graph, graph_of};

use crate::rename::Refused;
use crate::suites::Entry;

/// A language of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// A flowchart of Mermaid.
    Mermaid,
    /// The language of Graphviz.
    Dot,
}

/// The graph as a picture. A whole suite is drawn as it is defined, what was asked for by name with its instances.
pub fn picture(graph: &Graph, whole: bool, form: Picture) -> String {
    let mut out = String::new();
    let written = match form {
        Picture::Mermaid => mermaid::write(&mut out, graph, whole),
        Picture::Dot => dot::write(&mut out, graph, whole),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    out
}

/// The graph of the suite that a file belongs to, or of one of its tests or effects.
pub(crate) fn effect_graph(
    db: &dyn Db,
    entry: Entry,
    name: Option<&str>,
    form: Picture,
) -> Result<String, Refused> {
    let Some(name) = name else {
        return Ok(picture(&graph(db, entry.suite), true, form));
    };
    match graph_of(db, entry.suite, name) {
        Ok(graph) => Ok(picture(&graph, false, form)),
        Err(unknown) => {
            let nearest = unknown.nearest.map(|it| format!("; did you mean \"{it}\"?"));
            let nearest = nearest.unwrap_or_default();
            Err(Refused(format!(
                "no test and no effect is called \"{name}\"{nearest}"
            )))
        }
    }
}

/// `KEY = value`, or where it comes from if no expression says it.
pub fn input_line(input: &Input) -> String {
    let Input { name, value, source } = input;
    match source {
        Source::Overlay => format!("{name} = {value}"),
        Source::Inherited { with, .. } => format!("{name} = {value} (inherited from the start of {with})"),
        Source::DotEnv(file) => from(name, value, &format!("from {file}")),
        Source::Host => from(name, value, "from the environment of this machine"),
        Source::Runner => from(name, value, "from the runner"),
        Source::Outside => from(name, value, "from whoever starts it"),
        Source::Missing => from(name, value, "missing"),
    }
}

fn from(name: &str, value: &str, place: &str) -> String {
    if name == value {
        format!("{name} ({place})")
    } else {
        format!("{name} = {value} ({place})")
    }
}

/// `Db as db`
pub fn start_title(start: &StartNode) -> String {
    match &start.alias {
        Some(alias) => format!("{} as {alias}", start.written),
        None => start.written.clone(),
    }
}

/// `KEY = value`, as written.
pub(crate) fn overlay_lines(start: &StartNode) -> impl Iterator<Item = String> {
    start.overlay.iter().map(|(key, value)| match value {
        Some(value) => format!("{key} = {value}"),
        None => key.clone(),
    })
}
