//! That a result has the tree of its source, told from the source's tree and the result's text alone.
//!
//! Parsing the result would tell the same for as much as all of formatting costs. The grammar is deterministic and blanks
//! are nothing to it, so where every token stands in the result as it stood in the source, and what is between two tokens
//! differs only in ways that the grammar cannot see, the tree is the same. Whatever is not plainly so is not proven
//! here, and the caller parses. Nothing of the layout is trusted, or used.

use relux_syntax::ast::{AstNode, Descendants, Import};
use relux_syntax::{Parse, SyntaxKind, SyntaxNode};

use crate::comments;
use crate::layout::{Canonical, docstring, tokens};
use crate::verify;

/// Whether a result has the same tree and comments as its source. `false` means that nobody knows.
pub(crate) fn holds(source: &Parse, result: &str) -> bool {
    let root = source.module().syntax();
    // A byte order mark is left out at the beginning of a file only.
    if root.has_error() || result.starts_with('\u{feff}') || source.text().starts_with('\u{feff}') {
        return false;
    }
    let proof = Proof {
        source: source.text(),
        result,
        at: 0,
        out: 0,
        before: None,
        comma: None,
        commas: 0,
        is_entry: false,
    };
    proof.run(root.descendants()).is_some()
}

/// Goes through both texts, token by token. A step that gives `None` ends it: there is no proof.
struct Proof<'t> {
    source: &'t str,
    result: &'t str,
    /// Behind the last token in the source, and in the result.
    at: usize,
    out: usize,
    before: Option<SyntaxNode<'t>>,
    /// A comma of a call, which is left out before a closing parenthesis.
    comma: Option<SyntaxNode<'t>>,
    /// Commas behind the last token that separate entries of a list and mean nothing.
    commas: usize,
    /// Whether the next token begins an entry of a list.
    is_entry: bool,
}

/// What is between two tokens.
#[derive(Clone, Copy, Default)]
struct Gap {
    len: usize,
    newlines: usize,
    commas: usize,
    /// Whether a newline is the first thing in it.
    begins_with_newline: bool,
    /// Whether newlines are more than that. A carriage return is part of what stands before it, or not, or a mistake.
    has_returns: bool,
}

impl Gap {
    /// What is at the beginning of a text; `None` if a carriage return belongs to no newline.
    fn at(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let mut gap = Self::default();
        while let Some(byte) = bytes.get(gap.len) {
            match byte {
                b' ' | b'\t' => {}
                b'\n' => {
                    if gap.newlines == 0 {
                        gap.begins_with_newline = bytes[..gap.len].iter().all(|it| *it == b'\r');
                    }
                    gap.newlines += 1;
                }
                b'\r' if matches!(bytes.get(gap.len + 1), Some(b'\r' | b'\n')) => gap.has_returns = true,
                b'\r' => return None,
                b',' => gap.commas += 1,
                _ => break,
            }
            gap.len += 1;
        }
        Some(gap)
    }

    fn is_nothing(&self) -> bool {
        self.len == 0
    }
}

impl<'t> Proof<'t> {
    fn run(mut self, nodes: Descendants<'t>) -> Option<()> {
        for node in nodes {
            let range = node.range();
            if (range.start as usize) < self.at {
                continue;
            }
            match node.kind() {
                SyntaxKind::Newline => {}
                SyntaxKind::Comma => self.comma(node)?,
                SyntaxKind::OverlayEntry | SyntaxKind::ImportName => self.is_entry = true,
                SyntaxKind::Import => self.imports(node)?,
                SyntaxKind::Docstring | SyntaxKind::Comment => self.token(node)?,
                kind if tokens::is_data(kind) => self.token(node)?,
                kind if is_doubtful(kind) => return None,
                _ if node.first_child().is_some() || range.is_empty() => {}
                _ => self.token(node)?,
            }
        }
        self.end()
    }

    /// Commas of lists say nothing; those of calls are tokens, but for the last one.
    fn comma(&mut self, comma: SyntaxNode<'t>) -> Option<()> {
        let list = comma.parent()?.kind();
        if matches!(
            list,
            SyntaxKind::Overlay | SyntaxKind::ImportList | SyntaxKind::Expect
        ) {
            self.commas += 1;
            return Some(());
        }
        if let Some(earlier) = self.comma.replace(comma) {
            self.copied(earlier)?;
        }
        Some(())
    }

    fn token(&mut self, token: SyntaxNode<'t>) -> Option<()> {
        if let Some(comma) = self.comma.take() {
            if token.kind() == SyntaxKind::CloseParen && !self.comes_next(",") {
                self.at = comma.range().end as usize;
            } else {
                self.copied(comma)?;
            }
        }
        self.copied(token)
    }

    fn comes_next(&self, text: &str) -> bool {
        let rest = self.result.get(self.out..).unwrap_or_default();
        rest.trim_start_matches([' ', '\t']).starts_with(text)
    }

