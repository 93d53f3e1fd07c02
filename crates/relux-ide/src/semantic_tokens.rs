//! Semantic tokens: what every word means. Names come from the model, everything else from the tree; inside of payloads
//! the words of the shell and the parts of regular expressions.
//!
//! Tokens never overlap and never span lines, because hardly any client takes others.

mod payload;
mod regex;
mod shell;

use relux_model::Db;
use relux_model::edition::{Edition, edition};
use relux_model::names::{Occurrence, Role, Symbol, occurrences};
use relux_model::parse::parse;
use relux_model::plan::ExposeKind;
use relux_model::source_map::source_map;
use relux_syntax::TextRange;
use relux_syntax::ast::{AssignOrAssert, AstNode, SyntaxKind, SyntaxNode};

use rustc_hash::FxHashSet;

use crate::suites::Entry;

/// A word, or a part of one, in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where, in bytes.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// What else is to be said about it.
    pub modifiers: TokenModifiers,
}

/// What a token is; the number is its place in [`TokenKind::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A word of the language, or of the shell.
    Keyword,
    /// A comment or docstring.
    Comment,
    /// Text: strings, payloads, names of tests.
    String,
    /// A number or duration.
    Number,
    /// An operator, also of the shell and of regular expressions.
    Operator,
    /// Text of a regular expression.
    Regexp,
    /// A class of characters in a regular expression.
    Type,
    /// An effect.
    Class,
    /// A function, or a command of the shell.
    Function,
    /// A parameter.
    Parameter,
    /// A variable.
    Variable,
    /// A key of an overlay.
    Property,
    /// A module or an alias.
    Namespace,
    /// A shell.
    Label,
    /// An option of a command.
    EnumMember,
    /// A marker.
    Decorator,
}

