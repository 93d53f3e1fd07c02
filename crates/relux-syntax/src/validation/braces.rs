//! Braces: which one is missing, which one is too many.
//!
//! The tree pairs braces as they come; people pair them by indentation. Where the counts of an item do not match, its
//! braces are paired again, a closing brace belonging to the block whose header is indented like it, so that the
//! mistake is shown where it was made and not at the end of the file.

mod pairing;

use super::codes;
use super::sink::Sink;
use crate::ast::{
    AstNode, Block, Import, Item, Module, Multimatch, MultimatchPattern, Start, Statement, SyntaxKind,
    SyntaxNode,
};
use crate::{Diagnostic, Edit, Fix, TextRange};

/// Parts of a file whose structure cannot be relied on, in order.
#[derive(Default)]
pub(super) struct Broken(Vec<TextRange>);

impl Broken {
    /// Whether an offset lies in such a part.
    pub(super) fn holds(&self, offset: u32) -> bool {
        self.region(offset).is_some()
    }

    /// The part that an offset lies in.
    pub(super) fn region(&self, offset: u32) -> Option<TextRange> {
        let next = self.0.partition_point(|it| it.start <= offset);
        let region = *self.0.get(next.checked_sub(1)?)?;
        region.contains(offset).then_some(region)
    }
}

/// A brace, or the place where one should be.
#[derive(Clone)]
struct Event<'t> {
    kind: EventKind<'t>,
    /// The brace itself; empty where it is missing.
    range: TextRange,
    /// Number of blanks before the line that it belongs to.
    indent: usize,
}