    /// A token that must stand next in the result.
    fn copied(&mut self, token: SyntaxNode<'t>) -> Option<()> {
        let range = token.range();
        let old = Gap::at(self.source.get(self.at..range.start as usize)?)?;
        if self.at + old.len != range.start as usize || old.commas != self.commas {
            return None;
        }
        let rest = self.result.get(self.out..)?;
        let mut new = Gap::at(rest)?;
        if token.kind() == SyntaxKind::Comma {
            new = Gap::at(&rest[..rest.find(',')?])?;
        }
        if new.has_returns && rest.get(..new.len)? != &self.source[self.at..range.start as usize] {
            return None;
        }
        self.may_become(old, new, token).then_some(())?;
        let written = rest.get(new.len..)?;
        let len = match token.kind() {
            SyntaxKind::Docstring => docstring_at(token.text(), written)?,
            SyntaxKind::Comment => {
                let comment = comments::without_end(token.text());
                written.starts_with(comment).then_some(comment.len())?
            }
            // Which quote ends it is told from the rest of its last line.
            SyntaxKind::StringLiteral if token.text().contains('\n') => return None,
            _ => written.starts_with(token.text()).then_some(token.text().len())?,
        };
        self.at = range.end as usize;
        self.out += new.len + len;
        self.before = Some(token);
        self.commas = 0;
        self.is_entry = false;
        Some(())
    }

    /// Whether the grammar cannot tell these two gaps before a token from each other.
    fn may_become(&self, old: Gap, new: Gap, token: SyntaxNode<'_>) -> bool {
        let Some(before) = self.before else {
            // Empty lines at the beginning of a file.
            return old.commas + new.commas == 0;
        };
        let kind = token.kind();
        // These reach to the end of their line.
        if takes_the_line(before.kind()) && !new.begins_with_newline {
            return before.kind() == SyntaxKind::Comment && new.newlines > 0 && new.commas == 0;
        }
        if let Some(is_separated) = self.between_entries(old, new, token) {
            return is_separated;
        }
        if old.commas + new.commas > 0 {
            return false;
        }
        match (old.newlines > 0, new.newlines > 0) {
            (true, true) => true,
            (false, true) => ends_a_line(before),
            (true, false) => is_block_brace(before) && kind == SyntaxKind::CloseBrace && is_open(before),
            (false, false) => match (old.is_nothing(), new.is_nothing()) {
                (false, true) => may_be_glued(before.kind(), kind),
                _ => true,
            },
        }
    }

    /// The same for the entries of lists, which newlines and commas separate alike; `None` elsewhere.
    fn between_entries(&self, old: Gap, new: Gap, token: SyntaxNode<'_>) -> Option<bool> {
        let before = self.before?;
        let list = |node: SyntaxNode<'_>| {
            let parent = node.parent().map(|it| it.kind());
            matches!(parent, Some(SyntaxKind::Overlay | SyntaxKind::ImportList))
        };
        if is_open(before) && list(before) || token.kind() == SyntaxKind::CloseBrace && list(token) {
            return Some(true);
        }
        if self.is_entry {
            let has_separator = new.commas + new.newlines > 0;
            return Some(has_separator || old.commas + old.newlines == 0 && !new.is_nothing());
        }
        let is_expected = token.kind() == SyntaxKind::Identifier
            && token.parent().is_some_and(|it| it.kind() == SyntaxKind::Expect);
        is_expected.then(|| old.newlines + new.newlines == 0 && !new.is_nothing())
    }

    /// Imports without anything between them but newlines: they may be sorted and merged.
    fn imports(&mut self, first: SyntaxNode<'t>) -> Option<()> {
        let mut old = Vec::new();
        let mut end = self.at;
        let run = std::iter::successors(Some(first), SyntaxNode::next_sibling);
        let run = run.take_while(|it| matches!(it.kind(), SyntaxKind::Import | SyntaxKind::Newline));
        for import in run.filter(|it| it.kind() == SyntaxKind::Import) {
            verify::is_plain(import).then_some(())?;
            Canonical::add(Import::cast(import)?, &mut old);
            end = import.range().end as usize;
        }
        let before = Gap::at(self.source.get(self.at..first.range().start as usize)?)?;
        let rest = self.result.get(self.out..)?;
        let gap = Gap::at(rest)?;
        let is_plain = self.at + before.len == first.range().start as usize && !gap.has_returns;
        (is_plain && self.may_become(before, gap, first)).then_some(())?;
        let (mut new, len) = imports_at(rest.get(gap.len..)?)?;
        for imports in [&mut old, &mut new] {
            imports.sort_unstable();
            imports.dedup();
        }
        (old == new).then_some(())?;
        self.at = end;
        self.out += gap.len + len;
        self.before = Some(first);
        Some(())
    }

    /// Behind the last token there is nothing but line ends, and the last line has one unless it had none.
    fn end(mut self) -> Option<()> {
        if let Some(comma) = self.comma.take() {
            self.copied(comma)?;
        }
        let (old, new) = (self.source.get(self.at..)?, self.result.get(self.out..)?);
        let (old_gap, new_gap) = (Gap::at(old)?, Gap::at(new)?);
        let is_all = old_gap.len == old.len() && new_gap.len == new.len();
        // A header at the end of a file has a body if a line end follows.
        let is_ended = match self.before {
            None => true,
            Some(before) => (old_gap.newlines > 0 || ends_a_line(before)) && new_gap.newlines > 0,
        };
        let is_cut = new_gap.is_nothing() || new_gap.begins_with_newline && !new_gap.has_returns;
        (is_all && is_ended && is_cut && old_gap.commas + new_gap.commas + self.commas == 0).then_some(())
    }
}