impl TokenKind {
    /// All kinds with their names in the protocol.
    pub const ALL: [(Self, &'static str); 16] = [
        (Self::Keyword, "keyword"),
        (Self::Comment, "comment"),
        (Self::String, "string"),
        (Self::Number, "number"),
        (Self::Operator, "operator"),
        (Self::Regexp, "regexp"),
        (Self::Type, "type"),
        (Self::Class, "class"),
        (Self::Function, "function"),
        (Self::Parameter, "parameter"),
        (Self::Variable, "variable"),
        (Self::Property, "property"),
        (Self::Namespace, "namespace"),
        (Self::Label, "label"),
        (Self::EnumMember, "enumMember"),
        (Self::Decorator, "decorator"),
    ];
}

/// A set of modifiers, as bits in the order of [`TokenModifiers::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenModifiers(pub u32);

impl TokenModifiers {
    /// The name is introduced here.
    pub const DECLARATION: Self = Self(1);
    /// Nothing in the suite can change it: variables of the environment, captures.
    pub const READONLY: Self = Self(1 << 1);
    /// It belongs to the language.
    pub const DEFAULT_LIBRARY: Self = Self(1 << 2);
    /// It gets a new value here.
    pub const MODIFICATION: Self = Self(1 << 3);
    /// It is written for readers.
    pub const DOCUMENTATION: Self = Self(1 << 4);
    /// The names of the bits in the protocol.
    pub const ALL: [&'static str; 5] = [
        "declaration",
        "readonly",
        "defaultLibrary",
        "modification",
        "documentation",
    ];

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The tokens of a file that touch a range, in order; all of them without one.
pub(crate) fn semantic_tokens(db: &dyn Db, entry: Entry, within: Option<TextRange>) -> Vec<SemanticToken> {
    let tree = parse(db, entry.file);
    let within = within.unwrap_or(TextRange::new(0, u32::MAX));
    let mut words = Words {
        edition: edition(db, entry.suite, entry.file).edition,
        within,
        out: Vec::new(),
    };
    words.walk(tree.module().syntax());
    let touches = |range: TextRange| range.end > within.start && range.start < within.end;
    let all = occurrences(db, entry.suite, entry.file).iter();
    let names = all.filter(|it| touches(it.range) && !it.range.is_empty());
    let keys = overlay_keys(db, entry);
    merge(&words.out, names.map(|it| token(&keys, it)))
}

/// The keys of overlays, which name an expect and are no variables.
fn overlay_keys(db: &dyn Db, entry: Entry) -> FxHashSet<TextRange> {
    let map = source_map(db, entry.file);
    let starts = map.effects.iter().chain(&map.tests).flat_map(|it| &it.starts);
    starts.flat_map(|it| &it.entries).map(|it| it.key).collect()
}

/// What a name is.
fn token(keys: &FxHashSet<TextRange>, occurrence: &Occurrence) -> SemanticToken {
    let mut modifiers = match occurrence.role {
        Role::Definition => TokenModifiers::DECLARATION,
        Role::Write => TokenModifiers::MODIFICATION,
        Role::Reference => TokenModifiers::default(),
    };
    let kind = match &occurrence.symbol {
        Symbol::Module(_) | Symbol::Alias { .. } => TokenKind::Namespace,
        Symbol::Function(_) => TokenKind::Function,
        Symbol::Effect(_) => TokenKind::Class,
        Symbol::Test(_) => TokenKind::String,
        Symbol::Builtin(_) => {
            modifiers = modifiers.and(TokenModifiers::DEFAULT_LIBRARY);
            TokenKind::Function
        }
        Symbol::Shell { .. } => TokenKind::Label,
        Symbol::Exposed { kind, .. } => match kind {
            ExposeKind::Shell => TokenKind::Label,
            ExposeKind::Var => TokenKind::Variable,
        },
        Symbol::Variable { .. } => TokenKind::Variable,
        Symbol::Parameter { .. } => TokenKind::Parameter,
        Symbol::Expect { .. } if keys.contains(&occurrence.range) => TokenKind::Property,
        Symbol::Environment(name) => {
            modifiers = modifiers.and(TokenModifiers::READONLY);
            if name.starts_with("__RELUX") {
                modifiers = modifiers.and(TokenModifiers::DEFAULT_LIBRARY);
            }
            TokenKind::Variable
        }
        Symbol::Expect { .. } | Symbol::Capture { .. } => {
            modifiers = modifiers.and(TokenModifiers::READONLY);
            TokenKind::Variable
        }
    };
    SemanticToken {
        range: occurrence.range,
        kind,
        modifiers,
    }
}

/// Lays names over words: where both say something the name counts.
fn merge(words: &[SemanticToken], names: impl Iterator<Item = SemanticToken>) -> Vec<SemanticToken> {
    let mut out: Vec<SemanticToken> = Vec::with_capacity(words.len());
    let mut words = words.iter().copied().peekable();
    // What is left of a word behind a name in it.
    let mut rest: Option<SemanticToken> = None;
    let mut end = 0;
    for name in names {
        // A word with several meanings, or a name that goes on over several lines.
        if name.range.start < end {
            continue;
        }
        while let Some(word) = rest
            .take()
            .or_else(|| words.next_if(|it| it.range.start < name.range.end))
        {
            let before = TextRange::new(word.range.start.max(end), word.range.end.min(name.range.start));
            if !before.is_empty() && word.range.start < name.range.start {
                out.push(SemanticToken {
                    range: before,
                    ..word
                });
            }
            if word.range.end > name.range.end {
                let left = TextRange::new(name.range.end.max(word.range.start), word.range.end);
                rest = Some(SemanticToken { range: left, ..word });
                break;
            }
        }
        out.push(name);
        end = name.range.end;
    }
    out.extend(rest);
    out.extend(words);
    out
}

/// Collects what the tree knows.
struct Words {
    edition: Edition,
    within: TextRange,
    out: Vec<SemanticToken>,
}

impl Words {
    fn push(&mut self, range: TextRange, kind: TokenKind) {
        self.push_with(range, kind, TokenModifiers::default());
    }

    fn push_with(&mut self, range: TextRange, kind: TokenKind, modifiers: TokenModifiers) {
        if !range.is_empty() {
            self.out.push(SemanticToken {
                range,
                kind,
                modifiers,
            });
        }
    }

