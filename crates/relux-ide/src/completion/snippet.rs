//! Texts to insert: plain, or with places to fill in. Whoever builds one cannot forget to escape anything.

use std::fmt::Write as _;

/// What is inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    /// For clients that take text only.
    pub plain: String,
    /// With numbered places to fill in, in the syntax of the protocol, where that is more.
    pub snippet: Option<String>,
}

impl Insert {
    /// Only text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            plain: text.into(),
            snippet: None,
        }
    }

    /// A snippet, and what stands for it in clients that do not know snippets.
    pub(super) fn snippet(plain: impl Into<String>, snippet: Snippet) -> Self {
        Self {
            plain: plain.into(),
            snippet: Some(snippet.0),
        }
    }
}

/// A snippet that is being written.
#[derive(Debug, Clone, Default)]
pub(super) struct Snippet(String, u32);

impl Snippet {
    /// Text as it is.
    pub(super) fn text(mut self, text: &str) -> Self {
        for c in text.chars() {
            if matches!(c, '$' | '}' | '\\') {
                self.0.push('\\');
            }
            self.0.push(c);
        }
        self
    }

    /// The next place to fill in, with what stands there before.
    pub(super) fn hole(mut self, text: &str) -> Self {
        self.1 += 1;
        if text.is_empty() {
            let _ = write!(self.0, "${}", self.1);
            return self;
        }
        let _ = write!(self.0, "${{{}:", self.1);
        self = self.text(text);
        self.0.push('}');
        self
    }

    /// Where the cursor is at last.
    pub(super) fn end(mut self) -> Self {
        self.0.push_str("$0");
        self
    }

    /// A block with the cursor in it, one level deeper than its header.
    pub(super) fn block(self) -> Self {
        self.text(" {\n    ").end().text("\n}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_snippets_are_made_of_is_escaped() {
        let snippet = Snippet::default().text("a$b{c}\\").hole("}").hole("").end();
        assert_eq!(snippet.0, "a\\$b{c\\}\\\\${1:\\}}$2$0");
    }
}
