//! From the typed tree of a file to its item index, source map and edition evidence, in one walk.
//!
//! Broken code is the normal case: whatever is missing becomes an empty name at the place where it should stand. Nothing
//! is reported here.

mod evidence;
mod sections;

use std::sync::Arc;

use relux_syntax::ast::{self, AstNode, Entry};
use relux_syntax::{SyntaxNode, TextRange};

use crate::db::{Db, SourceFile};
use crate::edition::Evidence;
use crate::items::{
    Effect, Function, Import, ImportName, ItemId, ItemIndex, ItemKind, MarkerItem, Name, Test,
};
use crate::parse::parse;
use crate::plan::{MarkerKind, Timeout, TimeoutKind};
use crate::source_map::{BodyRanges, FunctionRanges, ImportNameRanges, ImportRanges, SourceMap};

/// What one walk over a file yields. Never compared: the queries that project its parts are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lowered {
    pub(crate) index: Arc<ItemIndex>,
    pub(crate) map: Arc<SourceMap>,
    pub(crate) evidence: Arc<Evidence>,
}

#[salsa::tracked(returns(ref), no_eq)]
pub(crate) fn lowered(db: &dyn Db, file: SourceFile) -> Lowered {
    match file.known(db) {
        Some(known) => known.lowered.clone(),
        None => lower(parse(db, file).module()),
    }
}

fn lower(module: ast::Module<'_>) -> Lowered {
    let mut lowering = Lowering::default();
    for entry in module.entries() {
        match entry.item {
            ast::Item::Import(it) => lowering.import(it),
            ast::Item::Function(it) => lowering.function(it, &entry),
            ast::Item::Effect(it) => lowering.effect(it, &entry),
            ast::Item::Test(it) => lowering.test(it, &entry),
        }
    }
    let Lowering {
        imports,
        functions,
        effects,
        tests,
        map,
        evidence,
    } = lowering;
    Lowered {
        index: Arc::new(ItemIndex::new(imports, functions, effects, tests)),
        map: Arc::new(map),
        evidence: Arc::new(evidence),
    }
}

#[derive(Default)]
struct Lowering {
    imports: Vec<Import>,
    functions: Vec<Function>,
    effects: Vec<Effect>,
    tests: Vec<Test>,
    map: SourceMap,
    evidence: Evidence,
}

impl Lowering {
    fn import(&mut self, it: ast::Import<'_>) {
        let mut ranges = ImportRanges {
            whole: it.range(),
            path: it
                .path()
                .map_or(TextRange::empty(it.range().end), |path| path.range()),
            list: it.list().map(|list| list.range()),
            names: Vec::new(),
        };
        let mut names = Vec::new();
        for written in it.names().into_iter().flatten() {
            let Some(name) = written.name() else { continue };
            names.push(ImportName {
                name: Name::from(name.text()),
                alias: written.alias().map(|alias| Name::from(alias.text())),
            });
            ranges.names.push(ImportNameRanges {
                whole: written.range(),
                name: name.range(),
                alias: written.alias().map(|alias| alias.range()),
            });
        }
        self.imports.push(Import {
            id: ItemId::new(ItemKind::Import, it.path_text()),
            names: it.list().map(|_| names),
        });
        self.map.imports.push(ranges);
    }

    fn function(&mut self, it: ast::Function<'_>, entry: &Entry<'_>) {
        let name = it.name();
        self.functions.push(Function {
            id: ItemId::new(ItemKind::Function, name.map_or("", |name| name.text())),
            params: it.params().map(|param| Name::from(param.text())).collect(),
            has_whole_header: it.has_whole_header(),
            pure: it.is_pure(),
            markers: markers(entry),
        });
        self.map.functions.push(FunctionRanges {
            whole: it.range(),
            name: name.map_or_else(|| after_header(it.syntax()), |name| name.range()),
            params: it.params().map(|param| param.range()).collect(),
            markers: entry.markers.iter().map(AstNode::range).collect(),
            doc: comments(entry),
        });
        if let Some(body) = it.body() {
            evidence::of_statements(body, &mut self.evidence);
        }
    }

    fn effect(&mut self, it: ast::Effect<'_>, entry: &Entry<'_>) {
        let name = it.name();
        let mut ranges = BodyRanges {
            whole: it.range(),
            name: name.map_or_else(|| after_header(it.syntax()), |name| name.range()),
            markers: entry.markers.iter().map(AstNode::range).collect(),
            doc: comments(entry),
            ..BodyRanges::default()
        };
        let sections = sections::lower(it.body(), &mut ranges, &mut self.evidence);
        self.effects.push(Effect {
            id: ItemId::new(ItemKind::Effect, it.name_text()),
            expects: sections.expects,
            lets: sections.lets,
            starts: sections.starts,
            exposes: sections.exposes,
            shells: sections.shells,
            cleanup: ranges.cleanup.is_some(),
            markers: markers(entry),
        });
        self.map.effects.push(ranges);
    }

    fn test(&mut self, it: ast::Test<'_>, entry: &Entry<'_>) {
        let mut ranges = BodyRanges {
            whole: it.range(),
            name: it
                .name()
                .map_or_else(|| after_header(it.syntax()), |name| name.range()),
            timeout: it.timeout().map(|timeout| timeout.range()),
            markers: entry.markers.iter().map(AstNode::range).collect(),
            doc: it.docstrings().next().map(|doc| doc.range()),
            ..BodyRanges::default()
        };
        let sections = sections::lower(it.body(), &mut ranges, &mut self.evidence);
        self.tests.push(Test {
            id: ItemId::new(ItemKind::Test, it.name_text()),
            timeout: it.timeout().and_then(timeout),
            lets: sections.lets,
            starts: sections.starts,
            shells: sections.shells,
            cleanup: ranges.cleanup.is_some(),
            markers: markers(entry),
        });
        self.map.tests.push(ranges);
    }
}

/// The empty range behind the last token before the body, where a name should stand.
fn after_header(item: SyntaxNode<'_>) -> TextRange {
    let first = item
        .first_child()
        .map_or_else(|| item.range(), |keyword| keyword.range());
    TextRange::empty(first.end)
}

fn comments(entry: &Entry<'_>) -> Option<TextRange> {
    let (first, last) = (entry.comments.first()?, entry.comments.last()?);
    Some(first.range().cover(last.range()))
}

fn markers(entry: &Entry<'_>) -> Vec<MarkerItem> {
    let marker = |it: &ast::Marker<'_>| MarkerItem {
        kind: match it.kind_text() {
            "skip" => Some(MarkerKind::Skip),
            "run" => Some(MarkerKind::Run),
            "flaky" => Some(MarkerKind::Flaky),
            _ => None,
        },
        negated: it.is_unless(),
        conditional: it.condition().is_some(),
    };
    entry.markers.iter().map(marker).collect()
}

/// The timeout as the runner takes it; `None` where the duration is not valid, which the validation reports.
pub(crate) fn timeout(it: ast::Timeout<'_>) -> Option<Timeout> {
    Some(Timeout {
        kind: if it.is_assertion() {
            TimeoutKind::Assertion
        } else {
            TimeoutKind::Tolerance
        },
        duration: it.value().ok()?,
    })
}
