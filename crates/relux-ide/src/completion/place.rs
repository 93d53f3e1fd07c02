//! Where the cursor is: what stands around its line, and what the line says before it.
//!
//! The blocks around come from the tree at the beginning of the line, which what is being typed there does not change.
//! The line itself is read as text, so that half a statement is as good as a whole one.

use relux_syntax::Parse;
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Function, Start, SyntaxKind, SyntaxNode};

/// What a name follows at once.
const NAMED: &[&str] = &[
    "start",
    "import",
    "shell",
    "expose",
    "expect",
    "expose shell",
    "expose var",
];

/// What something follows in a marker.
const MARKER_WORDS: &[&str] = &["#", "skip", "run", "flaky", "if", "unless", "="];

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    Module,
    Test,
    Effect,
    Shell,
    Cleanup,
    Function { pure: bool },
    Overlay,
    Imports,
    Multimatch,
}

impl Around {
    /// Whether statements stand here.
    pub(super) const fn holds_statements(self) -> bool {
        matches!(self, Self::Shell | Self::Cleanup | Self::Function { .. })
    }
}

/// Whether the cursor is in code or in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside<'a> {
    Code,
    /// Behind `${` in a string or payload, and perhaps behind `Alias.`.
    Text {
        qualifier: Option<&'a str>,
    },
}

/// The place of the cursor.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) around: Around,
    pub(super) inside: Inside<'a>,
    /// What the line says before the word, from where the statement begins, without blanks at its beginning.
    pub(super) head: &'a str,
    /// What stands before the brace that opened the innermost list or block on this line.
    pub(super) opener: Option<&'a str>,
    /// The word at the cursor.
    pub(super) word: TextRange,
    /// What follows the word in its line.
    pub(super) rest: &'a str,
    cursor: u32,
    /// The token before the line.
    anchor: SyntaxNode<'a>,
    source: &'a str,
}

impl<'a> Place<'a> {
    /// The place of an offset; `None` where nothing can be completed: in comments, names of tests, payloads.
    pub(super) fn new(tree: &'a Parse, offset: u32) -> Option<Self> {
        let source: &str = tree.text();
        let at = offset as usize;
        let before = source.get(..at)?;
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let anchor = tree.covering(TextRange::empty(start as u32));
        let goes_on = |kinds: &[SyntaxKind]| {
            anchor.ancestors().any(|it| {
                kinds.contains(&it.kind())
                    && it.range().end as usize > start
                    && (it.range().start as usize) < start
            })
        };
        if goes_on(&[SyntaxKind::Docstring, SyntaxKind::UnclosedDocstring]) {
            return None;
        }
        let mut line = Line::new(anchor, goes_on(&[SyntaxKind::StringLiteral]));
        let read = line.read(&source[start..at])?;
        let behind = source[at..].split(['\n', '\r']).next().unwrap_or_default();
        let in_path = line.around() == Around::Module && read.head().starts_with("import ");
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || (in_path && matches!(c, '/' | '-' | '.'));
        let is_word = |c: char| is_word(c) && !matches!(read, Read::Text(_) if in_path);
        let (inside, head) = match read {
            Read::Text(text) => (interpolation(text)?, ""),
            Read::Code(head) => (Inside::Code, head),
        };
        let written = before.trim_end_matches(is_word).len();
        let typed = at - written;
        let word_end = at + behind.find(|c| !is_word(c)).unwrap_or(behind.len());
        let head = head.get(..head.len().saturating_sub(typed)).unwrap_or_default();
        let (head, sign) = without_sign(head.trim_start(), line.around(), typed);
        Some(Self {
            around: line.around(),
            inside,
            head,
            opener: line.opener,
            word: TextRange::new((written - sign) as u32, word_end as u32),
            rest: &source[word_end..at + behind.len()],
            cursor: offset,
            anchor,
            source,
        })
    }

    /// The part of the word before the cursor.
    pub(super) fn typed(&self) -> TextRange {
        TextRange::new(self.word.start, self.cursor)
    }

