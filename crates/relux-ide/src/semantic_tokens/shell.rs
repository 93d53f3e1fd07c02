//! Lines that are sent to a shell, as far as colours need them: commands, options, quotes, operators, variables.
//!
//! It knows nothing of the program that reads the line, so it stays with what most of them share.

use relux_syntax::TextRange;

use super::payload::Read;
use super::{TokenKind, Words};

/// Reads a command line from left to right.
pub(super) struct Reader {
    /// Whether the next word is a command.
    command: bool,
    /// Whether the word before goes on here.
    in_word: bool,
    quote: Option<char>,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            command: true,
            in_word: false,
            quote: None,
        }
    }
}

/// Words behind which a command follows.
const WORDS: &[&str] = &[
    "if", "then", "else", "elif", "while", "until", "do", "!", "time", "exec",
];

/// Words that end what those begin.
const ENDS: &[&str] = &["fi", "done", "esac", "for", "case", "in"];

impl Read for Reader {
    fn text(&mut self, text: &str, start: u32, out: &mut Words) {
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let (kind, len) = self.piece(rest);
            let len = len.max(1).min(rest.len());
            if let Some(kind) = kind {
                out.push(TextRange::new(start + at as u32, start + (at + len) as u32), kind);
            }
            at += len;
        }
    }

    fn value(&mut self) {
        self.in_word = true;
        if self.quote.is_none() {
            self.command = false;
        }
    }
}

impl Reader {
    /// What a line begins with, and how long that is; nothing for blanks.
    fn piece(&mut self, rest: &str) -> (Option<TokenKind>, usize) {
        if let Some(quote) = self.quote {
            return (Some(TokenKind::String), self.quoted(rest, quote, 0));
        }
        let first = rest.chars().next().unwrap_or_default();
        match first {
            ' ' | '\t' => {
                self.in_word = false;
                (None, rest.len() - rest.trim_start_matches([' ', '\t']).len())
            }
            '\'' | '"' => {
                (self.command, self.in_word) = (false, true);
                self.quote = Some(first);
                (Some(TokenKind::String), self.quoted(rest, first, 1))
            }
            '|' | '&' | ';' | '(' | ')' | '<' | '>' | '`' => {
                let len = rest.len() - rest.trim_start_matches(['|', '&', ';', '(', ')', '<', '>']).len();
                let operator = &rest[..len.max(1)];
                self.command = !operator.contains(['<', '>', ')']);
                self.in_word = false;
                (Some(TokenKind::Operator), len.max(1))
            }
            '$' => self.dollar(rest),
            _ => self.word(rest),
        }
    }

    /// The length of a quoted text, its closing quote included.
    fn quoted(&mut self, rest: &str, quote: char, from: usize) -> usize {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip_while(|(at, _)| *at < from) {
            match c {
                _ if escaped => escaped = false,
                '\\' if quote == '"' => escaped = true,
                _ if c == quote => {
                    self.quote = None;
                    return at + 1;
                }
                _ => {}
            }
        }
        rest.len()
    }

    fn dollar(&mut self, rest: &str) -> (Option<TokenKind>, usize) {
        if rest.starts_with("$(") {
            (self.command, self.in_word) = (true, false);
            return (Some(TokenKind::Operator), 2);
        }
        (self.command, self.in_word) = (false, true);
        let name = &rest[1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let len = name.find(|c| !is_name(c)).unwrap_or(name.len());
        if len > 0 {
            return (Some(TokenKind::Variable), 1 + len);
        }
        if name.starts_with(['?', '$', '#', '@', '*', '!']) {
            return (Some(TokenKind::Variable), 2);
        }
        (Some(TokenKind::String), 1)
    }

    fn word(&mut self, rest: &str) -> (Option<TokenKind>, usize) {
        let mut end = rest.len();
        let mut escaped = false;
        for (at, c) in rest.char_indices() {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if " \t'\"|&;()<>`$".contains(c) {
                end = at;
                break;
            }
        }
        let word = &rest[..end];
        let begins = !std::mem::replace(&mut self.in_word, true);
        if begins && self.command {
            if WORDS.contains(&word) {
                return (Some(TokenKind::Keyword), end);
            }
            if let Some(at) = assignment(word) {
                // What follows `=` is a word of its own; a command may still come.
                return (Some(TokenKind::Variable), at);
            }
            if word.starts_with('=') {
                return (Some(TokenKind::String), end);
            }
            self.command = false;
            let ends = ENDS.contains(&word);
            return (
                Some(if ends {
                    TokenKind::Keyword
                } else {
                    TokenKind::Function
                }),
                end,
            );
        }
        let option = begins && word.starts_with('-') && word.len() > 1;
        (
            Some(if option {
                TokenKind::EnumMember
            } else {
                TokenKind::String
            }),
            end,
        )
    }
}

/// The length of the name that a word sets.
fn assignment(word: &str) -> Option<usize> {
    let (name, _) = word.split_once('=')?;
    relux_syntax::names::is_variable(name).then_some(name.len())
}
