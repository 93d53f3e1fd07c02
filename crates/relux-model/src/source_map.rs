//! Where the items of a file stand: the other half of the item index.
//!
//! All vectors run parallel to those of [`ItemIndex`](crate::items::ItemIndex). Only queries of the same file and code
//! that builds diagnostics may read it, because every edit changes it.

use std::sync::Arc;

use relux_syntax::TextRange;

use crate::db::{Db, SourceFile};
use crate::items::{ItemId, ItemKind};

/// Ranges of everything in an item index, by position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceMap {
    /// Parallel to `ItemIndex::imports`.
    pub imports: Vec<ImportRanges>,
    /// Parallel to `ItemIndex::functions`.
    pub functions: Vec<FunctionRanges>,
    /// Parallel to `ItemIndex::effects`.
    pub effects: Vec<BodyRanges>,
    /// Parallel to `ItemIndex::tests`.
    pub tests: Vec<BodyRanges>,
}

/// Ranges of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportRanges {
    /// From `import` to the path or closing brace.
    pub whole: TextRange,
    /// The path.
    pub path: TextRange,
    /// The list with its braces.
    pub list: Option<TextRange>,
    /// Parallel to `Import::names`.
    pub names: Vec<ImportNameRanges>,
}

/// Ranges of a name in the list of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportNameRanges {
    /// Name and alias.
    pub whole: TextRange,
    /// The exported name.
    pub name: TextRange,
    /// The name after `as`.
    pub alias: Option<TextRange>,
}

/// Ranges of a function.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FunctionRanges {
    /// From `fn` or `pure` to the closing brace, without markers.
    pub whole: TextRange,
    /// The name; empty where it is missing.
    pub name: TextRange,
    /// Parallel to `Function::params`.
    pub params: Vec<TextRange>,
    /// Parallel to `Function::markers`.
    pub markers: Vec<TextRange>,
    /// Comment lines directly above it.
    pub doc: Option<TextRange>,
}

/// Ranges of an effect or test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyRanges {
    /// From the keyword to the closing brace, without markers.
    pub whole: TextRange,
    /// The name, of a test with its quotes; empty where it is missing.
    pub name: TextRange,
    /// Parallel to `expects` of an effect.
    pub expects: Vec<TextRange>,
    /// Parallel to `lets`.
    pub lets: Vec<LetRanges>,
    /// Parallel to `starts`.
    pub starts: Vec<StartRanges>,
    /// Parallel to `exposes` of an effect.
    pub exposes: Vec<ExposeRanges>,
    /// Parallel to `shells`.
    pub shells: Vec<ShellRanges>,
    /// The word `cleanup`.
    pub cleanup: Option<TextRange>,
    /// Timeout in the header of a test.
    pub timeout: Option<TextRange>,
    /// Parallel to `markers`.
    pub markers: Vec<TextRange>,
    /// First docstring of a test with its quotes, or comment lines directly above an effect.
    pub doc: Option<TextRange>,
}

/// Ranges of a `let`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LetRanges {
    /// The declaration.
    pub whole: TextRange,
    /// The variable.
    pub name: TextRange,
}

/// Ranges of a `start`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartRanges {
    /// From `start` to its end, with the overlay.
    pub whole: TextRange,
    /// Name of the effect.
    pub effect: TextRange,
    /// The name after `as`.
    pub alias: Option<TextRange>,
    /// The overlay with its braces.
    pub overlay: Option<TextRange>,
    /// Parallel to `StartItem::overlay`.
    pub entries: Vec<OverlayRanges>,
}

/// Ranges of an overlay entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OverlayRanges {
    /// Key and value.
    pub whole: TextRange,
    /// The key.
    pub key: TextRange,
    /// The value, unless it is a shorthand.
    pub value: Option<TextRange>,
}

/// Ranges of an `expose`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExposeRanges {
    /// The declaration.
    pub whole: TextRange,
    /// The alias before the dot.
    pub from: Option<TextRange>,
    /// The shell or variable.
    pub target: TextRange,
    /// The name after `as`.
    pub alias: Option<TextRange>,
}

/// Ranges of a shell block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShellRanges {
    /// From `shell` to the closing brace.
    pub whole: TextRange,
    /// The alias before the dot.
    pub qualifier: Option<TextRange>,
    /// The shell's name.
    pub name: TextRange,
}

/// The source map of a file.
#[salsa::tracked(returns(ref))]
pub fn source_map(db: &dyn Db, file: SourceFile) -> Arc<SourceMap> {
    crate::lower::lowered(db, file).map.clone()
}

/// The name of an item in its header; for an import its path.
pub fn name_range(db: &dyn Db, file: SourceFile, id: &ItemId) -> Option<TextRange> {
    let at = crate::items::item_index(db, file).position(id)?;
    let map = source_map(db, file);
    match id.kind {
        ItemKind::Import => map.imports.get(at).map(|it| it.path),
        ItemKind::Function => map.functions.get(at).map(|it| it.name),
        ItemKind::Effect => map.effects.get(at).map(|it| it.name),
        ItemKind::Test => map.tests.get(at).map(|it| it.name),
    }
}

/// The whole item without markers.
pub fn item_range(db: &dyn Db, file: SourceFile, id: &ItemId) -> Option<TextRange> {
    let at = crate::items::item_index(db, file).position(id)?;
    let map = source_map(db, file);
    match id.kind {
        ItemKind::Import => map.imports.get(at).map(|it| it.whole),
        ItemKind::Function => map.functions.get(at).map(|it| it.whole),
        ItemKind::Effect => map.effects.get(at).map(|it| it.whole),
        ItemKind::Test => map.tests.get(at).map(|it| it.whole),
    }
}
