//! The graph as trees: every test with its instances, then every effect with what it needs and offers.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use relux_ide::effect_graph::{input_line, start_title};
use relux_model::graph::{Edge, EffectNode, Graph, Instance, Source, Spot, StartNode, Target, Tree};
use relux_model::plan::ExposeKind;

use crate::report::counted;

const NAME: Style = Style::new().effects(Effects::BOLD);
const WRONG: Style = AnsiColor::Red.on_default().effects(Effects::BOLD);
const QUIET: Style = Style::new().effects(Effects::DIMMED);

/// What lines are drawn with; all have three columns.
struct Glyphs {
    tee: &'static str,
    corner: &'static str,
    bar: &'static str,
}

const UNICODE: Glyphs = Glyphs {
    tee: "├─ ",
    corner: "└─ ",
    bar: "│  ",
};

const ASCII: Glyphs = Glyphs {
    tee: "|- ",
    corner: "`- ",
    bar: "|  ",
};

struct Writer<'a, 'g> {
    out: &'a mut dyn Write,
    graph: &'g Graph,
    /// What to put before paths.
    prefix: &'a str,
    glyphs: &'a Glyphs,
}

/// Writes trees, then definitions.
pub(crate) fn write(out: &mut dyn Write, graph: &Graph, prefix: &str, unicode: bool) -> io::Result<()> {
    let mut writer = Writer {
        out,
        graph,
        prefix,
        glyphs: if unicode { &UNICODE } else { &ASCII },
    };
    let mut idle = 0;
    for test in &graph.tests {
        // One that was asked for is shown also if there is little to see.
        if test.starts.is_empty() && graph.tests.len() > 1 {
            idle += 1;
            continue;
        }
        let place = writer.place(&test.spot);
        writeln!(writer.out, "{NAME}test \"{}\"{NAME:#}  {place}", test.name)?;
        writer.tree(&test.tree, &test.starts)?;
        if test.starts.is_empty() {
            writeln!(writer.out, "it starts no effects")?;
        }
        writeln!(writer.out)?;
    }
    for root in &graph.roots {
        let effect = &graph.effects[root.effect];
        writeln!(writer.out, "{NAME}{}{NAME:#}, started from outside", effect.name)?;
        writer.root(&root.tree)?;
        for (starter, spot) in &root.started_by {
            let place = writer.place(spot);
            writeln!(writer.out, "started by {starter}  {place}")?;
        }
        if root.started_by.is_empty() {
            writeln!(writer.out, "nothing starts it")?;
        }
        writeln!(writer.out)?;
    }
    for effect in &graph.effects {
        writer.definition(effect)?;
    }
    if idle > 0 {
        writeln!(writer.out, "{} without effects", counted(idle, "test"))?;
    }
    if graph.effects.is_empty() && graph.tests.is_empty() {
        writeln!(writer.out, "the suite has neither tests nor effects")?;
    }
    Ok(())
}

/// Something to be drawn, with the lines that lead to it.
struct Branch<'a> {
    edge: &'a Edge,
    starts: &'a [StartNode],
    last: bool,
    indent: String,
}

