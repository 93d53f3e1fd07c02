//! Regular expressions: their groups, and what `^` and `$` mean where they stand.

use std::fmt::Write as _;

use relux_model::Db;
use relux_model::parse::parse;
use relux_syntax::TextRange;
use relux_syntax::ast::SyntaxKind;

use super::Hover;
use crate::suites::Entry;

/// Where a pattern is looked for.
const IN_OUTPUT: &str = "`^` and `$` match at line ends of the output, and `^` also behind the last match. `.` does not match a line end.";
const IN_VALUE: &str = "`^` and `$` are the ends of the value.";

pub(super) fn hover(db: &dyn Db, entry: Entry, offset: u32) -> Option<Hover> {
    let tree = parse(db, entry.file);
    let node = tree.covering(TextRange::empty(offset));
    let regex = node.ancestors().find(|it| it.kind() == SyntaxKind::Regex)?;
    let where_it_stands = regex.ancestors().find_map(|it| match it.kind() {
        SyntaxKind::AssertRegex | SyntaxKind::Marker => Some(IN_VALUE),
        SyntaxKind::MatchRegex | SyntaxKind::FailRegex | SyntaxKind::MultimatchRegex => Some(IN_OUTPUT),
        _ => None,
    })?;
    let mut markdown = String::from("A regular expression.");
    let groups = groups(regex.text());
    if !groups.is_empty() {
        markdown.push_str("\n\n| group | pattern |\n|---|---|");
        for (number, group) in groups.iter().enumerate() {
            let cell = group.replace('|', "\\|");
            let _ = write!(markdown, "\n| `${}` | `{cell}` |", number + 1);
        }
    }
    let _ = write!(markdown, "\n\n{where_it_stands}");
    Some(Hover {
        range: regex.range(),
        markdown,
    })
}

/// The groups that capture, in order, as written.
pub(crate) fn groups(pattern: &str) -> Vec<&str> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut class: Option<usize> = None;
    let mut escaped = false;
    for (at, c) in pattern.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => {
                // Directly behind `[` or `[^` it is an ordinary character.
                let inside = class.map(|from| &pattern[from + 1..at]);
                if inside.is_some_and(|it| !it.trim_start_matches('^').is_empty()) {
                    class = None;
                }
            }
            _ if class.is_some() => {}
            '[' => class = Some(at),
            '(' => {
                let rest = &pattern[at + 1..];
                let named = rest.starts_with("?P<") || rest.starts_with("?<");
                let captures = !rest.starts_with('?') || named;
                open.push(captures.then_some(groups.len()));
                if captures {
                    groups.push((at, pattern.len()));
                }
            }
            ')' => {
                if let Some(group) = open.pop().flatten() {
                    groups[group].1 = at + 1;
                }
            }
            _ => {}
        }
    }
    groups.into_iter().map(|(from, to)| &pattern[from..to]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_counted_as_the_engine_counts_them() {
        assert_eq!(
            groups(r"a(b(c)d)(?:e)(?P<n>f)(?i)g"),
            ["(b(c)d)", "(c)", "(?P<n>f)"]
        );
        assert_eq!(groups(r"\(a\) [(] []()] [^](] (x)"), ["(x)"]);
        assert_eq!(groups("(a"), ["(a"]);
        assert_eq!(groups("a)"), [""; 0]);
    }
}
