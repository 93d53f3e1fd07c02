//! What somebody is in the middle of writing: the statement around the last letter, over as many lines as it has.

use relux_model::parse::parse;
use relux_model::{Db, SourceFile};
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Item, Section, Statement, SyntaxKind, SyntaxNode};

/// The statement, section or import that a byte offset lies in or at the end of. `None` in the header of a block, between
/// statements, and where it cannot be told.
pub(crate) fn typed_statement(db: &dyn Db, file: SourceFile, offset: u32) -> Option<TextRange> {
    let tree = parse(db, file);
    let text: &str = tree.text();
    let before = text.get(..offset as usize)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    // Behind the last letter of the line before the cursor, which belongs to what it ends.
    let behind = match line.trim_end().chars().next_back() {
        Some(last) => {
            let end = offset - (line.len() - line.trim_end().len()) as u32;
            TextRange::new(end - last.len_utf8() as u32, end)
        }
        None => TextRange::empty(offset),
    };
    let is_statement = |it: &SyntaxNode<'_>| {
        Statement::cast(*it).is_some() || Section::cast(*it).is_some() || Item::cast(*it).is_some()
    };
    let statement = tree.covering(behind).ancestors().find(is_statement)?;
    let has_body = statement.descendants().any(|it| it.kind() == SyntaxKind::Body);
    (!has_body).then(|| statement.range())
}

#[cfg(test)]
mod tests {
    use crate::test_suite::TestSuite;

    /// The statement at the mark, if there is one.
    fn check(text: &str, expected: Option<&str>) {
        let suite = TestSuite::new(&format!("//- relux/tests/t.relux\n{text}"));
        let analysis = suite.analysis();
        let found = analysis
            .typed_statement(&suite.file, suite.offset)
            .expect("nothing writes");
        let text = analysis
            .text(&suite.file)
            .expect("nothing writes")
            .expect("a known file");
        assert_eq!(
            found.map(|it| it.slice(&text).trim_end().to_owned()).as_deref(),
            expected
        );
    }

    #[test]
    fn a_statement_of_several_lines_is_one() {
        let start = "start Db {\n        A = \"1\"\n        B = \"2\"\n    }";
        for at in ["Db {", "\"1\"", "B", "\"2\"\n"] {
            let marked = start.replacen(at, &format!("{at}<|>"), 1);
            check(&format!("test \"a\" {{\n    {marked}\n}}\n"), Some(start));
        }
    }

    #[test]
    fn other_statements_are_not_part_of_it() {
        check(
            "test \"a\" {\n    shell s {\n        > one<|>\n        > two\n    }\n}\n",
            Some("> one"),
        );
        check("import a { b,\n    c<|>\n}\n", Some("import a { b,\n    c\n}"));
    }

    #[test]
    fn a_header_is_no_statement() {
        check("test \"a<|>\" {\n    shell s {\n        > one\n    }\n}\n", None);
        check("test \"a\" {\n    shell s<|> {\n        > one\n    }\n}\n", None);
        check("test \"a\" {\n<|>\n}\n", None);
        check("<|>", None);
    }
}
