//! `relux graph`: the effect graph of the model in one of its forms.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, Result};
use relux_ide::effect_graph::{Picture, picture};
use relux_model::graph::{Graph, graph, graph_of};

use super::{OK, nothing_selected, tell};
use crate::args::{GraphArgs, GraphFormat};
use crate::graph::{json, text};
use crate::suite::Loaded;
use crate::terminal::draws_unicode;

/// Prints the graph. A name that nothing has is exit code 4.
pub(crate) fn show(args: &GraphArgs, loaded: &Loaded, color: bool) -> Result<ExitCode> {
    let graph = match &args.name {
        None => graph(&loaded.db, loaded.suite),
        Some(name) => match graph_of(&loaded.db, loaded.suite, name) {
            Ok(graph) => graph,
            Err(unknown) => {
                let advice = unknown.nearest.map(|name| format!("; did you mean \"{name}\"?"));
                let advice = advice.unwrap_or_default();
                tell(&format!("no test and no effect is called \"{name}\"{advice}"));
                return Ok(nothing_selected());
            }
        },
    };
    match write(args, &graph, &loaded.prefix(), color) {
        // Whoever read it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the graph")?,
    }
    Ok(OK)
}

fn write(args: &GraphArgs, graph: &Graph, prefix: &str, color: bool) -> io::Result<()> {
    let choice = if color {
        anstream::ColorChoice::AlwaysAnsi
    } else {
        anstream::ColorChoice::Never
    };
    let mut out = io::BufWriter::new(anstream::AutoStream::new(io::stdout().lock(), choice));
    // One that was asked for is drawn with its instances; a whole suite only as it is defined.
    let whole = args.name.is_none();
    match args.format {
        GraphFormat::Text => text::write(&mut out, graph, prefix, draws_unicode())?,
        GraphFormat::Mermaid => out.write_all(picture(graph, whole, Picture::Mermaid).as_bytes())?,
        GraphFormat::Dot => out.write_all(picture(graph, whole, Picture::Dot).as_bytes())?,
        GraphFormat::Json => json::write(&mut out, graph)?,
    }
    out.flush()
}
