//! Effects, functions, tests and modules: what they are, what they need and where that comes from.

use relux_model::bodies::exposed;
use relux_model::builtins::Builtin;
use relux_model::dot_env::{dot_env_files, env_file};
use relux_model::effects::{effect_graph, needs};
use relux_model::items::{Effect, ExposeItem, Function, StartItem, item_index};
use relux_model::plan::ExposeKind;
use relux_model::scope::scope;
use relux_model::source_map::{StartRanges, source_map};
use relux_model::{Db, Def, ItemKind, SourceFile, Suite};
use relux_syntax::TextRange;

use super::docs::doc_text;
use super::{Page, list};
use crate::suites::Entry;

/// More lines of a tree than this say less.
const MOST_LINES: usize = 12;

/// An effect; at one of its starts with the values that it gets there.
pub(super) fn effect(db: &dyn Db, entry: Entry, def: &Def, at: TextRange) -> Option<String> {
    let suite = entry.suite;
    let effect = item_index(db, def.file).effect(&def.id)?;
    let mut page = Page::code(&format!("effect {}", effect.name()));
    page.text(&format!("*{}*", def.file.module_id(db)));
    page.text(&doc(db, def));
    let needed = needs(db, suite, def);
    if let Some(start) = Start::at(db, entry.file, at) {
        let lines = needed.iter().map(|name| start.value(db, entry, name));
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            page.text(&format!("**Gets here**\n{}", lines.join("\n")));
        }
    } else {
        let own: Vec<&str> = needed
            .iter()
            .map(relux_model::Name::as_str)
            .filter(|name| effect.expects.iter().any(|it| it == name))
            .collect();
        if !own.is_empty() {
            page.text(&format!("**Expects** {}", list(&own)));
        }
        let inherited = needed.iter().filter(|name| !effect.expects.contains(name));
        let lines: Vec<String> = inherited.map(|name| needed_for(db, suite, def, name)).collect();
        if !lines.is_empty() {
            page.text(&format!("**Needs from outside**\n{}", lines.join("\n")));
        }
    }
    page.text(&exposes(db, suite, def));
    if !effect.starts.is_empty() {
        let mut tree = Tree::new(db, suite);
        tree.effect(def, "");
        page.block("text", tree.lines.join("\n").as_str());
    }
    Some(page.0)
}

fn needed_for(db: &dyn Db, suite: Suite, def: &Def, name: &str) -> String {
    match effect_graph(db, suite).path_to_expect(def, name) {
        Some((_, effect)) => format!("- `{name}` for `{}`", effect.id.name),
        None => format!("- `{name}`"),
    }
}

/// What starters can use.
pub(super) fn exposes(db: &dyn Db, suite: Suite, def: &Def) -> String {
    let Some(effect) = item_index(db, def.file).effect(&def.id) else {
        return String::new();
    };
    let items = exposed(db, suite, def, effect);
    let of = |kind| {
        let items = items.iter().filter(move |item| item.kind == kind);
        list(items.map(ExposeItem::name))
    };
    let (shells, variables) = (of(ExposeKind::Shell), of(ExposeKind::Var));
    let mut parts = Vec::new();
    if !shells.is_empty() {
        parts.push(format!("shell {shells}"));
    }
    if !variables.is_empty() {
        parts.push(format!("variable {variables}"));
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("**Exposes** {}", parts.join(", "))
}

/// A start with who says it.
struct Start<'a> {
    item: &'a StartItem,
    ranges: &'a StartRanges,
    /// `None` for a test.
    effect: Option<Def>,
}

impl<'a> Start<'a> {
    /// The start whose effect stands at a range.
    fn at(db: &'a dyn Db, file: SourceFile, range: TextRange) -> Option<Self> {
        let (index, map) = (item_index(db, file), source_map(db, file));
        let effects = index.effects.iter().zip(&map.effects).map(|(it, ranges)| {
            let def = Def {
                file,
                id: it.id.clone(),
            };
            (&it.starts, ranges, Some(def))
        });
        let tests = index.tests.iter().zip(&map.tests);
        let tests = tests.map(|(it, ranges)| (&it.starts, ranges, None));
        effects.chain(tests).find_map(|(starts, ranges, effect)| {
            let at = ranges.starts.iter().position(|it| it.effect == range)?;
            Some(Self {
                item: starts.get(at)?,
                ranges: &ranges.starts[at],
                effect,
            })
        })
    }

    /// Where a needed variable comes from.
    fn value(&self, db: &dyn Db, entry: Entry, name: &str) -> String {
        let position = self.item.overlay.iter().rposition(|it| it.key == name);
        if let Some(ranges) = position.and_then(|at| self.ranges.entries.get(at)) {
            let value = ranges.value.unwrap_or(ranges.key);
            return format!("- `{name}` from `{}`", value.slice(entry.file.text(db)));
        }
        if let Some(effect) = &self.effect {
            return format!("- `{name}` from whoever starts `{}`", effect.id.name);
        }
        format!(
            "- `{name}` {}",
            from_environment(db, entry.suite, entry.file, name)
        )
    }
}

