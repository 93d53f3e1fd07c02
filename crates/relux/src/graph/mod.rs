//! The effect graph in several forms, one file per form. All say the same; nothing here decides what is in it.

pub(crate) mod dot;
mod drawing;
pub(crate) mod json;
pub(crate) mod mermaid;
pub(crate) mod text;

use relux_model::graph::{Input, Source, StartNode};

/// `KEY = value`, or where it comes from if no expression says it.
fn input_line(input: &Input) -> String {
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
fn start_title(start: &StartNode) -> String {
    match &start.alias {
        Some(alias) => format!("{} as {alias}", start.written),
        None => start.written.clone(),
    }
}

/// `KEY = value`, as written.
fn overlay_lines(start: &StartNode) -> impl Iterator<Item = String> {
    start.overlay.iter().map(|(key, value)| match value {
        Some(value) => format!("{key} = {value}"),
        None => key.clone(),
    })
}
