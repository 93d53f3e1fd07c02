//! The outline of a file: its items and what they are made of, nested, in source order.

use relux_model::items::{Effect, Import, Test, item_index};
use relux_model::plan::ExposeKind;
use relux_model::source_map::{BodyRanges, ImportRanges, source_map};
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;

/// What kind of thing a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// `test`
    Test,
    /// `effect`
    Effect,
    /// `fn` and `pure fn`
    Function,
    /// `import`
    Import,
    /// `let`
    Variable,
    /// `expect`
    Expect,
    /// `start`
    Start,
    /// `expose`
    Expose,
    /// `shell`
    Shell,
    /// `cleanup`
    Cleanup,
}

/// An entry of the outline. Offsets are bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Name as shown; never empty.
    pub name: String,
    /// A few words beside the name.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub whole: TextRange,
    /// The name in it; always inside of `whole`.
    pub focus: TextRange,
    /// What it is made of.
    pub children: Vec<Symbol>,
}

/// Stands for a name that is not typed yet, because editors refuse empty names.
const NAMELESS: &str = "…";

impl Symbol {
    fn new(kind: SymbolKind, name: &str, whole: TextRange, focus: TextRange) -> Self {
        let inside = whole.covers(focus) && !focus.is_empty();
        Self {
            name: if name.is_empty() { NAMELESS } else { name }.to_owned(),
            detail: None,
            kind,
            whole,
            focus: if inside {
                focus
            } else {
                TextRange::empty(whole.start)
            },
            children: Vec::new(),
        }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

pub(crate) fn document_symbols(db: &dyn Db, file: SourceFile) -> Vec<Symbol> {
    let (index, map) = (item_index(db, file), source_map(db, file));
    let mut symbols = Vec::new();
    symbols.extend(
        index
            .imports
            .iter()
            .zip(&map.imports)
            .map(|(item, at)| import(item, at)),
    );
    for (item, at) in index.functions.iter().zip(&map.functions) {
        let signature = format!("({})", item.params.join(", "));
        let prefix = if item.pure { "pure " } else { "" };
        symbols.push(
            Symbol::new(SymbolKind::Function, item.name(), at.whole, at.name)
                .detail(prefix.to_owned() + &signature),
        );
    }
    symbols.extend(
        index
            .effects
            .iter()
            .zip(&map.effects)
            .map(|(item, at)| effect(item, at)),
    );
    symbols.extend(
        index
            .tests
            .iter()
            .zip(&map.tests)
            .map(|(item, at)| test(item, at)),
    );
    symbols.sort_by_key(|symbol| symbol.whole.start);
    symbols
}

fn import(item: &Import, at: &ImportRanges) -> Symbol {
    let symbol = Symbol::new(SymbolKind::Import, item.path(), at.whole, at.path);
    match &item.names {
        None => symbol,
        Some(names) => {
            let local: Vec<&str> = names.iter().map(|name| name.local().as_str()).collect();
            symbol.detail(format!("{{ {} }}", local.join(", ")))
        }
    }
}

fn effect(item: &Effect, at: &BodyRanges) -> Symbol {
    let mut symbol = Symbol::new(SymbolKind::Effect, item.name(), at.whole, at.name);
    let children = &mut symbol.children;
    for (name, range) in item.expects.iter().zip(&at.expects) {
        children.push(Symbol::new(SymbolKind::Expect, name, *range, *range));
    }
    for (expose, range) in item.exposes.iter().zip(&at.exposes) {
        let focus = range.alias.unwrap_or(range.target);
        let kind = match expose.kind {
            ExposeKind::Shell => "exposed shell",
            ExposeKind::Var => "exposed variable",
        };
        children.push(Symbol::new(SymbolKind::Expose, expose.name(), range.whole, focus).detail(kind));
    }
    for (name, range) in item.lets.iter().map(|it| &it.name).zip(&at.lets) {
        children.push(Symbol::new(SymbolKind::Variable, name, range.whole, range.name));
    }
    for (start, range) in item.starts.iter().zip(&at.starts) {
        children.push(start_symbol(start, range));
    }
    for (shell, range) in item.shells.iter().zip(&at.shells) {
        children.push(shell_symbol(shell, range));
    }
    finish(symbol, at)
}

fn test(item: &Test, at: &BodyRanges) -> Symbol {
    let mut symbol = Symbol::new(SymbolKind::Test, item.name(), at.whole, at.name);
    let children = &mut symbol.children;
    for (name, range) in item.lets.iter().map(|it| &it.name).zip(&at.lets) {
        children.push(Symbol::new(SymbolKind::Variable, name, range.whole, range.name));
    }
    for (start, range) in item.starts.iter().zip(&at.starts) {
        children.push(start_symbol(start, range));
    }
    for (shell, range) in item.shells.iter().zip(&at.shells) {
        children.push(shell_symbol(shell, range));
    }
    finish(symbol, at)
}

fn start_symbol(start: &relux_model::items::StartItem, at: &relux_model::source_map::StartRanges) -> Symbol {
    let symbol = Symbol::new(SymbolKind::Start, &start.effect, at.whole, at.effect);
    match &start.alias {
        Some(alias) => symbol.detail(format!("as {alias}")),
        None => symbol,
    }
}

fn shell_symbol(shell: &relux_model::items::ShellItem, at: &relux_model::source_map::ShellRanges) -> Symbol {
    let name = match &shell.qualifier {
        Some(qualifier) => format!("{qualifier}.{}", shell.name),
        None => shell.name.to_string(),
    };
    Symbol::new(SymbolKind::Shell, &name, at.whole, at.name)
}

fn finish(mut symbol: Symbol, at: &BodyRanges) -> Symbol {
    if let Some(cleanup) = at.cleanup {
        symbol
            .children
            .push(Symbol::new(SymbolKind::Cleanup, "cleanup", cleanup, cleanup));
    }
    // A child that reaches out of its parent is refused by editors.
    symbol.children.retain(|child| symbol.whole.covers(child.whole));
    symbol.children.sort_by_key(|child| child.whole.start);
    symbol
}

#[cfg(test)]
mod tests;