    /// The text of [`Self::typed`].
    pub(super) fn typed_text(&self) -> &'a str {
        self.typed().slice(self.source)
    }

    /// Where the line begins.
    pub(super) fn line_start(&self) -> u32 {
        let before = self.source.get(..self.cursor as usize).unwrap_or_default();
        before.rfind('\n').map_or(0, |it| it as u32 + 1)
    }

    /// Whether nothing but blanks follows in the line.
    pub(super) fn ends_line(&self) -> bool {
        self.rest.trim().is_empty()
    }

    /// The sigil of the duration that the word is.
    pub(super) fn sigil(&self) -> Option<char> {
        self.head.chars().next_back().filter(|it| matches!(it, '~' | '@'))
    }

    /// The alias before the dot that stands before the word, and what stands before both.
    pub(super) fn qualifier(&self) -> Option<(&'a str, &'a str)> {
        let before = self.head.strip_suffix('.')?;
        let head = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        let alias = &before[head.len()..];
        (!alias.is_empty()).then_some((head.trim_end(), alias))
    }

    /// Whether a character asks for completion here merely by being typed.
    pub(super) fn is_asked_by(&self, trigger: char) -> bool {
        let in_list = matches!(self.around, Around::Overlay | Around::Imports);
        let in_text = matches!(self.inside, Inside::Text { .. });
        let head = self.head.trim_end();
        match trigger {
            '{' => in_text || in_list,
            ' ' if in_text => false,
            ' ' if in_list => self.opener.is_some() || !head.is_empty(),
            ' ' => {
                let last = head.split_whitespace().next_back().unwrap_or_default();
                let marks = head.starts_with('#') && MARKER_WORDS.contains(&last);
                NAMED.contains(&head) || marks || (head.ends_with('=') && !head.ends_with("=="))
            }
            '/' => head.starts_with("import"),
            '#' => head == "#",
            '<' | '!' => self.typed_text().starts_with(trigger),
            '~' | '@' => self.sigil().is_some(),
            _ => true,
        }
    }

    /// The nodes around the line, inside out.
    pub(super) fn ancestors(&self) -> impl Iterator<Item = SyntaxNode<'a>> + use<'a> {
        self.anchor.ancestors()
    }

    /// The function, effect or test around the line.
    pub(super) fn definition(&self) -> Option<SyntaxNode<'a>> {
        let line = self.line_start();
        let is_definition = |it: &SyntaxNode<'_>| {
            matches!(
                it.kind(),
                SyntaxKind::Function | SyntaxKind::Effect | SyntaxKind::Test
            )
        };
        self.ancestors()
            .find(|it| is_definition(it) && it.range().start < line)
    }

    /// The start whose overlay the cursor is in, if it begins on an earlier line.
    pub(super) fn start(&self) -> Option<Start<'a>> {
        self.ancestors().find_map(Start::cast)
    }
}

/// What the line is before the cursor.
#[derive(Clone, Copy)]
enum Read<'a> {
    /// The statement so far.
    Code(&'a str),
    /// The string or payload so far.
    Text(&'a str),
}

impl<'a> Read<'a> {
    fn head(self) -> &'a str {
        match self {
            Self::Code(head) => head,
            Self::Text(_) => "",
        }
    }
}

/// Reads a line up to the cursor.
struct Line<'a> {
    /// What is open, outermost first.
    open: Vec<Around>,
    opener: Option<&'a str>,
    in_string: bool,
}

impl<'a> Line<'a> {
    fn new(anchor: SyntaxNode<'_>, in_string: bool) -> Self {
        let mut open: Vec<Around> = anchor.ancestors().filter_map(container).collect();
        open.reverse();
        Self {
            open,
            opener: None,
            in_string,
        }
    }

    fn around(&self) -> Around {
        self.open.last().copied().unwrap_or(Around::Module)
    }