    /// Text that may span lines.
    fn lines(&mut self, node: SyntaxNode<'_>, range: TextRange, kind: TokenKind, modifiers: TokenModifiers) {
        let mut start = range.start;
        for line in range.slice(node.source()).split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            let blanks = (shown.len() - shown.trim_start().len()) as u32;
            let end = start + shown.len() as u32;
            self.push_with(TextRange::new(start + blanks, end), kind, modifiers);
            start += line.len() as u32;
        }
    }

    fn walk(&mut self, top: SyntaxNode<'_>) {
        // What lies in a payload has been taken with it.
        let mut done = 0;
        for node in top.descendants() {
            let range = node.range();
            if range.start < done || range.end <= self.within.start || range.start >= self.within.end {
                continue;
            }
            if self.whole(node) {
                done = range.end;
            } else if node.first_child().is_none() {
                self.leaf(node);
            }
        }
    }

    /// Nodes that are read as one, whatever they consist of.
    fn whole(&mut self, node: SyntaxNode<'_>) -> bool {
        match node.kind() {
            SyntaxKind::Regex => payload::read(node, &mut regex::Reader, self),
            SyntaxKind::Literal => {
                let parent = node.parent();
                let sent = parent.is_some_and(|it| it.kind() == SyntaxKind::Send);
                let assigned = parent.and_then(AssignOrAssert::cast);
                let assigned = assigned.filter(|_| self.edition == Edition::E2026_04);
                if let Some(value) = assigned.as_ref().and_then(AssignOrAssert::value_as_expression) {
                    self.walk(value.expression().syntax());
                } else if sent {
                    payload::read(node, &mut shell::Reader::default(), self);
                } else {
                    payload::read(node, &mut payload::Plain, self);
                }
            }
            SyntaxKind::StringLiteral => {
                let mut start = node.range().start;
                for piece in node.children().filter(|it| payload::is_interpolation(it.kind())) {
                    let before = TextRange::new(start, piece.range().start);
                    self.lines(node, before, TokenKind::String, TokenModifiers::default());
                    self.interpolation(piece);
                    start = piece.range().end;
                }
                let rest = TextRange::new(start, node.range().end);
                self.lines(node, rest, TokenKind::String, TokenModifiers::default());
            }
            _ => return false,
        }
        true
    }

    /// `${…}`: what stands in it is a name.
    fn interpolation(&mut self, node: SyntaxNode<'_>) {
        let range = node.range();
        self.push(TextRange::new(range.start, range.start + 2), TokenKind::Operator);
        if node.kind() == SyntaxKind::CaptureInterpolation {
            let inner = TextRange::new(range.start + 2, range.end - 1);
            self.push_with(inner, TokenKind::Variable, TokenModifiers::READONLY);
        }
        self.push(TextRange::new(range.end - 1, range.end), TokenKind::Operator);
    }

    fn leaf(&mut self, node: SyntaxNode<'_>) {
        let kind = match node.kind() {
            SyntaxKind::Comment => TokenKind::Comment,
            SyntaxKind::Docstring | SyntaxKind::UnclosedDocstring => {
                return self.lines(
                    node,
                    node.range(),
                    TokenKind::Comment,
                    TokenModifiers::DOCUMENTATION,
                );
            }
            SyntaxKind::TestName | SyntaxKind::UnclosedTestName => TokenKind::String,
            SyntaxKind::Number | SyntaxKind::Duration => TokenKind::Number,
            SyntaxKind::ImportPath => TokenKind::Namespace,
            SyntaxKind::Hash | SyntaxKind::MarkerKind => TokenKind::Decorator,
            SyntaxKind::MarkerModifier => TokenKind::Keyword,
            SyntaxKind::Newline
            | SyntaxKind::OpenParen
            | SyntaxKind::CloseParen
            | SyntaxKind::OpenBrace
            | SyntaxKind::CloseBrace
            | SyntaxKind::Comma
            | SyntaxKind::Dot
            | SyntaxKind::Quote => return,
            _ if node.is_named() => return,
            _ if node.text().starts_with(|c: char| c.is_ascii_alphabetic()) => TokenKind::Keyword,
            _ => TokenKind::Operator,
        };
        self.push(node.range(), kind);
    }
}

#[cfg(test)]
mod tests;
