//! Text in one of the two editions: the only place that knows how they differ.

use std::fmt::Display;

use clap::ValueEnum;

/// The editions of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Edition {
    /// Binds with `=`, aliases in lower case.
    #[value(name = "2026-04")]
    April,
    /// Binds with `:=`, aliases in camel case, `expose shell`.
    #[value(name = "2026-08")]
    August,
}

impl Edition {
    /// As written in a manifest.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::April => "2026-04",
            Self::August => "2026-08",
        }
    }

    /// The operator between a name and its value.
    pub(super) fn bind(self) -> &'static str {
        match self {
            Self::April => "=",
            Self::August => ":=",
        }
    }

    /// The word in front of an exposed shell.
    pub(super) fn expose_shell(self) -> &'static str {
        match self {
            Self::April => "expose",
            Self::August => "expose shell",
        }
    }

    /// The alias of this name, given in lower case.
    pub(super) fn alias(self, name: &str) -> String {
        match self {
            Self::April => name.to_owned(),
            Self::August => capitalised(name),
        }
    }
}

/// The word with a capital letter in front.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

/// Collects lines at the present depth.
#[derive(Debug)]
pub(super) struct Writer {
    /// The edition of everything that is written.
    pub(super) edition: Edition,
    text: String,
    depth: usize,
}

impl Writer {
    pub(super) fn new(edition: Edition) -> Self {
        Self {
            edition,
            text: String::new(),
            depth: 0,
        }
    }

    /// A line at the present depth.
    pub(super) fn line(&mut self, line: impl Display) {
        self.text.push_str(&"    ".repeat(self.depth));
        self.text.push_str(&line.to_string());
        self.text.push('\n');
    }

    /// An empty line, unless one has just been written or a block has just begun.
    pub(super) fn gap(&mut self) {
        let begun = self.text.is_empty() || self.text.ends_with("\n\n") || self.text.ends_with("{\n");
        if !begun {
            self.text.push('\n');
        }
    }

    /// `head {`, the content one step deeper, `}`.
    pub(super) fn block(&mut self, head: impl Display, content: impl FnOnce(&mut Self)) {
        self.enclosed(format_args!("{head} {{"), content);
    }

    /// The same for a head that brings its brace along.
    pub(super) fn enclosed(&mut self, head: impl Display, content: impl FnOnce(&mut Self)) {
        self.line(head);
        self.depth += 1;
        content(self);
        self.depth -= 1;
        self.line("}");
    }

    /// `let name = value`.
    pub(super) fn bind(&mut self, name: &str, value: impl Display) {
        let operator = self.edition.bind();
        self.line(format_args!("let {name} {operator} {value}"));
    }

    /// The bytes so far, ending in one newline, without the imports that turned out not to be needed.
    pub(super) fn finish(self) -> String {
        let lines = self
            .text
            .trim_end()
            .lines()
            .filter_map(|line| match line.split_once(" { ") {
                Some((import, names)) if import.starts_with("import ") => self.pruned(import, names),
                _ => Some(line.to_owned()),
            });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }

    fn pruned(&self, import: &str, names: &str) -> Option<String> {
        let names = names.trim_end_matches(" }").split(", ");
        let used: Vec<&str> = names.filter(|name| self.uses(name)).collect();
        (!used.is_empty()).then(|| format!("{import} {{ {} }}", used.join(", ")))
    }

    fn uses(&self, name: &str) -> bool {
        let ends = [
            format!("{name}("),
            format!("start {name}\n"),
            format!("start {name} "),
        ];
        ends.iter().any(|end| self.text.contains(end))
    }
}
