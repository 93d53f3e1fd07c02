//! The sections of test and effect bodies: expects, lets, starts, exposes and the headers of blocks.

use std::sync::Arc;

use relux_syntax::ast::{self, AstNode, Expression, Section, SyntaxNode};
use relux_syntax::{SyntaxKind, TextRange};

use super::evidence;
use crate::edition::Evidence;
use crate::items::{ExposeItem, LetItem, Name, OverlayItem, OverlayShape, ShellItem, SiblingRef, StartItem};
use crate::plan::ExposeKind;
use crate::source_map::{BodyRanges, ExposeRanges, LetRanges, OverlayRanges, ShellRanges, StartRanges};

/// What the sections of a body say; their ranges go to [`BodyRanges`].
#[derive(Default)]
pub(super) struct Sections {
    pub(super) expects: Vec<Name>,
    pub(super) lets: Vec<LetItem>,
    pub(super) starts: Vec<StartItem>,
    pub(super) exposes: Vec<ExposeItem>,
    pub(super) shells: Vec<ShellItem>,
}

pub(super) fn lower(body: Option<ast::Body<'_>>, ranges: &mut BodyRanges, found: &mut Evidence) -> Sections {
    let mut sections = Sections::default();
    for section in body.into_iter().flat_map(|body| body.sections()) {
        evidence::of_section(&section, found);
        match section {
            Section::Expect(it) => {
                for name in it.names() {
                    sections.expects.push(Name::from(name.text()));
                    ranges.expects.push(name.range());
                }
            }
            Section::Let(it) => sections.let_(it, ranges),
            Section::Start(it) => sections.start(it, ranges),
            Section::Expose(it) => sections.expose(it, ranges),
            Section::ShellBlock(it) => sections.shell(it, ranges),
            Section::Cleanup(it) => {
                let keyword = it
                    .syntax()
                    .first_child()
                    .map_or_else(|| it.range(), |word| word.range());
                ranges.cleanup.get_or_insert(keyword);
            }
            Section::AssertEqual(_)
            | Section::AssertRegex(_)
            | Section::AssignOrAssert(_)
            | Section::Docstring(_) => {}
        }
    }
    sections
}

impl Sections {
    fn let_(&mut self, it: ast::Let<'_>, ranges: &mut BodyRanges) {
        let Some(name) = it.name() else { return };
        let port = matches!(it.value(), Some(Expression::Call(call)) if call.name() == "available_port");
        self.lets.push(LetItem {
            name: Name::from(name.text()),
            port,
        });
        ranges.lets.push(LetRanges {
            whole: it.range(),
            name: name.range(),
        });
    }

    fn start(&mut self, it: ast::Start<'_>, ranges: &mut BodyRanges) {
        let mut at = StartRanges {
            whole: it.range(),
            effect: it
                .effect()
                .map_or(TextRange::empty(it.range().end), |effect| effect.range()),
            alias: it.alias().map(|alias| alias.range()),
            overlay: it.overlay().map(|overlay| overlay.range()),
            entries: Vec::new(),
        };
        let mut overlay = Vec::new();
        for entry in it.entries() {
            let Some(key) = entry.key() else { continue };
            at.entries.push(OverlayRanges {
                whole: entry.range(),
                key: key.range(),
                value: entry.value().map(|value| value.range()),
            });
            overlay.push(OverlayItem {
                key: Name::from(key.text()),
                value: shape(entry),
                siblings: entry
                    .value()
                    .map(|value| siblings(value.syntax()))
                    .unwrap_or_default(),
            });
        }
        self.starts.push(StartItem {
            effect: Name::from(it.effect_text()),
            alias: it.alias().map(|alias| Name::from(alias.text())),
            overlay,
        });
        ranges.starts.push(at);
    }

    fn expose(&mut self, it: ast::Expose<'_>, ranges: &mut BodyRanges) {
        let Some(form) = it.form() else { return };
        self.exposes.push(ExposeItem {
            kind: match form.kind {
                ast::ExposeKind::Bare | ast::ExposeKind::Shell => ExposeKind::Shell,
                ast::ExposeKind::Var => ExposeKind::Var,
            },
            from: form.qualifier.map(|(text, _)| Name::from(text)),
            target: Name::from(form.target.0),
            alias: form.alias.map(|(text, _)| Name::from(text)),
        });
        ranges.exposes.push(ExposeRanges {
            whole: it.range(),
            from: form.qualifier.map(|(_, range)| range),
            target: form.target.1,
            alias: form.alias.map(|(_, range)| range),
        });
    }

    fn shell(&mut self, it: ast::ShellBlock<'_>, ranges: &mut BodyRanges) {
        let (qualifier, name) = match it.name() {
            Some(name) => (name.qualifier(), name.name()),
            None => (None, None),
        };
        self.shells.push(ShellItem {
            qualifier: qualifier.map(|it| Name::from(it.text())),
            name: Name::from(name.map_or("", |it| it.text())),
            empty: !it
                .body()
                .is_some_and(|body| body.syntax().children().any(|node| is_content(node))),
        });
        let header = it
            .syntax()
            .first_child()
            .map_or(it.range().start, |word| word.range().end);
        ranges.shells.push(ShellRanges {
            whole: it.range(),
            qualifier: qualifier.map(|it| it.range()),
            name: name.map_or(TextRange::empty(header), |it| it.range()),
        });
    }
}

/// A statement, a comment or what somebody is typing, as opposed to newlines and braces.
fn is_content(node: SyntaxNode<'_>) -> bool {
    node.is_named() && node.kind() != SyntaxKind::Newline
}

fn shape(entry: ast::OverlayEntry<'_>) -> OverlayShape {
    match entry.value() {
        None if entry.is_shorthand() => OverlayShape::Shorthand,
        None => OverlayShape::Other(Arc::from("")),
        Some(Expression::Variable(it)) => OverlayShape::Var(Name::from(it.text())),
        Some(Expression::QualifiedVariable(_)) => OverlayShape::Sibling,
        Some(other) => OverlayShape::Other(Arc::from(other.text())),
    }
}

/// Every `Alias.name` in an expression, also inside of strings.
fn siblings(value: SyntaxNode<'_>) -> Vec<SiblingRef> {
    let reference = |alias: &str, name: &str| SiblingRef {
        alias: Name::from(alias),
        name: Name::from(name),
    };
    value
        .descendants()
        .filter_map(|node| match node.kind() {
            SyntaxKind::QualifiedVariable => {
                let it = ast::QualifiedVariable::cast(node)?;
                Some(reference(it.qualifier()?.text(), it.name()?.text()))
            }
            SyntaxKind::QualifiedInterpolation => {
                let inside = node.text().strip_prefix("${")?.strip_suffix('}')?;
                let (alias, name) = inside.split_once('.')?;
                Some(reference(alias, name))
            }
            _ => None,
        })
        .collect()
}