/// Whether the environment of a test has a variable.
pub(crate) fn is_in_environment(db: &dyn Db, suite: Suite, file: SourceFile, name: &str) -> bool {
    let set = |file: &SourceFile| env_file(db, *file).entries.iter().any(|it| it.name == name);
    dot_env_files(db, suite, file).iter().any(set) || suite.host_env(db).get(name).is_some()
}

/// Where the environment of a test has a variable from. Values of the machine are nobody's business.
pub(crate) fn from_environment(db: &dyn Db, suite: Suite, file: SourceFile, name: &str) -> String {
    let files = dot_env_files(db, suite, file);
    let set = |file: &&SourceFile| env_file(db, **file).entries.iter().any(|it| it.name == name);
    if let Some(file) = files.iter().rev().find(set) {
        return format!("from `{}`", file.path(db));
    }
    if suite.host_env(db).get(name).is_some() {
        return "from the environment of this machine".to_owned();
    }
    "is not set".to_owned()
}

/// Effects below effects.
struct Tree<'a> {
    db: &'a dyn Db,
    suite: Suite,
    lines: Vec<String>,
    open: Vec<Def>,
}

impl<'a> Tree<'a> {
    fn new(db: &'a dyn Db, suite: Suite) -> Self {
        Self {
            db,
            suite,
            lines: Vec::new(),
            open: Vec::new(),
        }
    }

    fn effect(&mut self, def: &Def, indent: &str) {
        if self.lines.is_empty() {
            self.lines.push(def.id.name.to_string());
        }
        let db = self.db;
        let Some(effect) = item_index(db, def.file).effect(&def.id) else {
            return;
        };
        self.open.push(def.clone());
        let scope = scope(db, self.suite, def.file);
        for (at, start) in effect.starts.iter().enumerate() {
            if self.lines.len() >= MOST_LINES {
                self.lines.push(format!("{indent}…"));
                break;
            }
            let last = at + 1 == effect.starts.len();
            let (branch, below) = if last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let alias = start
                .alias
                .as_ref()
                .map_or(String::new(), |it| format!(" as {it}"));
            let target = scope.effect(&start.effect);
            let circle = target.is_some_and(|it| self.open.contains(it));
            let note = match target {
                None => " (unknown)",
                Some(_) if circle => " (circle)",
                Some(_) => "",
            };
            self.lines
                .push(format!("{indent}{branch}{}{alias}{note}", start.effect));
            if let Some(target) = target.filter(|_| !circle) {
                self.effect(target, &format!("{indent}{below}"));
            }
        }
        self.open.pop();
    }
}

/// `pure fn name(a, b)`
pub(super) fn signature(function: &Function) -> String {
    let pure = if function.pure { "pure " } else { "" };
    format!("{pure}fn {}({})", function.name(), function.params.join(", "))
}

pub(crate) fn function(db: &dyn Db, def: &Def) -> Option<String> {
    let function = item_index(db, def.file).function(&def.id)?;
    let mut page = Page::code(&signature(function));
    let kind = if function.pure {
        "needs no shell"
    } else {
        "works on the shell that calls it"
    };
    page.text(&format!("*{}* · {kind}", def.file.module_id(db)));
    page.text(&doc(db, def));
    Some(page.0)
}

pub(super) fn builtin(builtin: Builtin) -> String {
    let signature = builtin.signature();
    let pure = if signature.pure { "pure " } else { "" };
    let mut page = Page::code(&format!(
        "{pure}fn {}({})",
        signature.name,
        signature.params.join(", ")
    ));
    page.text("*built in*");
    page.text(signature.doc);
    page.0
}

pub(super) fn test(db: &dyn Db, def: &Def) -> String {
    let mut page = Page::code(&format!("test \"{}\"", def.id.name));
    page.text(&doc(db, def));
    page.0
}

pub(crate) fn module(db: &dyn Db, file: SourceFile) -> String {
    let mut page = Page::default();
    page.text(&format!("**{}**", file.path(db)));
    let index = item_index(db, file);
    let effects = list(index.effects.iter().map(Effect::name));
    let mut functions: Vec<&str> = index.functions.iter().map(|it| it.name().as_str()).collect();
    functions.dedup();
    for (what, names) in [("Effects", effects), ("Functions", list(functions))] {
        if !names.is_empty() {
            page.text(&format!("{what} {names}"));
        }
    }
    page.0
}

/// What is written above or at the top of an item.
pub(crate) fn doc(db: &dyn Db, def: &Def) -> String {
    let map = source_map(db, def.file);
    let at = item_index(db, def.file).position(&def.id);
    let range = at.and_then(|at| match def.id.kind {
        ItemKind::Function => map.functions.get(at)?.doc,
        ItemKind::Effect => map.effects.get(at)?.doc,
        ItemKind::Test => map.tests.get(at)?.doc,
        ItemKind::Import => None,
    });
    range.map_or(String::new(), |range| doc_text(range.slice(def.file.text(db))))
}
