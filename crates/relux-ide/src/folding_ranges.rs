//! What can be folded: blocks, lists in braces, docstrings, comments, imports, and what stands between `// region` and
//! `// endregion`.
//!
//! A block keeps the line of its closing brace in sight.

use relux_model::parse::parse;
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Comment, SyntaxKind, SyntaxNode};

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// A block or list in braces.
    Block,
    /// Comments and docstrings.
    Comment,
    /// Imports.
    Imports,
    /// What somebody marked.
    Region,
}

/// Lines that can be folded: from the line of the start, which stays, to the line of the end, which goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// In bytes; always more than one line.
    pub range: TextRange,
    /// What it is.
    pub kind: FoldKind,
}

pub(crate) fn folding_ranges(db: &dyn Db, file: SourceFile) -> Vec<Fold> {
    let tree = parse(db, file);
    let text: &str = tree.text();
    let mut folder = Folder {
        text,
        folds: Vec::new(),
        comments: None,
        imports: None,
        regions: Vec::new(),
    };
    for node in tree.module().syntax().descendants() {
        folder.node(node);
    }
    folder.finish()
}

struct Folder<'a> {
    text: &'a str,
    folds: Vec<Fold>,
    /// Comments on consecutive lines.
    comments: Option<TextRange>,
    /// Imports with nothing but empty lines in between.
    imports: Option<TextRange>,
    /// Starts of open regions.
    regions: Vec<u32>,
}

impl Folder<'_> {
    fn node(&mut self, node: SyntaxNode<'_>) {
        match node.kind() {
            SyntaxKind::Body | SyntaxKind::ImportList | SyntaxKind::Overlay | SyntaxKind::Multimatch => {
                self.block(node);
            }
            SyntaxKind::Docstring => self.add(node.range(), FoldKind::Comment),
            SyntaxKind::Comment => self.comment(node),
            SyntaxKind::Import => self.import(node.range()),
            _ => {}
        }
    }

    fn add(&mut self, range: TextRange, kind: FoldKind) {
        if range.slice(self.text).trim_end().contains('\n') {
            self.folds.push(Fold { range, kind });
        }
    }

    fn block(&mut self, node: SyntaxNode<'_>) {
        let range = node.range();
        let is_closed = node
            .last_child()
            .is_some_and(|it| it.kind() == SyntaxKind::CloseBrace);
        let inside = range.slice(self.text);
        let end = match inside.rfind('\n').filter(|_| is_closed) {
            Some(newline) => range.start + newline as u32,
            None => range.start + inside.trim_end().len() as u32,
        };
        self.add(TextRange::new(range.start, end), FoldKind::Block);
    }

    fn import(&mut self, range: TextRange) {
        self.imports = match self.imports.take() {
            Some(open)
                if TextRange::new(open.end, range.start)
                    .slice(self.text)
                    .trim()
                    .is_empty() =>
            {
                Some(open.cover(range))
            }
            open => {
                self.close(open, FoldKind::Imports);
                Some(range)
            }
        };
    }

    fn comment(&mut self, node: SyntaxNode<'_>) {
        let range = node.range();
        let content = Comment::cast(node).map_or("", |it| it.content()).trim();
        let word = content.trim_start_matches('#').split_whitespace().next();
        match word {
            Some("region") => return self.regions.push(range.start),
            Some("endregion") => {
                if let Some(start) = self.regions.pop() {
                    self.add(TextRange::new(start, range.end), FoldKind::Region);
                }
                return;
            }
            _ => {}
        }
        self.comments = match self.comments.take() {
            Some(open) if self.is_next_line(open.end, range.start) => Some(open.cover(range)),
            open => {
                self.close(open, FoldKind::Comment);
                Some(range)
            }
        };
    }

    fn is_next_line(&self, end: u32, start: u32) -> bool {
        let between = TextRange::new(end, start).slice(self.text);
        between.trim().is_empty() && between.matches('\n').count() == 1
    }

    fn close(&mut self, open: Option<TextRange>, kind: FoldKind) {
        if let Some(range) = open {
            self.add(range, kind);
        }
    }

    fn finish(mut self) -> Vec<Fold> {
        let (comments, imports) = (self.comments.take(), self.imports.take());
        self.close(comments, FoldKind::Comment);
        self.close(imports, FoldKind::Imports);
        self.folds
            .sort_by_key(|fold| (fold.range.start, std::cmp::Reverse(fold.range.end)));
        self.folds
    }
}

#[cfg(test)]
mod tests;
