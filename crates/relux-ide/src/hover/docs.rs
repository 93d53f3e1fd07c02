//! Documentation as it stands in the source: without what makes it a comment or a docstring, and otherwise as it was written,
//! because in Markdown the blanks before a line say what it belongs to.

/// The quotes of a docstring.
const QUOTES: &str = "\"\"\"";

/// Comment lines without their slashes, or a docstring without its quotes; what all lines are indented by goes.
pub(super) fn doc_text(text: &str) -> String {
    let text = text.trim();
    let Some(inside) = text.strip_prefix(QUOTES) else {
        let lines = text.lines().map(|it| it.trim().trim_start_matches('/'));
        return unindented(&lines.collect::<Vec<_>>());
    };
    let inside = inside.strip_suffix(QUOTES).unwrap_or(inside);
    // What follows the quotes has no indentation of its own.
    let (first, rest) = inside.split_once('\n').unwrap_or((inside, ""));
    let rest = unindented(&rest.lines().collect::<Vec<_>>());
    match first.trim() {
        "" => rest,
        first => format!("{first}\n{rest}").trim_end().to_owned(),
    }
}

/// Lines without the blanks that all of them begin with, and without empty ones around them.
fn unindented(lines: &[&str]) -> String {
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let written = lines.iter().filter(|it| !it.trim().is_empty());
    let common = written.map(indent).min().unwrap_or_default();
    let lines: Vec<&str> = lines
        .iter()
        .map(|it| it.get(common..).unwrap_or_default().trim_end())
        .collect();
    let text = lines.join("\n");
    text.trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::doc_text;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(doc_text(text), expected, "{text}");
        let crlf = text.replace('\n', "\r\n");
        assert_eq!(doc_text(&crlf), expected, "{crlf}");
    }

    #[test]
    fn comments_keep_what_is_indented_further() {
        check("// One.\n//Two.", " One.\nTwo.");
        check(
            "// Use it:\n//\n//     import a\n//     import b\n",
            "Use it:\n\n    import a\n    import b",
        );
        check("    // * outer\n    //   * inner", "* outer\n  * inner");
        check("//   All of it.\n//\n//   Alike.", "All of it.\n\nAlike.");
        check("/// Three.  \n///\n", "Three.");
        check("//", "");
    }

    #[test]
    fn docstrings_keep_what_is_indented_further() {
        check(
            "\"\"\"\n    Why:\n        * a\n\n    /etc is read.\n    \"\"\"",
            "Why:\n    * a\n\n/etc is read.",
        );
        check(
            "\"\"\"Why.\n    Because.\n      So.\n    \"\"\"",
            "Why.\nBecause.\n  So.",
        );
        check("\"\"\" Why. \"\"\"", "Why.");
        check("\"\"\"\"\"\"", "");
    }
}