/// What stands for a mistake: others than its own bytes may have decided how it is read.
fn is_doubtful(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Unexpected
            | SyntaxKind::StrayOpen
            | SyntaxKind::StrayClose
            | SyntaxKind::MissingQuote
            | SyntaxKind::MissingNewline
            | SyntaxKind::UnclosedDocstring
            | SyntaxKind::UnclosedTestName
            | SyntaxKind::IncompleteOperator
            | SyntaxKind::Error
    )
}

/// Whether everything behind it on its line is part of it.
fn takes_the_line(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::Literal | SyntaxKind::Regex | SyntaxKind::Comment
    )
}

fn is_open(token: SyntaxNode<'_>) -> bool {
    token.kind() == SyntaxKind::OpenBrace
}

/// Whether it is a brace around lines.
fn is_block_brace(token: SyntaxNode<'_>) -> bool {
    matches!(token.kind(), SyntaxKind::OpenBrace | SyntaxKind::CloseBrace)
        && token
            .parent()
            .is_some_and(|it| matches!(it.kind(), SyntaxKind::Body | SyntaxKind::Multimatch))
}

/// Whether a line may end behind it or not, all the same.
fn ends_a_line(token: SyntaxNode<'_>) -> bool {
    is_block_brace(token) || token.kind() == SyntaxKind::Docstring
}

/// Whether blanks between two tokens may go: neither can be read as a part of the other.
fn may_be_glued(before: SyntaxKind, token: SyntaxKind) -> bool {
    let is_apart = |kind| {
        matches!(
            kind,
            SyntaxKind::OpenParen | SyntaxKind::CloseParen | SyntaxKind::Comma
        )
    };
    is_apart(before) && !takes_the_line(token)
        || is_apart(token)
        || before == SyntaxKind::OpenBrace && token == SyntaxKind::CloseBrace
}

/// The length of a docstring at the beginning of a text, if it is this one with another margin.
fn docstring_at(docstring: &str, text: &str) -> Option<usize> {
    if text.starts_with(docstring) {
        return Some(docstring.len());
    }
    let blanks: &[char] = &[' ', '\t'];
    let start = docstring.rfind('\n')? + 1;
    let ends = newline_places(text);
    let last = ends.take(newlines(docstring)).last()? + 1;
    let tail = docstring[start..].trim_start_matches(blanks);
    let line = text[last..].trim_start_matches(blanks);
    let end = text.len() - line.len() + line.starts_with(tail).then_some(tail.len())?;
    let written = &text[..end];
    // A line at the left margin could be taken for the header of an item.
    let is_indented = |(old, new): (&str, &str)| old == new || new.starts_with(blanks) || new == "\"\"\"";
    let is_same = docstring::unindented(docstring).eq(docstring::unindented(written))
        && docstring
            .split_inclusive('\n')
            .zip(written.split_inclusive('\n'))
            .all(is_indented);
    is_same.then_some(end)
}

fn newlines(text: &str) -> usize {
    newline_places(text).count()
}

fn newline_places(text: &str) -> impl Iterator<Item = usize> {
    text.bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n')
        .map(|(at, _)| at)
}

/// The imports at the beginning of a text, and where the last one ends. A list without its brace gives nothing.
fn imports_at(text: &str) -> Option<(Vec<Canonical<'_>>, usize)> {
    let mut found = Vec::new();
    let mut end = 0;
    let mut at = 0;
    while let Some(import) = text[at..].strip_prefix("import ") {
        let line = import.split(['\n', '{']).next()?;
        let behind = text.len() - import.len() + line.len();
        let path = line.trim_matches([' ', '\t', '\r']);
        if path.is_empty() || path.contains([' ', '\t', ',', '}', '"', '\r']) {
            return None;
        }
        end = if text[behind..].starts_with('{') {
            let list = text[behind + 1..].split('}').next()?;
            Canonical::add_list(path, list, &mut found)?;
            behind + 1 + list.len() + 1
        } else {
            at + "import ".len() + import.find(path)? + path.len()
        };
        let gap = Gap::at(text.get(end..)?)?;
        if text[at..end].contains('\r')
            || gap.has_returns
            || gap.commas > 0
            || gap.newlines == 0 && end + gap.len < text.len()
        {
            return None;
        }
        at = end + gap.len;
    }
    Some((found, end))
}