impl<'g> Writer<'_, 'g> {
    fn place(&self, spot: &Spot) -> String {
        format!("{QUIET}{}{}:{}{QUIET:#}", self.prefix, spot.file, spot.line)
    }

    fn tree(&mut self, tree: &Tree, starts: &[StartNode]) -> io::Result<()> {
        let mut shown = vec![false; tree.instances.len()];
        let mut pending = Vec::new();
        push(&mut pending, &tree.edges, starts, "");
        self.branches(tree, &mut shown, pending)?;
        self.cut(tree)
    }

    /// The tree of an effect without a start of its own.
    fn root(&mut self, tree: &Tree) -> io::Result<()> {
        let Some(instance) = tree.instances.first() else {
            return Ok(());
        };
        self.inputs(instance, "")?;
        let mut shown = vec![false; tree.instances.len()];
        let mut pending = Vec::new();
        push(
            &mut pending,
            &instance.edges,
            &self.graph.effects[instance.effect].starts,
            "",
        );
        self.branches(tree, &mut shown, pending)?;
        self.cut(tree)
    }

    fn cut(&mut self, tree: &Tree) -> io::Result<()> {
        if tree.cut {
            writeln!(
                self.out,
                "only the first {} instances are shown",
                tree.instances.len()
            )?;
        }
        Ok(())
    }

    /// Draws branches, the last of the list first. Not by recursion: a chain may have any length.
    fn branches<'t>(
        &mut self,
        tree: &'t Tree,
        shown: &mut [bool],
        mut pending: Vec<Branch<'t>>,
    ) -> io::Result<()>
    where
        'g: 't,
    {
        while let Some(branch) = pending.pop() {
            let last = branch.last;
            let joint = if last { self.glyphs.corner } else { self.glyphs.tee };
            write!(self.out, "{}{joint}", branch.indent)?;
            let start = &branch.starts[branch.edge.start];
            let Target::Instance(at) = branch.edge.target else {
                let title = start_title(start);
                let why = problem(branch.edge.target);
                writeln!(self.out, "{title}  {WRONG}({why}){WRONG:#}")?;
                continue;
            };
            let again = std::mem::replace(&mut shown[at], true);
            self.title(start, &tree.instances[at], again)?;
            if !again {
                let below = if last { "   " } else { self.glyphs.bar };
                let below = format!("{}{below}", branch.indent);
                self.inputs(&tree.instances[at], &below)?;
                let starts: &'t [StartNode] = &self.graph.effects[tree.instances[at].effect].starts;
                push(&mut pending, &tree.instances[at].edges, starts, &below);
            }
        }
        Ok(())
    }

    fn title(&mut self, start: &StartNode, instance: &Instance, again: bool) -> io::Result<()> {
        let title = start_title(start);
        let remark = match instance.starts {
            _ if again => "  (the same instance as above)".to_owned(),
            0 | 1 => String::new(),
            starts => format!("  (shared by {starts} starts)"),
        };
        writeln!(self.out, "{NAME}{title}{NAME:#}{remark}")
    }

    fn inputs(&mut self, instance: &Instance, indent: &str) -> io::Result<()> {
        let bar = if instance.edges.is_empty() {
            "   "
        } else {
            self.glyphs.bar
        };
        for input in &instance.inputs {
            let style = if input.source == Source::Missing {
                WRONG
            } else {
                Style::new()
            };
            writeln!(self.out, "{indent}{bar}{style}{}{style:#}", input_line(input))?;
        }
        Ok(())
    }

    fn definition(&mut self, effect: &EffectNode) -> io::Result<()> {
        let place = self.place(&effect.spot);
        writeln!(self.out, "{NAME}effect {}{NAME:#}  {place}", effect.name)?;
        let inner = |name: &&String| !effect.expects.contains(name);
        let needs: Vec<&str> = effect.needs.iter().filter(inner).map(String::as_str).collect();
        let starts: Vec<String> = effect.starts.iter().map(start_title).collect();
        let exposes: Vec<String> = effect.exposes.iter().map(exposed).collect();
        for (what, list) in [
            ("expects", effect.expects.join(", ")),
            ("needs for what it starts", needs.join(", ")),
            ("starts", starts.join(", ")),
            ("exposes", exposes.join(", ")),
        ] {
            if !list.is_empty() {
                writeln!(self.out, "  {what}: {list}")?;
            }
        }
        if effect.circular {
            writeln!(
                self.out,
                "  {WRONG}it starts itself, directly or through others{WRONG:#}"
            )?;
        }
        writeln!(self.out)
    }
}

fn problem(target: Target) -> &'static str {
    match target {
        Target::Circle(_) => "leads back here: the starts run in a circle",
        Target::Cut => "not shown: there are too many instances",
        Target::Unknown | Target::Instance(_) => "there is no such effect in scope",
    }
}

/// `shell service`, `variable port`, `shell api (auth.service)`.
fn exposed(item: &relux_model::graph::ExposedNode) -> String {
    let kind = match item.kind {
        ExposeKind::Shell => "shell",
        ExposeKind::Var => "variable",
    };
    if item.target == item.name {
        format!("{kind} {}", item.name)
    } else {
        format!("{kind} {} ({})", item.name, item.target)
    }
}

fn push<'a>(pending: &mut Vec<Branch<'a>>, edges: &'a [Edge], starts: &'a [StartNode], indent: &str) {
    let branches = edges.iter().enumerate().rev().map(|(at, edge)| Branch {
        edge,
        starts,
        last: at + 1 == edges.len(),
        indent: indent.to_owned(),
    });
    pending.extend(branches);
}