    /// `None` in comments and in what has no names.
    fn read(&mut self, line: &'a str) -> Option<Read<'a>> {
        let mut from = 0;
        let mut text_from = 0;
        let mut escaped = false;
        let mut is_name = false;
        for (at, c) in line.char_indices() {
            if self.in_string {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            let segment = &line[from..at];
            if segment.trim().is_empty() {
                let rest = &line[at..];
                if rest.starts_with("//") || rest.starts_with("\"\"\"") {
                    return None;
                }
                if let Some(payload) = self.payload(rest) {
                    return Some(Read::Text(&line[at + payload..]));
                }
            }
            match c {
                '"' => {
                    (self.in_string, text_from) = (true, at + 1);
                    is_name = segment.trim_start().starts_with("test");
                }
                '{' => {
                    self.open.push(self.opened_by(segment.trim_start()));
                    (from, self.opener) = (at + 1, Some(segment.trim_start()));
                }
                '}' => {
                    self.open.pop();
                    (from, self.opener) = (at + 1, None);
                }
                '?' if asserts(segment) => return Some(Read::Text(&line[at + 1..])),
                _ => {}
            }
        }
        if self.in_string {
            return (!is_name).then(|| Read::Text(&line[text_from..]));
        }
        Some(Read::Code(&line[from..]))
    }

    /// How long the operator is whose payload begins a statement here.
    fn payload(&self, rest: &str) -> Option<usize> {
        let operators: &[&str] = if self.around() == Around::Multimatch {
            &["<?", "<=", "?", "="]
        } else {
            &[">", "=>", "<?", "<=", "!?", "!="]
        };
        if matches!(self.around(), Around::Overlay | Around::Imports) {
            return None;
        }
        if let Some(operator) = operators.iter().find(|it| rest.starts_with(**it)) {
            return Some(operator.len());
        }
        let timed = rest.strip_prefix('<')?.strip_prefix(['~', '@'])?;
        let duration = timed.find(|c: char| !c.is_alphanumeric())?;
        timed[duration..]
            .starts_with(['?', '='])
            .then_some(2 + duration + 1)
    }

    fn opened_by(&self, header: &str) -> Around {
        let word = header.split_whitespace().next().unwrap_or_default();
        match word {
            "test" => Around::Test,
            "effect" => Around::Effect,
            "shell" => Around::Shell,
            "cleanup" => Around::Cleanup,
            "fn" => Around::Function { pure: false },
            "pure" => Around::Function { pure: true },
            "start" => Around::Overlay,
            "import" => Around::Imports,
            _ if word.starts_with("test\"") => Around::Test,
            _ if word.starts_with('<') => Around::Multimatch,
            _ => self.around(),
        }
    }
}

/// What a node is for the lines in it.
fn container(node: SyntaxNode<'_>) -> Option<Around> {
    Some(match node.kind() {
        SyntaxKind::Overlay => Around::Overlay,
        SyntaxKind::ImportList => Around::Imports,
        SyntaxKind::Multimatch => Around::Multimatch,
        SyntaxKind::Body => {
            let owner = node.parent()?;
            match owner.kind() {
                SyntaxKind::Test => Around::Test,
                SyntaxKind::Effect => Around::Effect,
                SyntaxKind::ShellBlock => Around::Shell,
                SyntaxKind::Cleanup => Around::Cleanup,
                _ => Around::Function {
                    pure: Function::cast(owner)?.is_pure(),
                },
            }
        }
        _ => return None,
    })
}

/// Whether `?` behind this compares with a regular expression, so that text follows.
fn asserts(before: &str) -> bool {
    let before = before.trim();
    let condition = before.strip_prefix('#').map_or(before, |marker| {
        let value = [" if ", " unless "].iter().find_map(|it| marker.split_once(it));
        value.map_or("", |(_, value)| value)
    });
    !condition.is_empty() && condition.matches('(').count() == condition.matches(')').count()
}

/// Takes the sign that belongs to the word from the head: the `$` of a capture, the first character of an operator. The
/// head that is left, and how long the sign is.
fn without_sign(head: &str, around: Around, typed: usize) -> (&str, usize) {
    let operator = around.holds_statements() && typed == 0 && matches!(head, "<" | "!" | "=");
    if operator {
        return ("", 1);
    }
    match head.strip_suffix('$') {
        Some(left) => (left, 1),
        None => (head, 0),
    }
}

/// What is open at the end of a text: nothing that can be completed, or `${`.
fn interpolation(text: &str) -> Option<Inside<'_>> {
    let open = text.rfind("${")?;
    let dollars = text[..open].len() - text[..open].trim_end_matches('$').len();
    let name = &text[open + 2..];
    // `$$` is a dollar.
    if dollars % 2 == 1
        || !name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    {
        return None;
    }
    let qualifier = name.rsplit_once('.').map(|(alias, _)| alias);
    Some(Inside::Text { qualifier })
}