#[derive(Clone)]
enum EventKind<'t> {
    /// An opening brace with the node that it belongs to; `missing` if only the place is there.
    Open { owner: SyntaxNode<'t>, missing: bool },
    /// `{` behind a word that is no keyword.
    OpenUnknown,
    /// `{` on its own.
    OpenNothing,
    /// `}`; whether it is the first in its line.
    Close { leads: bool },
    /// `}` at the end of a payload that stands behind the opening brace of its block.
    Swallowed { by: SyntaxNode<'t> },
    /// An item that is indented more than the one before.
    Nested(Item<'t>),
}

/// Reports braces that are missing, misplaced or too many.
pub(super) fn check(module: Module<'_>, sink: &mut Sink<'_>) -> Broken {
    let mut broken = Broken::default();
    let mut region = Region::default();
    let mut region_indent = usize::MAX;
    for child in module.syntax().children() {
        if child.kind() == SyntaxKind::Newline {
            continue;
        }
        let start = child.range().start;
        let trivia = matches!(
            child.kind(),
            SyntaxKind::Comment | SyntaxKind::StrayClose | SyntaxKind::StrayOpen
        );
        if !trivia && sink.lines().leads(start) {
            let indent = sink.lines().indent(start).len();
            if indent <= region_indent {
                region.finish(start, &mut broken, sink);
                region = Region::new(start);
                region_indent = indent;
            } else if let Some(item) = Item::cast(child) {
                region.push(EventKind::Nested(item), TextRange::empty(start), sink);
            }
        }
        region.collect(child, sink);
    }
    region.finish(module.range().end + 1, &mut broken, sink);
    broken
}

/// An item and what follows it up to the next one.
#[derive(Default)]
struct Region<'t> {
    start: u32,
    events: Vec<Event<'t>>,
    /// Whether the tree itself has a closing brace that closes nothing.
    has_stray: bool,
}

impl<'t> Region<'t> {
    fn new(start: u32) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    fn push(&mut self, kind: EventKind<'t>, range: TextRange, sink: &Sink<'_>) {
        let indent = sink.lines().indent(range.start).len();
        self.events.push(Event { kind, range, indent });
    }

    /// The braces of a node. Blocks nest three deep at most, so the recursion is bounded.
    fn collect(&mut self, node: SyntaxNode<'t>, sink: &mut Sink<'_>) {
        let range = node.range();
        match node.kind() {
            SyntaxKind::StrayOpen => self.push(EventKind::OpenNothing, range, sink),
            SyntaxKind::StrayClose => {
                self.has_stray = true;
                self.close(range, sink);
            }
            SyntaxKind::Multimatch => self.braces_of(node, node, sink),
            SyntaxKind::Start => {
                if let Some(overlay) = Start::cast(node).and_then(|it| it.overlay()) {
                    self.braces_of(node, overlay.syntax(), sink);
                }
            }
            SyntaxKind::Import => {
                if let Some(list) = Import::cast(node).and_then(|it| it.list()) {
                    self.braces_of(node, list.syntax(), sink);
                }
            }
            SyntaxKind::Unexpected if !sink.is_muted(range.start) => {
                let text = node.text().trim_end();
                if text.ends_with('{') {
                    let end = range.start + text.len() as u32;
                    self.push(EventKind::OpenUnknown, TextRange::new(end - 1, end), sink);
                }
            }
            _ => {
                if let Some(block) = Block::cast(node) {
                    self.block(block, sink);
                }
            }
        }
    }

    fn close(&mut self, range: TextRange, sink: &Sink<'_>) {
        let leads = sink.lines().leads(range.start);
        self.push(EventKind::Close { leads }, range, sink);
    }

    /// The braces of an overlay, an import list or a multimatch.
    fn braces_of(&mut self, owner: SyntaxNode<'t>, list: SyntaxNode<'t>, sink: &Sink<'_>) {
        let mut open_line = None;
        for child in list.children() {
            match child.kind() {
                SyntaxKind::OpenBrace => {
                    open_line = Some(sink.lines().line(child.range().start).start);
                    let kind = EventKind::Open {
                        owner,
                        missing: false,
                    };
                    self.push(kind, child.range(), sink);
                }
                SyntaxKind::CloseBrace => self.close(child.range(), sink),
                SyntaxKind::StrayOpen => self.push(EventKind::OpenNothing, child.range(), sink),
                _ => self.swallowed(child, open_line, sink),
            }
        }
    }

    fn block(&mut self, block: Block<'t>, sink: &mut Sink<'_>) {
        let owner = block.syntax();
        let header = block.header_range();
        let children: Vec<SyntaxNode<'t>> = block
            .body()
            .map_or_else(Vec::new, |it| it.syntax().children().collect());
        let first = children
            .iter()
            .position(|it| !matches!(it.kind(), SyntaxKind::Newline | SyntaxKind::Comment));
        let opening = first
            .map(|it| children[it])
            .filter(|it| matches!(it.kind(), SyntaxKind::OpenBrace | SyntaxKind::StrayOpen));
        let indent = sink.lines().indent(header.start).len();
        let range = opening.map_or(TextRange::empty(header.end), |it| it.range());
        if let Some(late) = opening.filter(|it| it.kind() == SyntaxKind::StrayOpen) {
            sink.push(late_brace(header, late.range(), sink.source()));
        }
        let missing = opening.is_none() && !sink.is_muted(header.end);
        self.events.push(Event {
            kind: EventKind::Open { owner, missing },
            range,
            indent,
        });
        let open_line = opening.map(|it| sink.lines().line(it.range().start).start);
        for child in children {
            if opening == Some(child) {
                continue;
            }
            if child.kind() == SyntaxKind::CloseBrace {
                self.close(child.range(), sink);
            } else {
                self.swallowed(child, open_line, sink);
                self.collect(child, sink);
            }
        }
    }

    /// A payload in the line of its block's opening brace that ends with `}`.
    fn swallowed(&mut self, child: SyntaxNode<'t>, open_line: Option<u32>, sink: &Sink<'_>) {
        let payload = Statement::cast(child)
            .and_then(|it| it.payload())
            .or_else(|| MultimatchPattern::cast(child).and_then(|it| it.payload()));
        let Some(payload) = payload else { return };
        let text = payload.text().trim_end();
        let line = sink.lines().line(child.range().start).start;
        if open_line == Some(line) && text.ends_with('}') {
            let end = payload.range().start + text.len() as u32;
            self.push(
                EventKind::Swallowed { by: child },
                TextRange::new(end - 1, end),
                sink,
            );
        }
    }

    fn finish(self, end: u32, broken: &mut Broken, sink: &mut Sink<'_>) {
        let range = TextRange::new(self.start, end);
        if pairing::pair(self.events, range, self.has_stray, sink) {
            broken.0.push(range);
        }
    }
}

/// `{` on a line of its own.
fn late_brace(header: TextRange, brace: TextRange, source: &str) -> Diagnostic {
    let between = TextRange::new(header.end, brace.start);
    let found = Diagnostic::error(
        codes::MISPLACED_BRACE,
        brace,
        "the opening brace belongs on the line of its header",
    );
    if !between.slice(source).trim().is_empty() {
        return found;
    }
    let mut fix = Fix::safe("Move the brace to its header", between, " ");
    if between.is_empty() {
        fix.edits.clear();
    }
    found.with_fix(fix)
}

/// What an opening brace belongs to, for messages.
fn title(owner: SyntaxNode<'_>) -> String {
    if let Some(block) = Block::cast(owner) {
        return block.title();
    }
    if let Some(start) = Start::cast(owner) {
        return format!("overlay of `start {}`", start.effect_text());
    }
    match Multimatch::cast(owner) {
        Some(_) => "multimatch".to_owned(),
        None => "import list".to_owned(),
    }
}

/// An edit of the file itself.
fn edit(range: TextRange, new_text: impl Into<String>) -> Edit {
    Edit {
        file: None,
        range,
        new_text: new_text.into(),
    }
}
