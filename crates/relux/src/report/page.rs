//! The page of a diagnostic for a terminal.
//!
//! Pages are Markdown because the book shows them. They use little of it: headings, paragraphs, lists, tables, fences,
//! and bold words and links in lines; nothing else is understood here.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

/// Before a line of an example.
const INDENT: &str = "    ";

const HEADING: Style = Style::new().bold().underline();
const BOLD: Style = Style::new().bold();
const CARETS: Style = AnsiColor::Red.on_default().bold();
const PATH: Style = Style::new().dimmed();

/// The page in lines of at most `width` columns; examples keep theirs.
pub(crate) fn terminal(markdown: &str, width: usize, color: bool) -> String {
    let mut page = Page {
        text: String::new(),
        width,
        color,
    };
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(words) = line.strip_prefix("```") {
            page.label(words);
            lines
                .by_ref()
                .take_while(|line| *line != "```")
                .for_each(|line| page.code(line));
        } else if let Some(heading) = line.strip_prefix('#') {
            let heading = heading.trim_start_matches('#').trim();
            page.styled(HEADING, heading);
            page.text.push('\n');
        } else {
            page.prose(line);
        }
    }
    page.text
}

struct Page {
    text: String,
    width: usize,
    color: bool,
}

impl Page {
    /// What an example shows, by the words behind its fence.
    fn label(&mut self, words: &str) {
        let label = match words.split_once(',').map_or("", |(_, kind)| kind) {
            "wrong" => "Wrong:",
            "right" => "Right:",
            "fixed" | "fixed-unsafe" => "After fixing:",
            _ => return,
        };
        self.styled(BOLD, label);
        self.text.push_str("\n\n");
    }

    /// A line of an example. A line of carets belongs to the line above it; a path begins a file.
    fn code(&mut self, line: &str) {
        let path = line.strip_prefix("//- ").map(|path| format!("// {path}"));
        if path.is_some() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        if !line.is_empty() {
            self.text.push_str(INDENT);
        }
        match path {
            Some(path) => self.styled(PATH, &path),
            None if line.trim_start().starts_with('^') => self.styled(CARETS, line),
            None => self.text.push_str(line),
        }
        self.text.push('\n');
    }

    fn prose(&mut self, line: &str) {
        let is_item = line.starts_with("* ") || line.starts_with("- ");
        let line = self.inline(line);
        let options = textwrap::Options::new(self.width)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .subsequent_indent(if is_item { "  " } else { "" });
        // A row of a table is no text that could be broken.
        let broken = if line.starts_with('|') {
            line
        } else {
            textwrap::fill(&line, options)
        };
        self.text.push_str(&broken);
        self.text.push('\n');
    }

    /// A line without the marks of bold words and links.
    fn inline(&self, line: &str) -> String {
        let mut shown = String::new();
        for (index, part) in line.split("**").enumerate() {
            if index % 2 == 1 && self.color {
                let _ = write!(shown, "{BOLD}{part}{BOLD:#}");
            } else {
                shown.push_str(part);
            }
        }
        while let Some((start, end, name)) = link(&shown) {
            shown.replace_range(start..end, &name);
        }
        shown
    }

    fn styled(&mut self, style: Style, text: &str) {
        if self.color {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }
}

/// The first `[name](target)`: where it begins and ends, and its name.
fn link(line: &str) -> Option<(usize, usize, String)> {
    let middle = line.find("](")?;
    let start = line[..middle].rfind('[')?;
    let end = middle + line[middle..].find(')')? + 1;
    Some((start, end, line[start + 1..middle].to_owned()))
}

#[cfg(test)]
mod tests {
    use relux_model::codes::RULES;

    use super::*;

    const MARKDOWN: &str = "# empty-test\n\nA test has nothing.\n\n**Error** · mended by `relux check --fix`\n\n\
        Many words about it, with [a link](../reference/tests.md) to them and `code` among them.\n\n\
        * first item of a list that goes on\n* second\n\n\
        ```relux,wrong\n//- relux/tests/a.relux\ntest \"t\" {\n     ^^^ empty-test\n\n}\n```\n\n```relux,fixed\n}\n```\n";

    #[test]
    fn a_page_is_plain_text() {
        insta::assert_snapshot!(terminal(MARKDOWN, 30, false));
    }

    #[test]
    fn a_page_on_a_terminal_stands_out() {
        insta::assert_snapshot!(terminal(MARKDOWN, 30, true).replace('\u{1b}', "ESC"));
    }

    #[test]
    fn no_page_shows_markdown() {
        for rule in RULES {
            let text = terminal(rule.page, 80, false);
            let is_markdown =
                |line: &&str| line.starts_with('#') || line.contains("](") || line.contains("```");
            let left: Vec<&str> = text
                .lines()
                .filter(|line| !line.starts_with(' '))
                .filter(is_markdown)
                .collect();
            assert!(left.is_empty(), "{}: {left:?}", rule.code);
        }
    }
}
