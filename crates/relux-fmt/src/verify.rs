//! That nothing was lost: the tree, the payloads and the comments of two texts, compared.
//!
//! This does not trust the layout: it looks at the parsed result only. What it leaves out is exactly what formatting may
//! change: blanks, line ends, commas, the order of imports, the margin of docstrings, the line of an opening brace.

use relux_syntax::ast::{AstNode, Descendants, Import};
use relux_syntax::{Parse, SyntaxKind, SyntaxNode, TextRange};

use crate::comments;
use crate::layout::{Canonical, docstring, tokens};

/// What formatting would have changed, although it must not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Damage {
    /// A token, a payload or the structure, at this place of the source.
    Tree(TextRange),
    /// A comment, at this place of the source.
    Comment(TextRange),
    /// The imports.
    Imports,
    /// The file is larger than positions can tell.
    TooLarge,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tree(range) => write!(f, "formatting would change the code at byte {}", range.start),
            Self::Comment(range) => write!(f, "formatting would lose the comment at byte {}", range.start),
            Self::Imports => f.write_str("formatting would change the imports"),
            Self::TooLarge => f.write_str("the file is too large to be formatted"),
        }
    }
}

impl std::error::Error for Damage {}

/// Compares a source with what became of it.
pub(crate) fn compare(source: &Parse, result: &Parse) -> Result<(), Damage> {
    let (mut before, mut after) = (Facts::new(source), Facts::new(result));
    let mut place = TextRange::default();
    loop {
        let (fact, other) = (before.next(), after.next());
        place = fact.map_or(place, |it| it.range);
        match (fact, other) {
            (None, None) => break,
            (Some(fact), Some(other)) if fact.says(&other) => {}
            _ => return Err(Damage::Tree(place)),
        }
    }
    compare_comments(&before, &after)?;
    let canonical = |mut imports: Vec<_>| {
        imports.sort();
        imports.dedup();
        imports
    };
    if canonical(before.imports) != canonical(after.imports) {
        return Err(Damage::Imports);
    }
    Ok(())
}

fn compare_comments(before: &Facts<'_>, after: &Facts<'_>) -> Result<(), Damage> {
    let text = |it: &SyntaxNode<'_>| -> String { comments::without_end(it.text()).to_owned() };
    let lost = |at: usize| {
        before
            .comments
            .get(at)
            .map_or(TextRange::default(), SyntaxNode::range)
    };
    for (at, (one, other)) in before.comments.iter().zip(&after.comments).enumerate() {
        if text(one) != text(other) {
            return Err(Damage::Comment(lost(at)));
        }
    }
    if before.comments.len() != after.comments.len() {
        return Err(Damage::Comment(lost(after.comments.len())));
    }
    Ok(())
}

/// Something that formatting must not change.
#[derive(Clone, Copy)]
struct Fact<'t> {
    depth: usize,
    what: What<'t>,
    range: TextRange,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What<'t> {
    /// A node with something below it.
    Node(SyntaxKind),
    /// A name, string, payload or number.
    Data(SyntaxKind, &'t str),
    Docstring(&'t str),
    /// A character of punctuation or of a keyword: parts of operators may have been apart.
    Character(u8),
}

impl Fact<'_> {
    fn says(&self, other: &Fact<'_>) -> bool {
        let same = match (self.what, other.what) {
            (What::Docstring(one), What::Docstring(other)) => {
                docstring::unindented(one).eq(docstring::unindented(other))
            }
            (one, other) => one == other,
        };
        same && self.depth == other.depth
    }
}

/// Walks a tree fact by fact and gathers what is compared on its own.
struct Facts<'t> {
    nodes: Descendants<'t>,
    /// Where nothing is looked at any more: behind data and imports.
    done: u32,
    /// What is left of a token.
    token: (usize, &'t str),
    comments: Vec<SyntaxNode<'t>>,
    imports: Vec<Canonical<'t>>,
}

impl<'t> Facts<'t> {
    fn new(parse: &'t Parse) -> Self {
        Self {
            nodes: parse.module().syntax().descendants(),
            done: 0,
            token: (0, ""),
            comments: Vec::new(),
            imports: Vec::new(),
        }
    }

    fn character(&mut self, range: TextRange) -> Option<Fact<'t>> {
        let (depth, text) = self.token;
        let first = *text.as_bytes().first()?;
        self.token.1 = text.get(1..).unwrap_or_default();
        Some(Fact {
            depth,
            what: What::Character(first),
            range,
        })
    }
}

impl<'t> Iterator for Facts<'t> {
    type Item = Fact<'t>;

    fn next(&mut self) -> Option<Fact<'t>> {
        if let Some(fact) = self.character(TextRange::empty(self.done)) {
            return Some(fact);
        }
        loop {
            let (depth, node) = self.nodes.next_with_depth()?;
            let (kind, range) = (node.kind(), node.range());
            if range.start < self.done {
                continue;
            }
            let fact = |what| Some(Fact { depth, what, range });
            match kind {
                // The root begins and ends with its text.
                SyntaxKind::Module | SyntaxKind::Newline | SyntaxKind::Comma | SyntaxKind::MissingNewline => {
                }
                SyntaxKind::Comment => self.comments.push(node),
                SyntaxKind::Import if is_plain(node) => {
                    if let Some(import) = Import::cast(node) {
                        Canonical::add(import, &mut self.imports);
                    }
                    self.done = range.end;
                }
                SyntaxKind::Docstring => return fact(What::Docstring(node.text())),
                _ if tokens::is_data(kind) => {
                    self.done = range.end;
                    return fact(What::Data(kind, node.text()));
                }
                SyntaxKind::StrayOpen => {
                    self.done = range.end;
                    self.token = (depth, "{");
                    return self.character(range);
                }
                SyntaxKind::Unexpected => {
                    self.done = range.end;
                    return fact(What::Data(kind, node.text().trim_end_matches([' ', '\t', '\r'])));
                }
                _ if node.first_child().is_some() => return fact(What::Node(kind)),
                _ if node.is_named() => return fact(What::Data(kind, node.text())),
                _ => {
                    self.token = (depth, node.text());
                    return self.character(range);
                }
            }
        }
    }
}

/// Whether an import is what it should be: only such ones are moved.
pub(crate) fn is_plain(import: SyntaxNode<'_>) -> bool {
    import.descendants().all(|it| {
        matches!(
            it.kind(),
            SyntaxKind::Import
                | SyntaxKind::ImportKeyword
                | SyntaxKind::ImportPath
                | SyntaxKind::ImportList
                | SyntaxKind::ImportName
                | SyntaxKind::Identifier
                | SyntaxKind::AsKeyword
                | SyntaxKind::OpenBrace
                | SyntaxKind::CloseBrace
                | SyntaxKind::Comma
                | SyntaxKind::Newline
        )
    })
}
